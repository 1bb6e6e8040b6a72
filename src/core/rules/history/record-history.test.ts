import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, minute, type Timestamp, timestamp } from '../../base/index.ts';
import { notatedSeries, parseSeriesLine } from '../../promql/index.ts';
import { isStale, memorySource, type Series, type SeriesSource } from '../../series/index.ts';
import { evaluateGroup, newGroupState } from '../evaluate/group.ts';
import { prepareGroup } from '../evaluate/prepare.ts';
import { joinedSource, Recorder } from '../evaluate/recorder.ts';
import type { RuleFile } from '../model.ts';
import { readRuleFile } from '../read-rule-file.ts';
import { recordHistory } from './record-history.ts';

function fileOf(rules: readonly string[], head = ''): RuleFile {
  const text = `groups:\n  - name: g${head}\n    rules:${rules.map((rule) => `\n      - ${rule}`).join('')}\n`;
  const outcome = readRuleFile({ name: 'rules.yml', text });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value;
}

function seriesOf(lines: readonly string[]): readonly Series[] {
  return lines.map((line) => {
    const parsed = parseSeriesLine(line);
    if (!parsed.ok) throw new Error(line);
    return notatedSeries(parsed.value.labels, parsed.value.samples, timestamp(0), duration(30_000));
  });
}

function show(series: readonly Series[]): readonly string[] {
  return series
    .map((one) => {
      const samples = [...one.timestamps].map(
        (time, i) => `${time / 1000}:${isStale(one, i) ? 'stale' : one.values[i]}`,
      );
      return `${one.labels} ${samples.join(' ')}`;
    })
    .sort();
}

/** What the server does: one tick after the other, each seeing only samples up to it. */
async function tickByTick(
  file: RuleFile,
  source: SeriesSource,
  to: Timestamp,
): Promise<{ readonly series: readonly string[]; readonly failures: readonly string[] }> {
  const recorder = new Recorder();
  const failures: string[] = [];
  const groups = file.groups.map((group) => prepareGroup(group, minute));
  const states = groups.map((group) => newGroupState(group, { restored: true }));
  for (let time = 0; time <= to; time += minute) {
    const now = timestamp(time);
    const past: SeriesSource = {
      async select(selections) {
        const found = await source.select(selections);
        return found.map((list) => list.map((series) => until(series, now)));
      },
    };
    for (const [index, group] of groups.entries()) {
      const write = (samples: Parameters<Recorder['append']>[0][]): string | undefined => {
        let failure: string | undefined;
        for (const sample of samples) {
          if (recorder.append(sample) === 'conflicting' && !sample.stale) failure = 'duplicate sample for timestamp';
        }
        return failure;
      };
      const options = { write: (samples: readonly Parameters<Recorder['append']>[0][]) => write([...samples]) };
      const { state } = await evaluateGroup(group, states[index]!, now, joinedSource(recorder, past), options);
      states[index] = state;
      for (const { lastError } of state.rules) if (lastError !== '') failures.push(`${time / minute}: ${lastError}`);
    }
  }
  return { series: show(recorder.series()), failures };
}

function until(series: Series, now: Timestamp): Series {
  const keep = series.timestamps.filter((time) => time <= now).length;
  const { labels, timestamps, values, staleMarkers } = series;
  return {
    labels,
    timestamps: timestamps.subarray(0, keep),
    values: values.subarray(0, keep),
    ...(staleMarkers === undefined ? {} : { staleMarkers: staleMarkers.filter((index) => index < keep) }),
  };
}

const pool: readonly string[] = [
  `{ record: 'a:rate', expr: 'rate(a[2m])' }`,
  `{ record: 'a:sum', expr: 'sum(a:rate)', labels: { kind: total } }`,
  `{ record: 'a:high', expr: 'a > 5' }`,
  `{ record: 'a:long', expr: 'avg_over_time(a:high[5m])' }`,
  `{ record: 'a:same', expr: 'a', labels: { x: same } }`,
  `{ record: 'a:ratio', expr: 'a / on () b' }`,
  `{ record: 'self', expr: 'count_over_time(self[10m]) or vector(0)' }`,
  `{ record: 'early', expr: 'a:sum offset 1m' }`,
  `{ record: 'ahead', expr: 'a offset -1m' }`,
  `{ record: 'pinned', expr: 'a @ 120' }`,
  `{ record: 'firing', expr: 'count by (alertname) (ALERTS{alertstate="firing"})' }`,
  `{ alert: High, expr: 'a > 5', for: 1m, labels: { v: '{{ $value }}' } }`,
  `{ alert: Held, expr: 'a > 5', for: 2m, keep_firing_for: 2m, labels: { x: 'is {{ $labels.x }}' } }`,
  `{ alert: Same, expr: 'a > 7', labels: { x: same } }`,
  `{ alert: Meta, expr: 'count(ALERTS{alertname="High"}) > 0' }`,
  `{ alert: Chained, expr: 'ALERTS{alertname="Chained2"} or a > 8' }`,
  `{ alert: Chained2, expr: 'ALERTS{alertname="Chained"} unless b' }`,
  `{ alert: Asked, expr: 'a > 6', labels: { top: '{{ with query "max(a)" }}{{ . | first | value }}{{ end }}' } }`,
];

