import { duration } from '../../base/index.ts';
import { selectorsOf } from '../../promql/index.ts';
import { type Condition, expressionsOf, type Service, type Slo } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import { isPending } from '../rules/pending.ts';
import { reachOf } from './arithmetic.ts';
import { holdsOf } from './conditions.ts';
import { conditionSlices, type Holds } from './counted.ts';
import { groupsOf } from './groups.ts';
import { firstView, type World } from './made-series.ts';
import { longestReach, type ObjectiveSource, type SourceGroup, sliceBudget, slicingOf } from './source.ts';
import { seriesOf, twoStates } from './states.ts';
import { type Course, placeOf } from './subject.ts';

/** Slices of a condition that a course breaks; a text says why there are none. */
export function conditionSource(
  service: Service,
  slo: Slo,
  condition: Condition,
  levels: Levels,
): ObjectiveSource | string {
  const { measure } = slo;
  if (measure.kind === 'events') return 'it has no rules';
  const exprs = expressionsOf(slo.indicator);
  const reach = conditionReach(condition);
  if (reach === undefined || longestReach < reach)
    return 'its condition looks too far back, or by a form that is not worked out';
  const { interval } = levels;
  const at = Math.ceil(reach / interval) + 20;
  const found = groupsOf(service, slo, exprs.flatMap(selectorsOf), (group) =>
    twoStates({
      service,
      exprs,
      bounds: boundsOf(condition),
      mayBeGone: false,
      place: { ...placeOf(service.job), ...group },
      interval,
      at,
      judge: (series) => {
        const holds = holdsOf(condition, { series, interval, ...firstView, job: service.job, group });
        return holds === undefined ? undefined : () => holds(at);
      },
    }),
  );
  if (found === undefined)
    return 'no series were found for which its condition holds, and others for which it does not';
  const within = withinOf(condition);
  const slicing = slicingOf(service, slo, measure.length, levels, within);
  const groups = found.map(({ group, found: states }): SourceGroup => {
    const holds = ({ count }: Course, world: World): readonly Holds[] => {
      const at = holdsOf(condition, { ...world, job: service.job, group, isPending: isPending(service, slo) });
      return Array.from({ length: count }, (_, evaluation) => at?.(evaluation));
    };
    return {
      labels: group,
      series: ({ modes }) =>
        seriesOf(
          states,
          modes.map((mode) => mode !== 'silent' && 0 < mode),
        ),
      counted: (course, world) => conditionSlices(holds(course, world), sliceBudget(measure, 'none'), slicing),
      evidence: (course, world) => {
        const known = holds(course, world);
        const isAnswered = 0 < slo.groupBy.length && isInvariant(condition);
        return (evaluation) => (isAnswered ? evaluation < course.answers : known[evaluation] !== undefined);
      },
    };
  });
  const metrics = found.flatMap(({ found: { atoms } }) => atoms.flatMap(({ parts }) => parts.map(({ name }) => name)));
  return { groups, metrics: [...new Set(metrics)], reach: duration(reach), hasTraffic: false };
}

function isInvariant(condition: Condition): boolean {
  return 'of' in condition ? condition.of.every(isInvariant) : condition.kind === 'invariant';
}

/** The longest stretch within which something must move or stand still. */
function withinOf(condition: Condition): number {
  if ('of' in condition) return Math.max(...condition.of.map(withinOf));
  return condition.kind === 'comparison' ? 0 : condition.within;
}

function conditionReach(condition: Condition): number | undefined {
  if ('of' in condition) {
    const reaches = condition.of.map(conditionReach).filter((reach) => reach !== undefined);
    return reaches.length < condition.of.length ? undefined : Math.max(...reaches);
  }
  return condition.kind === 'comparison' ? reachOf(condition.value) : condition.within;
}

function boundsOf(condition: Condition): readonly number[] {
  if ('of' in condition) return condition.of.flatMap(boundsOf);
  return condition.kind === 'comparison' ? [condition.bound] : [];
}
