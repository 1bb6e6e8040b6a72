import { type Duration, duration } from './units.ts';

/** The units of a Prometheus duration, longest first, with their length in milliseconds. */
const units: readonly (readonly [name: string, ms: number])[] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

const pattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m(?!s))?(?:(\d+)s)?(?:(\d+)ms)?$/;

/**
 * Reads a duration in Prometheus's form: units from the longest to the shortest, each at most once (`1h30m`, `4m59s999ms`, `0`).
 * Gives undefined for any other text, and for a length beyond what Prometheus holds (2^63 nanoseconds, about 292 years).
 * Source: prometheus/common, model/time.go, ParseDuration.
 */
export function parseDuration(text: string): Duration | undefined {
  if (text === '0') return duration(0);
  const match = text === '' ? null : pattern.exec(text);
  if (match === null) return undefined;
  let ms = 0;
  for (const [index, [, length]] of units.entries()) ms += Number(match[index + 1] ?? 0) * length;
  return ms * 1e6 < 2 ** 63 ? duration(ms) : undefined;
}

/**
 * Prints a duration as Prometheus does: `90m` as `1h30m`, weeks and years only where it is exactly those.
 * Source: prometheus/common, model/time.go, Duration.String.
 */
export function formatDuration(length: Duration): string {
  if (length === 0) return '0s';
  if (length < 0) return `-${formatDuration(duration(-length))}`;
  let rest: number = length;
  let text = '';
  for (const [name, ms] of units) {
    const wholeOnly = name === 'y' || name === 'w';
    if (wholeOnly && rest % ms !== 0) continue;
    const count = Math.floor(rest / ms);
    if (count === 0) continue;
    text += `${count}${name}`;
    rest -= count * ms;
  }
  return text;
}
