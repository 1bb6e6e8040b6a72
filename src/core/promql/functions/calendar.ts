/** A date and time of day in UTC, in the proleptic Gregorian calendar. */
export interface Civil {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly dayOfYear: number;
}

const daySeconds = 86_400;
/** A Gregorian cycle: after 400 years the calendar repeats. */
const cycleDays = 146_097;

/** The date and time of an instant in whole seconds since the epoch. Algorithm: Howard Hinnant, "chrono-compatible low-level date algorithms". */
export function civilTime(epochSeconds: number): Civil {
  const seconds = Math.trunc(epochSeconds);
  const days = Math.floor(seconds / daySeconds);
  const rest = seconds - days * daySeconds;
  // Years of this reckoning begin in March, so that the leap day is their last.
  const shifted = days + 719_468;
  const cycle = Math.floor(shifted / cycleDays);
  const dayOfCycle = shifted - cycle * cycleDays;
  const yearOfCycle = Math.floor(
    (dayOfCycle - Math.floor(dayOfCycle / 1460) + Math.floor(dayOfCycle / 36_524) - Math.floor(dayOfCycle / 146_096)) /
      365,
  );
  const dayOfShifted = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const shiftedMonth = Math.floor((5 * dayOfShifted + 2) / 153);
  const day = dayOfShifted - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfCycle + 400 * cycle + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    day,
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
    dayOfYear: daysBefore(year, month) + day,
  };
}

/** Each date function of PromQL, of an instant in seconds since the epoch. */
export const calendarFunctions: ReadonlyMap<string, (epochSeconds: number) => number> = new Map<
  string,
  (epochSeconds: number) => number
>([
  ['day_of_month', (seconds) => civilTime(seconds).day],
  ['day_of_week', (seconds) => civilTime(seconds).weekday],
  ['day_of_year', (seconds) => civilTime(seconds).dayOfYear],
  [
    'days_in_month',
    (seconds) => {
      const { year, month } = civilTime(seconds);
      return daysInMonth(year, month);
    },
  ],
  ['hour', (seconds) => civilTime(seconds).hour],
  ['minute', (seconds) => civilTime(seconds).minute],
  ['month', (seconds) => civilTime(seconds).month],
  ['year', (seconds) => civilTime(seconds).year],
]);

/** The instant as RFC 3339 writes it, to the second, in UTC. */
export function formatInstant(ms: number): string {
  const { year, month, day, hour, minute, second } = civilTime(Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}Z`;
}

const monthDays: readonly number[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (monthDays[month - 1] ?? Number.NaN);
}

function daysBefore(year: number, month: number): number {
  let days = 0;
  for (let m = 1; m < month; m += 1) days += daysInMonth(year, m);
  return days;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
