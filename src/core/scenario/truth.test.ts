import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, ratio, timestamp } from '../base/index.ts';
import { labelsPredicate, type Matcher, metricName, type Series } from '../series/index.ts';
import { plainSlo, type RatioIndicator, type Slo } from '../slo/index.ts';
import { anchorScenario, readScenario, type Scenario, scenarioSeries, trueErrorRatio, trueEvents } from './index.ts';
import { processOf } from './process.ts';

const now = timestamp(1_795_219_200_000);
const range = { from: timestamp(now - 2 * day), to: now, interval: duration(30_000) };

const scenario = read(`
apiVersion: nines-scenario/v1
service: shop
interval: 30s
replicas: 3
seed: 5
restartEvery: 7h
traffic: { peakToTrough: 10, noise: 30% }
metrics:
  shop_requests_total:
    type: counter
    rate: 20/m
    newborn: true
    labels: { route: { /cart: 80%, /pay: 20% } }
    outcomes: { good: { code: { 200: 90, 404: 10 } }, bad: { code: [500, 503] }, errorRatio: 0.5% }
  shop_seconds:
    type: histogram
    unit: seconds
    rate: 30/m
    newborn: true
    buckets: [0.1, 0.5, 1]
    latency: { median: 150ms, p99: 900ms }
incidents:
  - { at: -40h, for: 3h, down: true, replicas: 0 }
  - { at: -30h, for: 17m, unreachable: true, replicas: [0, 1] }
  - { at: -27h, restart: true }
  - { at: -20h, for: 2h, errorRatio: 30%, ramp: 30m }
  - { at: -10h, for: 1h, latencyFactor: 5 }
  - { at: -6h, for: 40m, down: true }
  - { at: -100m, for: 70m, trafficFactor: 0 }
`);
const history = scenarioSeries(scenario, range);

const requests: readonly Matcher[] = [];
const errors: readonly Matcher[] = [{ name: 'code', operator: '=~', value: '5..' }];
const success: readonly Matcher[] = [{ name: 'code', operator: '!~', value: '5..' }];
const pay: readonly Matcher[] = [{ name: 'route', operator: '=', value: '/pay' }];

describe('the truth of a ratio', () => {
  test.each<[string, 'good' | 'bad', readonly Matcher[], readonly Matcher[]]>([
    ['bad events', 'bad', errors, requests],
    ['good events', 'good', success, requests],
    ['one route', 'bad', [...errors, ...pay], pay],
  ])('by %s is what scrapes could see', (_what, counts, events, total) => {
    const slo = ratioSlo(counts, select('shop_requests_total', events), select('shop_requests_total', total));
    const found = trueEvents(scenario, slo, range);
    const seen = visible('shop_requests_total', events);
    const all = visible('shop_requests_total', total);
    expect(found.total).toBe(all);
    expect(counts === 'bad' ? found.bad : found.good).toBe(seen);
    expect(found.good + found.bad).toBe(found.total);
  });

  test('of counters added up counts each', () => {
    const both: RatioIndicator['events'] = {
      kind: 'binary',
      operator: '+',
      left: select('shop_requests_total', errors),
      right: { kind: 'paren', expr: select('shop_seconds_count', []), span },
      bool: false,
      span,
    };
    const slo = ratioSlo('bad', select('shop_requests_total', errors), both);
    expect(trueEvents(scenario, slo, range).total).toBe(
      visible('shop_requests_total', errors) + visible('shop_seconds_count', []),
    );
  });

  test('of a histogram as counters takes its buckets', () => {
    const fast = select('shop_seconds_bucket', [{ name: 'le', operator: '=~', value: '0.5' }]);
    const slo = ratioSlo('good', fast, select('shop_seconds_count', []));
    expect(trueEvents(scenario, slo, range).good).toBe(trueEvents(scenario, distribution(0.5), range).good);
  });

  test('is unknown where nothing happened', () => {
    const slo = ratioSlo('bad', select('shop_requests_total', errors), select('shop_requests_total', requests));
    const quiet = { from: timestamp(now - 80 * minute), to: timestamp(now - 40 * minute), interval: duration(30_000) };
    expect(trueErrorRatio(scenario, slo, { ...quiet })).toBeDefined();
    const anchored = { ...scenario, anchor: now };
    expect(trueErrorRatio(anchored, slo, quiet)).toBeUndefined();
  });

  test('adds up over parts of a stretch', () => {
    const anchored = { ...scenario, anchor: now };
    const slo = ratioSlo('bad', select('shop_requests_total', errors), select('shop_requests_total', requests));
    let bad = 0;
    for (let from: number = range.from; from < now; from += 2 * hour)
      bad += trueEvents(anchored, slo, {
        from: timestamp(from),
        to: timestamp(from + 2 * hour),
        interval: range.interval,
      }).bad;
    expect(bad).toBe(trueEvents(anchored, slo, range).bad);
  });

  test('lies near the rate that the incident says', () => {
    const anchored = { ...scenario, anchor: now };
    const slo = ratioSlo('bad', select('shop_requests_total', errors), select('shop_requests_total', requests));
    const during = { from: timestamp(now - 19.4 * hour), to: timestamp(now - 18 * hour) };
    expect(trueErrorRatio(anchored, slo, during)).toBeCloseTo(0.3, 1);
  });
});

