import { type Duration, parseDuration, type Ratio, ratio } from '../../base/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { type Reading, reportValue, writtenAt } from './reading.ts';

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

/** Reads a share between zero and one, both excluded: `2%`, or 0.02. */
export function readShare(reading: Reading, path: YamlPath, example: string): Ratio | undefined {
  const written = writtenAt(reading, path).trim();
  const isPercentage = written.endsWith('%');
  const digits = isPercentage ? written.slice(0, -1).trim() : written;
  // The decimal point moves in the text, so that 14.4 % is 0.144 and not a neighbour of it.
  const value = /^\d+(?:\.\d+)?$/.test(digits) ? Number(isPercentage ? `${digits}e-2` : digits) : Number.NaN;
  if (0 < value && value < 1) return ratio(value);
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/share',
    message: `\`${written}\` is not a share between 0 and 100 %`,
    help: 1 <= value && value < 100 && !isPercentage ? `write ${written}%` : `write for example \`${example}\``,
  });
  return undefined;
}

/** A number in a sentence, with at most four figures. */
export function formatNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
