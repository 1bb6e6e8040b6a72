import { type Duration, duration, hour, minute, type Timestamp, timestamp } from '../../base/index.ts';
import type { CounterSource, Counters } from '../../generate/index.ts';
import { build, type Expr, mapExpr, metricNameOf, printExpr, type VectorSelector } from '../../promql/index.ts';
import type { AbortSignalLike, QueryBackend } from '../../series/index.ts';
import type { DoctorRange, EventFacts, SelectorFacts } from './facts.ts';
import { manyFalls } from './movement.ts';

const { aggregate, by, call, compare, on, or, range, selector, sum, unless, withConditions } = build;

/** A server that the doctor asks. Its statistics say what a query costs; without them the samples are counted. */
export interface DoctorBackend extends QueryBackend {
  /** How many samples an instant query touches, by the server's own count; undefined if it keeps none. */
  samplesOf?(expr: string, time: Timestamp, signal?: AbortSignalLike): Promise<number | undefined>;
}

/** A range in at most 288 steps, each of at least five minutes: a rate needs some scrapes in each. */
export function doctorRange(from: Timestamp, to: Timestamp): DoctorRange {
  const whole = Math.ceil((to - from) / 288 / minute) * minute;
  return { from, to, step: duration(Math.max(5 * minute, whole)) };
}

/** Asks what there is, one query after the other. What several objectives need is asked once. */
export interface Examination {
  /** The stretch that is looked at; undefined steps have the value NaN. */
  readonly range: DoctorRange;
  steps(): number;
  /** The single value of an aggregate at every step; NaN where it has none. */
  rowOf(expr: Expr): Promise<Float64Array>;
  /** The value of an aggregate at an instant; 0 where it has none. */
  valueAt(expr: Expr, time: Timestamp): Promise<number>;
  /** The values of a label that an aggregate by it has. */
  valuesOf(label: string, expr: Expr, time: Timestamp): Promise<readonly string[]>;
  samplesPerHour(selector: VectorSelector, time: Timestamp): Promise<number>;
}

export function examination(backend: DoctorBackend, within: DoctorRange, signal?: AbortSignalLike): Examination {
  const { from, to, step } = within;
  const count = Math.floor((to - from) / step) + 1;
  const rows = new Map<string, Promise<Float64Array>>();
  const values = new Map<string, Promise<readonly (readonly [labels: ReadonlyMap<string, string>, value: number])[]>>();
  const askRow = async (text: string): Promise<Float64Array> => {
    const row = new Float64Array(count).fill(Number.NaN);
    for (const { timestamps, values: found } of await backend.queryRange(text, from, to, step, signal))
      for (const [i, time] of timestamps.entries()) row[Math.round((time - from) / step)] = found[i] ?? Number.NaN;
    return row;
  };
  const ask = (expr: Expr, time: Timestamp) => {
    const text = printExpr(expr);
    return once(values, `${time} ${text}`, async () => {
      const samples = await backend.query(text, time, signal);
      return samples.map(({ labels, value }) => [new Map(labels.entries()), value] as const);
    });
  };
  return {
    range: within,
    steps: () => count,
    rowOf: (expr) => {
      const text = printExpr(expr);
      return once(rows, text, () => askRow(text));
    },
    valueAt: async (expr, time) => (await ask(expr, time))[0]?.[1] ?? 0,
    valuesOf: async (label, expr, time) =>
      (await ask(expr, time)).flatMap(([labels]) => labels.get(label) ?? []).toSorted(),
    samplesPerHour: async (one, time) => {
      const counted = sum(call('count_over_time', range(one, hour)));
      const touched = await backend.samplesOf?.(printExpr(counted), time, signal);
      return touched ?? (await ask(counted, time))[0]?.[1] ?? 0;
    },
  };
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}

/** How many targets of a job there were at most. */
export async function targetsOf(asked: Examination, job: string): Promise<number> {
  const row = await asked.rowOf(aggregate('count', by(), selector('up', { job })));
  return row.reduce((most, value) => (value > most ? value : most), 0);
}

/** What there is of the events of an objective. */
export async function eventFacts(asked: Examination, counters: Counters): Promise<EventFacts> {
  const total = await inTurn(counters.total, (one) => sourceFacts(asked, one));
  const counted = await inTurn(counters.counted, (one) => sourceFacts(asked, one));
  const last = lastSeen(asked, total);
  if (last === undefined)
    return { total, counted, counts: counters.counts, outside: 0, resets: 0, changes: 0, duplicates: [], instances: 0 };
  const all = joined(selectorsOfAll(counters.total));
  const perInstance = aggregate('count', by('job', 'instance'), all);
  const twice = compare('>', aggregate('count', by('instance'), perInstance), 1);
  const length = duration(asked.range.to - asked.range.from);
  const over = (name: string): Expr =>
    sum(joined(counters.total.map(({ selector: one }) => call(name, range(one, length)))));
  const resets = await asked.valueAt(over('resets'), asked.range.to);
  return {
    total,
    counted,
    counts: counters.counts,
    outside: await outsideOf(asked, counters, last),
    resets,
    changes: resets < manyFalls ? 0 : await asked.valueAt(over('changes'), asked.range.to),
    duplicates: await asked.valuesOf('instance', twice, last),
    instances: await asked.valueAt(aggregate('count', by(), perInstance), last),
  };
}

