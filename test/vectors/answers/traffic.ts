import { type Duration, hour, type Ratio, ratio } from '../../../src/core/base/index.ts';
import {
  allowedEvents,
  badEventsFor,
  badEventsToFire,
  budgetConsumed,
  burnRateOf,
  clopperPearsonInterval,
  dynamicThreshold,
  errorRatioAt,
  errorRatioOf,
  eventsAtWhichOneFires,
  eventsForMinimum,
  eventsForOneAllowed,
  eventsToDemonstrate,
  falsePageProbability,
  type Interval,
  judge,
  shareOfEvents,
  standardScore,
  timeToExhaustion,
  timeToMinimum,
  wilsonInterval,
} from '../../../src/core/slo/index.ts';
import {
  budget,
  budgetShare,
  burnRate,
  type Facts,
  has,
  inUnits,
  number,
  numbers,
  period,
  target,
  text,
  time,
  Unanswered,
} from '../facts.ts';
import type { Answers, Group } from '../group.ts';

/** Groups on how much traffic there is and what so few events say. */
export const trafficAnswers: Readonly<Record<string, Group>> = {
  lowtraffic: (facts) => lowTraffic(facts),
  wilson: (facts) => interval(facts, wilson),
  'clopper-pearson': (facts) => interval(facts, clopperPearson),
  'wilson-alert': (facts) => wilsonAlert(facts),
  'zero-failure': (facts) => zeroFailure(facts),
  'false-page': (facts) => falsePage(facts),
  weighting: (facts) => weighting(facts),
  dynamic: (facts) => dynamic(facts),
};

function lowTraffic(facts: Facts): Answers {
  const perBurn = (calculate: (burn: number) => number): readonly number[] => numbers(facts, 'burns').map(calculate);
  const least = (): number => number(facts, 'minFailures', 'minimumBadEvents', 'k');
  return {
    maxEventsWhereOneFailureFires: () => perBurn((burn) => eventsAtWhichOneFires(burn, budget(facts))),
    minEvents: () => perBurn((burn) => eventsForMinimum(least(), burn, budget(facts))),
    ...Object.fromEntries(
      ['allowed', 'allowedFailures', 'allowedPerMonth', 'failuresAllowed'].map((name) => [
        name,
        () => allowedEvents((number(facts, 'requestsPerHour', 'eventsPerHour') * period(facts)) / hour, budget(facts)),
      ]),
    ),
    minEventsForOneAllowed: () => eventsForOneAllowed(budget(facts)),
    ...inUnits('detection', () =>
      timeToMinimum(least(), number(facts, 'requestsPerHour', 'eventsPerHour'), ratio(number(facts, 'errorRatio'))),
    ),
    ...(has(facts, 'last9') ? ofLast9(facts) : {}),
  };
}

/**
 * slo-computer's question (last9): would so few errors exhaust the budget within so short a time? Its burn rate sets the errors against
 * the requests of one minute.
 */
function ofLast9(facts: Facts): Answers {
  const [, errors, hours] = /(\d+) errors?.*< ?([\d.]+) ?h/.exec(text(facts, 'last9')) ?? [];
  if (errors === undefined) throw new Unanswered('the rule names no errors and hours');
  const total = number(facts, 'throughputRpm', 'requestsPerMin');
  const burn = (): number => burnRateOf(errorRatioOf({ bad: Number(errors), total }) ?? ratio(0), budget(facts));
  const exhausted = (): Duration | undefined => timeToExhaustion(ratio(1), burn(), period(facts));
  return {
    burn,
    ...inUnits('exhaust', exhausted),
    lowTraffic: () => (exhausted() ?? Number.POSITIVE_INFINITY) < Number(hours) * 3_600_000,
  };
}

type IntervalOf = (count: number, total: number, facts: Facts) => Interval | undefined;

function wilson(count: number, total: number, facts: Facts): Interval | undefined {
  return wilsonInterval(count, total, has(facts, 'z') ? number(facts, 'z') : standardScore(confidence(facts)));
}

function clopperPearson(count: number, total: number, facts: Facts): Interval | undefined {
  return clopperPearsonInterval(count, total, confidence(facts));
}

