import { describe, expect, test } from 'vitest';
import { Cancelled, duration, timestamp } from '../../base/index.ts';
import { Labels, memorySource, type Series, type SeriesSource } from '../../series/index.ts';
import { parseSeriesLine } from '../notation/series-line.ts';
import { notatedSeries } from '../notation/stored.ts';
import type { EngineOptions, QueryTime } from '../plan/options.ts';
import { parseExpr } from '../syntax/parse.ts';
import type { Expr } from '../syntax/tree.ts';
import { QueryRefused, queryBackend } from './backend.ts';
import type { QueryOutcome } from './result.ts';
import { runQuery } from './run.ts';

const minute = 60_000;

/** Series in the notation of test files, a sample a minute from the epoch on. */
function load(...lines: readonly string[]): SeriesSource {
  return memorySource(lines.map(readSeries));
}

function readSeries(line: string): Series {
  const parsed = parseSeriesLine(line);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0]?.message);
  return notatedSeries(parsed.value.labels, parsed.value.samples, timestamp(0), duration(minute));
}

function parse(text: string): Expr {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return parsed.value;
}

function instant(minutes: number): QueryTime {
  const time = timestamp(minutes * minute);
  return { start: time, end: time, step: duration(0) };
}

function range(from: number, to: number, step: number): QueryTime {
  return { start: timestamp(from * minute), end: timestamp(to * minute), step: duration(step * minute) };
}

async function ask(
  source: SeriesSource,
  text: string,
  time: QueryTime,
  options: Partial<EngineOptions> = {},
): Promise<QueryOutcome> {
  return runQuery(source, parse(text), time, options);
}

/** The answer as lines: labels, then the values. */
function show(outcome: QueryOutcome): readonly string[] {
  if (!outcome.ok) return [`${outcome.error.kind}: ${outcome.error.message}`];
  const { value } = outcome;
  switch (value.kind) {
    case 'scalar':
    case 'string':
      return [String(value.value)];
    case 'vector':
      return value.samples.map(({ labels, value: one }) => `${labels} ${one}`);
    case 'matrix':
      return value.series.map(
        ({ labels, timestamps, values }) =>
          `${labels} ${[...values].map((one, i) => `${one}@${(timestamps[i] ?? 0) / minute}`).join(' ')}`,
      );
  }
}

describe('names', () => {
  const source = load('a_total{x="1"} 1+1x9', 'b_total{x="1"} 2+2x9');

  test.each([
    ['a_total + 1', ['{x="1"} 5']],
    ['a_total > 1', ['a_total{x="1"} 4']],
    ['a_total > bool 1', ['{x="1"} 1']],
    ['-a_total', ['{x="1"} -4']],
    ['abs(a_total)', ['{x="1"} 4']],
    ['last_over_time(a_total[5m])', ['a_total{x="1"} 4']],
    ['sum by (__name__) ({x="1"})', ['a_total 4', 'b_total 8']],
    ['a_total + on (x) b_total', ['{x="1"} 12']],
    ['{x="1"} * 2', ['execution: vector cannot contain metrics with the same labelset']],
    ['rate({x="1"}[5m])', ['execution: vector cannot contain metrics with the same labelset']],
  ])('%s at once', async (text, expected) => {
    expect(show(await ask(source, text, instant(3)))).toEqual(expected);
  });

  test('may be dropped at the very end instead', async () => {
    const options = { delayedNameRemoval: true };
    expect(show(await ask(source, 'sum by (__name__) ({x="1"} * 2)', instant(3), options))).toEqual([
      'execution: vector cannot contain metrics with the same labelset',
    ]);
    expect(
      show(await ask(source, 'label_replace({x="1"} * 2, "y", "$1", "__name__", "(.)_total")', instant(3), options)),
    ).toEqual(['{x="1", y="a"} 8', '{x="1", y="b"} 16']);
  });
});