test.each([0.1, 0.5, 1])('the truth of a distribution below %d s is what scrapes could see', (below) => {
  const found = trueEvents(scenario, distribution(below), range);
  const le = { name: 'le', operator: '=', value: below === 1 ? '1.0' : String(below) } as const;
  expect(found.total).toBe(visible('shop_seconds_count', []));
  expect(found.good).toBe(visible('shop_seconds_bucket', [le]));
});

/**
 * Adds up the steps of matching series; a first value, or the first of a new process, counts as it stands. A reader of history who
 * has to guess restarts from drops misses those that a rare event hides (1 before, 2 after).
 */
function visible(name: string, matchers: readonly Matcher[]): number {
  const matches = labelsPredicate([{ name: metricName, operator: '=', value: name }, ...matchers]);
  const earlier = scenarioSeries({ ...scenario, anchor: now }, { from: range.from, to: range.from });
  const first = new Map(earlier.map(({ labels, values }) => [labels.key, values[0]!]));
  return history
    .filter(({ labels }) => matches(labels))
    .reduce((sum, one) => sum + growth(one, first.get(one.labels.key)), 0);
}

function growth({ labels, timestamps, values }: Series, first: number | undefined): number {
  const replica = scenario.replicas.indexOf(labels.get('instance'));
  const { lives } = processOf(anchorScenario(scenario, now)).timeline.replicas[replica]!;
  const lifeOf = (time: number) => lives.findIndex(({ from, to }) => from <= time && time < to);
  let last = first ?? 0;
  let lastLife = lifeOf(range.from);
  let sum = 0;
  for (const [i, value] of values.entries()) {
    const time = timestamps[i]!;
    if (Number.isNaN(value) || time <= range.from) continue;
    sum += lifeOf(time) === lastLife ? value - last : value;
    last = value;
    lastLife = lifeOf(time);
  }
  return sum;
}

const span = { start: 0, end: 0 };

function select(name: string, matchers: readonly Matcher[]): RatioIndicator['events'] {
  return { kind: 'selector', name, matchers, span };
}

function ratioSlo(counts: 'good' | 'bad', events: RatioIndicator['events'], total: RatioIndicator['events']): Slo {
  return slo({ kind: 'ratio', counts, events, total });
}

function distribution(below: number): Slo {
  return slo({ kind: 'distribution', histogram: select('shop_seconds', []), below });
}

function slo(indicator: Slo['indicator']): Slo {
  return {
    ...plainSlo,
    name: 'x',
    title: 'x',
    indicator,
    target: { text: '99%', ratio: ratio(0.99), errorBudget: ratio(0.01) },
    period: { kind: 'rolling', length: duration(30 * day) },
    alerts: [],
    minimumBadEvents: 3,
    noData: 'unknown',
    absentFor: duration(5 * minute),
    labels: new Map(),
  };
}

function read(yaml: string): Scenario {
  const outcome = readScenario({ name: 'scenario.yaml', text: yaml });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value;
}
