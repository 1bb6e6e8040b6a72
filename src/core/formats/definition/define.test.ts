import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DefinitionError, defineService, printDefinition, readDefinitions, type ServiceInput } from '../index.ts';

const input: ServiceInput = {
  service: 'checkout',
  owner: 'shop',
  metrics: { http_requests_total: { type: 'counter', labels: ['code'] } },
  slos: {
    availability: {
      target: 0.999,
      good: 'http_requests_total{code!~"5.."}',
      total: 'http_requests_total',
      period: undefined,
    },
  },
};

describe('a service in TypeScript', () => {
  test('is the service that the same YAML gives', () => {
    const text = `apiVersion: nines/v1
service: checkout
owner: shop
metrics: { http_requests_total: { type: counter, labels: [code] } }
slos: { availability: { target: 99.9%, good: 'http_requests_total{code!~"5.."}', total: http_requests_total } }
`;
    const outcome = readDefinitions({ name: 'slo.yaml', text });
    expect(outcome.ok && outcome.value).toEqual([defineService(input)]);
  });

  test('that is wrong tells all that is wrong in one error', () => {
    const wrong = { ...input, slos: { ...input.slos, latency: { target: '101%', histogram: 'nothing', below: '1s' } } };
    const error = thrownBy(() => defineService(wrong));
    expect(error instanceof DefinitionError && error.diagnostics.map(({ code }) => code)).toEqual([
      'slo/target',
      'metric/unknown',
    ]);
    expect(String(error)).toContain('checkout (as YAML):14:13 error slo/target');
  });

  test('that types would not let through is told as plainly', () => {
    const odd: ServiceInput = JSON.parse('{"service": 5, "slos": []}');
    const error = thrownBy(() => defineService(odd));
    expect(error instanceof DefinitionError && error.diagnostics.map(({ code }) => code)).toEqual([
      'definition/type',
      'definition/type',
    ]);
    const withFunction = { ...input, description: () => 'x' };
    expect(() => defineService(Object(withFunction))).toThrow(
      'checkout.description is a function, which no definition can hold',
    );
  });
});

function thrownBy(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/);
const name = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('-'));
const text = fc.string({ minLength: 1, unit: 'grapheme' });
const length = fc.constantFrom('30s', '5m', '1h', '90m', '0s');
const value = fc.string({ maxLength: 6 }).map((characters) => JSON.stringify(characters));
const selector = fc.oneof(
  word.map((metric) => `${metric}_total`),
  fc
    .tuple(word, word, fc.constantFrom('=', '!='), value)
    .map(([metric, label, operator, wanted]) => `${metric}_total{${label}x${operator}${wanted},code="1"}`),
);
const slo = fc.record(
  {
    target: fc.integer({ min: 1, max: 99_999 }).map((parts) => `${parts / 1000}%`),
    // Another metric than those of the total, which it would otherwise have to be a part of.
    bad: selector.map((text) => `bad_${text}`),
    total: fc.array(selector, { minLength: 1, maxLength: 3 }).map((all) => all.join(' + ')),
    title: text,
    description: text,
    period: fc.constantFrom('7d', '28d', '4w', '90d', '1d'),
    alerts: fc.constantFrom<'workbook' | 'none'>('workbook', 'none'),
    minimumBadEvents: fc.nat(10),
    noData: fc.constantFrom<'unknown' | 'bad' | 'good'>('unknown', 'bad', 'good'),
    absentFor: length,
    runbook: text,
    labels: fc.dictionary(
      word.map((label) => `x_${label}`),
      text,
      { maxKeys: 2 },
    ),
  },
  { requiredKeys: ['target', 'bad', 'total'] },
);

test('printed and read again, any service is the same', () => {
  const service = fc.record(
    {
      service: name,
      title: text,
      description: text,
      owner: text,
      job: text,
      slos: fc.dictionary(name, slo, { minKeys: 1, maxKeys: 3 }),
    },
    { requiredKeys: ['service', 'slos'] },
  );
  fc.assert(
    fc.property(service, (definition) => {
      const defined = defineService(definition);
      const again = readDefinitions({ name: 'printed', text: printDefinition(defined) });
      expect(again.ok && again.value).toEqual([defined]);
    }),
    { numRuns: 150 },
  );
});