describe('time', () => {
  const source = load('up{job="api"} 0+1x60');

  test.each([
    ['up', range(0, 2, 1), ['up{job="api"} 0@0 1@1 2@2']],
    ['up offset 1m', range(0, 2, 1), ['up{job="api"} 0@1 1@2']],
    ['up @ 60', range(0, 2, 1), ['up{job="api"} 1@0 1@1 1@2']],
    ['up @ end()', range(3, 5, 1), ['up{job="api"} 5@3 5@4 5@5']],
    ['sum_over_time(up[3m])', range(2, 4, 2), ['{job="api"} 3@2 9@4']],
    ['sum_over_time(up[4m:2m])', range(4, 5, 1), ['{job="api"} 6@4 6@5']],
    ['timestamp(up @ 90)', range(2, 3, 1), ['{job="api"} 60@2 60@3']],
    ['time()', range(0, 1, 1), ['{} 0@0 60@1']],
    ['step() + range()', range(0, 10, 5), ['{} 900@0 900@5 900@10']],
    ['up', range(64, 66, 1), ['up{job="api"} 60@64']],
  ])('%s', async (text, time, expected) => {
    expect(show(await ask(source, text, time))).toEqual(expected);
  });

  test('every step of a range query answers as an instant query at that time', async () => {
    const data = load(
      'm_total{i="a"} 0+7x20 3+7x20',
      'm_total{i="b"} _x5 1+3x9 stale _x3 5+2x30',
      'g 5 1 NaN 7 -3+2x30',
    );
    const texts = [
      'sum(rate(m_total[7m])) / count(m_total)',
      'max_over_time(g[11m]) - min_over_time(g[3m])',
      'avg_over_time(rate(m_total[5m])[13m:2m])',
      'topk(1, m_total) or g',
      'm_total and on () (g > 3)',
      'quantile_over_time(0.3, g[20m])',
      'stddev_over_time(g[9m] offset 2m)',
      'absent(m_total{i="b"})',
      'predict_linear(g[10m], 60)',
    ];
    for (const text of texts) {
      const whole = await ask(data, text, range(0, 45, 3));
      if (!whole.ok || whole.value.kind !== 'matrix') throw new Error(text);
      for (let minutes = 0; minutes <= 45; minutes += 3) {
        const single = await ask(data, text, instant(minutes));
        const atStep = whole.value.series.flatMap(({ labels, timestamps, values }) => {
          const index = timestamps.indexOf(minutes * minute);
          return index === -1 ? [] : [`${labels} ${values[index]?.toPrecision(12)}`];
        });
        if (!single.ok || single.value.kind !== 'vector') throw new Error(text);
        const points = single.value.samples.map(({ labels, value }) => `${labels} ${value.toPrecision(12)}`);
        expect([...points].sort(), `${text} at ${minutes}`).toEqual([...atStep].sort());
      }
    }
  });
});

describe('matching', () => {
  const source = load(
    'a{x="1", y="p"} 1',
    'a{x="1", y="q"} 2',
    'a{x="2", y="p"} 3',
    'b{x="1"} 10',
    'b{x="2"} 20',
    'c{x="1", z="k"} 5',
  );

  test.each([
    ['a * on (x) group_left b', ['{x="1", y="p"} 10', '{x="1", y="q"} 20', '{x="2", y="p"} 60']],
    ['b * on (x) group_right a', ['{x="1", y="p"} 10', '{x="1", y="q"} 20', '{x="2", y="p"} 60']],
    ['a * on (x) group_left (z) c', ['{x="1", y="p", z="k"} 5', '{x="1", y="q", z="k"} 10']],
    [
      'a * on (x) b',
      ['execution: multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)'],
    ],
    [
      'b * on (x) a',
      [
        'execution: found duplicate series for the match group {x="1"} on the right hand-side of the operation: [{__name__="a", x="1", y="p"}, {__name__="a", x="1", y="q"}];many-to-many matching not allowed: matching labels must be unique on one side',
      ],
    ],
    ['a and on (x) c', ['a{x="1", y="p"} 1', 'a{x="1", y="q"} 2']],
    ['a unless on (x) c', ['a{x="2", y="p"} 3']],
    ['b + on (x) fill_right (100) c', ['{x="1"} 15', '{x="2"} 120']],
  ])('%s', async (text, expected) => {
    expect(show(await ask(source, text, instant(0)))).toEqual(expected);
  });
});

