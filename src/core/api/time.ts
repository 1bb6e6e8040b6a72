import { type Duration, duration, parseDuration, type Timestamp, timestamp } from '../base/index.ts';

/** Years 1 to 9999 in milliseconds: what RFC 3339 holds. */
const earliest = -62_135_596_800_000;
const latest = 253_402_300_799_999;

/** Reads an instant as Prometheus's API and tools take it: seconds since the epoch, or RFC 3339. */
export function readTime(text: string): Timestamp | undefined {
  const ms = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Math.round(Number(text) * 1000) : rfc3339(text);
  return ms !== undefined && earliest <= ms && ms <= latest ? timestamp(ms) : undefined;
}

/** Reads a length of time as Prometheus's API takes it: a number of seconds, or a duration such as `5m`. */
export function readLength(text: string): Duration | undefined {
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return parseDuration(text);
  const ms = Math.round(Number(text) * 1000);
  return Number.isFinite(ms) ? duration(ms) : undefined;
}

const form = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

function rfc3339(text: string): number | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1, 7).map(Number);
  const [zoneHours = 0, zoneMinutes = 0] = match.slice(9).map((part) => Number(part ?? 0));
  if (month < 1 || 12 < month || day < 1 || daysIn(year, month) < day) return undefined;
  if (23 < hours || 59 < minutes || 59 < seconds || 23 < zoneHours || 59 < zoneMinutes) return undefined;
  const zone = (zoneHours * 60 + zoneMinutes) * (match[8] === '-' ? -1 : 1);
  const fraction = Math.trunc(Number(match[7] ?? 0) * 1000);
  return (((daysSinceEpoch(year, month, day) * 24 + hours) * 60 + minutes - zone) * 60 + seconds) * 1000 + fraction;
}

function daysIn(year: number, month: number): number {
  return daysSinceEpoch(month === 12 ? year + 1 : year, (month % 12) + 1, 1) - daysSinceEpoch(year, month, 1);
}

/** Days from 1970-01-01 in the Gregorian calendar, counting years from March so that leap days come last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const monthFromMarch = (month + 9) % 12;
  const dayOfYear = Math.floor((153 * monthFromMarch + 2) / 5) + day - 1;
  const leapDays = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  // 719,468 days lie between 0000-03-01 and the epoch.
  return shifted * 365 + leapDays + dayOfYear - 719_468;
}
