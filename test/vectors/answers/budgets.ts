import { duration, minute, type Ratio, ratio } from '../../../src/core/base/index.ts';
import {
  allowedBadSlices,
  allowedEvents,
  allowedTime,
  amplification,
  badSlices,
  budgetConsumed,
  burnRateFor,
  coveredTime,
  errorRatioOf,
  goodSliceRatio,
  monthLength,
  quarterLength,
  remainingBudget,
  remainingTime,
  remainingWithExcludedAsGood,
  remainingWithoutExcluded,
  requestClasses,
  type SlicedOutage,
  scaledTiers,
  sliceBudgetConsumed,
  sliceCount,
  sliceTime,
  withoutExcludedEvents,
  yearLength,
} from '../../../src/core/slo/index.ts';
import { difference } from '../compare.ts';
import {
  budget,
  budgetShare,
  type Facts,
  find,
  findTime,
  has,
  inUnits,
  list,
  number,
  period,
  target,
  time,
  Unanswered,
} from '../facts.ts';
import type { Answers, Group } from '../group.ts';
import { burnRates } from './alerts.ts';
import { forecast } from './proof.ts';

/** Groups on what a budget allows and what has been spent of it. */
export const budgetAnswers: Readonly<Record<string, Group>> = {
  downtime: (facts) => inUnits('', () => allowedTime(budget(facts), period(facts))),
  workbook: (facts) => ({ ...burnRates(facts), ...events(facts), ...tables(facts) }),
  budget: (facts) => events(facts),
  timeslice: (facts) => slices(facts),
  calendar: (facts) => calendar(facts),
  adjust: (facts) => adjusted(facts),
};

/** Figures of the workbook's tables. */
function tables(facts: Facts): Answers {
  const tier = () =>
    scaledTiers({ kind: 'rolling', length: period(facts) }).find(
      ({ longWindow, burnRate }) =>
        longWindow === time(facts, 'window', 'longWindow', 'long') &&
        Math.abs(burnRate - burnRateFor(budgetShare(facts), longWindow, period(facts))) < 1e-9,
    );
  return {
    severity: (words) => (String(words).toLowerCase() === tier()?.severity ? words : (tier()?.severity ?? null)),
    // The one table that is an input by itself expects the meaning of its columns, which ours has if its cells are the same.
    exact: () => {
      const cells = Object.fromEntries(
        requestClasses.map(({ name, availability, latency90, latency99 }) => [
          name,
          [
            availability === undefined ? null : Number((100 * availability).toPrecision(12)),
            latency90 ?? null,
            latency99 ?? null,
          ],
        ]),
      );
      const problem = difference(Object.entries(cells).flat(2), Object.entries(facts).flat(2), 0);
      if (problem !== undefined) throw new Unanswered(`these are not the request classes of table 5-10: ${problem}`);
      return 'request classes: availability %, latency ms @90 %, @99 %';
    },
  };
}

/** The budget of events, or of time where downtime is given. */
export function events(facts: Facts): Answers {
  const remaining = (): Ratio => {
    const down = findTime(facts, 'down', 'downtime', 'outage', 'bad');
    if (down !== undefined) return remainingTime({ period: period(facts), down }, budget(facts));
    const total = number(facts, 'total');
    const bad = has(facts, 'bad') ? number(facts, 'bad') : total - number(facts, 'good');
    const left = remainingBudget({ bad, total }, budget(facts), period(facts));
    // Kibana, where such vectors are from, takes no events for no errors; the product says that nothing is known.
    return left?.ratio ?? ratio(1);
  };
  const consumed = (): number => 1 - remaining();
  return {
    remaining,
    consumed,
    remainingClamped: () => Math.max(0, remaining()),
    remainingPercent: () => 100 * remaining(),
    consumedPercent: () => 100 * consumed(),
    allowed: () => allowedEvents(number(facts, 'total'), budget(facts)),
    allowedFailuresFloor: () => Math.floor(allowedEvents(number(facts, 'total'), budget(facts)) + 1e-9),
    initial: () => budget(facts),
    errorBudget: () => budget(facts),
    sli: () => errorRatioOfGood(facts),
    ...inUnits('budget', () => allowedTime(budget(facts), period(facts))),
    ...inUnits('remaining', () => duration(remaining() * allowedTime(budget(facts), period(facts)))),
  };
}

function errorRatioOfGood(facts: Facts): number | null {
  const total = number(facts, 'total');
  const errors = errorRatioOf({ bad: total - number(facts, 'good'), total });
  return errors === undefined ? null : 1 - errors;
}