test('the history of rules is what evaluating them tick by tick gives', async () => {
  const value = fc.oneof(fc.nat(9).map(String), fc.constantFrom('_', 'stale'));
  const line = fc.array(value, { minLength: 1, maxLength: 25 }).map((values) => values.join(' '));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.constantFrom(...pool), { minLength: 1, maxLength: 7 }),
      fc.tuple(line, line, line),
      fc.constantFrom('', '\n    query_offset: 30s', '\n    limit: 1'),
      async (rules, [first, second, third], head) => {
        const source = memorySource(seriesOf([`a{x="1"} ${first}`, `a{x="2"} ${second}`, `b ${third}`]));
        const to = timestamp(12 * minute);
        const file = fileOf(rules, head);
        const history = await recordHistory(file, source, { from: timestamp(0), to, interval: minute });
        const wanted = await tickByTick(file, source, to);
        expect(show(history.series)).toEqual(wanted.series);
        expect(history.failures.map(({ time, message }) => `${time / minute}: ${message}`)).toEqual(wanted.failures);
      },
    ),
    { numRuns: 150 },
  );
});

test('a rule in an earlier group that reads a later one sees the tick before', async () => {
  const file: RuleFile = {
    groups: [
      ...fileOf([`{ record: reader, expr: writer }`]).groups,
      ...fileOf([`{ record: writer, expr: 'a' }`]).groups.map((group) => ({ ...group, name: 'later' })),
    ],
  };
  const source = memorySource(seriesOf(['a 1 1 2 2 3 3']));
  const { series } = await recordHistory(file, source, {
    from: timestamp(0),
    to: timestamp(2 * minute),
    interval: minute,
  });
  expect(show(series)).toEqual(['reader 60:1 120:2', 'writer 0:1 60:2 120:3']);
});

describe('alerts over time', () => {
  test('are told with the instants of their lives', async () => {
    const file = fileOf([`{ alert: A, expr: 'a > 5', for: 1m, keep_firing_for: 2m }`]);
    const source = memorySource(seriesOf([`a{x="1"} ${'9 9 '.repeat(3)}${'1 1 '.repeat(4)}${'9 9 '.repeat(4)}`]));
    const to = timestamp(9 * minute);
    const { alerts, series } = await recordHistory(file, source, {
      from: timestamp(0),
      to,
      interval: minute,
      alertSeries: false,
    });
    expect(series).toEqual([]);
    expect(alerts[0]?.episodes.map(({ labels, ...times }) => times)).toEqual([
      { activeAt: 0, firedAt: minute, keepFiringSince: 3 * minute, endedAt: 5 * minute },
      { activeAt: 7 * minute, firedAt: 8 * minute },
    ]);
  });
});

test('each group ticks at its own interval', async () => {
  const file = fileOf([`{ record: y, expr: a }`], '\n    interval: 90s');
  const source = memorySource(seriesOf(['a 0+1x20']));
  const { series } = await recordHistory(file, source, {
    from: timestamp(60_000),
    to: timestamp(360_000),
    interval: minute,
  });
  expect(show(series)).toEqual(['y 60:2 150:5 240:8 330:11']);
});

test('a month at a minute takes well under a second', async () => {
  const file = fileOf([
    `{ record: 'r5m', expr: 'sum(rate(a[5m]))' }`,
    `{ record: 'r3d', expr: 'sum(rate(a[3d]))' }`,
    `{ alert: A, expr: 'r5m > 100 and r3d > 1', for: 2m }`,
  ]);
  const steps = 30 * 24 * 60;
  const timestamps = Float64Array.from({ length: steps }, (_, i) => i * minute);
  const source = memorySource([
    { labels: seriesOf(['a 1'])[0]!.labels, timestamps, values: Float64Array.from(timestamps, (_, i) => i * 7) },
  ]);
  const { series } = await recordHistory(file, source, {
    from: timestamp(0),
    to: timestamp((steps - 1) * minute),
    interval: minute,
  });
  expect(series.map(({ timestamps: { length } }) => length)).toEqual([steps - 1, steps - 1]);
}, 5000);
