/**
 * Prometheus's own engine benchmark (promql/bench_test.go, BenchmarkRangeQuery) on our engine: `jiti bench/promql/upstream.ts [PATTERN]`.
 * Prints the shortest of some runs, plan to answer, in milliseconds. Only expressions that contain PATTERN are run.
 */
import { duration, noCheckpoint, timestamp } from '../../src/core/base/index.ts';
import { evaluate, parseExpr, plan } from '../../src/core/promql/index.ts';
import { Labels, memorySource, type Series } from '../../src/core/series/index.ts';

const interval = 10_000;
const samples = 8640 + 10_000;
const timestamps = Float64Array.from({ length: samples }, (_, i) => i * interval);
const source = memorySource(dataset());

const templates: readonly (readonly [expr: string, steps: readonly number[]])[] = [
  ['a_X', [1, 1000]],
  ['rate(a_X[1m])', [1, 1000, 10_000]],
  ['rate(sparse[1m])', [10_000]],
  ['rate(a_X[1m] smoothed)', [1, 1000]],
  ['double_exponential_smoothing(a_X[1d], 0.3, 0.3)', [1, 1000]],
  ['changes(a_X[1d])', [1, 1000]],
  ['rate(a_X[1d])', [1, 1000]],
  ['absent_over_time(a_X[1d])', [1, 1000]],
  ['quantile_over_time(0.9, a_X[1d])', [1, 1000]],
  ['-a_X', [1, 1000]],
  ['a_X - b_X', [1, 1000, 10_000]],
  ["a_X and b_X{l=~'.*[0-4]$'}", [1, 1000]],
  ["a_X or b_X{l=~'.*[0-4]$'}", [1, 1000]],
  ["a_X unless b_X{l=~'.*[0-4]$'}", [1, 1000]],
  ["a_X and b_X{l='notfound'}", [1, 1000]],
  ['abs(a_X)', [1, 1000]],
  ["label_replace(a_X, 'l2', '$1', 'l', '(.*)')", [1, 1000]],
  ["label_join(a_X, 'l2', '-', 'l', 'l')", [1, 1000]],
  ['sum(a_X)', [1, 1000]],
  ['avg(a_X)', [1, 1000]],
  ['sum without (l) (h_X)', [1, 1000]],
  ['sum without (le) (h_X)', [1, 1000]],
  ['sum by (l) (h_X)', [1, 1000]],
  ['sum by (le) (h_X)', [1, 1000]],
  ["count_values('value', h_X)", [100]],
  ['topk(1, a_X)', [1, 1000]],
  ['topk(5, a_X)', [1, 1000]],
  ['limitk(5, a_X)', [1, 1000]],
  ['limit_ratio(0.5, a_X)', [1, 1000]],
  ['quantile(0.9, a_X)', [1, 1000]],
  ['rate(a_X[1m]) + rate(b_X[1m])', [1, 1000]],
  ['sum without (l) (rate(a_X[1m]))', [1, 1000]],
  ['sum without (l) (rate(a_X[1m])) / sum without (l) (rate(b_X[1m]))', [1, 1000]],
  ['histogram_quantile(0.9, rate(h_X[5m]))', [1, 1000]],
  ['a_X + on (l) group_right a_one', [1, 1000]],
  ['count({__name__!="",l=""})', [1]],
  ['timestamp(a_X)', [1, 1000]],
];

const pattern = process.argv[2] ?? '';
console.log(['ms', 'steps', 'query'].join('\t'));
for (const [template, stepCounts] of templates) {
  for (const size of template.includes('_X') ? ['one', 'hundred'] : ['']) {
    const expr = template.replaceAll('_X', `_${size}`);
    if (!expr.includes(pattern)) continue;
    for (const steps of stepCounts) console.log([(await time(expr, steps)).toFixed(3), steps, expr].join('\t'));
  }
}

/** The shortest of at least three runs within a second. */
async function time(expr: string, steps: number): Promise<number> {
  const parsed = parseExpr(expr);
  if (!parsed.ok) throw new Error(`${expr}: ${parsed.diagnostics[0]?.message}`);
  const end = timestamp((samples - 1) * interval);
  const start = timestamp(end - (steps - 1) * interval);
  let best = Number.POSITIVE_INFINITY;
  const until = performance.now() + 1000;
  for (let run = 0; run < 3 || (run < 50 && performance.now() < until); run += 1) {
    const begin = performance.now();
    const planned = plan(parsed.value, { start, end, step: duration(steps === 1 ? 0 : interval) });
    const outcome = evaluate(planned, await source.select(planned.selections), noCheckpoint);
    if (!outcome.ok) throw new Error(`${expr}: ${outcome.error.message}`);
    best = Math.min(best, performance.now() - begin);
  }
  return best;
}

/** The series of the benchmark: values grow by a little at every sample. */
function dataset(): readonly Series[] {
  const series: Series[] = [];
  const add = (labels: Record<string, string>) => {
    const index = series.length;
    series.push({ labels: Labels.of(labels), timestamps, values: timestamps.map((_, i) => index + i / samples) });
  };
  const buckets = ['0.1', '0.25', '0.5', '1', '2.5', '5', '10', '25', '50', '100', '+Inf'];
  for (const [name, count] of [
    ['one', 1],
    ['ten', 10],
    ['hundred', 100],
  ] as const) {
    for (let l = 0; l < count; l += 1) {
      const label: Record<string, string> = count === 1 ? {} : { l: String(l) };
      add({ __name__: `a_${name}`, ...label });
      add({ __name__: `b_${name}`, ...label });
      for (const le of buckets) add({ __name__: `h_${name}`, ...label, le });
    }
  }
  // Each of fifty series exists for a fiftieth of the time.
  for (let i = 0; i < 50; i += 1) {
    const part = timestamps.slice(Math.floor((i * samples) / 50), Math.floor(((i + 1) * samples) / 50));
    series.push({
      labels: Labels.of({ __name__: 'sparse', i: String(i) }),
      timestamps: part,
      values: part.map((_, at) => at),
    });
  }
  return series;
}
