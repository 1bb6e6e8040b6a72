import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDiagnostic } from '../../base/index.ts';
import { printYaml } from '../../yaml/index.ts';
import { readDefinitions } from '../index.ts';

/** Whatever the text, reading ends with an outcome whose places are in the text. */
function readSafely(text: string): void {
  const source = { name: 'slo.yaml', text };
  const outcome = readDefinitions(source);
  if (!outcome.ok) expect(outcome.diagnostics.some(({ severity }) => severity === 'error')).toBe(true);
  for (const diagnostic of outcome.diagnostics) {
    const { start, end } = diagnostic.span;
    expect(
      0 <= start && start <= end && end <= text.length,
      `${diagnostic.code} at ${start} to ${end} of ${text.length}`,
    ).toBe(true);
    expect(formatDiagnostic({ ...diagnostic, source })).toContain(diagnostic.code);
  }
}

test('a definition with anything done to it is read or refused, never worse', () => {
  const names = [
    'valid-whole',
    'valid-alerts',
    'valid-anchors',
    'promql-broken',
    'valid-kinds',
    'valid-kinds-of-alerts',
  ];
  const texts = names.map((name) => readFileSync(join(import.meta.dirname, '../testdata', name, 'slo.yaml'), 'utf8'));
  const junk = fc.constantFrom(
    '',
    ':',
    '\n',
    '  ',
    '{',
    ']',
    '"',
    "'",
    '*x',
    '&x',
    '|',
    '>-\n',
    '- ',
    '\t',
    '%',
    '0',
    '#',
    '\r',
    '{{',
    'le',
    '__proto__: 1',
    '\u2028',
    '😀',
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.array(fc.tuple(fc.nat(), fc.nat(12), junk), { minLength: 1, maxLength: 3 }),
      (text, edits) => {
        const edited = edits.reduce((current, [at, length, put]) => {
          const start = at % (current.length + 1);
          return current.slice(0, start) + put + current.slice(start + length);
        }, text);
        readSafely(edited);
      },
    ),
    { numRuns: 400 },
  );
});

test('any value in the place of a definition or of a part is read or refused, never worse', () => {
  const anything = fc.jsonValue({ maxDepth: 3 });
  const part = fc.constantFrom('service', 'title', 'metrics', 'slos', 'owner', 'apiVersion');
  const definition = {
    apiVersion: 'nines/v1',
    service: 'a',
    metrics: {},
    slos: { b: { target: '99%', good: 'x', total: 'x' } },
  };
  const slo = fc.constantFrom(
    'target',
    'period',
    'good',
    'total',
    'below',
    'histogram',
    'alerts',
    'labels',
    'noData',
    'minimumBadEvents',
    'maxErrorRatio',
    'percentile',
    'percentiles',
    'sliceTarget',
    'periods',
    'timeZone',
    'bad',
    'valid',
    'quantiles',
    'condition',
    'composite',
    'groupBy',
    'alertNames',
    'customers',
    'aspiration',
    'targetHistory',
  );
  const nested = fc.constantFrom(
    'all',
    'any',
    'increases',
    'within',
    'when',
    'stalled',
    'spike',
    'absent',
    'budget',
    'long',
    'labels',
  );
  const list = fc.array(anything, { maxLength: 2 });
  const shapes = fc.oneof(
    anything,
    fc.tuple(part, anything).map(([key, value]) => ({ ...definition, [key]: value })),
    fc
      .tuple(slo, anything)
      .map(([key, value]) => ({ ...definition, slos: { b: { ...definition.slos.b, [key]: value } } })),
    anything.map((value) => ({ ...definition, metrics: { x: value } })),
    anything.map((value) => ({ ...definition, slos: { b: { ...definition.slos.b, alerts: [value] } } })),
    fc.tuple(nested, fc.oneof(anything, list)).map(([key, value]) => {
      const condition = { [key]: value, within: '5m' };
      const alert = { name: 'A', severity: 'page', within: '5m', [key]: value };
      return { ...definition, slos: { b: { target: '99%', condition, alerts: [alert, 'workbook'] } }, alerts: [alert] };
    }),
    fc.tuple(fc.constantFrom('combine', 'members'), fc.oneof(anything, list)).map(([key, value]) => {
      const composite = { combine: 'worst', members: ['b'], [key]: value };
      return { ...definition, slos: { ...definition.slos, c: { target: '99%', composite } } };
    }),
  );
  fc.assert(
    fc.property(shapes, (value) => readSafely(printYaml(JSON.parse(JSON.stringify(value))))),
    { numRuns: 500 },
  );
});
