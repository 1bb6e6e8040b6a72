import type { MatrixSeries } from '../../promql/index.ts';
import { asStored } from '../../promql/index.ts';
import type { Histogram, Labels, Series } from '../../series/index.ts';
import { duplicateRecording, recordedLabels } from '../evaluate/group.ts';
import type { PreparedRecordingRule } from '../evaluate/prepare.ts';
import { type StepAnswers, type Ticks, tickTime } from './steps.ts';

/** What a recording rule has written over a stretch. */
export interface RecordedSteps {
  readonly series: readonly Series[];
  /** Why it failed at which ticks. */
  readonly failures: ReadonlyMap<number, string>;
}

/**
 * Turns the answers of a recording rule's expression into the series that it writes: its name and labels, ticks that failed left out, a
 * stale marker wherever a series was there at one evaluation and not at the next.
 */
export function recordSteps(
  rule: PreparedRecordingRule,
  limit: number,
  answers: StepAnswers,
  ticks: Ticks,
  grid: TickGrid,
): RecordedSteps {
  const failures = new Map(answers.failures);
  const groups = new Map<string, { readonly labels: Labels; readonly parts: MatrixSeries[] }>();
  for (const series of answers.series) {
    const labels = recordedLabels(rule, series.labels);
    const same = groups.get(labels.key);
    if (same === undefined) groups.set(labels.key, { labels, parts: [series] });
    else same.parts.push(series);
  }
  for (const { parts } of groups.values()) if (1 < parts.length) markDuplicates(parts, ticks, failures);
  if (0 < limit) markExcess(answers.series, limit, ticks, failures);
  const good = failures.size === 0 ? undefined : goodTicks(ticks, failures);
  const series = [...groups.values()].map(({ labels, parts }) => write(labels, parts, ticks, grid, good));
  return { series: series.filter(({ timestamps }) => 0 < timestamps.length), failures };
}

/** The instants of ticks. Series without gaps share arrays of them, by which the engine knows that their bounds are the same. */
export interface TickGrid {
  /** The instants from a tick on. */
  from(tick: number): Float64Array;
}

export function tickGrid(ticks: Ticks): TickGrid {
  const all = new Float64Array(ticks.count);
  for (let tick = 0; tick < ticks.count; tick += 1) all[tick] = tickTime(ticks, tick);
  const views = new Map([[0, all]]);
  return {
    from(tick) {
      const known = views.get(tick);
      if (known !== undefined) return known;
      const view = all.subarray(tick);
      views.set(tick, view);
      return view;
    },
  };
}

function tickOf({ start, step }: Ticks, time: number): number {
  return Math.round((time - start) / step);
}

function markDuplicates(parts: readonly MatrixSeries[], ticks: Ticks, failures: Map<number, string>): void {
  const seen = new Uint8Array(ticks.count);
  for (const { timestamps } of parts) {
    for (const time of timestamps) {
      const tick = tickOf(ticks, time);
      if (seen[tick] === 1 && !failures.has(tick)) failures.set(tick, duplicateRecording);
      seen[tick] = 1;
    }
  }
}

function markExcess(series: readonly MatrixSeries[], limit: number, ticks: Ticks, failures: Map<number, string>): void {
  const counts = new Int32Array(ticks.count);
  for (const { timestamps } of series) {
    for (const time of timestamps) {
      const tick = tickOf(ticks, time);
      counts[tick] = (counts[tick] ?? 0) + 1;
    }
  }
  for (const [tick, count] of counts.entries()) {
    if (limit < count && !failures.has(tick)) failures.set(tick, `exceeded limit of ${limit} with ${count} series`);
  }
}

/** For each tick the next one at which the rule succeeded, and whether it succeeded itself. */
interface GoodTicks {
  readonly failed: Uint8Array;
  readonly next: Int32Array;
}

function goodTicks({ count }: Ticks, failures: ReadonlyMap<number, string>): GoodTicks {
  const failed = new Uint8Array(count);
  const next = new Int32Array(count);
  for (const tick of failures.keys()) failed[tick] = 1;
  let following = count;
  for (let tick = count - 1; 0 <= tick; tick -= 1) {
    next[tick] = following;
    if (failed[tick] === 0) following = tick;
  }
  return { failed, next };
}

function write(
  labels: Labels,
  parts: readonly MatrixSeries[],
  ticks: Ticks,
  grid: TickGrid,
  good: GoodTicks | undefined,
): Series {
  const [only, second] = parts;
  const first =
    only === undefined || second !== undefined || good !== undefined ? undefined : unbrokenSince(only, ticks);
  if (only === undefined || first === undefined) return writeWithGaps(labels, parts, ticks, good);
  const { values, histograms } = only;
  const whole = { labels, timestamps: grid.from(first), values };
  return histograms === undefined ? whole : asStored({ ...whole, histograms });
}

/** The tick from which on a series has a sample at every tick to the last one; undefined if it has gaps or ends before. */
function unbrokenSince({ timestamps }: MatrixSeries, ticks: Ticks): number | undefined {
  const first = ticks.count - timestamps.length;
  // Samples stand at ticks only, so that as many as there are ticks left leave no gap.
  return timestamps[0] === tickTime(ticks, first) && 0 <= first ? first : undefined;
}

function writeWithGaps(
  labels: Labels,
  parts: readonly MatrixSeries[],
  ticks: Ticks,
  good: GoodTicks | undefined,
): Series {
  const { values: dense, present, histograms: byTick } = spread(parts, ticks);
  const timestamps: number[] = [];
  const values: number[] = [];
  const histograms = new Map<number, Histogram>();
  const stale: number[] = [];
  for (let tick = 0; tick < ticks.count; tick += 1) {
    if (present[tick] === 0 || good?.failed[tick] === 1) continue;
    const histogram = byTick.get(tick);
    if (histogram !== undefined) histograms.set(values.length, histogram);
    timestamps.push(tickTime(ticks, tick));
    values.push(dense[tick] ?? Number.NaN);
    const next = good?.next[tick] ?? tick + 1;
    if (ticks.count <= next || present[next] === 1) continue;
    stale.push(values.length);
    timestamps.push(tickTime(ticks, next));
    values.push(Number.NaN);
  }
  const series: Series = {
    labels,
    timestamps: Float64Array.from(timestamps),
    values: Float64Array.from(values),
    ...(stale.length === 0 ? {} : { staleMarkers: Int32Array.from(stale) }),
  };
  return histograms.size === 0 ? series : asStored({ ...series, histograms });
}

/** The parts of a series laid out by tick. */
function spread(
  parts: readonly MatrixSeries[],
  ticks: Ticks,
): {
  readonly values: Float64Array;
  readonly present: Uint8Array;
  readonly histograms: ReadonlyMap<number, Histogram>;
} {
  const values = new Float64Array(ticks.count);
  const present = new Uint8Array(ticks.count);
  const histograms = new Map<number, Histogram>();
  for (const part of parts) {
    for (const [index, time] of part.timestamps.entries()) {
      const tick = tickOf(ticks, time);
      values[tick] = part.values[index] ?? Number.NaN;
      present[tick] = 1;
      const histogram = part.histograms?.get(index);
      if (histogram !== undefined) histograms.set(tick, histogram);
    }
  }
  return { values, present, histograms };
}
