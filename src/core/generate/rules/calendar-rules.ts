import { type Duration, duration } from '../../base/index.ts';
import { build, type Expr, typeOf } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import {
  type CalendarPeriod,
  type CalendarUnit,
  calendarYears,
  exclusionsOf,
  offsetsAtStart,
  type Service,
  type Slo,
  type ZoneOffsets,
  zoneOffsets,
} from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import { identity, identityLabels, recorded, timeZoneLabel, turnLabel } from '../names.ts';
import { type PeriodLevels, periodWords } from '../period-levels.ts';
import { type OwnLabels, periodScope } from '../scope.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';

const { add, aggregate, binary, by, call, compareBool, divide, multiply, on, selector, subtract } = build;

const daySeconds = 86_400;

/**
 * Where each calendar period of an objective stands: how long it has lasted, and which of three series takes its increases. All of it
 * speaks of the evaluation before this one: an increase belongs to the period in which it began.
 *
 * A range of fixed length can't end at a turn of the calendar. But no range as long as the longest period reaches over the two periods
 * before this one, so that three series which take turns hold at most one period each within it.
 */
export function calendarRules(service: Named, slo: Promised, levels: Levels): readonly RecordingRule[] {
  return levels.periods.flatMap((level) => positionRules(service, slo, level, countedSince(levels)));
}

/** How far the clocks are ahead of UTC in the zones with summer time that an objective's periods and exclusions go by. */
export function zoneRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const calendars = levels.periods.flatMap(({ period }) => (period.kind === 'calendar' ? [period.timeZone] : []));
  const excluded = exclusionsOf(service, slo).flatMap(({ when }) => (when.kind === 'recurring' ? [when.timeZone] : []));
  const zones = [...new Set([...calendars, ...excluded])].filter(hasSummerTime);
  return zones.map((zone) => offsetRule(identityLabels(service, slo), zone, countedSince(levels)));
}

/** How long before an evaluation that began which it counts. */
export function countedSince({ interval, lag }: Pick<Levels, 'interval' | 'lag'>): Duration {
  return duration(interval + lag);
}

/** The elapsed seconds of the current calendar period. */
export function elapsedSelector(service: Named, slo: Promised, level: PeriodLevels): Expr {
  return selector(recorded.periodElapsed, periodScope(service, slo, level).conditions);
}

function offsetRule(own: OwnLabels, zone: string, ago: Duration): RecordingRule {
  const { first, last } = calendarYears;
  return record(
    recorded.zoneOffset,
    call('vector', offsetAt(call('time'), zoneOffsets(zone), ago)),
    { ...own, [timeZoneLabel]: zone },
    `How far the clocks of ${zone} are ahead of UTC: their changes from ${first} to ${last}.`,
  );
}

function positionRules(service: Named, slo: Promised, level: PeriodLevels, ago: Duration): readonly RecordingRule[] {
  const { period } = level;
  if (period.kind !== 'calendar') return [];
  const { labels, conditions } = periodScope(service, slo, level);
  const local = localTime(identityLabels(service, slo), period.timeZone, ago);
  const positive = isBehindUtc(period.timeZone) ? add(local, threeDays) : local;
  const byClock = secondsSinceStart(period.unit, local, positive);
  const turn = turnOf(period.unit, local, positive);
  const comment =
    `How long the ${periodWords(period)} has lasted, and by its number modulo 3 which of three series takes its increases: ` +
    'a range as long as the longest one never holds two that share a series.';
  const elapsed = hasSummerTime(period.timeZone)
    ? [
        record(recorded.periodElapsedByClock, byClock, labels, comment),
        record(
          recorded.periodElapsed,
          trulyElapsed(conditions, identityLabels(service, slo), period, ago),
          labels,
          'The same with the hour that a change of clocks has taken or given.',
        ),
      ]
    : [record(recorded.periodElapsed, byClock, labels, comment)];
  return [
    ...elapsed,
    record(recorded.periodTurn, numbered(binary('%', turn, 3)), labels),
    record(recorded.previousTurn, numbered(binary('%', add(turn, 2), 3)), labels),
  ];
}

/** A series of the value 1 with the number as a label. */
function numbered(turn: Expr): Expr {
  return aggregate('count_values', by(), turn, build.string(turnLabel));
}

/** What a clock in the zone showed some time ago, as seconds since 1970. */
export function localTime(own: OwnLabels, zone: string, ago: Duration): Expr {
  const offsets = zoneOffsets(zone);
  if (!hasSummerTime(zone)) return call('vector', later(call('time'), (offsets.first - ago) / 1000));
  return add(selector(recorded.zoneOffset, { ...own, [timeZoneLabel]: zone }), later(call('time'), -ago / 1000));
}

function later(time: Expr, seconds: number): Expr {
  if (seconds === 0) return time;
  return seconds < 0 ? subtract(time, -seconds) : add(time, seconds);
}

/**
 * The beginning of 1970, where unit tests begin, is still 1969 west of Greenwich, and a remainder of what is negative is negative. So many
 * days later it is the same hour and the same turn.
 */
const threeDays = 3 * daySeconds;

