import { type Duration, duration, formatDuration, minute, parseDuration } from '../../base/index.ts';
import {
  type BurnRateTier,
  budgetShareAt,
  eventsAtWhichOneFires,
  lowestTargetFor,
  maximumBurnRate,
  type Period,
  scaledTiers,
  shortWindowOf,
  type Target,
  workbookTiers,
} from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import type { AlertInput, SloInput } from './input.ts';
import { enumeration, type Reading, type Remark, reportKey, reportValue } from './reading.ts';
import type { Loose } from './schema.ts';

/** One failed request never pages: two more must fail in the same long window. */
export const defaultMinimumBadEvents = 3;

/** Reads the alerts of an objective, fastest first. Without a target what depends on it is not checked. */
export function readAlerts(
  reading: Reading,
  path: YamlPath,
  input: Loose<SloInput>,
  period: Period,
  target: Target | undefined,
): readonly BurnRateTier[] {
  const { alerts = 'workbook' } = input;
  if (alerts === 'none') return [];
  if (alerts === 'workbook')
    return target === undefined ? scaledTiers(period) : readWorkbook(reading, path, period, target);
  const tiers = alerts.flatMap(
    (alert, index) => readTier(reading, [...path, 'alerts', index], alert, period, target) ?? [],
  );
  checkDistinct(reading, [...path, 'alerts'], alerts);
  return tiers.toSorted((a, b) => a.longWindow - b.longWindow || b.burnRate - a.burnRate);
}

/** Says which of the workbook's alerts this objective cannot have, and why. */
function readWorkbook(reading: Reading, path: YamlPath, period: Period, target: Target): readonly BurnRateTier[] {
  const all = scaledTiers(period);
  const tiers = workbookTiers(period, target);
  const report = (remark: Remark): void => reportKey(reading, [...path, 'target'], remark);
  const maximum = formatNumber(maximumBurnRate(target.errorBudget));
  const dropped = all.filter(({ burnRate }) => maximumBurnRate(target.errorBudget) <= burnRate);
  if (0 < dropped.length) {
    const pages = tiers.some(({ severity }) => severity === 'page');
    report({
      severity: pages ? 'info' : 'warning',
      code: 'alert/left-out',
      message: `at ${target.text} a full outage burns at ${maximum}, so alerts at ${enumeration(dropped.map(({ burnRate }) => burnRate))} are left out${pages ? '' : ': no outage pages anyone'}`,
      help: pages ? 'nothing is to be done' : 'write `alerts:` with burn rates below that, or raise the target',
    });
  }
  if (!all.some(({ severity }) => severity === 'page')) {
    reportKey(reading, [...path, 'period'], {
      severity: 'warning',
      code: 'alert/left-out',
      message: `a period of ${formatDuration(period.length)} is too short for the workbook's alerts that page`,
      help: 'write `alerts:` with windows of your own, or a longer period',
    });
  }
  return tiers;
}

function readTier(
  reading: Reading,
  path: YamlPath,
  alert: AlertInput,
  period: Period,
  target: Target | undefined,
): BurnRateTier | undefined {
  const longWindow = readLength(reading, [...path, 'long'], alert.long);
  const shortWindow =
    alert.short === undefined
      ? longWindow && shortWindowOf(longWindow)
      : readLength(reading, [...path, 'short'], alert.short);
  const holdFor = alert.for === undefined ? duration(0) : readLength(reading, [...path, 'for'], alert.for, true);
  if (longWindow === undefined || shortWindow === undefined || holdFor === undefined) return undefined;
  const tier: BurnRateTier = { severity: alert.severity, longWindow, shortWindow, burnRate: alert.burn, holdFor };
  return checkWindows(reading, path, tier, period) && checkBurnRate(reading, path, tier, period, target)
    ? tier
    : undefined;
}

/** Alerts of one severity are told apart by their long window, in their names and by whoever reads them. */
function checkDistinct(reading: Reading, path: YamlPath, alerts: readonly AlertInput[]): void {
  const seen = new Set<string>();
  for (const [index, { severity, long }] of alerts.entries()) {
    const key = `${severity} ${parseDuration(long.trim()) ?? long}`;
    if (seen.has(key)) {
      reportValue(reading, [...path, index, 'long'], {
        severity: 'error',
        code: 'alert/duplicate',
        message: `there is a ${severity} alert over ${long} already`,
        help: 'remove one of them, or give it another window',
      });
    }
    seen.add(key);
  }
}

/** Reads a window or a waiting time; zero is for waiting times only. */
export function readLength(reading: Reading, path: YamlPath, text: string, zeroAllowed = false): Duration | undefined {
  const length = parseDuration(text.trim());
  if (length !== undefined && (0 < length || zeroAllowed)) return length;
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/duration',
    message: length === 0 ? 'a window of no length has no events' : `\`${text}\` is not a length of time`,
    help: 'write for example `30s`, `5m` or `1h30m`',
  });
  return undefined;
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
    reportValue(reading, [...path, 'burn'], { severity: 'error', code, message, help });
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
    reportValue(reading, [...path, 'burn'], {
      severity: 'warning',
      code: 'alert/after-exhaustion',
      message: `when the alert fires, ${percent(share)} of the budget is spent`,
      help: 'write a lower burn rate, or a shorter window',
    });
  }
  return true;
}

/** Warns where a single bad event fires an alert as long as the window holds few others. */
export function checkMinimum(
  reading: Reading,
  path: YamlPath,
  minimum: number,
  alerts: readonly BurnRateTier[],
  target: Target | undefined,
): void {
  const [fastest] = alerts;
  if (1 < minimum || fastest === undefined || target === undefined) return;
  const events = eventsAtWhichOneFires(fastest.burnRate, target.errorBudget);
  // Below one event nothing fires by itself.
  if (events < 1) return;
  const window = formatDuration(fastest.longWindow);
  reportValue(reading, [...path, 'minimumBadEvents'], {
    severity: 'warning',
    code: 'alert/single-event',
    message: `one bad event fires the alert over ${window} wherever that window holds ${events} events or fewer`,
    help: `write \`minimumBadEvents: ${defaultMinimumBadEvents}\`, or remove the line`,
  });
}

function percent(share: number): string {
  return `${formatNumber(100 * share)} %`;
}

function formatNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
