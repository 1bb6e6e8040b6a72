import { expect, test } from 'vitest';
import { defineService } from '../formats/index.ts';
import { metricNameOf, selectorsOf } from '../promql/index.ts';
import type { Rule } from '../rules/index.ts';
import { generateRules } from './index.ts';

test.each([true, false])('an objective by an alias of a histogram (native: %s) is one by its own name', (isNative) => {
  expect(rawNames('old_wait_seconds', isNative)).toEqual(rawNames('wait_seconds', isNative));
});

test.each(['wait_seconds', 'old_wait_seconds'])(
  'by %s what is worst is asked for by the labels of the metric',
  (name) => {
    const queries = rulesOn(name, false).flatMap((rule) =>
      rule.kind === 'alerting' ? (rule.annotations.get('top_offenders_query') ?? []) : [],
    );
    expect(queries.length).toBeGreaterThan(0);
    for (const query of queries) expect(query).toContain('sum by (instance, route)');
  },
);

/** The names of the raw series that the rules of an objective read. */
function rawNames(histogram: string, isNative: boolean): readonly string[] {
  const names = rulesOn(histogram, isNative).flatMap(({ expr }) => selectorsOf(expr).map(metricNameOf));
  const raw = names.flatMap((name) => (name?.includes('wait_seconds') === true ? [name] : []));
  expect(raw.length).toBeGreaterThan(0);
  return [...new Set(raw)].toSorted();
}

function rulesOn(histogram: string, isNative: boolean): readonly Rule[] {
  const shop = defineService({
    service: 'shop',
    metrics: {
      wait_seconds: {
        type: 'histogram',
        labels: ['route'],
        aliases: ['old_wait_seconds'],
        ...(isNative ? { native: true } : { buckets: [0.3] }),
      },
    },
    slos: { fast: { target: '99%', histogram, below: '300ms', quantiles: ['p95'] } },
  });
  const { file, diagnostics } = generateRules(shop);
  expect(diagnostics).toEqual([]);
  return file.groups.flatMap(({ rules }) => rules);
}
