import type { Duration } from '../../base/index.ts';
import type { VectorSelector } from '../../promql/index.ts';
import { metricNameOf } from '../../promql/index.ts';
import { labelPredicate, metricName } from '../../series/index.ts';

/** Labels without the metric's name; one with an empty value is none. */
export type LabelSet = Readonly<Record<string, string>>;

/** A series that a test case makes up. Its samples lie at the evaluations, which are counted from 0. */
export interface MadeSeries {
  readonly name: string;
  readonly labels: LabelSet;
  /** The value at an evaluation; undefined where the series is not there. */
  readonly at: (evaluation: number) => number | undefined;
}

/** All series of a test case, and how ranges select from them. */
export interface World {
  readonly series: readonly MadeSeries[];
  readonly interval: Duration;
  /** Prometheus 2 counts a sample at the start of a range, Prometheus 3 does not. What depends on that is not tested at that evaluation. */
  readonly ranges: 'closed' | 'open';
  /** On which side of a bound a figure is taken to be that comes from a range and lies exactly at it, which is up to how quotients are rounded. */
  readonly atBounds: 'below' | 'above';
}

/** How figures that come from ranges are seen. */
export type View = Pick<World, 'ranges' | 'atBounds'>;

/** Every view, for what must hold in each of them. */
export const views: readonly View[] = [
  { ranges: 'closed', atBounds: 'below' },
  { ranges: 'closed', atBounds: 'above' },
  { ranges: 'open', atBounds: 'below' },
  { ranges: 'open', atBounds: 'above' },
];

/** The view in which states are looked for, as they last for so long that no view differs. */
export const firstView: View = { ranges: 'closed', atBounds: 'below' };

/** A bound that is moved out of the way of figures that lie exactly at it. */
export function besideBound(bound: number, { atBounds }: Pick<View, 'atBounds'>): number {
  return bound * (1 + (atBounds === 'below' ? 1e-9 : -1e-9) * Math.sign(bound));
}

/** The series of a world that a selector takes. */
export function selected({ series }: Pick<World, 'series'>, selector: VectorSelector): readonly MadeSeries[] {
  const name = metricNameOf(selector);
  const conditions = selector.matchers
    .filter((matcher) => matcher.name !== metricName)
    .map((matcher) => ({ label: matcher.name, holds: labelPredicate(matcher) }));
  return series.filter(
    (one) => one.name === name && conditions.every(({ label, holds }) => holds(one.labels[label] ?? '')),
  );
}

/** By how much a counter has grown at an evaluation since the one before. */
export function growth({ at }: MadeSeries, evaluation: number): number {
  const now = at(evaluation);
  const before = at(evaluation - 1);
  return now === undefined || before === undefined ? 0 : Math.max(0, now - before);
}

/** A counter that starts at 0 and grows by so much at each evaluation after the first. */
export function counter(name: string, labels: LabelSet, growths: readonly number[]): MadeSeries {
  const values: number[] = [];
  let value = 0;
  for (const [index, grown] of growths.entries()) {
    value = clean(value + (index === 0 ? 0 : grown));
    values.push(value);
  }
  return { name, labels, at: (evaluation) => values[evaluation] };
}

/** A gauge with these values. */
export function gauge(name: string, labels: LabelSet, values: readonly (number | undefined)[]): MadeSeries {
  return { name, labels, at: (evaluation) => values[evaluation] };
}

/** Sums of decimals without the noise of binary fractions. */
export function clean(value: number): number {
  return Number(value.toPrecision(12));
}
