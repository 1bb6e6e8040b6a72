import { type Duration, day, duration } from '../../base/index.ts';
import { calendarYears, monthLength, startOfYear, zoneOffsets } from '../../slo/index.ts';
import type { DayRange } from './interval.ts';

/** Days in UTC, and a part of each, on which the clocks of a zone are ahead by one offset. */
export interface Season {
  readonly offset: Duration;
  /** The part of the day; all of it but on days on which clocks are changed. */
  readonly from: Duration;
  readonly to: Duration;
  /** The days of its only month, from 1 on; all days of all its months if absent. */
  readonly days?: DayRange;
  readonly months: readonly number[];
  /** Of the months with those days; every year if absent. */
  readonly years?: readonly SeasonYear[];
}

/** A year of a season, and the first moment of its month. */
export interface SeasonYear {
  readonly year: number;
  readonly monthStart: number;
  readonly monthDays: number;
}

/** What the calendar in UTC is to a time zone: where its clocks are ahead by which offset, as far as changes are known. */
export function utcSeasons(timeZone: string): readonly Season[] {
  const { first, changes } = zoneOffsets(timeZone);
  if (changes.length === 0) return [{ offset: first, from: noTime, to: day, months: [] }];
  const found = new Map<string, Season & { readonly years: SeasonYear[] }>();
  for (let year: number = calendarYears.first; year <= calendarYears.last; year += 1) {
    let monthStart: number = startOfYear(year, 'UTC');
    for (let month = 1; month <= 12; month += 1) {
      const length = monthLength(year, month);
      const own: SeasonYear = { year, monthStart, monthDays: length / day };
      for (const part of partsOfMonth(own, first, changes)) {
        const key = JSON.stringify([month, part]);
        const season = found.get(key) ?? { ...part, months: [month], years: [] };
        season.years.push(own);
        found.set(key, season);
      }
      monthStart += length;
    }
  }
  return joinedMonths([...found.values()]);
}

const noTime = duration(0);

type Part = Pick<Season, 'offset' | 'from' | 'to' | 'days'>;

/** A month cut where clocks are changed. */
function partsOfMonth(
  { monthStart, monthDays }: SeasonYear,
  first: Duration,
  changes: ReturnType<typeof zoneOffsets>['changes'],
): readonly Part[] {
  const end = monthStart + monthDays * day;
  const inside = changes.filter(({ at }) => monthStart < at && at < end);
  let offset = changes.findLast(({ at }) => at <= monthStart)?.offset ?? first;
  if (inside.length === 0) return [{ offset, from: noTime, to: day }];
  const parts: Part[] = [];
  let nextDay = 1;
  const addDays = (last: number): void => {
    if (nextDay <= last) parts.push({ offset, from: noTime, to: day, days: { start: nextDay, end: last } });
    nextDay = Math.max(nextDay, last + 1);
  };
  for (const change of inside) {
    const changeDay = Math.floor((change.at - monthStart) / day) + 1;
    const time = duration((change.at - monthStart) % day);
    addDays(changeDay - 1);
    const days = { start: changeDay, end: changeDay };
    if (0 < time) parts.push({ offset, from: noTime, to: time, days });
    offset = change.offset;
    if (0 < time) parts.push({ offset, from: time, to: day, days });
    if (0 < time) nextDay = changeDay + 1;
  }
  addDays(monthDays);
  return parts;
}

/** Whole months that are alike in every year side by side, which hold after the last year too. */
function joinedMonths(seasons: readonly Season[]): readonly Season[] {
  const everyYear = calendarYears.last - calendarYears.first + 1;
  const byOffset = new Map<Duration, number[]>();
  const rest: Season[] = [];
  for (const season of seasons) {
    if (season.days !== undefined || season.years?.length !== everyYear) rest.push(season);
    else byOffset.set(season.offset, [...(byOffset.get(season.offset) ?? []), ...season.months]);
  }
  const whole = [...byOffset].map(([offset, months]): Season => ({ offset, from: noTime, to: day, months }));
  return [...whole, ...rest];
}
