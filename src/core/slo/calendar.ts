import { type Duration, day, duration } from '../base/index.ts';

/**
 * The length of a month (1 to 12) of the Gregorian calendar, in a zone without summer time: 28 to 31 days, so that 99.9 % allows 40.32 to
 * 44.64 minutes.
 */
export function monthLength(year: number, month: number): Duration {
  const days = [31, isLeapYear(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  if (days === undefined || !Number.isInteger(year)) throw new RangeError(`not a month: ${year}-${month}`);
  return duration(days * day);
}

/** The length of a quarter (1 to 4): 90 to 92 days. */
export function quarterLength(year: number, quarter: number): Duration {
  const last = 3 * quarter;
  return duration(monthLength(year, last - 2) + monthLength(year, last - 1) + monthLength(year, last));
}

/** The length of a year. */
export function yearLength(year: number): Duration {
  return duration((isLeapYear(year) ? 366 : 365) * day);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}
