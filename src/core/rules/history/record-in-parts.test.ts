import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, minute, timestamp } from '../../base/index.ts';
import { notatedSeries, parseSeriesLine } from '../../promql/index.ts';
import { isStale, memorySource, type Series } from '../../series/index.ts';
import type { RuleFile } from '../model.ts';
import { readRuleFile } from '../read-rule-file.ts';
import { recordHistory } from './record-history.ts';
import { recordInParts } from './record-in-parts.ts';

const from = timestamp(0);
const to = timestamp(40 * minute);

/** With ranges, offsets, a subquery, and a rule that looks at itself. Each reads only what stands before it. */
const pool: readonly string[] = [
  `{ record: 'a:rate', expr: 'rate(a[2m])' }`,
  `{ record: 'a:sum', expr: 'sum(a:rate)', labels: { kind: total } }`,
  `{ record: 'a:high', expr: 'a > 5' }`,
  `{ record: 'a:long', expr: 'avg_over_time(a:high[5m])' }`,
  `{ record: 'a:far', expr: 'sum_over_time(a:high[17m])' }`,
  `{ record: 'a:ratio', expr: 'a / on () group_left () b' }`,
  `{ record: 'a:gone', expr: 'a:high unless a:high offset 3m' }`,
  `{ record: 'a:nested', expr: 'max_over_time(a:high[6m:2m])' }`,
  `{ record: 'b:late', expr: 'b offset 9m' }`,
  `{ record: 'itself', expr: 'count_over_time(itself[10m]) or vector(0)' }`,
  `{ alert: High, expr: 'a > 5' }`,
];

function fileOf(first: readonly string[], second: readonly string[]): RuleFile {
  const group = (name: string, interval: string, rules: readonly string[]): string =>
    `  - name: ${name}\n    interval: ${interval}\n    rules: [${rules.join(', ')}]\n`;
  const text = `groups:\n${group('one', '1m', first)}${group('two', '2m', second)}`;
  const outcome = readRuleFile({ name: 'rules.yml', text });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value;
}

function seriesOf(line: string): Series {
  const parsed = parseSeriesLine(line);
  if (!parsed.ok) throw new Error(line);
  return notatedSeries(parsed.value.labels, parsed.value.samples, timestamp(0), duration(30_000));
}

/** Samples by series; what came in several parts is joined in their order. */
function show(series: readonly Series[]): ReadonlyMap<string, readonly string[]> {
  const all = new Map<string, string[]>();
  for (const one of series) {
    const samples = [...one.timestamps].map(
      (time, i) => `${time / minute}:${isStale(one, i) ? 'stale' : one.values[i]}`,
    );
    all.set(one.labels.key, [...(all.get(one.labels.key) ?? []), ...samples]);
  }
  return new Map([...all].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Records part by part from a source that hands out no more than it is asked for. */
async function inParts(file: RuleFile, raw: readonly Series[], part: number) {
  const series: Series[] = [];
  const stretches: string[] = [];
  const source = memorySource(raw);
  const options = { from, to, interval: minute, part: duration(part) };
  const parts = recordInParts(file, {
    ...options,
    async read(selectors, start, end) {
      const asked = selectors.map(({ name, matchers }) => ({
        matchers: [{ name: '__name__', operator: '=' as const, value: name }, ...matchers],
        from: start,
        to: end,
      }));
      const found = await source.select(asked);
      return [...new Map(found.flat().map((one) => [one.labels.key, one])).values()];
    },
  });
  for await (const one of parts) {
    series.push(...one.series);
    stretches.push(`${one.from}-${one.to}`);
    expect(one.failures).toEqual([]);
  }
  return { series, stretches };
}

test('a history recorded in parts is the history recorded at once', async () => {
  const value = fc.oneof(fc.nat(9).map(String), fc.constantFrom('_', 'stale'));
  const line = fc.array(value, { minLength: 1, maxLength: 80 }).map((values) => values.join(' '));
  const rules = fc.uniqueArray(fc.constantFrom(...pool), { minLength: 1, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(
      rules,
      fc.tuple(line, line, line),
      fc.integer({ min: 1, max: 25 }),
      async (chosen, lines, part) => {
        const all = pool.filter((rule) => chosen.includes(rule));
        const raw = [`a{x="1"} ${lines[0]}`, `a{x="2"} ${lines[1]}`, `b ${lines[2]}`].map(seriesOf);
        const half = Math.ceil(all.length / 2);
        const file = fileOf(all.slice(0, half), all.slice(half));
        const whole = await recordHistory(file, memorySource(raw), { from, to, interval: minute, alertSeries: false });
        const { series } = await inParts(file, raw, part * minute);
        expect(show(series)).toEqual(show(whole.series));
        if (all.some((rule) => rule.includes('itself'))) expect(series.length).toBeGreaterThan(0);
      },
    ),
    { numRuns: 150 },
  );
});

describe('the stretches', () => {
  test.each([
    ['one that holds all', 60, ['0-40']],
    ['two halves', 20, ['0-20', '20-40']],
    ['parts off the grid, rounded to it', 15, ['0-16', '16-32', '32-40']],
  ])('%s', async (_, part, wanted) => {
    const file = fileOf([pool[0]!], [pool[2]!]);
    const { stretches } = await inParts(file, [seriesOf('a 1x80')], part * minute);
    const minutes = stretches.map((one) =>
      one
        .split('-')
        .map((time) => Math.floor(Number(time) / minute))
        .join('-'),
    );
    expect(minutes).toEqual(wanted);
  });
});