function isBehindUtc(zone: string): boolean {
  return zoneOffsets(zone).first < 0;
}

function secondsSinceStart(unit: CalendarUnit, local: Expr, positive: Expr): Expr {
  const inDay = binary('%', positive, daySeconds);
  const since = (days: Expr): Expr => add(multiply(days, daySeconds), inDay);
  switch (unit) {
    case 'day':
      return inDay;
    case 'week':
      // The first of January 1970 was a Thursday.
      return binary('%', add(local, threeDays), 7 * daySeconds);
    case 'month':
      return since(subtract(call('day_of_month', local), 1));
    case 'quarter':
      return since(daysInQuarter(local));
    case 'year':
      return since(subtract(call('day_of_year', local), 1));
  }
}

/** The days of the year before today, without those of the quarters before this one: 90 or 91, 91 and 92 days. */
function daysInQuarter(local: Expr): Expr {
  const from = (month: number): Expr => compareBool('>=', call('month', local), month);
  const isLeapYear = compareBool('==', binary('%', call('year', local), 4), 0);
  return [multiply(from(4), add(isLeapYear, 90)), multiply(from(7), 91), multiply(from(10), 92)].reduce<Expr>(
    (days, quarter) => subtract(days, quarter),
    subtract(call('day_of_year', local), 1),
  );
}

/** A number that grows by one with each period, modulo something that 3 divides. */
function turnOf(unit: CalendarUnit, local: Expr, positive: Expr): Expr {
  switch (unit) {
    case 'day':
      return call('floor', divide(positive, daySeconds));
    case 'week':
      return call('floor', divide(add(local, threeDays), 7 * daySeconds));
    case 'month':
      return call('month', local);
    case 'quarter':
      return add(multiply(call('year', local), 4), call('ceil', divide(call('month', local), 3)));
    case 'year':
      return call('year', local);
  }
}

/** By the clock, without the difference between the offsets now and at the start. */
function trulyElapsed(conditions: build.Conditions, own: OwnLabels, period: CalendarPeriod, ago: Duration): Expr {
  const { timeZone } = period;
  const byClock = selector(recorded.periodElapsedByClock, conditions);
  const byMonth = offsetsAtStart(period);
  const atStart =
    byMonth === undefined
      ? offsetAt(subtract(call('time'), byClock), zoneOffsets(timeZone), ago)
      : offsetInMonth(localTime(own, timeZone, ago), byMonth);
  const now = selector(recorded.zoneOffset, { ...own, [timeZoneLabel]: timeZone });
  // What is made of the month alone lacks the label of a further period.
  const isByMonth = byMonth !== undefined && typeOf(atStart) === 'vector';
  return subtract(add(byClock, atStart, isByMonth ? on(...identity) : undefined), now, on(...identity));
}

/** The offset of January, and what other months change of it. */
function offsetInMonth(local: Expr, [january = noTime, ...months]: readonly Duration[]): Expr {
  let whole: Expr = build.number(january / 1000);
  let before = january;
  for (const [index, offset] of months.entries()) {
    const change = (offset - before) / 1000;
    const has = multiply(Math.abs(change), compareBool('>=', call('month', local), index + 2));
    if (change !== 0) whole = change < 0 ? subtract(whole, has) : add(whole, has);
    before = offset;
  }
  return whole;
}

const noTime = duration(0);

function hasSummerTime(zone: string): boolean {
  return 0 < zoneOffsets(zone).changes.length;
}

/** The offset of a zone in seconds so long before a time: the first one, and each change from its moment on. */
function offsetAt(time: Expr, { first, changes }: ZoneOffsets, ago: Duration): Expr {
  const bySize = new Map<number, Signed[]>();
  let before = first;
  for (const { at, offset } of changes) {
    const change = (offset - before) / 1000;
    const has = compareBool('>=', time, (at + ago) / 1000);
    const list = bySize.get(Math.abs(change)) ?? [];
    bySize.set(Math.abs(change), [...list, { expr: has, isNegative: change < 0 }]);
    before = offset;
  }
  let whole: Expr = build.number(first / 1000);
  for (const [size, list] of bySize) {
    const { expr, isNegative } = total(list);
    whole = isNegative ? subtract(whole, multiply(size, expr)) : add(whole, multiply(size, expr));
  }
  return whole;
}

interface Signed {
  readonly expr: Expr;
  readonly isNegative: boolean;
}

/** The sum of all, halved again and again, so that its printed form is not as deep as it is long. */
function total(list: readonly Signed[]): Signed {
  const [only] = list;
  if (only === undefined) throw new RangeError('a sum of nothing');
  if (list.length === 1) return only;
  // Halves of an even length keep the beginning and the end of a summer side by side.
  const middle = 2 * Math.ceil(list.length / 4);
  const half = list.length === 2 ? 1 : middle;
  const left = total(list.slice(0, half));
  const right = total(list.slice(half));
  if (left.isNegative === right.isNegative) return { ...left, expr: add(left.expr, right.expr) };
  return left.isNegative
    ? { expr: subtract(right.expr, left.expr), isNegative: false }
    : { expr: subtract(left.expr, right.expr), isNegative: false };
}