describe('limits', () => {
  const source = load('up{i="1"} 1x100', 'up{i="2"} 1x100');

  test.each([
    ['up', range(0, 100, 1), { maxSamples: 150 }],
    ['sum_over_time(up[90m])', instant(95), { maxSamples: 80 }],
    ['up', instant(1), { maxSeries: 1 }],
    ['up', range(0, 100, 1), { maxSteps: 100 }],
    ['sum_over_time(up[100m:1s])', instant(100), { maxSteps: 1000 }],
    ['rate(up[5m])', range(0, 100, 1), { maxMemory: 2000 }],
    ['count_values("v", up * time())', range(0, 100, 1), { maxMemory: 10_000 }],
  ])('%s is refused, and the message says how to raise the limit', async (text, time, options) => {
    const outcome = await ask(source, text, time, options);
    expect(outcome).toMatchObject({ ok: false, error: { kind: 'limit' } });
    expect(show(outcome)[0]).toContain(Object.keys(options)[0]);
  });

  test('deep expressions are refused, not overflowed', async () => {
    let expr: Expr = parse('up');
    for (let depth = 0; depth < 1400; depth += 1) expr = { kind: 'unary', operator: '-', expr, span: expr.span };
    expect(await runQuery(source, expr, instant(1))).toMatchObject({ ok: true });
    for (let depth = 0; depth < 100_000; depth += 1) expr = { kind: 'unary', operator: '-', expr, span: expr.span };
    expect(await runQuery(source, expr, instant(1))).toMatchObject({ ok: false, error: { kind: 'limit' } });
  });

  test('a label value cannot grow without bound', async () => {
    const doubled = Array.from({ length: 25 }).reduce<string>(
      (text) => `label_replace(${text}, "i", "$1$1", "i", "(.*)")`,
      'up',
    );
    expect(await ask(source, doubled, instant(1))).toMatchObject({ ok: false, error: { kind: 'limit' } });
  });

  test('a signal that has aborted stops the query', async () => {
    const control = { signal: AbortSignal.abort() };
    expect(await runQuery(source, parse('sum(up)'), instant(1), {}, control)).toMatchObject({
      ok: false,
      error: { kind: 'cancelled' },
    });
  });

  test('a checkpoint that throws Cancelled stops the query', async () => {
    const checkpoint = (): never => {
      throw new Cancelled('the client went away');
    };
    expect(await runQuery(source, parse('sum(up)'), instant(1), {}, { checkpoint })).toEqual({
      ok: false,
      error: { kind: 'cancelled', message: 'the client went away' },
    });
  });
});

describe('remarks', () => {
  test('say what and where, once', async () => {
    const outcome = await ask(load('gauge 1+1x9'), 'sum(rate(gauge[5m])) + sum(rate(gauge[2m]))', range(5, 9, 1));
    expect(outcome).toMatchObject({
      ok: true,
      annotations: [
        { level: 'info', span: { start: 9, end: 18 } },
        { level: 'info', span: { start: 32, end: 41 } },
      ],
    });
  });

  test('count all steps at which a classic histogram was not monotonic', async () => {
    const source = load('h_bucket{le="1"} 5x9', 'h_bucket{le="2"} 3x9', 'h_bucket{le="+Inf"} 9x9');
    const outcome = await ask(source, 'histogram_quantile(0.5, h_bucket)', range(0, 3, 1), {
      delayedNameRemoval: true,
    });
    if (!outcome.ok) throw new Error(outcome.error.message);
    expect(outcome.annotations.map(({ message }) => message)).toEqual([
      'input to histogram_quantile needed to be fixed for monotonicity (see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile) for metric name "h_bucket", from buckets 2 to 2, with a max diff of 2, over 4 samples from 1970-01-01T00:00:00Z to 1970-01-01T00:03:00Z',
    ]);
  });
});

describe('our engine as a query backend', () => {
  const backend = queryBackend(load('up{i="1"} 1 2 3'));

  test('answers instant and range queries', async () => {
    expect(await backend.query('up', timestamp(minute))).toEqual([
      { labels: Labels.of({ __name__: 'up', i: '1' }), value: 2 },
    ]);
    expect(await backend.query('1 + 1', timestamp(minute))).toEqual([{ labels: Labels.empty, value: 2 }]);
    const [series] = await backend.queryRange('up * 2', timestamp(0), timestamp(2 * minute), minute);
    expect([...(series?.values ?? [])]).toEqual([2, 4, 6]);
  });

  test('refuses what does not parse or has no such answer', async () => {
    await expect(backend.query('up{', timestamp(0))).rejects.toThrow(QueryRefused);
    await expect(backend.query('up[5m]', timestamp(0))).rejects.toThrow('matrix');
    await expect(backend.queryRange('up[5m]', timestamp(0), timestamp(minute), minute)).rejects.toThrow('range query');
  });
});

test('info() asks the source only for the info series of the series at hand', async () => {
  const source = load(
    'up{instance="a.b:1", job="x"} 1',
    'target_info{instance="a.b:1", job="x", version="7"} 1',
    'target_info{instance="c", job="y", version="8"} 1',
  );
  const asked: string[] = [];
  const watched: SeriesSource = {
    select(selections, signal) {
      for (const { matchers } of selections)
        asked.push(matchers.map(({ name, operator, value }) => `${name}${operator}${value}`).join(' '));
      return source.select(selections, signal);
    },
  };
  expect(show(await ask(watched, 'info(up)', instant(0)))).toEqual(['up{instance="a.b:1", job="x", version="7"} 1']);
  expect(asked).toEqual(['__name__=up', '__name__=target_info instance=~a\\.b:1 job=~x']);
});
