import { type Duration, duration, minute, type Timestamp, timestamp } from '../../base/index.ts';
import {
  children,
  type DurationExpr,
  type Expr,
  metricNameOf,
  type RunControl,
  type VectorSelector,
} from '../../promql/index.ts';
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
 * Rules that read what stands after them in the file may lack the marker that a series ended at such a tick.
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
    const oldest = rawReach === Number.POSITIVE_INFINITY ? from - lookback : start - rawReach;
    const found = await read(selectors, timestamp(oldest), end);
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
    // The first tick is in neither of the two: what was carried here leaves it out, and it was handed out before.
    const computed = series.flatMap((one) => stretch(one, start, end) ?? []);
    known = carried([...known, ...computed], end, reach);
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

/**
 * What rules select, and how far back: the ranges and offsets of a selector and of the subqueries around it add up. One whose length is
 * only known to a query, or that looks at a fixed time, reaches to the first tick.
 */
function selections(groups: readonly RuleGroup[]): readonly Reach[] {
  const found: Reach[] = [];
  const visit = (expr: Expr, behind: number): void => {
    switch (expr.kind) {
      case 'selector': {
        const reach = behind + lookback + offsetOf(expr);
        found.push({ name: metricNameOf(expr) ?? '', selector: expr, reach });
        return;
      }
      case 'matrix':
        visit(expr.selector, behind + lengthOf(expr.range));
        return;
      case 'subquery':
        visit(expr.expr, behind + lengthOf(expr.range) + offsetOf(expr));
        return;
      default:
        for (const child of children(expr)) visit(child, behind);
    }
  };
  for (const { expr } of groups.flatMap(({ rules }) => rules)) visit(expr, 0);
  return found;
}

function offsetOf({ at, offset }: Pick<VectorSelector, 'at' | 'offset'>): number {
  if (at !== undefined) return Number.POSITIVE_INFINITY;
  return offset === undefined ? 0 : lengthOf(offset);
}

function lengthOf(length: DurationExpr): number {
  return length.kind === 'literal' ? length.seconds * 1000 : Number.POSITIVE_INFINITY;
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
