import { type Duration, day, duration, hour, minute, type Ratio, ratio } from '../../../src/core/base/index.ts';
import {
  budgetConsumed,
  budgetShareAt,
  burnRateFor,
  burnRateOf,
  clearingTime,
  concerns,
  crossingTime,
  errorRatioAt,
  errorRatioOf,
  firingTime,
  keepBurnRate,
  keepWindows,
  lowestTargetFor,
  maximumBurnRate,
  pyrraTiers,
  type Step,
  scaledTiers,
  type TierFlaw,
  tierFlaws,
  timeToExhaustion,
  type WindowAlert,
} from '../../../src/core/slo/index.ts';
import {
  budget,
  budgetShare,
  burnRate,
  comparison,
  type Facts,
  findTime,
  has,
  inUnits,
  number,
  numbers,
  period,
  readTiers,
  text,
  time,
  Unanswered,
  usualTiers,
} from '../facts.ts';
import type { Answers, Group } from '../group.ts';
import type { Json } from '../vector.ts';

const thirtyDays = duration(30 * day);

/** Groups on burn-rate alerts. */
export const alertAnswers: Readonly<Record<string, Group>> = {
  factor: (facts) => burnRates(facts),
  detection: (facts) =>
    byAlert(facts, (alert, step) => detection(alert, step, findTime(facts, 'for', 'hold', 'holdFor'))),
  reset: (facts) => byAlert(facts, clearingTime),
  incident: (facts) => incident(facts),
  feasibility: (facts) => feasibility(facts),
  scaling: (facts) => scaling(facts),
};

/** What burn rate, budget, window and period say of each other. */
export function burnRates(facts: Facts): Answers {
  return {
    burn: () => burnRateGiven(facts),
    budgetFraction: () => budgetShareAt(burnRate(facts), time(facts, 'window'), period(facts)),
    budgetPercent: () => 100 * budgetShareAt(burnRate(facts), time(facts, 'window'), period(facts)),
    errorRatio: () => errorRatioAt(burnRate(facts), budget(facts)),
    threshold: () => errorRatioAt(burnRateGiven(facts), budget(facts)),
    maxBurn: () => maximumBurnRate(budget(facts)),
    minTargetExclusive: () => lowestTargetFor(burnRate(facts)),
    ...inUnits('exhaust', () => timeToExhaustion(ratio(1), burnRateGiven(facts), period(facts))),
    ...inUnits('window', () => duration((budgetShare(facts) * period(facts)) / burnRate(facts))),
  };
}

/** The burn rate as it is given, or of whatever is given. */
function burnRateGiven(facts: Facts): number {
  if (has(facts, 'burn', 'burnRate', 'factor')) return burnRate(facts);
  if (has(facts, 'errorRatio', 'ratio')) return burnRateOf(ratio(number(facts, 'errorRatio', 'ratio')), budget(facts));
  if (has(facts, 'good', 'bad')) {
    const total = number(facts, 'total');
    const bad = has(facts, 'bad') ? number(facts, 'bad') : total - number(facts, 'good');
    // Kibana, where these vectors are from, takes no events for no errors; the product says that nothing is known.
    return burnRateOf(errorRatioOf({ bad, total }) ?? ratio(0), budget(facts));
  }
  return burnRateFor(budgetShare(facts), findTime(facts, 'window') ?? hour, period(facts));
}

/** A length of time for each tier by its name, or for the only one. */
function byAlert(facts: Facts, calculate: (alert: WindowAlert, step: Step) => Duration | undefined): Answers {
  const alerts = alertsOf(facts);
  const step = stepOf(facts);
  const seconds = ({ alert }: NamedAlert): number | null => {
    const length = calculate(alert, step);
    return length === undefined ? null : length / 1000;
  };
  const [only] = alerts;
  const atFire = (): number | null => {
    const length = only === undefined ? undefined : calculate(only.alert, step);
    return length === undefined ? null : budgetConsumed(step.during, length, budget(facts), period(facts));
  };
  return {
    ...Object.fromEntries(alerts.map((each) => [each.name, () => seconds(each)])),
    ...inUnits('', () => {
      if (only === undefined || 1 < alerts.length) throw new Unanswered('there is more than one tier');
      return calculate(only.alert, step);
    }),
    ...Object.fromEntries(['budgetAtFire', 'budgetConsumed', 'consumed'].map((name) => [name, atFire])),
  };
}