/** How many series there are of any expression at each step; 0 where there are none. */
export async function seriesOf(asked: Examination, expr: Expr): Promise<Float64Array> {
  const row = await asked.rowOf(aggregate('count', by(), expr));
  return row.map((value) => (Number.isNaN(value) ? 0 : value));
}

async function sourceFacts(asked: Examination, source: CounterSource): Promise<SelectorFacts> {
  const { selector: one } = source;
  const series = await seriesOf(asked, one);
  const last = lastStep(asked, series);
  const increase =
    last === undefined
      ? new Float64Array(asked.steps()).fill(Number.NaN)
      : await asked.rowOf(sum(increaseOf(source, asked.range.step)));
  return {
    selector: one,
    isFormer: source.unless !== undefined,
    series,
    increase,
    samplesPerHour: last === undefined ? 0 : await asked.samplesPerHour(one, last),
    ...(await metricFacts(asked, one)),
  };
}

/** What the series of a source count within a range: of native histograms a part of their increase. */
function increaseOf({ selector: one, count, unless: better }: CounterSource, length: Duration): Expr {
  const increase = mapExpr(count(one), (node) =>
    node.kind === 'selector' ? call('increase', range(node, length)) : node,
  );
  return better === undefined ? increase : unless(increase, better, on('job', 'instance'));
}

/** What the metric has, whatever the conditions of the selector: of a condition that nothing meets the reason is told by it. */
export async function metricFacts(
  asked: Examination,
  one: VectorSelector,
): Promise<Pick<SelectorFacts, 'missingLabels' | 'buckets'>> {
  const metric = selector(metricNameOf(one) ?? '');
  const row = await asked.rowOf(aggregate('count', by(), metric));
  const last = lastStep(asked, row);
  if (last === undefined) return { missingLabels: [] };
  const conditions = [...new Set(one.matchers.map(({ name }) => name))];
  const missing: string[] = [];
  for (const label of conditions.filter((name) => name !== '__name__' && name !== 'le')) {
    const having = withConditions(metric, { [label]: ['!=', ''] });
    if ((await asked.valueAt(aggregate('count', by(), having), last)) === 0) missing.push(label);
  }
  if (!conditions.includes('le')) return { missingLabels: missing };
  const buckets = await asked.valuesOf('le', aggregate('count', by('le'), metric), last);
  return { missingLabels: missing, buckets };
}

/** Series of counted events that are among none of all events, where both are of one metric; other metrics have labels of their own. */
async function outsideOf(asked: Examination, { total, counted }: Counters, time: Timestamp): Promise<number> {
  const all = selectorsOfAll(total);
  const names = new Set(all.map(metricNameOf));
  const same = selectorsOfAll(counted).filter((one) => names.has(metricNameOf(one)));
  if (same.length === 0) return 0;
  return asked.valueAt(aggregate('count', by(), unless(joined(same), joined(all))), time);
}

/** The selectors of sources. */
export function selectorsOfAll(sources: readonly CounterSource[]): readonly VectorSelector[] {
  return sources.map(({ selector: one }) => one);
}

/** Several vectors side by side; series that are in two of them are there once. */
function joined([first, ...rest]: readonly Expr[]): Expr {
  if (first === undefined) throw new RangeError('an SLI without counters');
  return or(first, ...rest);
}

/** The last step at which any of them has series. */
function lastSeen(asked: Examination, facts: readonly SelectorFacts[]): Timestamp | undefined {
  const times = facts.flatMap(({ series }) => lastStep(asked, series) ?? []);
  return times.length === 0 ? undefined : timestamp(Math.max(...times));
}

function lastStep({ range: { from, step } }: Examination, row: Float64Array): Timestamp | undefined {
  const index = row.findLastIndex((value) => 0 < value);
  return index < 0 ? undefined : timestamp(from + index * step);
}

/** One after the other: the server has other work. */
export async function inTurn<A, B>(items: readonly A[], make: (item: A) => Promise<B>): Promise<readonly B[]> {
  const made: B[] = [];
  for (const item of items) made.push(await make(item));
  return made;
}
