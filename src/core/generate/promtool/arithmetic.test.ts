import { expect, test } from 'vitest';
import { duration, second, timestamp } from '../../base/index.ts';
import { type Expr, parseExpr, runQuery } from '../../promql/index.ts';
import { Labels, memorySource, metricName, type Series } from '../../series/index.ts';
import { vectorOf, worthOf } from './arithmetic.ts';
import { counter, gauge, type MadeSeries } from './made-series.ts';

const interval = duration(30 * second);
const count = 90;
/** Well, broken and well again, as test cases are. */
const stepped = (well: number, broken: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => (30 < i && i <= 55 ? broken : well));

const made: readonly MadeSeries[] = [
  counter('requests_total', { job: 'shop', instance: 'a', code: '200' }, stepped(100, 40)),
  counter('requests_total', { job: 'shop', instance: 'a', code: '500' }, stepped(0, 60)),
  counter('requests_total', { job: 'shop', instance: 'b', code: '200' }, stepped(7, 7)),
  counter('wait_seconds_bucket', { job: 'shop', le: '1' }, stepped(50, 5)),
  counter('wait_seconds_bucket', { job: 'shop', le: '5' }, stepped(55, 20)),
  counter('wait_seconds_bucket', { job: 'shop', le: '+Inf' }, stepped(60, 60)),
  gauge('queue_depth', { job: 'shop', queue: 'one' }, stepped(3, 90)),
  gauge('queue_depth', { job: 'shop', queue: 'two' }, stepped(8, 2)),
  gauge('workers', { job: 'shop', queue: 'two' }, stepped(4, 0)),
  gauge('once', { job: 'shop' }, stepped(1, 1).slice(0, 40)),
];

const source = memorySource(made.map(seriesOf));

/** The model is written down apart from the engine; where both know a form, they must be of one mind. */
test.each([
  'queue_depth',
  'sum(queue_depth)',
  'max by (queue) (queue_depth) > 5',
  'avg without (queue) (queue_depth)',
  'queue_depth / on (queue) workers',
  'queue_depth / ignoring (missing) workers',
  'sum(rate(requests_total[5m]))',
  'sum by (code) (increase(requests_total[4m]))',
  'sum(rate(requests_total{code=~"5.."}[5m])) / sum(rate(requests_total[5m]))',
  '(sum(rate(requests_total{code="503"}[5m])) or vector(0)) / sum(rate(requests_total[5m]))',
  'sum(rate(requests_total[5m] offset 7m))',
  'rate(requests_total[45s])',
  'histogram_quantile(0.9, sum by (le) (rate(wait_seconds_bucket[5m])))',
  'avg_over_time(queue_depth[3m])',
  'max_over_time(queue_depth[3m]) - min_over_time(queue_depth[3m])',
  'count_over_time(once[5m])',
  'sum_over_time(once[2m])',
  'absent(once)',
  'clamp_max(queue_depth, 10) + clamp_min(workers, 2)',
  '-abs(1 - queue_depth)',
  'queue_depth unless on (queue) workers',
  'queue_depth > bool 5',
  '100 * (workers > 0)',
])('%s is worth what the engine says', async (text) => {
  const expr = parsed(text);
  const worth = worthOf(expr, { series: made, interval, ranges: 'open', atBounds: 'below' });
  for (let evaluation = 0; evaluation < count; evaluation += 1) {
    const ours = vectorOf(worth?.(evaluation) ?? []).map(({ labels, value }) => [nameless(labels), value] as const);
    expect(sorted(ours), `at ${evaluation}`).toEqual(sorted(await theirs(expr, evaluation)));
  }
});

test.each([
  'quantile_over_time(0.5, queue_depth[5m])',
  'topk(1, queue_depth)',
  'max_over_time(sum(queue_depth)[5m:1m])',
  'queue_depth @ 0',
])('%s is not worked out', (text) => {
  expect(worthOf(parsed(text), { series: made, interval, ranges: 'open', atBounds: 'below' })).toBe(undefined);
});

async function theirs(expr: Expr, evaluation: number) {
  const now = timestamp(evaluation * interval);
  const outcome = await runQuery(source, expr, { start: now, end: now, step: duration(0) });
  if (!outcome.ok || outcome.value.kind !== 'vector') throw new Error('not a vector');
  return outcome.value.samples.map(
    ({ labels, value }) => [nameless(Object.fromEntries(labels.entries())), value] as const,
  );
}

function nameless(labels: Readonly<Record<string, string>>): string {
  const { [metricName]: _, ...rest } = labels;
  return JSON.stringify(Object.entries(rest).toSorted());
}

function sorted(samples: readonly (readonly [string, number])[]): readonly (readonly [string, string])[] {
  return samples.map(([key, value]) => [key, value.toPrecision(10)] as const).toSorted();
}

function parsed(text: string): Expr {
  const outcome = parseExpr(text);
  if (!outcome.ok) throw new Error(text);
  return outcome.value;
}

function seriesOf({ name, labels, at }: MadeSeries): Series {
  const values = Array.from({ length: count }, (_, i) => at(i)).filter((value) => value !== undefined);
  const isGone = values.length < count;
  const times = Array.from({ length: values.length + (isGone ? 1 : 0) }, (_, i) => i * interval);
  return {
    labels: Labels.of({ ...labels, [metricName]: name }),
    timestamps: Float64Array.from(times),
    values: Float64Array.from(times, (_, i) => values[i] ?? Number.NaN),
    ...(isGone && { staleMarkers: Int32Array.of(values.length) }),
  };
}
