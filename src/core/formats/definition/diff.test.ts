import { expect, test } from 'vitest';
import { diffServices } from '../../slo/index.ts';
import { readDefinitions } from '../index.ts';

const service = (slo: string, rest = ''): string => `apiVersion: nines/v1
service: shop
slos:
  a: { ${slo} }
${rest}`;
const ratio = 'bad: bad_total, total: all_total';
const holds = 'target: 99%, condition: depth < 5';

function differences(before: string, after: string): readonly string[] {
  const [old, now] = [before, after].map((text) => {
    const outcome = readDefinitions({ name: 'slo.yaml', text });
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.diagnostics));
    return outcome.value;
  });
  return diffServices(old!, now!).map(
    ({ slo, aspect, before: was, after: is }) => `${slo ?? 'service'} ${aspect}: ${was ?? '-'} -> ${is ?? '-'}`,
  );
}

test.each<[string, string, readonly string[]]>([
  [`target: 99.9%, ${ratio}`, `maxErrorRatio: 0.1%, ${ratio}`, []],
  [
    `target: 99.9%, ${ratio}`,
    `target: 99% of 1m slices, sliceTarget: 95%, ${ratio}, alerts: none`,
    [
      'a target: 99.9% -> 99% of 1m slices',
      'a page alert: above 1.44 % in 1h and 5m -> -',
      'a page alert: above 0.6 % in 6h and 30m -> -',
      'a ticket alert: above 0.3 % in 1d and 2h -> -',
      'a ticket alert: above 0.1 % in 3d and 6h -> -',
      'a sliceTarget: - -> 95%',
    ],
  ],
  [
    `target: 99%, ${ratio}`,
    `target: 99%, ${ratio}, periods: [calendar month, 7d], timeZone: Europe/Berlin`,
    ['a period: 30d -> calendar month in Europe/Berlin', 'a periods: - -> 1w'],
  ],
  [holds, 'target: 99%, condition: depth <= 5', ['a indicator: depth < 5 -> depth <= 5']],
  [holds, `${holds}, groupBy: [x], category: resource`, ['a groupBy: - -> x', 'a category: user -> resource']],
  [
    `${holds}, alerts: [workbook, { name: Deep, severity: page, when: depth > 9 }]`,
    `${holds}, alerts: [workbook, { name: Deep, severity: warning, when: depth > 8, for: 5m, steps: [Look.] }]`,
    [
      'a alert Deep when: depth > 9 -> depth > 8',
      'a alert Deep for: 0s -> 5m',
      'a alert Deep severity: page -> ticket',
      'a alert Deep steps: - -> Look.',
    ],
  ],
  [
    holds,
    `${holds}, alerts: [workbook, { name: Stuck, severity: page, all: [depth > 9, { stalled: done_total, within: 5m }], for: 1m }]`,
    ['a alert Stuck: - -> page if depth > 9 and done_total stalled within 5m for 1m'],
  ],
  [
    `target: 99.9%, ${ratio}, alerts: [{ severity: page, long: 1h, burn: 14.4 }]`,
    `target: 99.9%, ${ratio}, alerts: [{ severity: page, long: 1h, burn: 14.4, name: Fast, keepFiringFor: 5m, profile: enhanced }]`,
    [
      'a page keepFiringFor (1h and 5m): 0s -> 5m',
      'a page name (1h and 5m): the usual -> Fast',
      'a page profile (1h and 5m): standard -> enhanced',
    ],
  ],
  [
    'target: 99%, composite: { combine: worst, members: [other/b] }',
    'target: 99%, composite: { combine: series, members: [other/b, other/c] }',
    ['a indicator: worst of other/b*1 -> series of other/b*1, other/c*1'],
  ],
  [
    holds,
    `${holds}, role: secondary, criticality: high, journey: buy, customers: [PRO, FREE], impact: It hurts., aspiration: 99.5%`,
    [
      'a role: primary -> secondary',
      'a criticality: - -> high',
      'a journey: - -> buy',
      'a customers: - -> FREE, PRO',
      'a impact: - -> It hurts.',
      'a aspiration: - -> 99.5%',
    ],
  ],
])('%s becomes %s', (before, after, expected) => {
  expect(differences(service(before), service(after))).toEqual(expected);
});

test('metrics and alerts of the service', () => {
  const before = 'metrics: { depth: { type: gauge } }';
  const after = `metrics: { depth: { type: gauge, aliases: [old_depth], pendingOn: SHOP-1 } }
alerts: [{ name: Gone, severity: page, absent: depth }]`;
  expect(differences(service(holds, before), service(holds, after))).toEqual([
    'service metric depth: gauge -> gauge, aliases old_depth, pendingOn SHOP-1',
    'service alert Gone: - -> page if depth is missing',
    'a lifecycle: active -> pending',
  ]);
});

test('what a service says beyond its objectives', () => {
  const threshold = (warning: string) =>
    `thresholds: { depth: { value: max(depth), warning: ${warning}, critical: 90, action: Scale out., for: 5m } }`;
  expect(differences(service(holds, threshold('50')), service(holds, threshold('60')))).toEqual([
    'service threshold depth warning: 50 -> 60',
  ]);
});
