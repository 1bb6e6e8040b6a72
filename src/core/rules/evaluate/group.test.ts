import { describe, expect, test } from 'vitest';
import { minute, type Timestamp, timestamp } from '../../base/index.ts';
import { notatedSeries, parseSeriesLine } from '../../promql/index.ts';
import { Labels, memorySource, type Series, type SeriesSource } from '../../series/index.ts';
import { readRuleFile } from '../read-rule-file.ts';
import { carryState, evaluateGroup, type GroupOptions, newGroupState, restoreGroup } from './group.ts';
import { type PreparedGroup, prepareGroup } from './prepare.ts';
import { joinedSource, type RecordedSample, Recorder } from './recorder.ts';

function groupOf(yaml: string): PreparedGroup {
  const outcome = readRuleFile({ name: 'rules.yml', text: `groups:\n- ${yaml.trim().replaceAll('\n', '\n  ')}\n` });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  const [group] = outcome.value.groups;
  if (group === undefined) throw new Error('there is a group');
  return prepareGroup(group, minute);
}

function seriesOf(...lines: readonly string[]): readonly Series[] {
  return lines.map((line) => {
    const parsed = parseSeriesLine(line);
    if (!parsed.ok) throw new Error(line);
    return notatedSeries(parsed.value.labels, parsed.value.samples, timestamp(0), minute);
  });
}

function show({ labels, time, value, stale }: RecordedSample): string {
  return `${time / minute}: ${labels} ${stale ? 'stale' : value}`;
}

/** Evaluates a group at ticks a minute apart and writes what it records, like the server. */
async function evaluateTicks(
  group: PreparedGroup,
  base: SeriesSource,
  ticks: number,
  options: Partial<GroupOptions> = {},
): Promise<{
  readonly printed: readonly string[];
  readonly errors: readonly string[];
  readonly notices: readonly string[];
}> {
  const recorder = new Recorder();
  const source = joinedSource(recorder, base);
  let state = newGroupState(group, { restored: true });
  const printed: string[] = [];
  const errors: string[] = [];
  const notices: string[] = [];
  for (let tick = 0; tick < ticks; tick += 1) {
    const time = timestamp(tick * minute);
    const evaluation = await evaluateGroup(group, state, time, source, options);
    state = evaluation.state;
    for (const sample of evaluation.samples) {
      recorder.append(sample);
      printed.push(show(sample));
    }
    for (const { lastError } of state.rules) if (lastError !== '') errors.push(`${tick}: ${lastError}`);
    for (const { alerts } of evaluation.notices) {
      for (const { labels, annotations } of alerts)
        notices.push(`${tick}: ${labels} ${JSON.stringify([...annotations])}`);
    }
  }
  return { printed, errors, notices };
}

