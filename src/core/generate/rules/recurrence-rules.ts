import { day } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import { clockTime, type RecurringTime, type SimpleRecurrence, simpleRecurrence } from '../../slo/index.ts';

const { add, binary, call, compareBool, multiply, subtract } = build;

const daySeconds = day / 1000;

/** 1 where a local time lies in an occurrence of a simple rule, 0 elsewhere. A start before the first or behind the last one is none. */
export function isWithin(local: Expr, when: RecurringTime): Expr {
  const rule = simpleRecurrence(when);
  if (rule === undefined) throw new RangeError(`${when.rule} is no simple rule`);
  switch (rule.frequency) {
    case 'daily':
      return cycles(local, when, rule, [rule.first]);
    case 'weekly':
      return cycles(local, when, rule, weeklyStarts(rule));
    case 'monthly':
      return monthly(local, when, rule);
  }
}

/** A sum that is as deep as the logarithm of its length. */
export function sumOf(parts: readonly Expr[]): Expr {
  const [first] = parts;
  if (first === undefined) throw new RangeError('a sum of nothing');
  if (parts.length === 1) return first;
  const middle = Math.ceil(parts.length / 2);
  return add(sumOf(parts.slice(0, middle)), sumOf(parts.slice(middle)));
}

/** In the week of the first occurrence, which begins on Monday, a start on each of the weekdays. */
function weeklyStarts({ first, weekdays }: SimpleRecurrence): readonly number[] {
  const midnight = first - clockTime(first);
  // The first of January 1970 was a Thursday.
  const monday = midnight - ((((midnight / day + 3) % 7) + 7) % 7) * day;
  return weekdays.map(({ weekday }) => monday + (weekday - 1) * day + clockTime(first));
}

/** What comes back after a fixed time: the time since the last start is a remainder. */
function cycles(local: Expr, { length }: RecurringTime, rule: SimpleRecurrence, starts: readonly number[]): Expr {
  const cycle = rule.interval * (rule.frequency === 'weekly' ? 7 : 1) * day;
  const parts = starts.map((start) => {
    // A cycle earlier, so that no remainder is negative.
    const since = binary('%', subtract(local, (start - cycle) / 1000), cycle / 1000);
    const begun = length <= day ? local : subtract(local, since);
    const isOn = multiply(compareBool('<', since, length / 1000), compareBool('>=', begun, rule.first / 1000));
    if (rule.last === undefined) return isOn;
    return multiply(isOn, compareBool('<=', length <= day ? subtract(local, since) : begun, rule.last / 1000));
  });
  return sumOf(parts);
}

/** Days of a month are told by the calendar of the time at which an occurrence would have begun at midnight. */
function monthly(local: Expr, { length }: RecurringTime, rule: SimpleRecurrence): Expr {
  const shift = clockTime(rule.first) / 1000;
  const shifted = shift === 0 ? local : subtract(local, shift);
  const isOn = multiply(
    compareBool('<', binary('%', shifted, daySeconds), length / 1000),
    compareBool('>=', local, rule.first / 1000),
  );
  const days = sumOf([
    ...rule.monthDays.map((dayOfMonth) => isMonthDay(shifted, dayOfMonth)),
    ...rule.weekdays.map((one) => isWeekday(shifted, one)),
  ]);
  const bounded = rule.last === undefined ? isOn : multiply(isOn, compareBool('<', local, (rule.last + length) / 1000));
  const due = rule.interval === 1 ? bounded : multiply(bounded, isDueMonth(shifted, rule));
  return multiply(due, days);
}

function isMonthDay(time: Expr, dayOfMonth: number): Expr {
  if (0 < dayOfMonth) return compareBool('==', call('day_of_month', time), dayOfMonth);
  return compareBool('==', daysLeft(time), -dayOfMonth - 1);
}

function isWeekday(time: Expr, { weekday, place }: SimpleRecurrence['weekdays'][number]): Expr {
  // PromQL counts from Sunday, 0.
  const isDay = compareBool('==', call('day_of_week', time), weekday % 7);
  if (place === 0) return isDay;
  const [counted, before] =
    0 < place ? [call('day_of_month', time), 7 * place - 6] : [daysLeft(time), 7 * (-place - 1)];
  return multiply(isDay, multiply(compareBool('>=', counted, before), compareBool('<', counted, before + 7)));
}

/** The days of the month after today. */
function daysLeft(time: Expr): Expr {
  return subtract(call('days_in_month', time), call('day_of_month', time));
}

function isDueMonth(time: Expr, { firstMonth, interval }: SimpleRecurrence): Expr {
  const months = add(multiply(12, call('year', time)), call('month', time));
  return compareBool('==', binary('%', subtract(months, firstMonth % interval), interval), 0);
}