/** The interval of the share of whatever is counted: of good events or, where those are given, of bad ones. */
function interval(facts: Facts, calculate: IntervalOf): Answers {
  const found = (): Interval => {
    const result = calculate(number(facts, 'good', 'bad'), number(facts, 'total'), facts);
    if (result === undefined) throw new Unanswered('there are no events');
    return result;
  };
  return {
    low: () => found().low,
    high: () => found().high,
    verdict: () => judge(found(), target(facts).ratio),
  };
}

function confidence(facts: Facts): Ratio {
  return ratio(has(facts, 'conf', 'confidence') ? number(facts, 'conf', 'confidence') : 0.95);
}

/** An alert on the lower bound of the error ratio, for each confidence that is asked for. */
function wilsonAlert(facts: Facts): Answers {
  const bad = (): number => number(facts, 'bad');
  const total = (): number => number(facts, 'total');
  const point = (): number => burnRateOf(errorRatioOf({ bad: bad(), total: total() }) ?? ratio(0), budget(facts));
  const low = (sure: Ratio): number =>
    burnRateOf(wilsonInterval(bad(), total(), standardScore(sure))?.low ?? ratio(0), budget(facts));
  return {
    pointBurn: point,
    pagePoint: () => burnRate(facts) < point(),
    ...Object.fromEntries(
      [80, 90, 95, 98, 99].flatMap((percent) => [
        [`lowBurn${percent}`, () => low(ratio(percent / 100))],
        [`page${percent}`, () => burnRate(facts) < low(ratio(percent / 100))],
      ]),
    ),
  };
}

function zeroFailure(facts: Facts): Answers {
  return {
    minEventsAllGood: () => eventsToDemonstrate(target(facts).ratio, confidence(facts)),
    // The usual shortcut at 95 %: -ln 0.05 is almost 3.
    ruleOfThree: () => Math.round(3 / budget(facts)),
  };
}

function falsePage(facts: Facts): Answers {
  const events = (): number => number(facts, 'eventsPerWindow', 'requestsPerHour', 'events');
  const least = (): number => {
    if (has(facts, 'minFailures')) return number(facts, 'minFailures');
    if (has(facts, 'threshold')) return badEventsToFire(ratio(number(facts, 'threshold')), events());
    // Without a threshold each failure pages.
    return has(facts, 'burn') ? badEventsToFire(errorRatioAt(burnRate(facts), budget(facts)), events()) : 1;
  };
  const probability = (): Ratio => falsePageProbability(events(), ratio(number(facts, 'trueErrorRatio')), least());
  const expected = (): number => number(facts, 'windows', 'windowsPerMonth') * probability();
  return { minFailures: least, probability, expectedPages: expected, pagesPerMonth: expected };
}

function weighting(facts: Facts): Answers {
  const ofTime = (): Ratio => {
    if (has(facts, 'budgetFraction', 'budgetPercent')) return budgetShare(facts);
    const errors = ratio(has(facts, 'errorRatio') ? number(facts, 'errorRatio') : 1);
    return budgetConsumed(errors, time(facts, 'outage', 'duration'), budget(facts), period(facts));
  };
  return {
    timeWeighted: ofTime,
    requestWeighted: () => shareOfEvents(ofTime(), number(facts, 'trafficMultiple')),
    ...Object.fromEntries(
      ['trueBudgetSpent', 'budgetSpent', 'spent', 'consumed', 'budgetConsumed'].map((name) => [
        name,
        () => shareOfEvents(ofTime(), number(facts, 'trafficMultiple')),
      ]),
    ),
  };
}

function dynamic(facts: Facts): Answers {
  const events = () => ({ inPeriod: number(facts, 'eventsPeriod'), inWindow: number(facts, 'eventsWindow') });
  const threshold = (): Ratio | undefined => dynamicThreshold(budgetShare(facts), events(), budget(facts));
  return {
    threshold: () => threshold() ?? null,
    badNeeded: () => badEventsFor(budgetShare(facts), events().inPeriod, budget(facts)),
    canFire: () => (threshold() ?? Number.POSITIVE_INFINITY) <= 1,
    burn: () => burnRateOf(threshold() ?? ratio(0), budget(facts)),
  };
}
