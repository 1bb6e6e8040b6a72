import { expect, test } from 'vitest';
import { parseExpr } from '../promql/index.ts';
import { type Metric, reachOf, valueRange } from './index.ts';

const metrics = new Map<string, Metric>(
  [
    { name: 'requests_total', type: 'counter' as const },
    { name: 'cpu_usage_ratio', type: 'gauge' as const, unit: 'ratio' },
    { name: 'disk_percent', type: 'gauge' as const, unit: 'percent' },
    { name: 'depth', type: 'gauge' as const },
  ].map((metric) => [metric.name, { ...metric, labels: new Map(), buckets: [] }]),
);

function rangeOf(text: string) {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(text);
  const { least, most } = valueRange(parsed.value, (name) => metrics.get(name));
  return [least, most];
}

const infinity = Number.POSITIVE_INFINITY;

test.each<[string, number, number]>([
  ['depth', -infinity, infinity],
  ['up', 0, 1],
  ['cpu_usage_ratio', 0, 1],
  ['1 - cpu_usage_ratio', 0, 1],
  ['100 * max(disk_percent)', 0, infinity],
  ['max(disk_percent) * 0.01', 0, 1],
  ['avg_over_time(cpu_usage_ratio[5m])', 0, 1],
  ['quantile_over_time(0.9, cpu_usage_ratio[5m])', 0, 1],
  ['sum(cpu_usage_ratio)', 0, infinity],
  ['rate(requests_total[5m])', 0, infinity],
  ['-rate(requests_total[5m])', -infinity, -0],
  ['sum(rate(requests_total{code="500"}[5m])) / sum(rate(requests_total[5m]))', 0, 1],
  ['sum by (x) (rate(requests_total{a="b",code=~"5.."}[5m])) / sum by (x) (rate(requests_total{a="b"}[5m]))', 0, 1],
  ['sum(rate(requests_total{code="500"}[5m])) / sum(rate(requests_total[1h]))', 0, infinity],
  ['sum(rate(requests_total[5m])) / sum(rate(requests_total{code="500"}[5m]))', 0, infinity],
  ['sum(rate(requests_total{code="500"}[5m])) / scalar(sum(depth))', -infinity, infinity],
  ['requests_total > bool 5', 0, 1],
  ['depth or cpu_usage_ratio', -infinity, infinity],
  ['cpu_usage_ratio and depth', 0, 1],
  ['count(depth)', 1, infinity],
])('%s lies between %d and %d', (text, least, most) => {
  expect(rangeOf(text)).toEqual([least, most]);
});

test.each([
  ['>', 1, 'never'],
  ['>', 0.5, 'depends'],
  ['>', -1, 'always'],
  ['>=', 1, 'depends'],
  ['>=', 0, 'always'],
  ['<', 0, 'never'],
  ['<', 2, 'always'],
  ['<=', 1, 'always'],
  ['<=', -1, 'never'],
  ['==', 3, 'never'],
  ['==', 1, 'depends'],
  ['!=', 3, 'always'],
  ['!=', 1, 'depends'],
] as const)('a share %s %d: %s', (operator, bound, reach) => {
  expect(reachOf({ least: 0, most: 1 }, operator, bound)).toBe(reach);
});
