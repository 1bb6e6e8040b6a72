import { day, duration, hour, ratio, timestamp } from '../../../src/core/base/index.ts';
import { parseExpr, runQuery } from '../../../src/core/promql/index.ts';
import { memorySource } from '../../../src/core/series/index.ts';
import {
  allowedTime,
  budgetConsumed,
  burnRateOf,
  remainingBudget,
  timeToExhaustion,
} from '../../../src/core/slo/index.ts';
import {
  budget,
  type Facts,
  find,
  findTime,
  has,
  inUnits,
  number,
  numbers,
  period,
  target,
  targetOf,
  text,
  Unanswered,
} from '../facts.ts';
import type { Answers, Group } from '../group.ts';
import { burnRates } from './alerts.ts';

/** The group on what the documents of the seed systems get wrong. */
export const seedAnswers: Readonly<Record<string, Group>> = { seed: (facts) => seed(facts) };

function seed(facts: Facts): Answers {
  // What a document alerts on, as an error ratio: a threshold on the good ratio is its complement.
  const alerting = () => {
    if (has(facts, 'alertRatio')) return targetOf(String(find(facts, 'alertRatio'))).errorBudget;
    return ratio(number(facts, 'errorRatio', 'threshold', 'alertErrorRatio'));
  };
  const rate = (): number => (has(facts, 'burn') ? number(facts, 'burn') : burnRateOf(alerting(), budget(facts)));
  const outage = findTime(facts, 'outage', 'duration', 'response', 'window');
  return {
    ...burnRates(facts),
    burn: rate,
    ...inUnits('exhaust', () => timeToExhaustion(ratio(1), rate(), period(facts))),
    wrong: () => formula(facts),
    correct: () => {
      // Where a vector names no target, it is the one of the document whose formula it quotes: 99.9 %.
      const share = ratio(number(facts, 'r'));
      const errorBudget = has(facts, 'target', 'budget') ? budget(facts) : target({ target: 0.999 }).errorBudget;
      const left = remainingBudget({ bad: share, total: 1 }, errorBudget, period(facts));
      return left === undefined ? null : 100 * left.ratio;
    },
    correctSeconds: () => errorBudgets(text(facts, 'hourly')).map((each) => allowedTime(each, hour) / 1000),
    ...(has(facts, 'burns', 'factors')
      ? Object.fromEntries(
          ['hours', 'exhaustHours', 'correctHours', 'days', 'exhaustDays', 'correctDays'].map((name) => [
            name,
            () =>
              numbers(facts, 'burns', 'factors').map(
                (burn) => lasting(facts, burn) / (/hours/i.test(name) ? hour : day),
              ),
          ]),
        )
      : {}),
    ...(outage === undefined
      ? {}
      : {
          budgetFraction: () =>
            budgetConsumed(
              ratio(has(facts, 'errorRatio') ? number(facts, 'errorRatio') : 1),
              outage,
              budget(facts),
              period(facts),
            ),
        }),
  };
}

/** How long a whole budget lasts at a burn rate. */
function lasting(facts: Facts, burn: number): number {
  return timeToExhaustion(ratio(1), burn, period(facts)) ?? Number.POSITIVE_INFINITY;
}

/** Percentages of a budget table; documents mix targets with error ratios, and what is below a half is the latter. */
function errorBudgets(written: string): readonly ReturnType<typeof ratio>[] {
  return written.split(',').map((each) => {
    const { ratio: share, errorBudget } = targetOf(each.trim());
    return share < 0.5 ? share : errorBudget;
  });
}

/** What a document's formula gives, on the engine, for the error ratio that it calls r. */
async function formula(facts: Facts): Promise<number> {
  const written = text(facts, 'formula').replace(/\br\b/g, String(number(facts, 'r')));
  const parsed = parseExpr(written);
  if (!parsed.ok) throw new Unanswered(`${written}: ${parsed.diagnostics[0]?.message}`);
  const outcome = await runQuery(memorySource([]), parsed.value, {
    start: timestamp(0),
    end: timestamp(0),
    step: duration(0),
  });
  if (!outcome.ok || outcome.value.kind !== 'scalar') throw new Unanswered(`${written} is no number`);
  return outcome.value.value;
}
