import { type Duration, duration, formatDuration, minute } from '../../base/index.ts';
import {
  type BurnRateTier,
  budgetShareAt,
  burnRateFor,
  lowestTargetFor,
  maximumBurnRate,
  type Period,
  shortWindowOf,
  type Target,
} from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import type { AlertInput } from './alert-input.ts';
import { readWords } from './alert-words.ts';
import { checkAlertName, readSeverity } from './condition-alerts.ts';
import { formatNumber, readLength, readShare } from './lengths.ts';
import { isToldAbout, type Reading, reportKey, reportValue } from './reading.ts';

/** What of an objective decides on its alerts. Without a target what depends on it is not checked. */
export interface Promised {
  readonly period: Period;
  readonly target: Target | undefined;
  /** Labels that tell its groups apart. */
  readonly groupBy: readonly string[];
}

/** Keys that an alert on a budget does not have, and what to do instead. */
const objectiveKeys = [
  ['summary', 'remove it: the text is generated; `annotations: { summary: ... }` replaces it'],
  ['description', 'remove it: the text is generated; `annotations: { description: ... }` replaces it'],
  ['runbook', 'write it beside `alerts:`, or as `annotations: { runbook_url: ... }`'],
  ['steps', 'remove it: the text is generated'],
  ['dependsOn', 'remove it: the text is generated'],
] as const;

/** Reads an alert on the burning of a budget over two windows. */
export function readTier(
  reading: Reading,
  path: YamlPath,
  alert: AlertInput,
  { period, target, groupBy }: Promised,
): BurnRateTier | undefined {
  for (const [key, help] of objectiveKeys) {
    if (alert[key] === undefined) continue;
    reportKey(reading, [...path, key], {
      severity: 'error',
      code: 'condition/form',
      message: `\`${key}\` of a burn-rate alert is the objective's own`,
      help,
    });
  }
  const words = readWords(reading, path, alert, groupBy);
  const severity = readSeverity(reading, path, alert.severity);
  const longWindow = alert.long === undefined ? undefined : readLength(reading, [...path, 'long'], alert.long);
  const shortWindow =
    alert.short === undefined
      ? longWindow && shortWindowOf(longWindow)
      : readLength(reading, [...path, 'short'], alert.short);
  const holdFor = alert.for === undefined ? duration(0) : readLength(reading, [...path, 'for'], alert.for, true);
  const keepFiringFor =
    alert.keepFiringFor === undefined
      ? duration(0)
      : readLength(reading, [...path, 'keepFiringFor'], alert.keepFiringFor, true);
  if (alert.long === undefined) missing(reading, path, 'long', 'add the long window, for example `long: 1h`');
  if (alert.name !== undefined) checkAlertName(reading, [...path, 'name'], alert.name);
  const burnRate = readBurnRate(reading, path, alert, longWindow, period);
  if (severity === undefined || burnRate === undefined || keepFiringFor === undefined) return undefined;
  if (longWindow === undefined || shortWindow === undefined || holdFor === undefined) return undefined;
  const tier: BurnRateTier = {
    severity,
    longWindow,
    shortWindow,
    burnRate,
    holdFor,
    ...(keepFiringFor === 0 ? {} : { keepFiringFor }),
    ...(alert.name === undefined ? {} : { name: alert.name }),
    ...(alert.profile === undefined || alert.profile === 'standard' ? {} : { profile: alert.profile }),
    ...words,
  };
  return checkWindows(reading, path, tier, period) && checkBurnRate(reading, path, tier, period, target)
    ? tier
    : undefined;
}

function readBurnRate(
  reading: Reading,
  path: YamlPath,
  alert: AlertInput,
  longWindow: Duration | undefined,
  period: Period,
): number | undefined {
  if (alert.budget === undefined) {
    if (alert.burn === undefined) missing(reading, path, 'burn', 'add the burn rate, for example `burn: 14.4`');
    return alert.burn;
  }
  if (alert.burn !== undefined) {
    reportKey(reading, [...path, 'budget'], {
      severity: 'error',
      code: 'condition/form',
      message: '`burn` and `budget` both say when the alert fires',
      help: 'keep one of them',
    });
    return undefined;
  }
  const share = readShare(reading, [...path, 'budget'], '2%');
  if (share === undefined || longWindow === undefined) return undefined;
  // A product of decimals, such as 14.4, that misses it by a rounding error would print as one.
  return Number(burnRateFor(share, longWindow, period.length).toPrecision(12));
}

