import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, type Timestamp, timestamp } from '../../base/index.ts';
import { type Expr, parseExpr, queryBackend } from '../../promql/index.ts';
import { Labels, memorySource, type Series } from '../../series/index.ts';
import {
  calendarPeriod,
  type Indicator,
  type Metric,
  type Period,
  plainService,
  plainSlo,
  readTarget,
  type Service,
  workbookTiers,
} from '../../slo/index.ts';
import { type Diagnosis, defaultMostSamples, examinerOf } from './examine.ts';
import type { DoctorBackend } from './gather.ts';

const end = timestamp(Date.UTC(2026, 10, 20, 12));
const start = timestamp(end - 3 * hour);

describe('an indicator that counts no events', () => {
  const condition = (text: string): Indicator => ({
    kind: 'condition',
    condition: { kind: 'comparison', value: expr(text), operator: '<', bound: 50 },
  });
  test.each<readonly [string, Indicator, readonly string[]]>([
    ['with samples', condition('queue_depth'), []],
    ['without any', condition('queue_deepness'), ['doctor/no-data']],
    ['with a gap', condition('lake_depth'), ['doctor/gaps']],
    ['in absent, which is there', condition('absent(queue_depth)'), ['doctor/absent']],
    [
      'of another service, whose rules are loaded',
      { kind: 'composite', combine: 'worst', members: [{ service: 'bank', slo: 'payments', weight: 1 }] },
      [],
    ],
    [
      'of another service with another period',
      { kind: 'composite', combine: 'worst', members: [{ service: 'bank', slo: 'transfers', weight: 1 }] },
      ['doctor/member-period'],
    ],
    [
      'of another service, whose rules are not loaded',
      { kind: 'composite', combine: 'pooled', members: [{ service: 'bank', slo: 'loans', weight: 1 }] },
      ['doctor/member-data'],
    ],
  ])('%s', async (_, indicator, codes) => {
    const [diagnosis] = await examine(indicator, {});
    expect(diagnosis?.diagnostics.map(({ code }) => code)).toEqual(codes);
    expect(diagnosis?.figures).toBeUndefined();
  });
});

describe('an expensive objective', () => {
  const ratio: Indicator = {
    kind: 'ratio',
    counts: 'bad',
    events: expr('http_total{code="500"}'),
    total: expr('http_total'),
  };

  test('is looked at for as long as may be read', async () => {
    const samplesOf = async (): Promise<number> => defaultMostSamples / 10;
    const [diagnosis] = await examine(ratio, { samplesOf });
    expect(diagnosis?.range).toBe(hour);
  });

  test('is told, with what its rules touch', async () => {
    const [cheap] = await examine(ratio, {});
    expect(cheap?.diagnostics.find(({ code }) => code === 'doctor/cost')).toMatchObject({ severity: 'info' });
    const [dear] = await examine(ratio, {}, { fold: 12_000 });
    expect(dear?.diagnostics.find(({ code }) => code === 'doctor/cost')).toMatchObject({ severity: 'warning' });
    expect(dear?.cost?.generated).toBeGreaterThan(100_000);
  });

  test('a month of the calendar is summed of steps, not of evaluations', async () => {
    const [rolling] = await examine(ratio, {});
    const [both] = await examine(ratio, {}, { furtherPeriods: [calendarPeriod('month', 'UTC')] });
    const more = (both?.cost?.generated ?? 0) - (rolling?.cost?.generated ?? 0);
    expect(more).toBeGreaterThan(1000);
    // Three sums over 31 days of steps of five minutes, at every fifth evaluation.
    expect(more).toBeLessThan(1.5 * ((3 * 31 * day) / (5 * minute) / 5));
  });

  test('a server that counts samples is believed', async () => {
    const [counted] = await examine(ratio, {});
    // Two series and one of them again, sixty samples an hour.
    expect(counted?.cost?.raw).toBe(Math.round(180 * (1 / 12 + 0.5 + 1 + 2 + 6 + 24 + 72 + 720)));
    const [told] = await examine(ratio, { samplesOf: async () => 1000 });
    expect(told?.cost?.raw).toBe(Math.round(2000 * (1 / 12 + 0.5 + 1 + 2 + 6 + 24 + 72 + 720)));
  });
});

