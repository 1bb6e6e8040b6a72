import {
  type Diagnostic,
  type Duration,
  day,
  duration,
  formatDuration,
  type Outcome,
  parseDuration,
  ratio,
  type Source,
} from '../../base/index.ts';
import { type BurnRateTier, burnRateFor, keepWindows, scaledTiers } from '../../slo/index.ts';
import { readYaml, type YamlPath } from '../../yaml/index.ts';
import type { Reading } from '../definition/reading.ts';
import { checkKeys, headOf, requiredText, say } from '../dialect-reading.ts';

/** The period of Sloth's objectives and the windows of their alerts, fastest first: what its files leave to flags. A document of kind AlertWindows says both. */
export interface SlothAlertWindows {
  readonly period: Duration;
  readonly tiers: readonly BurnRateTier[];
}

const thirtyDays = duration(30 * day);
const twentyEightDays = duration(28 * day);

/**
 * The alerts that Sloth knows by itself, for thirty days and for twenty-eight; other periods need a document of windows. From one to the
 * other it keeps windows and shares of the budget, and moves the burn rates.
 */
export function slothTiers(period: Duration): readonly BurnRateTier[] | undefined {
  const own = scaledTiers({ kind: 'rolling', length: thirtyDays });
  if (period === thirtyDays) return own;
  if (period !== twentyEightDays) return undefined;
  return own.map((tier) => {
    const moved = keepWindows(tier, thirtyDays, period);
    return { ...moved, burnRate: plain(moved.burnRate) };
  });
}

/** What Sloth does without flags: thirty days. */
export const slothDefaults: SlothAlertWindows = { period: thirtyDays, tiers: slothTiers(thirtyDays) ?? [] };

/** Reads a document of windows, `kind: AlertWindows`, which Sloth takes by `--slo-period-windows-path`. */
export function readSlothWindows(source: Source): Outcome<SlothAlertWindows> {
  const documents = readYaml(source.text);
  if (!documents.ok) return documents;
  const [root, second] = documents.value;
  const diagnostics: Diagnostic[] = [];
  const reading: Reading = {
    text: source.text,
    root: root ?? { kind: 'scalar', value: null, text: '', style: 'plain', span: { start: 0, end: 0 } },
    diagnostics,
    misspelt: new Set(),
  };
  const head = headOf(reading.root);
  if (head.apiVersion !== 'sloth.slok.dev/v1' || head.kind !== 'AlertWindows' || second !== undefined) {
    const message = 'this is not one document of alert windows';
    say(reading, [], 'error', 'dialect/unknown', message, 'write `sloth.slok.dev/v1` `AlertWindows`');
    return { ok: false, diagnostics };
  }
  checkKeys(reading, [], ['apiVersion', 'kind', 'metadata', 'spec']);
  checkKeys(reading, ['spec'], ['sloPeriod', 'page', 'ticket']);
  const period = lengthAt(reading, ['spec', 'sloPeriod']);
  const tiers = (['page', 'ticket'] as const).flatMap((severity) => {
    checkKeys(reading, ['spec', severity], ['quick', 'slow']);
    return (['quick', 'slow'] as const).flatMap(
      (speed) => tierAt(reading, ['spec', severity, speed], severity, period) ?? [],
    );
  });
  if (period === undefined || diagnostics.some(({ severity }) => severity === 'error'))
    return { ok: false, diagnostics };
  return { ok: true, value: { period, tiers }, diagnostics };
}

function tierAt(
  reading: Reading,
  path: YamlPath,
  severity: 'page' | 'ticket',
  period: Duration | undefined,
): BurnRateTier | undefined {
  checkKeys(reading, path, ['errorBudgetPercent', 'shortWindow', 'longWindow']);
  const shortWindow = lengthAt(reading, [...path, 'shortWindow']);
  const longWindow = lengthAt(reading, [...path, 'longWindow']);
  const percent = percentAt(reading, [...path, 'errorBudgetPercent']);
  if (shortWindow === undefined || longWindow === undefined || percent === undefined || period === undefined)
    return undefined;
  if (longWindow < shortWindow || period < longWindow) {
    const message = `of ${formatDuration(shortWindow)}, ${formatDuration(longWindow)} and the period of ${formatDuration(period)} each must be longer than the one before`;
    say(reading, path, 'error', 'dialect/type', message, 'write a short window, and a long one within the period');
    return undefined;
  }
  const burnRate = plain(burnRateFor(ratio(percent / 100), longWindow, period));
  return { severity, shortWindow, longWindow, burnRate, holdFor: duration(0) };
}

function lengthAt(reading: Reading, path: YamlPath): Duration | undefined {
  const text = requiredText(reading, path);
  if (text === undefined) return undefined;
  const length = parseDuration(text.trim());
  if (length !== undefined && 0 < length) return length;
  say(reading, path, 'error', 'dialect/type', `\`${text}\` is no length of time`, 'write for example `30d` or `36h`');
  return undefined;
}

function percentAt(reading: Reading, path: YamlPath): number | undefined {
  const text = requiredText(reading, path);
  if (text === undefined) return undefined;
  const percent = Number(text);
  if (0 < percent && percent <= 100) return percent;
  say(reading, path, 'error', 'dialect/type', `\`${text}\` is no share in percent`, 'write a number such as `2`');
  return undefined;
}

/** Products of decimals may miss the number that is meant by their rounding. */
function plain(value: number): number {
  return Number(value.toPrecision(12));
}
