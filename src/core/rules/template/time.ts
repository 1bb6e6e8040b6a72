const msPerDay = 86_400_000;

/** A date and time of day in UTC, by the proleptic Gregorian calendar. */
export interface Civil {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Sunday is 0. */
  readonly weekday: number;
  /** From 1. */
  readonly yearDay: number;
}

export const monthNames: readonly string[] = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const weekdayNames: readonly string[] = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];

/** The date and time of an instant. Days are counted in eras of 400 years that begin on 1 March, which puts the leap day last. */
export function civil(ms: number): Civil {
  const days = Math.floor(ms / msPerDay);
  const rest = ms - days * msPerDay;
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    year,
    month,
    day: dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1,
    hour: Math.floor(rest / 3_600_000),
    minute: Math.floor(rest / 60_000) % 60,
    second: Math.floor(rest / 1000) % 60,
    millisecond: Math.floor(rest) % 1000,
    weekday: (((days + 4) % 7) + 7) % 7,
    yearDay: days - daysTo(year, 1, 1) + 1,
  };
}

/** Milliseconds since the epoch of a date's midnight in UTC. Months and days beyond their range count on, as Go's AddDate wants it. */
export function dateMs(year: number, month: number, day: number): number {
  const whole = year + Math.floor((month - 1) / 12);
  return (daysTo(whole, ((((month - 1) % 12) + 12) % 12) + 1, 1) + day - 1) * msPerDay;
}

function daysTo(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (2 < month ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** An instant as Go prints it: `2022-01-25 12:36:43.5 +0000 UTC`. */
export function timeText(ms: number): string {
  return formatTime(ms, '2006-01-02 15:04:05.999999999 -0700 MST');
}

/** The pieces of a Go time layout, longest first where one begins with another. */
const layout =
  /January|Jan|Monday|Mon|MST|2006|Z0700|Z07:00|-0700|-07:00|-07|[.,](?:0+|9+)(?!\d)|002|01|02|03|04|05|06|15|PM|pm|_2|1|2|3|4|5/g;

/** An instant in UTC by a Go layout such as `2006-01-02 15:04:05`. Source: Go, time/format.go. */
export function formatTime(ms: number, goLayout: string): string {
  const date = civil(ms);
  const hour12 = date.hour % 12 === 0 ? 12 : date.hour % 12;
  return goLayout.replaceAll(layout, (piece) => {
    switch (piece) {
      case 'January':
        return monthNames[date.month - 1] ?? '';
      case 'Jan':
        return (monthNames[date.month - 1] ?? '').slice(0, 3);
      case 'Monday':
        return weekdayNames[date.weekday] ?? '';
      case 'Mon':
        return (weekdayNames[date.weekday] ?? '').slice(0, 3);
      case 'MST':
        return 'UTC';
      case '2006':
        return date.year < 0 ? `-${pad(-date.year, 4)}` : pad(date.year, 4);
      case '06':
        return pad(((date.year % 100) + 100) % 100, 2);
      case '01':
        return pad(date.month, 2);
      case '1':
        return String(date.month);
      case '02':
        return pad(date.day, 2);
      case '_2':
        return String(date.day).padStart(2, ' ');
      case '2':
        return String(date.day);
      case '002':
        return pad(date.yearDay, 3);
      case '15':
        return pad(date.hour, 2);
      case '03':
        return pad(hour12, 2);
      case '3':
        return String(hour12);
      case '04':
        return pad(date.minute, 2);
      case '4':
        return String(date.minute);
      case '05':
        return pad(date.second, 2);
      case '5':
        return String(date.second);
      case 'PM':
        return date.hour < 12 ? 'AM' : 'PM';
      case 'pm':
        return date.hour < 12 ? 'am' : 'pm';
      case 'Z0700':
      case 'Z07:00':
        return 'Z';
      case '-0700':
        return '+0000';
      case '-07:00':
        return '+00:00';
      case '-07':
        return '+00';
      default:
        return fraction(date.millisecond, piece);
    }
  });
}

/** `.000` always prints that many digits, `.999` drops zeros at the end and the point with them. */
function fraction(millisecond: number, piece: string): string {
  const digits = pad(millisecond, 3)
    .padEnd(9, '0')
    .slice(0, piece.length - 1);
  const kept = piece[1] === '9' ? digits.replace(/0+$/, '') : digits;
  return kept === '' ? '' : `${piece[0]}${kept}`;
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0');
}

/** A length of time as Go prints it: `1h2m3.5s`, `250ms`, `0s`. Source: Go, time.Duration.String. */
export function durationText(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const length = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (length < 1_000_000_000n) {
    if (length < 1000n) return `${sign}${length}ns`;
    return length < 1_000_000n ? `${sign}${decimals(length, 3)}µs` : `${sign}${decimals(length, 6)}ms`;
  }
  const minutes = length / 60_000_000_000n;
  const seconds = `${decimals(length % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  return minutes < 60n ? `${sign}${minutes}m${seconds}` : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/** value / 10^places without zeros at the end. */
function decimals(value: bigint, places: number): string {
  const text = value.toString().padStart(places + 1, '0');
  const fractionText = text.slice(-places).replace(/0+$/, '');
  return text.slice(0, -places) + (fractionText === '' ? '' : `.${fractionText}`);
}
