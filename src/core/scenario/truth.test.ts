import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, ratio, timestamp } from '../base/index.ts';
import { labelsPredicate, type Matcher, metricName, type Series } from '../series/index.ts';
import { type Condition, plainSlo, type RatioIndicator, type Slo } from '../slo/index.ts';
import { anchorScenario, readScenario, type Scenario, scenarioSeries, trueErrorRatio, trueEvents } from './index.ts';
import { processOf } from './process.ts';

const span = { start: 0, end: 0 };
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

/** Slices of a minute over the same two days, whose incidents say how many of them are bad. */
describe('the truth of a condition', () => {
  const watched = read(`
apiVersion: nines-scenario/v1
service: shop
interval: 30s
replicas: 2
metrics:
  depth: { type: gauge, value: 10 }
  capacity: { type: gauge, value: 100 }
  beats_total: { type: counter, rate: 2/m, arrivals: clockwork }
  requests_total: { type: counter, rate: 10/s }
incidents:
  - { at: -40h, for: 30m, metrics: depth, replicas: 0, gaugeValue: 90 }
  - { at: -20h, for: 20m, down: true }
  - { at: -10h, for: 50m, metrics: beats_total, trafficFactor: 0 }
  - { at: -5h, for: 40m, metrics: requests_total, trafficFactor: 3 }
  - { at: -2h, for: 15m, unreachable: true }
`);
  const depth = select('depth', []);
  const below = (value: RatioIndicator['events'], bound: number): Condition => ({
    kind: 'comparison',
    value,
    operator: '<',
    bound,
  });
  const rate: RatioIndicator['events'] = {
    kind: 'aggregation',
    operator: 'sum',
    grouping: { without: false, labels: [] },
    expr: {
      kind: 'call',
      function: 'rate',
      args: [
        {
          kind: 'matrix',
          selector: { kind: 'selector', name: 'requests_total', matchers: [], span },
          range: { kind: 'literal', seconds: 300, asDuration: true, span },
          span,
        },
      ],
      span,
    },
    span,
  };
  const share: RatioIndicator['events'] = {
    kind: 'binary',
    operator: '/',
    left: depth,
    right: select('capacity', []),
    bool: false,
    span,
  };
  const zero: RatioIndicator['events'] = { kind: 'number', value: 0, asDuration: false, span };
  const or = (left: RatioIndicator['events']): RatioIndicator['events'] => ({
    kind: 'binary',
    operator: 'or',
    left,
    right: { kind: 'call', function: 'vector', args: [zero], span },
    bool: false,
    span,
  });
  const total: RatioIndicator['events'] = { ...rate, expr: depth };
  const beats: Condition = { kind: 'progress', counter: select('beats_total', []), within: duration(5 * minute) };
  const all = 2 * 24 * 60;

  test.each<[string, Condition, Slo['noData'], number, number]>([
    // 35 minutes without scrapes: 20 of no process and 15 of a process out of reach.
    ['a gauge of one replica beyond its bound', below(depth, 50), 'unknown', 30, all - 35],
    ['where no data is bad', below(depth, 50), 'bad', 65, all],
    ['where no data is good', below(depth, 50), 'good', 30, all],
    ['a ratio of gauges', below(share, 0.5), 'unknown', 30, all - 35],
    ['a sum, or zero where there is nothing', below(or(total), 50), 'unknown', 30, all],
    [
      'zero where there is nothing, divided by nothing',
      below({ ...share, left: or(total), right: total }, 2),
      'unknown',
      0,
      all - 35,
    ],
    ['all of two', { kind: 'all', of: [below(depth, 50), below(depth, 5)] }, 'unknown', all - 35, all - 35],
    ['any of two', { kind: 'any', of: [below(depth, 50), below(depth, 500)] }, 'unknown', 0, all - 35],
  ])('%s', (_, condition, noData, bad, total) => {
    expect(slicesOf(condition, noData)).toMatchObject({ bad, total });
  });

  test('a rate that is too high is so for as long as the incident, but for the length of its range', () => {
    const { bad } = slicesOf(below(rate, 20), 'unknown');
    expect(bad).toBeGreaterThanOrEqual(36);
    expect(bad).toBeLessThanOrEqual(44);
  });

  test('a counter that stands still, is gone or cannot be seen makes no progress once its time is over', () => {
    const { bad, total } = slicesOf(beats, 'bad');
    expect(total).toBe(all);
    // The time is over 45, 15 and 10 minutes before the next beat; that comes within a minute, and may share its slice.
    expect(bad).toBeGreaterThanOrEqual(45 + 15 + 10);
    expect(bad).toBeLessThanOrEqual(47 + 17 + 12);
  });

  test('an invariant is broken for its range from each increase on, and unknown while nobody answers', () => {
    const never: Condition = { kind: 'invariant', counter: select('beats_total', []), within: minute };
    const { bad, total } = slicesOf(never, 'unknown');
    // Fifty minutes without an increase, and after the restart the time up to the first.
    expect(total - bad).toBeGreaterThanOrEqual(47);
    expect(total - bad).toBeLessThanOrEqual(53);
  });

  test.each<[string, Condition]>([
    ['a counter by itself', below(select('beats_total', []), 5)],
    ['what it has no word for', below({ kind: 'call', function: 'time', args: [], span }, 5)],
  ])('%s is refused', (_, condition) => {
    expect(() => slicesOf(condition, 'unknown')).toThrow(RangeError);
  });

  function slicesOf(condition: Condition, noData: Slo['noData']): { readonly bad: number; readonly total: number } {
    const judged = { ...slo({ kind: 'condition', condition }), measure: { kind: 'slices', length: minute } as const };
    return trueEvents(watched, { ...judged, noData }, range);
  }
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