describe('a tick of a group', () => {
  test('a later rule sees what an earlier one recorded; what is gone gets a stale marker', async () => {
    const group = groupOf(`
name: g
labels: { team: a }
rules:
  - { record: 'x:double', expr: 'x * 2 > 2', labels: { kind: twice, job: '' } }
  - { record: 'x:count', expr: 'count(x:double)' }`);
    const { printed } = await evaluateTicks(group, memorySource(seriesOf('x{job="j"} 1 2 2 0 _ 5')), 5);
    expect(printed).toEqual([
      '1: x:double{kind="twice", team="a"} 4',
      '1: x:count{team="a"} 1',
      '2: x:double{kind="twice", team="a"} 4',
      '2: x:count{team="a"} 1',
      '3: x:double{kind="twice", team="a"} stale',
      '3: x:count{team="a"} stale',
    ]);
  });

  test('the query offset moves both the query and the samples', async () => {
    const group = groupOf('name: g\nquery_offset: 1m\nrules: [{ record: y, expr: x }]');
    const { printed } = await evaluateTicks(group, memorySource(seriesOf('x 1 2 3')), 3);
    expect(printed).toEqual(['0: y 1', '1: y 2']);
  });

  test('a rule that fails writes nothing, no stale markers either, and says why', async () => {
    const group = groupOf('name: g\nlimit: 1\nrules: [{ record: y, expr: x }]');
    const { printed, errors } = await evaluateTicks(
      group,
      memorySource(seriesOf('x{a="1"} 1 1 1', 'x{a="2"} _ 1 stale')),
      3,
    );
    expect(printed).toEqual(['0: y{a="1"} 1', '2: y{a="1"} 1']);
    expect(errors).toEqual(['1: exceeded limit of 1 with 2 series']);
  });

  test.each([
    [
      '{ record: y, expr: x, labels: { a: same } }',
      'vector contains metrics with the same labelset after applying rule labels',
    ],
    [
      '{ alert: A, expr: x, labels: { a: same } }',
      'vector contains metrics with the same labelset after applying alert labels',
    ],
    ['{ record: y, expr: "x + on () x" }', 'found duplicate series for the match group'],
  ])('%s fails', async (rule, message) => {
    const source = memorySource(seriesOf('x{a="1"} 1', 'x{a="2"} 1'));
    const { printed, errors } = await evaluateTicks(groupOf(`name: g\nrules: [${rule}]`), source, 1);
    expect(printed).toEqual([]);
    expect(errors[0]).toContain(message);
  });

  test('two rules that disagree about one series are told', async () => {
    const group = groupOf('name: g\nrules: [{ record: y, expr: "vector(1)" }, { record: y, expr: "vector(2)" }]');
    const { errors } = await evaluateTicks(group, memorySource([]), 1);
    expect(errors).toEqual(['0: duplicate sample for timestamp']);
  });

  test('templates see the labels of the result, ask queries, and know the outside', async () => {
    const group = groupOf(`
name: g
rules:
  - alert: A
    expr: x > 1
    labels: { job: 'was {{ $labels.job }}' }
    annotations:
      now: '{{ $value }} of {{ with query "sum(x)" }}{{ . | first | value }}{{ end }}, {{ printf "count(%s)" "x" | query | first | value }}'
      where: '{{ $externalURL }} {{ $externalLabels.region }}'`);
    const external = { externalLabels: Labels.of({ region: 'eu' }), externalUrl: 'http://n' };
    const source = memorySource(seriesOf('x{job="a"} 5', 'x{job="b"} 1'));
    const { notices, printed } = await evaluateTicks(group, source, 1, { external });
    expect(notices).toEqual(['0: {alertname="A", job="was a"} [["now","5 of 6, 2"],["where","http://n eu"]]']);
    expect(printed).toEqual([
      '0: ALERTS{alertname="A", alertstate="firing", job="was a"} 1',
      '0: ALERTS_FOR_STATE{alertname="A", job="was a"} 0',
    ]);
  });

  test('the pending series ends where the firing one begins', async () => {
    const group = groupOf('name: g\nrules: [{ alert: A, expr: x, for: 1m }]');
    const { printed } = await evaluateTicks(group, memorySource(seriesOf('x 1 1 stale')), 3);
    expect(printed.filter((line) => line.includes('ALERTS{'))).toEqual([
      '0: ALERTS{alertname="A", alertstate="pending"} 1',
      '1: ALERTS{alertname="A", alertstate="firing"} 1',
      '1: ALERTS{alertname="A", alertstate="pending"} stale',
      '2: ALERTS{alertname="A", alertstate="firing"} stale',
    ]);
  });
});

test('after a restart alerts take up where they were, and only then are written', async () => {
  const group = groupOf('name: g\nrules: [{ alert: A, expr: x, for: 30m }, { alert: B, expr: x }]');
  const at = (minutes: number): Timestamp => timestamp(minutes * minute);
  const before = seriesOf('ALERTS_FOR_STATE{alertname="A"} 0x20');
  const source = memorySource([...before, ...seriesOf('x 1x100')]);
  let state = newGroupState(group, { restored: false });
  for (const minutes of [24, 25]) {
    const evaluation = await evaluateGroup(group, state, at(minutes), source);
    expect(evaluation.samples).toEqual([]);
    state = evaluation.state;
  }
  state = await restoreGroup(group, state, at(25), source);
  expect([...(state.rules[0]?.alerts.values() ?? [])]).toMatchObject([{ state: 'pending', activeAt: at(5) }]);
  const { samples } = await evaluateGroup(group, state, at(35), source);
  expect(samples.map(show)).toContain('35: ALERTS{alertname="A", alertstate="firing"} 1');
});

test('changed rules keep the state of those that stay, and end the series of those that go', async () => {
  const from = groupOf('name: g\nrules: [{ record: a, expr: x }, { record: b, expr: x }, { alert: A, expr: x }]');
  const to = groupOf('name: g\nrules: [{ alert: A, expr: x }, { record: b, expr: x }]');
  const source = memorySource(seriesOf('x 1x10'));
  const first = await evaluateGroup(from, newGroupState(from, { restored: true }), timestamp(0), source);
  const carried = carryState(from, first.state, to);
  const second = await evaluateGroup(to, carried, timestamp(minute), source);
  expect(second.samples.map(show)).toEqual([
    '1: ALERTS{alertname="A", alertstate="firing"} 1',
    '1: ALERTS_FOR_STATE{alertname="A"} 0',
    '1: b 1',
    '1: a stale',
  ]);
});
