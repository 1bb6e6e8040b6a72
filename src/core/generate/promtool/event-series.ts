import { metricNameOf, type VectorSelector } from '../../promql/index.ts';
import { metricOf, type Service, type Slo } from '../../slo/index.ts';
import type { Counters } from '../counters.ts';
import { labelsTaken } from './label-values.ts';
import type { LabelSet, MadeSeries } from './made-series.ts';
import { type Course, eventCounter, type Mode } from './subject.ts';

/** A series that grows with some of the events. */
export interface EventSeries {
  readonly name: string;
  readonly labels: LabelSet;
  readonly counts: 'all' | 'good' | 'bad';
}

/** Whether series have the proper name of their metric, or a former one. */
export type Naming = 'own' | 'former';

/** Series that the selectors of an objective tell apart as good and bad; undefined if none are found. */
export function eventSeries(
  service: Service,
  slo: Slo,
  counters: Counters,
  place: LabelSet,
  naming: Naming,
): readonly EventSeries[] | undefined {
  const total = sourceNamed(counters.total, naming);
  const counted = sourceNamed(counters.counted, naming);
  const name = total === undefined ? undefined : metricNameOf(total);
  const countedName = counted === undefined ? undefined : metricNameOf(counted);
  if (total === undefined || counted === undefined || name === undefined || countedName === undefined) return undefined;
  const { counts } = counters;
  const rest = counts === 'good' ? 'bad' : 'good';
  if (name === countedName) {
    const taken = labelsTaken(service, name, [total, counted], place);
    const inside = taken.find(({ by }) => by.length === 2);
    const outside = taken.find(({ by }) => by.length === 1 && by[0] === 0);
    if (inside === undefined || outside === undefined) return undefined;
    return [
      { name, labels: inside.labels, counts },
      { name, labels: outside.labels, counts: rest },
    ];
  }
  // Two metrics: all events are counted by one, the good or the bad ones by the other, as the buckets of a histogram are.
  const [all] = labelsTaken(service, name, [total], place);
  const [some] = labelsTaken(service, countedName, [counted], place);
  if (all === undefined || some === undefined) return undefined;
  return [
    { name, labels: all.labels, counts: 'all' },
    { name: countedName, labels: some.labels, counts },
    ...otherBuckets(service, slo, countedName, some.labels),
  ];
}

/** Whether any of an objective's counters has a former name. */
export function hasFormerName({ total, counted }: Counters): boolean {
  return [...total, ...counted].some((source) => source.unless !== undefined);
}

/** Of several counters one is enough; a former name counts only where the metric itself is missing. */
function sourceNamed(sources: Counters['total'], naming: Naming): VectorSelector | undefined {
  const own = sources.find((source) => source.unless === undefined);
  const former = sources.find((source) => source.unless !== undefined);
  return (naming === 'former' ? (former ?? own) : own)?.selector;
}

/** The buckets beside the one of the promise, for alerts on quantiles: all good observations lie in the lowest, all others above the bound. */
function otherBuckets(
  { metrics }: Service,
  { indicator }: Slo,
  name: string,
  labels: LabelSet,
): readonly EventSeries[] {
  if (indicator.kind !== 'distribution' || !name.endsWith('_bucket')) return [];
  const known = metricOf(name, metrics)?.buckets ?? [];
  const others = known.filter((bound) => bound !== indicator.below);
  return [...others, Number.POSITIVE_INFINITY].map((bound) => ({
    name,
    labels: { ...labels, le: bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound) },
    counts: bound < indicator.below ? 'good' : 'all',
  }));
}

/** The series in a course with so many events at each evaluation. */
export function madeEvents(
  series: readonly EventSeries[],
  { modes }: Pick<Course, 'modes'>,
  perEvaluation: number,
): readonly MadeSeries[] {
  return series.map(({ name, labels, counts }) =>
    eventCounter(name, labels, modes, (errorRatio) => {
      const bad = badOf(errorRatio, perEvaluation);
      return counts === 'all' ? perEvaluation : counts === 'bad' ? bad : perEvaluation - bad;
    }),
  );
}

/** How many events of an evaluation are bad: whole ones. */
export function badOf(mode: Mode, perEvaluation: number): number {
  return mode === 'silent' ? 0 : Math.round(mode * perEvaluation);
}
