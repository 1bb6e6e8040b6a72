import { type Duration, duration, minute, type Timestamp, timestamp } from '../../base/index.ts';
import { metricNameOf, type RunControl, selectorsOf, type VectorSelector, walk } from '../../promql/index.ts';
import { firstAfter, isStale, memorySource, metricName, type Series } from '../../series/index.ts';
import { mergeSamples } from '../evaluate/recorder.ts';
import type { RuleFile, RuleGroup } from '../model.ts';
import { type RecordedHistory, recordHistory } from './record-history.ts';

export interface PartsOptions {
  /** The first tick of every group. */
  readonly from: Timestamp;
  /** No tick is later. */
  readonly to: Timestamp;
  /** Of groups that name no interval. */
  readonly interval: Duration;
  /** About how much history is computed at once. */
  readonly part: Duration;
  readonly control?: RunControl;
  /** Reads the raw series of selectors over a stretch of time, both ends included. */
  read(selectors: readonly VectorSelector[], from: Timestamp, to: Timestamp): Promise<readonly Series[]>;
}

/** What rules recorded in one stretch, both ends included. */
export interface HistoryPart {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly series: readonly Series[];
  readonly failures: RecordedHistory['failures'];
}

/** Prometheus looks back this far for the newest sample of a series. */
const lookback = 5 * minute;

/**
 * Evaluates the recording rules of a file over a long history part by part, so that no more is held in memory than one part and what its
 * rules look back to. Each part begins with the last ticks of the one before: what was there then and is no longer ends there.
 */
export async function* recordInParts(
  file: RuleFile,
  { from, to, interval, part, control = {}, read }: PartsOptions,
): AsyncGenerator<HistoryPart, void, undefined> {
  const groups = file.groups.map(({ rules, ...group }) => ({
    ...group,
    rules: rules.filter(({ kind }) => kind === 'recording'),
  }));
  const reach = reachByName(groups);
  const raw = rawSelectors(groups);
  const rawReach = Math.max(lookback, ...raw.map(({ reach: own }) => own));
  const grid = groups.reduce((all, group) => leastCommonMultiple(all, group.interval ?? interval), 1);
  const length = Math.max(1, Math.round(part / grid)) * grid;
  let known: readonly Series[] = [];
  for (let start: number = from; start === from || start < to; start += length) {
    const end = timestamp(Math.min(start + length, to));
    const selectors = raw.map(({ selector }) => selector);
    const found = await read(selectors, timestamp(start - rawReach), end);
    const source = memorySource([...found, ...known]);
    const { series, failures } = await recordHistory({ groups }, source, {
      from: timestamp(start),
      to: end,
      interval,
      control,
      alertSeries: false,
    });
    const isFirst = start === from;
    const added = series.flatMap((one) => stretch(one, isFirst ? start : start + 1, end) ?? []);
    yield { from: timestamp(isFirst ? start : start + 1), to: end, series: added, failures };
    known = carried([...known, ...added], end, reach);
  }
}

/** What the next part needs: within reach, and of its first ticks, which it computes again, only the ends of series. */
function carried(series: readonly Series[], end: number, reach: ReadonlyMap<string, number>): readonly Series[] {
  const whole = new Map<string, Series>();
  for (const one of series) {
    const before = whole.get(one.labels.key);
    whole.set(one.labels.key, before === undefined ? one : mergeSamples(before, one));
  }
  return [...whole.values()].flatMap((one) => {
    const last = one.timestamps.length - 1;
    const endsHere = one.timestamps[last] === end && isStale(one, last);
    const since = end - (reach.get(one.labels.get(metricName)) ?? 0);
    return stretch(one, since, endsHere ? end : end - 1) ?? [];
  });
}

/** How far back each recorded name is read. */
function reachByName(groups: readonly RuleGroup[]): ReadonlyMap<string, number> {
  const reach = new Map<string, number>();
  for (const { name, reach: own } of selections(groups)) reach.set(name, Math.max(reach.get(name) ?? 0, own));
  return reach;
}

interface Reach {
  readonly name: string;
  readonly selector: VectorSelector;
  readonly reach: number;
}

function rawSelectors(groups: readonly RuleGroup[]): readonly Reach[] {
  const written = new Set(
    groups.flatMap(({ rules }) => rules.map((rule) => (rule.kind === 'recording' ? rule.record : ''))),
  );
  return selections(groups).filter(({ name }) => !written.has(name));
}

/** What rules select, and how far back; a range that is not written out or stands in a subquery reaches to the beginning. */
function selections(groups: readonly RuleGroup[]): readonly Reach[] {
  const found: Reach[] = [];
  for (const { expr } of groups.flatMap(({ rules }) => rules)) {
    const ranges = new Map<VectorSelector, number>();
    let isBounded = true;
    walk(expr, (node) => {
      if (node.kind === 'subquery') isBounded = false;
      if (node.kind !== 'matrix') return;
      if (node.range.kind === 'literal') ranges.set(node.selector, node.range.seconds * 1000);
      else isBounded = false;
    });
    for (const selector of selectorsOf(expr)) {
      const { offset } = selector;
      const isPlain = selector.at === undefined && (offset === undefined || offset.kind === 'literal');
      const behind = offset?.kind === 'literal' ? offset.seconds * 1000 : 0;
      const reach = isBounded && isPlain ? (ranges.get(selector) ?? 0) + behind + lookback : Number.POSITIVE_INFINITY;
      found.push({ name: metricNameOf(selector) ?? '', selector, reach });
    }
  }
  return found;
}

/** The samples of a series between two instants, both included; undefined if there are none. */
function stretch(series: Series, from: number, to: number): Series | undefined {
  const { labels, timestamps, values, histograms, staleMarkers } = series;
  const first = firstAfter(timestamps, from - 1);
  const end = firstAfter(timestamps, to);
  if (end <= first) return undefined;
  const within = (index: number): boolean => first <= index && index < end;
  return {
    labels,
    timestamps: timestamps.slice(first, end),
    values: values.slice(first, end),
    ...(histograms === undefined
      ? {}
      : { histograms: new Map([...histograms].flatMap(([i, one]) => (within(i) ? [[i - first, one]] : []))) }),
    ...(staleMarkers === undefined ? {} : { staleMarkers: staleMarkers.filter(within).map((index) => index - first) }),
  };
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}

/** A day at once is quick, and of a few thousand series no burden. */
export const usualPart: Duration = duration(24 * 60 * minute);