test('a metric under its former name is there', async () => {
  const ratio: Indicator = {
    kind: 'ratio',
    counts: 'bad',
    events: expr('web_total{code="500"}'),
    total: expr('web_total'),
  };
  const codes = async (aliases: readonly string[]): Promise<readonly string[]> => {
    const metric: Metric = { name: 'web_total', type: 'counter', labels: new Map(), buckets: [], aliases };
    const [diagnosis] = await examine(ratio, {}, { metrics: new Map([['web_total', metric]]) });
    return (diagnosis?.diagnostics ?? []).flatMap(({ code, severity }) => (severity === 'info' ? [] : [code]));
  };
  expect(await codes(['http_total'])).toEqual([]);
  expect(await codes([])).toEqual(['doctor/no-data']);
});

test('what waits for data is told when it is there', async () => {
  const waiting = async (name: string): Promise<readonly unknown[]> => {
    const metric: Metric = { name, type: 'counter', labels: new Map(), buckets: [], pendingOn: 'release 2' };
    const ratio: Indicator = { kind: 'ratio', counts: 'bad', events: expr(`${name}{code="500"}`), total: expr(name) };
    const [diagnosis] = await examine(ratio, {}, { metrics: new Map([[name, metric]]) });
    return (diagnosis?.diagnostics ?? []).map(({ code, severity }) => [code, severity]);
  };
  expect(await waiting('coming_total')).toEqual([['doctor/no-data', 'info']]);
  expect(await waiting('http_total')).toEqual([['doctor/no-data', 'warning']]);
});

interface World {
  /** How many series stand for one. */
  readonly fold?: number;
  readonly metrics?: Service['metrics'];
  /** Periods beside the one of thirty days. */
  readonly furtherPeriods?: readonly Period[];
}

async function examine(
  indicator: Indicator,
  more: Partial<DoctorBackend>,
  { fold = 1, metrics = new Map(), furtherPeriods = [] }: World = {},
): Promise<readonly Diagnosis[]> {
  const world = [
    counter({ __name__: 'http_total', code: '200' }, 6000),
    counter({ __name__: 'http_total', code: '500' }, 1),
    counter({ __name__: 'up', job: 'shop', instance: 'a' }, 0),
    counter({ __name__: 'queue_depth' }, 0),
    counter({ __name__: 'slo_info', service: 'bank', slo: 'payments', period: '7d' }, 0),
    counter({ __name__: 'slo:period:seconds', service: 'bank', slo: 'payments' }, 0),
    counter({ __name__: 'slo:period:seconds', service: 'bank', slo: 'payments', period: '30d' }, 0),
    counter({ __name__: 'slo_info', service: 'bank', slo: 'transfers', period: '7d' }, 0),
    counter({ __name__: 'lake_depth' }, 0, start + hour, start + 2 * hour),
  ];
  const own = queryBackend(memorySource(world));
  const backend: DoctorBackend = {
    ...own,
    queryRange: async (text, ...rest) => {
      const series = await own.queryRange(text, ...rest);
      return series.map((one) => ({ ...one, values: one.values.map((value) => value * fold) }));
    },
    ...more,
  };
  const options = { from: start, to: end, mostSamples: defaultMostSamples };
  const service = serviceWith(indicator);
  const slosOf = service.slos.map((slo) => ({ ...slo, furtherPeriods }));
  const { slos, examine: look } = examinerOf(backend, { ...service, slos: slosOf, metrics }, options);
  return Promise.all(slos.map(look));
}

function counter(labels: Readonly<Record<string, string>>, perMinute: number, gapFrom = 0, gapTo = 0): Series {
  const times: Timestamp[] = [];
  for (let time = start + minute / 2; time <= end; time += minute)
    if (time < gapFrom || gapTo <= time) times.push(timestamp(time));
  const values = times.map((time) => ((time - start) / minute) * perMinute);
  return { labels: Labels.of(labels), timestamps: Float64Array.from(times), values: Float64Array.from(values) };
}

function serviceWith(indicator: Indicator): Service {
  const read = readTarget('99.9%');
  if (!read.ok) throw new Error('no target');
  const period = { kind: 'rolling', length: duration(30 * day) } as const;
  const slo = {
    ...plainSlo,
    name: 'main',
    title: 'Main',
    indicator,
    target: read.value,
    period,
    alerts: workbookTiers(period, read.value),
    minimumBadEvents: 3,
    noData: 'unknown',
    absentFor: duration(5 * minute),
    labels: new Map<string, string>(),
  } as const;
  return { ...plainService, name: 'shop', title: 'Shop', owner: 't', job: 'shop', metrics: new Map(), slos: [slo] };
}

function expr(text: string): Expr {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}
