import { duration, minute, timestamp } from '../../../src/core/base/index.ts';
import { parseExpr, runQuery } from '../../../src/core/promql/index.ts';
import { Labels, memorySource, metricName, type Series } from '../../../src/core/series/index.ts';
import { goodSlices, pyrraAbsentFor, stateOf } from '../../../src/core/slo/index.ts';
import { budget, type Facts, has, inUnits, number, period, text, Unanswered } from '../facts.ts';
import type { Answers, Group } from '../group.ts';
import type { Json } from '../vector.ts';

/** The group on missing data. */
export const noDataAnswers: Readonly<Record<string, Group>> = { nodata: (facts) => noData(facts) };

function noData(facts: Facts): Answers {
  const slices = () => ({ good: number(facts, 'good'), bad: number(facts, 'bad'), missing: number(facts, 'missing') });
  return {
    state: (words) => inTheseWords(words, stateGiven(facts)),
    status: (words) => inTheseWords(words, stateGiven(facts)),
    result: (words) => resultOf(facts, words),
    asGood: () => goodSlices(slices(), 'good') ?? null,
    asBad: () => goodSlices(slices(), 'bad') ?? null,
    ignore: () => goodSlices(slices(), 'ignored') ?? null,
    ...inUnits('for', () => pyrraAbsentFor(period(facts), budget(facts))),
  };
}

function stateGiven(facts: Facts): ReturnType<typeof stateOf> {
  const counts =
    has(facts, 'good') && has(facts, 'total')
      ? { bad: number(facts, 'total') - number(facts, 'good'), total: number(facts, 'total') }
      : undefined;
  // Without events every target is as good as any other.
  return stateOf(counts, budget(has(facts, 'target', 'budget') ? facts : { target: 0.999 }));
}

/** The words, if they tell this state; the state otherwise. */
function inTheseWords(words: Json, state: ReturnType<typeof stateOf>): Json {
  if (typeof words !== 'string') return state;
  if (/unknown|no data/i.test(words)) return state === 'unknown' ? words : state;
  if (/\b(?:breached|missed|violated)\b/i.test(words)) return state === 'breached' ? words : state;
  return /\b(?:met|healthy|ok)\b/i.test(words) && state === 'met' ? words : state;
}

/**
 * What an expression gives on the engine. Vectors write it in short: `sum(5xx absent)/sum(total)`, where words are series that exist and
 * have events unless they are said to be absent or to be zero.
 */
async function resultOf(facts: Facts, words: Json): Promise<Json> {
  const written = text(facts, 'expr');
  const missing = [...written.matchAll(/(\w+) (?:is )?absent/g)].map(([, name = '']) => name);
  const silent = [...written.matchAll(/(\w+) (?:is )?(?:zero|= ?0)/g)].map(([, name = '']) => name);
  const names = new Set<string>();
  const allSilent = /(?:zero|no) traffic/.test(written);
  const expression = written
    .replace(/,? ?(?:at|with)? ?(?:zero|no) traffic/, '')
    .replace(/(\w+) (?:is )?(?:absent(?!\()|zero|= ?0)/g, '$1')
    .replace(/(?<![\w[.])[a-z0-9_]+\b(?!\s*\()/gi, (word) => {
      if (/^(?:or|and|unless|by|without|on|ignoring|bool|offset|NaN|Inf|[\d.]+)$/.test(word)) return word;
      names.add(word);
      return `series_${word}`;
    });
  const parsed = parseExpr(expression);
  if (!parsed.ok) throw new Unanswered(`${expression}: ${parsed.diagnostics[0]?.message}`);
  const series = [...names]
    .filter((name) => !missing.includes(name))
    .map((name) => counter(name, allSilent || silent.includes(name) || facts[name] === 0 ? 0 : 100));
  const outcome = await runQuery(memorySource(series), parsed.value, {
    start: timestamp(end),
    end: timestamp(end),
    step: duration(0),
  });
  if (!outcome.ok) throw new Unanswered(outcome.error.message);
  const { value } = outcome;
  const results =
    value.kind === 'vector'
      ? value.samples.map((sample) => sample.value)
      : value.kind === 'scalar'
        ? [value.value]
        : [];
  const [result] = results;
  if (result === undefined)
    return typeof words === 'string' && /^(?:no (?:sample|data|result)|empty|nothing)/i.test(words)
      ? words
      : 'no sample';
  if (typeof words === 'number') return result;
  return typeof words === 'string' && words.startsWith(String(result)) ? words : String(result);
}

const end = 10 * minute;

/** A counter that has risen steadily to what it is. */
function counter(name: string, value: number): Series {
  const timestamps = Float64Array.from({ length: 11 }, (_, index) => index * minute);
  const values = timestamps.map((time) => (value * time) / end);
  return { labels: Labels.of({ [metricName]: `series_${name}` }), timestamps, values };
}
