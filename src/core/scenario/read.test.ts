import { describe, expect, test } from 'vitest';
import { parseInstant } from '../base/index.ts';
import { readScenario, scenarioCodes } from './index.ts';

const head = 'apiVersion: nines-scenario/v1\nservice: shop\n';
const counter = 'metrics:\n  a_total: { type: counter, rate: 1/s, labels: { route: [/a, /b] } }\n';
const incident = `${head}${counter}incidents:\n  - `;

describe('a scenario that is wrong', () => {
  test.each([
    ['', 'scenario/missing', ''],
    ['service: x\nmetrics: {}\n', 'scenario/missing', 'service'],
    ['apiVersion: v2\nservice: x\nmetrics: {}\n', 'scenario/version', 'v2'],
    [`${head}metrics: {}\nreplcas: 2\n`, 'scenario/key', 'replcas'],
    [`${head}metrics: {}\nreplicas: 0\n`, 'scenario/value', '0'],
    [`${head}metrics: {}\nreplicas: [a, a]\n`, 'scenario/value', 'a'],
    [`${head}metrics: {}\ninterval: 5\n`, 'scenario/value', '5'],
    [`${head}metrics: {}\ninterval: 10ms\n`, 'scenario/value', '10ms'],
    [`${head}metrics: {}\nstarted: 3d\n`, 'scenario/value', '3d'],
    [`${head}metrics: {}\ntraffic: { noise: 150% }\n`, 'scenario/value', '150%'],
    [`${head}metrics: {}\ntraffic: { noise: 95% }\n`, 'scenario/value', '95%'],
    [`${head}metrics: {}\ntraffic: { peakAt: "25:00" }\n`, 'scenario/value', '"25:00"'],
    [`${head}metrics: []\n`, 'scenario/value', '[]'],
    [`${head}metrics:\n  a_total: { type: conter }\n`, 'scenario/value', 'conter'],
    [`${head}metrics:\n  a_total: { type: counter }\n`, 'scenario/missing', 'a_total'],
    [`${head}metrics:\n  a-b: { type: counter, rate: 1/s }\n`, 'scenario/value', 'a-b'],
    [`${head}metrics:\n  a_total: { type: counter, rate: 5 }\n`, 'scenario/value', '5'],
    [`${head}metrics:\n  a: { type: gauge }\n`, 'scenario/missing', 'a'],
    [`${head}metrics:\n  a: { type: gauge, value: 1, peak: 2, trough: 1 }\n`, 'scenario/missing', 'a'],
    [
      `${head}metrics:\n  h: { type: histogram, rate: 1/s, buckets: [2, 1], latency: { median: 1, p99: 2 } }\n`,
      'scenario/value',
      '2',
    ],
    [
      `${head}metrics:\n  h: { type: histogram, rate: 1/s, buckets: [1], latency: { median: 3s, p99: 2s } }\n`,
      'scenario/value',
      'median',
    ],
    [`${head}metrics:\n  a_total: { type: counter, rate: 1/s, labels: { job: x } }\n`, 'scenario/value', 'job'],
    [
      `${head}metrics:\n  a_total: { type: counter, rate: 1/s, labels: [{ b: c, share: 1 }, { b: d }] }\n`,
      'scenario/missing',
      'b',
    ],
    [
      `${head}metrics:\n  a_total: { type: counter, rate: 1/s, outcomes: { good: { c: [1] } } }\n`,
      'scenario/missing',
      'good',
    ],
    [`${incident}{ at: -1h, for: 5m }\n`, 'scenario/no-effect', 'at'],
    [`${incident}{ at: -1h, down: true }\n`, 'scenario/missing', 'at'],
    [`${incident}{ at: 1h, for: 5m, down: true }\n`, 'scenario/value', '1h'],
    [`${incident}{ at: 2026-02-30T00:00:00Z, for: 5m, down: true }\n`, 'scenario/value', '2026-02-30T00:00:00Z'],
    [`${incident}{ at: -1h, for: 5m, ramp: 6m, trafficFactor: 2 }\n`, 'scenario/value', 'at'],
    [`${incident}{ at: -1h, for: 5m, down: true, replicas: [1] }\n`, 'scenario/value', '1'],
    [`${incident}{ at: -1h, for: 5m, down: true, metrics: a_totl }\n`, 'scenario/metric', 'a_totl'],
    [`${incident}{ at: -1h, for: 5m, trafficFactor: 2, match: { route: "(" } }\n`, 'scenario/regex', '"("'],
  ])('%j', (text, code, place) => {
    const { ok, diagnostics } = readScenario({ name: 'scenario.yaml', text });
    expect(ok).toBe(false);
    expect(diagnostics.map((one) => [one.code, text.slice(one.span.start, one.span.end)])).toContainEqual([
      code,
      place,
    ]);
    for (const one of diagnostics) expect(scenarioCodes.map((known) => known.code)).toContain(one.code);
  });

  test('has too many combinations of labels', () => {
    const values = `[${Array.from({ length: 101 }, (_, i) => i).join(', ')}]`;
    const text = `${head}metrics:\n  a_total: { type: counter, rate: 1/s, labels: { b: ${values}, c: ${values} } }\n`;
    const { diagnostics } = readScenario({ name: 'scenario.yaml', text });
    expect(diagnostics.map(({ code, span }) => [code, text[span.start]])).toEqual([['scenario/value', 'c']]);
  });

  test('says all in one go, and what was probably meant', () => {
    const text = `${head}replcas: 2\nmetrics:\n  a_total: { type: counter, rat: 1/s }\nincidents:\n  - { at: soon, down: yes }\n`;
    const { diagnostics } = readScenario({ name: 'scenario.yaml', text });
    expect(diagnostics.map(({ message, help }) => [message, help])).toMatchInlineSnapshot(`
      [
        [
          "a scenario has no key \`replcas\`",
          "did you mean \`replicas\`?",
        ],
        [
          "a counter has no key \`rat\`",
          "did you mean \`rate\`?",
        ],
        [
          "\`rate\` is missing",
          undefined,
        ],
        [
          "expected a moment",
          "for example -3d (before the end of history), +10m (after it) or 2026-11-10T14:00:00Z",
        ],
        [
          "expected true or false",
          undefined,
        ],
        [
          "\`for\` is missing: how long does it last?",
          undefined,
        ],
      ]
    `);
  });
});

test.each([
  ['an error ratio where nothing has outcomes', 'errorRatio: 5%'],
  ['a latency without histograms', 'latencyFactor: 2'],
  ['a gauge value without gauges', 'gaugeValue: 2'],
  ['a label value that does not occur', 'trafficFactor: 2, match: { route: /c }'],
])('%s is warned of', (_what, effect) => {
  const outcome = readScenario({ name: 'scenario.yaml', text: `${incident}{ at: -1h, for: 5m, ${effect} }\n` });
  expect(outcome.ok).toBe(true);
  expect(outcome.diagnostics).toMatchObject([{ code: 'scenario/no-effect', severity: 'warning' }]);
});

test.each([
  ['1970-01-01T00:00:00Z', 0],
  ['2026-11-21T00:00Z', 1_795_219_200_000],
  ['2026-11-21T01:30:00.5+01:30', 1_795_219_200_500],
  ['2000-02-29T12:00:00Z', 951_825_600_000],
  ['2026-02-29T12:00:00Z', undefined],
  ['2026-13-01T12:00:00Z', undefined],
  ['2026-11-21', undefined],
])('the instant %s', (text, time) => {
  expect(parseInstant(text)).toBe(time);
});
