import { type Timestamp, timestamp } from './units.ts';

const form = /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Reads an instant as RFC 3339 writes it, with seconds optional: `2026-11-10T14:00Z`, `2026-11-10T15:00:00+01:00`. Undefined for any
 * other text and for days that no month has.
 */
export function parseInstant(text: string): Timestamp | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, dayOfMonth = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => Number(part ?? 0));
  if (month < 1 || 12 < month || dayOfMonth < 1 || daysIn(year, month) < dayOfMonth) return undefined;
  if (23 < hour || 59 < minute || 59 < second) return undefined;
  const fraction = Number((match[7] ?? '').padEnd(3, '0'));
  const offset = (match[8] === '-' ? -1 : 1) * (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0));
  const minutes = daysFromEpoch(year, month, dayOfMonth) * 1440 + hour * 60 + minute - offset;
  return timestamp((minutes * 60 + second) * 1000 + fraction);
}

/** Years begin in March here, so that the leap day is their last. Source: Howard Hinnant, chrono-compatible low-level date algorithms. */
function daysFromEpoch(year: number, month: number, dayOfMonth: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function daysIn(year: number, month: number): number {
  const next = month === 12 ? daysFromEpoch(year + 1, 1, 1) : daysFromEpoch(year, month + 1, 1);
  return next - daysFromEpoch(year, month, 1);
}
