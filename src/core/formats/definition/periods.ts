import { defaultPeriod, defaultTimeZone, isTimeZone, type Period, readPeriod } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { accept, type Reading, reportKey, reportValue } from './reading.ts';
import type { PartialSlo } from './slo-schema.ts';

/** The periods of an objective: the one that counts, undefined if it is wrong, and those that are shown beside it. */
export interface ReadPeriods {
  readonly period: Period | undefined;
  readonly furtherPeriods: readonly Period[];
}

/** Reads `period`, or `periods` of which the first one counts. Calendar periods turn in the zone of the objective or of the service. */
export function readPeriods(
  reading: Reading,
  path: YamlPath,
  input: PartialSlo,
  serviceZone: string | undefined,
): ReadPeriods {
  const timeZone = readTimeZone(reading, [...path, 'timeZone'], input.timeZone) ?? serviceZone ?? defaultTimeZone;
  const { period: text, periods } = input;
  if (text !== undefined && periods !== undefined) {
    reportKey(reading, [...path, 'periods'], {
      severity: 'error',
      code: 'slo/period',
      message: '`period` and `periods` both say over what the objective is judged',
      help: 'put the period that counts first in `periods`, and remove `period`',
    });
  }
  const read = (place: YamlPath, written: string): Period | undefined =>
    accept(reading, place, readPeriod(written, timeZone));
  if (periods === undefined) {
    const period = text === undefined ? defaultPeriod : read([...path, 'period'], text);
    checkZoneUsed(reading, path, input, period === undefined ? [] : [period]);
    return { period, furtherPeriods: [] };
  }
  const all = periods.map((each, index) => read([...path, 'periods', index], each));
  const known = all.flatMap((each) => (each === undefined ? [] : [each]));
  const [period, ...further] = all;
  if (known.some(({ kind }) => kind === 'continuous') && 1 < all.length) {
    reportKey(reading, [...path, 'periods'], {
      severity: 'error',
      code: 'slo/period',
      message: 'what holds continuously has no other period',
      help: 'write `period: continuous` alone',
    });
    return { period: known.find(({ kind }) => kind === 'continuous'), furtherPeriods: [] };
  }
  checkZoneUsed(reading, path, input, known);
  return { period, furtherPeriods: further.flatMap((each) => (each === undefined ? [] : [each])) };
}

/** The name of a time zone that exists. */
export function readTimeZone(reading: Reading, path: YamlPath, zone: string | undefined): string | undefined {
  if (zone === undefined || isTimeZone(zone)) return zone;
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/time-zone',
    message: `there is no time zone \`${zone}\``,
    help: 'write a name of the IANA database, such as Europe/Berlin or UTC',
  });
  return undefined;
}

function checkZoneUsed(reading: Reading, path: YamlPath, input: PartialSlo, periods: readonly Period[]): void {
  if (input.timeZone === undefined || periods.length === 0) return;
  if (periods.some(({ kind }) => kind === 'calendar')) return;
  reportKey(reading, [...path, 'timeZone'], {
    severity: 'warning',
    code: 'slo/period',
    message: 'only periods of the calendar have a time zone',
    help: 'remove the line, or write for example `period: calendar month`',
  });
}