function missing(reading: Reading, path: YamlPath, key: string, help: string): void {
  if (isToldAbout(reading, [...path, key])) return;
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/missing-key',
    message: `\`${key}\` is missing`,
    help,
  });
}

function checkWindows(
  reading: Reading,
  path: YamlPath,
  { longWindow, shortWindow, holdFor }: BurnRateTier,
  period: Period,
): boolean {
  const refuse = (key: string, message: string, help: string): false => {
    reportValue(reading, [...path, key], { severity: 'error', code: 'alert/window', message, help });
    return false;
  };
  if (period.length < longWindow) {
    return refuse(
      'long',
      `the long window is longer than the period of ${formatDuration(period.length)}`,
      'shorten it, or lengthen the period',
    );
  }
  if (longWindow <= shortWindow) {
    return refuse(
      'short',
      'the short window is not shorter than the long one',
      `write ${formatDuration(shortWindowOf(longWindow))}, about a twelfth`,
    );
  }
  if (shortWindow < minute) {
    reportValue(reading, [...path, 'short'], {
      severity: 'warning',
      code: 'alert/window',
      message: 'a window of less than a minute has too few samples for a rate at the usual scrape intervals',
      help: 'make it at least four scrape intervals long',
    });
  }
  if (shortWindow < 2 * holdFor) {
    reportValue(reading, [...path, 'for'], {
      severity: 'warning',
      code: 'alert/window',
      message: 'the alert waits for more than half of its short window: brief outages pass unseen',
      help: 'shorten `for`, or leave it out: the long window already shows that the damage is real',
    });
  }
  return true;
}

function checkBurnRate(
  reading: Reading,
  path: YamlPath,
  { burnRate, longWindow }: BurnRateTier,
  period: Period,
  target: Target | undefined,
): boolean {
  const refuse = (code: string, message: string, help: string): false => {
    reportValue(reading, burnPlace(reading, path), { severity: 'error', code, message, help });
    return false;
  };
  if (!(1 <= burnRate)) {
    return refuse(
      'alert/inside-budget',
      `a burn rate of ${burnRate} is below 1: the alert fires while the promise is kept`,
      'write at least 1',
    );
  }
  const share = budgetShareAt(burnRate, longWindow, period.length);
  if (1 <= share) {
    const help = `write a burn rate below ${formatNumber(period.length / longWindow)}, or a shorter window`;
    return refuse(
      'alert/after-exhaustion',
      `the alert fires only after ${percent(share)} of the budget is spent`,
      help,
    );
  }
  const maximum = target === undefined ? Number.POSITIVE_INFINITY : maximumBurnRate(target.errorBudget);
  if (maximum <= burnRate) {
    const help = `write a burn rate below ${formatNumber(maximum)}, or a target above ${percent(lowestTargetFor(burnRate))}`;
    return refuse(
      'alert/never-fires',
      `the alert can never fire: a full outage burns at ${formatNumber(maximum)}`,
      help,
    );
  }
  if (0.5 < share) {
    reportValue(reading, burnPlace(reading, path), {
      severity: 'warning',
      code: 'alert/after-exhaustion',
      message: `when the alert fires, ${percent(share)} of the budget is spent`,
      help: 'write a lower burn rate, or a shorter window',
    });
  }
  return true;
}

/** Where the burn rate is said. */
function burnPlace(reading: Reading, path: YamlPath): YamlPath {
  return isToldAbout(reading, [...path, 'budget']) ? [...path, 'budget'] : [...path, 'burn'];
}

function percent(share: number): string {
  return `${formatNumber(100 * share)} %`;
}
