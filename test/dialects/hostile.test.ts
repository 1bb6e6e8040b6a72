import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dialects, readServices } from '../../src/core/formats/index.ts';

const folder = join(import.meta.dirname, 'testdata');
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml') && !name.endsWith('.nines.yaml'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

const junk = fc.oneof(
  fc.constantFrom(
    '',
    ': ',
    '- ',
    '{',
    ']',
    '*a',
    '&a ',
    '{{.window}}',
    '[{{',
    '"',
    '\n',
    '\t',
    '0',
    'null',
    '~',
    '__proto__',
  ),
  fc.string({ maxLength: 8 }),
);

/** A definition with a piece of it replaced. */
const damaged = fc
  .record({ text: fc.constantFrom(...texts), at: fc.double({ min: 0, max: 1, noNaN: true }), cut: fc.nat(40), junk })
  .map(({ text, at, cut, junk: put }) => {
    const start = Math.floor(at * text.length);
    return text.slice(0, start) + put + text.slice(start + cut);
  });

test('a definition with anything done to it is read or refused at a place within it, never worse', () => {
  fc.assert(
    fc.property(damaged, fc.constantFrom(undefined, ...dialects), (text, from) => {
      const outcome = readServices({ name: 'damaged', text }, from === undefined ? {} : { from });
      if (!outcome.ok) expect(outcome.diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
      for (const { span, message } of outcome.diagnostics) {
        expect(0 <= span.start && span.start <= span.end && span.end <= text.length, message).toBe(true);
      }
    }),
    { numRuns: 1500 },
  );
});

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<unknown>(
      null,
      true,
      0,
      -1,
      '',
      'a',
      '99.9',
      'sum(rate(x[{{.window}}]))',
      'Prometheus',
      '30d',
      '1M',
      'Timeslices',
      '2024-01-01 00:00:00',
      'Europe/Berlin',
      '["a"]',
      'up == 1',
    ),
    fc.array(tie('any'), { maxLength: 2 }),
    fc.dictionary(
      fc.constantFrom(
        ...[
          'spec',
          'metadata',
          'name',
          'service',
          'slos',
          'sli',
          'events',
          'raw',
          'alerting',
          'indicator',
          'ratio',
          'labels',
        ],
        ...[
          'ratioMetric',
          'good',
          'total',
          'metricSource',
          'query',
          'timeWindow',
          'objectives',
          'target',
          'alertPolicies',
          'conditions',
        ],
        ...[
          'thresholdMetric',
          'op',
          'value',
          'timeSliceTarget',
          'timeSliceWindow',
          'calendar',
          'startTime',
          'timeZone',
        ],
        ...[
          'budgetingMethod',
          'duration',
          'isRolling',
          'compositeWeight',
          'indicatorRef',
          'annotations',
          'nines/condition',
        ],
        ...['nines/impact', 'bool_gauge', 'grouping', 'latencyNative', 'metric', 'default', 'steps', 'window', 'alert'],
      ),
      tie('any'),
      { maxKeys: 6 },
    ),
  ),
})).any;

test('any value in the place of a part is read or refused, never worse', () => {
  const heads = [
    { version: 'prometheus/v1' },
    { apiVersion: 'sloth.slok.dev/v1', kind: 'PrometheusServiceLevel' },
    { apiVersion: 'pyrra.dev/v1alpha1', kind: 'ServiceLevelObjective' },
    { apiVersion: 'openslo/v1', kind: 'SLO' },
    { apiVersion: 'openslo/v1', kind: 'AlertPolicy' },
    { apiVersion: 'openslo/v1alpha', kind: 'SLO' },
    { apiVersion: 'openslo.com/v2alpha', kind: 'SLI' },
    { apiVersion: 'sre.google.com/v2', kind: 'ServiceLevelObjective' },
    { error_budget_policies: { default: { steps: [] } } },
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...heads),
      fc.dictionary(fc.constantFrom('spec', 'metadata', 'service', 'slos', 'error_budget_policies'), value),
      (head, rest) => {
        const outcome = readServices({ name: 'made', text: JSON.stringify({ ...head, ...rest }) });
        if (!outcome.ok) expect(outcome.diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});