/** When an endless incident's alert fires, `for` included. */
function detection(alert: WindowAlert, step: Step, holdFor: Duration | undefined): Duration | undefined {
  const crossed = crossingTime(alert, step);
  return crossed === undefined ? undefined : duration(crossed + (holdFor ?? 0));
}

interface NamedAlert {
  readonly name: string;
  readonly alert: WindowAlert;
}

/** The alerts that a vector is about: tiers in writing, or one by its burn rate or threshold and its windows. */
function alertsOf(facts: Facts): readonly NamedAlert[] {
  const base = { comparison: comparison(facts), holdFor: duration(0) };
  const longWindow = findTime(facts, 'longWindow', 'window', 'long');
  if (longWindow !== undefined) {
    const threshold = has(facts, 'threshold')
      ? ratio(number(facts, 'threshold'))
      : errorRatioAt(burnRateGivenOr(facts, 1), budget(facts));
    const shortWindow = findTime(facts, 'shortWindow', 'short') ?? longWindow;
    return [{ name: 'window', alert: { ...base, threshold, longWindow, shortWindow } }];
  }
  return readTiers(has(facts, 'tier', 'tiers') ? text(facts, 'tier', 'tiers') : usualTiers).map((tier) => ({
    name: tier.name,
    alert: {
      ...base,
      threshold: errorRatioAt(tier.burnRate, budget(facts)),
      longWindow: tier.longWindow,
      shortWindow: tier.shortWindow,
    },
  }));
}

function burnRateGivenOr(facts: Facts, otherwise: number): number {
  return has(facts, 'burn', 'burnRate', 'factor') ? burnRate(facts) : otherwise;
}

/** The burn rate of a full outage, if there is a target. */
function maximumBurnRateOf(facts: Facts): number {
  return has(facts, 'target', 'budget') ? maximumBurnRate(budget(facts)) : Number.NaN;
}

function stepOf(facts: Facts): Step {
  const background = has(facts, 'baseline', 'background') ? number(facts, 'baseline', 'background') : 0;
  return { background: ratio(background), during: ratio(number(facts, 'errorRatio', 'during')) };
}

function incident(facts: Facts): Answers {
  const during = ratio(number(facts, 'errorRatio'));
  const length = time(facts, 'duration', 'length', 'outage');
  const tiers = readTiers(has(facts, 'tier', 'tiers') ? text(facts, 'tier', 'tiers') : usualTiers);
  const consumed = (): Ratio => budgetConsumed(during, length, budget(facts), period(facts));
  return {
    budgetConsumed: consumed,
    consumed,
    burn: () => burnRateOf(during, budget(facts)),
    fires: () =>
      tiers.filter((tier) => concerns(tier, budget(facts), period(facts), { during, length })).map(({ name }) => name),
    // Whether an alert with `for` sees the incident at all.
    detected: () =>
      alertsOf(facts).some(({ alert }) => {
        const holdFor = findTime(facts, 'for', 'hold', 'holdFor') ?? duration(0);
        return firingTime({ ...alert, holdFor }, { ...stepOf(facts), length }) !== undefined;
      }),
  };
}

