import type { Duration } from '../../base/index.ts';
import { counter, gauge, type LabelSet, type MadeSeries, type View, type World } from './made-series.ts';
import { written } from './notation.ts';

/** What goes on at an evaluation: the share of events that fail (for a condition: whether it is broken), or no traffic at all. */
export type Mode = number | 'silent';

/** What goes on in a case, evaluation by evaluation. Behind the last mode the series are gone, and a while later their target. */
export interface Course {
  readonly modes: readonly Mode[];
  /** How many evaluations the target answers for. */
  readonly answers: number;
  /** How many evaluations the case has. */
  readonly count: number;
}

/** An alert as a case expects it. */
export interface ExpectedAlert {
  /** By what it is found among all alerts. */
  readonly labels: LabelSet;
  /** Whether it may fire for several series at once. */
  readonly isMany?: boolean;
  /** Whether nothing of it is to be heard in any case, as in the groups that go on. */
  readonly isBystander?: boolean;
  readonly isActive: (evaluation: number) => boolean;
  readonly holdFor: Duration;
  readonly keepFiringFor: Duration;
}

/** A recorded figure as a case expects it; without a value where none is recorded, or none can be told. */
export interface ExpectedFigure {
  readonly name: string;
  readonly labels: LabelSet;
  readonly value: (evaluation: number) => number | undefined;
}

/** What a case expects of a subject in one view. */
export interface Expectations {
  readonly alerts: readonly ExpectedAlert[];
  readonly figures: readonly ExpectedFigure[];
}

/** Something that can be tested by itself: an objective, a composite, an alert. */
export interface Subject {
  readonly name: string;
  /** The metrics whose series it makes up: two subjects with one in common need a case each. */
  readonly metrics: readonly string[];
  /** What goes wrong in its incident, as the names of cases say it: `everything fails`. */
  readonly incident: string;
  /** How long all must be well before its incident, and how long that must last. */
  readonly quiet: Duration;
  readonly length: Duration;
  /** What its slow burn is made of: the modes of so many evaluations; undefined if it has none. */
  readonly slowModes?: (count: number) => readonly Mode[];
  /** What burns in it, as the names of cases say it. */
  readonly slowBurn?: string;
  /** Whether a service without series and without targets makes a difference to it, and whether one without traffic does. */
  readonly canBeMissing: boolean;
  readonly hasTraffic?: boolean;
  readonly series: (course: Course) => readonly MadeSeries[];
  readonly expect: (course: Course, world: World) => Expectations;
  /** What must not be recorded after half an hour without traffic. */
  readonly shareOfNothing?: readonly { readonly name: string; readonly labels: LabelSet }[];
}

/** The target of a service in a course. */
function targetSeries(job: string, { answers }: Course): MadeSeries {
  return gauge(
    'up',
    placeOf(job),
    Array.from({ length: answers }, () => 1),
  );
}

/** The series of a course and their target, which may be one of them. */
export function withTarget(series: readonly MadeSeries[], job: string, course: Course): readonly MadeSeries[] {
  const target = targetSeries(job, course);
  return series.some((each) => written(each) === written(target)) ? series : [target, ...series];
}

/** Whether a subject looks at what tells that its target answers: without its series there is no target either. */
export function looksAtTarget({ metrics, series }: Subject, job: string): boolean {
  const course: Course = { modes: [0], answers: 1, count: 1 };
  const own = metrics.includes('up') ? series(course) : [];
  return 0 < own.length && withTarget(own, job, course) === own;
}

/** Where made-up series are scraped from. */
export function placeOf(job: string): LabelSet {
  return { job, instance: 'test:80' };
}

/** All that is known in a case, as it is seen. */
export function worldOf(series: readonly MadeSeries[], interval: Duration, view: View): World {
  return { series, interval, ...view };
}

/** A counter of a share of the events of a course. */
export function eventCounter(
  name: string,
  labels: LabelSet,
  modes: readonly Mode[],
  share: (errorRatio: number) => number,
): MadeSeries {
  return counter(
    name,
    labels,
    modes.map((mode) => (mode === 'silent' ? 0 : share(mode))),
  );
}