function slices(facts: Facts): Answers {
  const slice = (): ReturnType<typeof time> => findTime(facts, 'slice') ?? minute;
  const count = (): number => {
    const given = find(facts, 'totalSlices', 'slices');
    return typeof given === 'number' ? given : sliceCount(period(facts), slice());
  };
  const bad = (): number =>
    has(facts, 'bad') ? number(facts, 'bad') : number(facts, 'seen', 'slices') - number(facts, 'good');
  const outage = (): SlicedOutage => ({
    length: findTime(facts, 'outage', 'duration') ?? duration(number(facts, 'hours') * 60 * minute),
    errorRatio: ratio(has(facts, 'errorRatio') ? number(facts, 'errorRatio') : 1),
    slice: slice(),
    sliceBudget: has(facts, 'sliceTarget') ? target({ target: facts['sliceTarget'] ?? null }).errorBudget : ratio(0),
  });
  const allowed = (): number => allowedBadSlices(count(), budget(facts));
  return {
    slices: count,
    totalSlices: count,
    ...Object.fromEntries(
      ['allowedBad', 'badAllowed', 'allowedBadSlices', 'badSlicesAllowed', 'maxBad', 'maxBadSlices'].map((name) => [
        name,
        allowed,
      ]),
    ),
    badSlices: () => badSlices(outage()),
    badMinutesCounted: () => sliceTime(badSlices(outage()), slice()) / minute,
    amplification: () => amplification(outage()) ?? null,
    percent: () => percent(goodSliceRatio(count(), bad())),
    sli: () => goodSliceRatio(count(), bad()) ?? null,
    consumed: () => sliceBudgetConsumed(bad(), count(), budget(facts)) ?? null,
    remaining: () => 1 - (sliceBudgetConsumed(bad(), count(), budget(facts)) ?? Number.NaN),
    // What a rolling objective would make of the slices seen so far.
    rollingMethodWouldSay: () => sliceBudgetConsumed(bad(), number(facts, 'seen'), budget(facts)) ?? null,
    minutesToBurn: () => sliceTime(allowed(), slice()) / minute,
    ...inUnits('budget', () => allowedTime(budget(facts), period(facts))),
  };
}

function percent(share: Ratio | undefined): number | null {
  return share === undefined ? null : 100 * share;
}

function calendar(facts: Facts): Answers {
  const length = (): ReturnType<typeof time> => {
    const year = number(facts, 'year');
    if (has(facts, 'month')) return monthLength(year, number(facts, 'month'));
    return has(facts, 'quarter') ? quarterLength(year, number(facts, 'quarter')) : yearLength(year);
  };
  return {
    ...forecast({ ...facts, periodMin: length() / minute }),
    days: () => length() / (24 * 60 * minute),
    hours: () => length() / (60 * minute),
    ...inUnits('budget', () => allowedTime(budget(facts), length())),
  };
}

/** Budgets after windows have been excluded. */
function adjusted(facts: Facts): Answers {
  const correction = (): ReturnType<typeof time> => time(facts, 'correction', 'excluded');
  const excluded = (): ReturnType<typeof time> => {
    const stretches = find(facts, 'windows', 'exclusions');
    if (stretches === undefined) return time(facts, 'excludedWindow', 'excluded', 'correction');
    return coveredTime(
      list(facts, 'windows', 'exclusions').map((each) => {
        const [start, end] = Array.isArray(each) ? each : [];
        if (typeof start !== 'number' || typeof end !== 'number')
          throw new Unanswered('a window is a start and an end');
        return { start: start * minute, end: end * minute };
      }),
    );
  };
  const downtime = () => ({
    period: period(facts),
    down: time(facts, 'down'),
    excluded: excluded(),
    downExcluded: has(facts, 'downInside') ? duration(number(facts, 'downInside') * minute) : duration(0),
  });
  // A budget of everything turns what is left into the share of the time that was good.
  const everything = ratio(1);
  return {
    before: () => remainingTime(downtime(), budget(facts)),
    removeTime: () => remainingWithoutExcluded(downtime(), budget(facts)),
    countAsGood: () => remainingWithExcludedAsGood(downtime(), budget(facts)),
    unionMin: () => excluded() / minute,
    union: () => excluded() / minute,
    removedPercent: () =>
      100 *
      (1 -
        remainingWithoutExcluded(
          { period: period(facts), down: time(facts, 'down'), excluded: correction(), downExcluded: duration(0) },
          everything,
        )),
    keptPercent: () => 100 * budgetConsumed(ratio(1), time(facts, 'down'), everything, period(facts)),
    ...events(withoutEvents(facts)),
  };
}

/** The figures with excluded events taken out of those that count. */
function withoutEvents(facts: Facts): Facts {
  if (!has(facts, 'excludedGood', 'excludedBad', 'excludedTotal')) return facts;
  const given = (name: string, otherwise: () => number): number =>
    has(facts, name) ? number(facts, name) : otherwise();
  const counts = (good: string, bad: string, total: string) => ({
    bad: given(bad, () => (has(facts, total) ? number(facts, total) - given(good, () => 0) : 0)),
    total: given(total, () => given(good, () => 0) + given(bad, () => 0)),
  });
  return {
    ...facts,
    ...withoutExcludedEvents(counts('good', 'bad', 'total'), counts('excludedGood', 'excludedBad', 'excludedTotal')),
  };
}