/** What is wrong with an alert, if anything is, and when one can fire at all. */
function feasibility(given: Facts): Answers {
  const facts = withTier(given);
  // One vector names its burn rate by where it stands in Sloth's example.
  const rate = (): number => number(facts, 'burn', 'burnRate', 'factor', 'sloth7dTicketSlow');
  const flaws = (): readonly TierFlaw[] => {
    const longWindow = findTime(facts, 'window', 'longWindow');
    return tierFlaws({
      burnRate: has(facts, 'budgetFraction', 'budgetPercent') ? burnRateGiven(facts) : rate(),
      ...(longWindow === undefined ? {} : { longWindow, period: period(facts) }),
      ...(has(facts, 'target', 'budget') ? { errorBudget: budget(facts) } : {}),
    });
  };
  return {
    ...burnRates(facts),
    budgetFraction: () =>
      budgetShareAt(burnRateGivenOr(facts, maximumBurnRateOf(facts)), time(facts, 'window'), period(facts)),
    // A share that was written where a burn rate belongs, and how far it is off.
    notBurn: () => budgetShare(facts),
    factor: () => burnRateGiven(facts) / budgetShare(facts),
    verdict: (words) => inTheseWords(words, flaws()),
    canFire: () => !flaws().includes('never'),
    fires: () => !flaws().includes('never'),
    // What a full outage spends in the window: a tier that asks for more can't fire.
    maxBudgetFraction: () => budgetShareAt(maximumBurnRate(budget(facts)), time(facts, 'window'), period(facts)),
    fullOutageBudgetFraction: () => budgetShareAt(maximumBurnRate(budget(facts)), time(facts, 'window'), period(facts)),
  };
}

/** The figures with those of a tier in writing. */
function withTier(facts: Facts): Facts {
  if (!has(facts, 'tier')) return facts;
  const [tier] = readTiers(text(facts, 'tier'));
  return tier === undefined ? facts : { ...facts, burn: tier.burnRate, windowHours: tier.longWindow / hour };
}

/** How vectors put the flaws of a tier. */
const phrases: readonly (readonly [flaw: TierFlaw, pattern: RegExp])[] = [
  ['within-budget', /burn ?(?:rate )?(?:<|≤|<=) ?1|(?:inside|within) (?:the )?budget/i],
  ['after-exhaustion', /after exhaustion|budget (?:is )?gone before/i],
  ['never', /(?:can ?not|can't|never) fires?|impossible|above (?:the )?max/i],
];

/** The words, if they tell the first and worst of these flaws, or that there is none; the flaws otherwise. */
function inTheseWords(words: Json, flaws: readonly TierFlaw[]): Json {
  const told = phrases.find(([, pattern]) => typeof words === 'string' && pattern.test(words))?.[0];
  if (told !== undefined) return flaws.includes(told) ? words : flaws;
  const fine = typeof words === 'string' && /^(?:ok|fine|valid|good|no flaws?|feasible|can fire)\b/i.test(words);
  return fine && flaws.length === 0 ? words : flaws;
}

/** The workbook's tiers carried to another period in the three ways that people do it. */
function scaling(facts: Facts): Answers {
  const tiers = scaledTiers({ kind: 'rolling', length: thirtyDays });
  const minutes = (length: number): number => length / minute;
  return {
    burns: () =>
      has(facts, 'fractions')
        ? numbers(facts, 'fractions').map((share, index) =>
            burnRateFor(
              ratio(share),
              duration((numbers(facts, 'windowsHours', 'windows')[index] ?? 0) * hour),
              period(facts),
            ),
          )
        : tiers.map((tier) => keepWindows(tier, thirtyDays, period(facts)).burnRate),
    windowsMin: () =>
      tiers
        .map((tier) => keepBurnRate(tier, thirtyDays, period(facts)))
        .map(({ longWindow, shortWindow }) => [minutes(longWindow), minutes(shortWindow)]),
    forLongShortFactorMin: () =>
      pyrraTiers(period(facts)).map(({ holdFor, longWindow, shortWindow, burnRate: rate }) => [
        minutes(holdFor),
        minutes(longWindow),
        minutes(shortWindow),
        rate,
      ]),
    burn: () => burnRateGiven(facts),
    rejected: () =>
      tiers
        .map((tier) => keepWindows(tier, thirtyDays, period(facts)).burnRate)
        .map((rate) => 0 < tierFlaws({ burnRate: rate }).length),
  };
}
