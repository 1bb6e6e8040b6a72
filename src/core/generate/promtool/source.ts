import { type Duration, duration, hour } from '../../base/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import { memory } from '../options.ts';
import { isPending } from '../rules/pending.ts';
import type { Counted, SliceBudget, Slicing } from './counted.ts';
import type { LabelSet, MadeSeries, World } from './made-series.ts';
import type { Course } from './subject.ts';

/** Where the events of an objective come from in a test case. */
export interface ObjectiveSource {
  readonly groups: readonly SourceGroup[];
  readonly metrics: readonly string[];
  /** How far back a condition looks. */
  readonly reach: Duration;
  /** Whether a stretch without traffic means anything to it. */
  readonly hasTraffic: boolean;
}

export interface SourceGroup {
  readonly labels: LabelSet;
  readonly series: (course: Course) => readonly MadeSeries[];
  readonly counted: (course: Course, world: World) => Counted;
  /** Whether it is recorded that there is data. */
  readonly evidence: (course: Course, world: World) => (evaluation: number) => boolean;
}

/** What a slice may miss; `none` given says what it is without a target of its own. Targets are decimals of at most twelve places. */
export function sliceBudget(measure: Exclude<Slo['measure'], { kind: 'events' }>, none: SliceBudget): SliceBudget {
  if (measure.kind === 'slice-ratios') return 'own';
  return measure.sliceTarget === undefined ? none : Number((1 - measure.sliceTarget).toFixed(12));
}

/** Whoever looks back further has cases that are too long. */
export const longestReach: Duration = duration(3 * hour);

/** How the slices of an objective are judged; some conditions look back within a stretch. */
export function slicingOf(service: Service, slo: Slo, slice: Duration, { interval }: Levels, within: number): Slicing {
  const noData = isPending(service, slo) ? 'unknown' : slo.noData;
  const remembered = slo.groupBy.length === 0 ? Number.POSITIVE_INFINITY : (slice + memory) / interval;
  return { slice, interval, noData, settled: Math.ceil((within + slice) / interval) + 2, remembered };
}
