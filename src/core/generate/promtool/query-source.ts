import { duration } from '../../base/index.ts';
import type { Expr } from '../../promql/index.ts';
import { overWindow, type QueriesIndicator, type Service, type Slo } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import { farthest, type ValueAt, vectorOf, worthOf } from './arithmetic.ts';
import { shareSlices } from './counted.ts';
import { firstView, type World } from './made-series.ts';
import { longestReach, type ObjectiveSource, type SourceGroup, sliceBudget, slicingOf } from './source.ts';
import { seriesOf, twoStates } from './states.ts';
import { type Course, placeOf } from './subject.ts';

/** Slices of queries of one's own, each of which is asked for the share of the slice; a text says why there are none. */
export function querySource(
  service: Service,
  slo: Slo,
  indicator: QueriesIndicator,
  levels: Levels,
): ObjectiveSource | string {
  const { measure } = slo;
  if (measure.kind === 'events') return 'it has no rules';
  const { interval } = levels;
  const { length } = measure;
  const exprs = [indicator.events, ...(indicator.total === undefined ? [] : [indicator.total])].map((query) =>
    overWindow(query, length),
  );
  const reach = farthest(exprs);
  if (reach === undefined || longestReach < reach)
    return 'its queries look too far back, or by a form that is not worked out';
  const at = Math.ceil(reach / interval) + 20;
  const budget = sliceBudget(measure, 0);
  const [most, least] = budget === 'own' || budget === 'none' ? [0, 0.5] : [budget / 2, Math.min(1, 1.5 * budget)];
  const states = twoStates({
    service,
    exprs,
    bounds: [],
    mayBeGone: false,
    place: placeOf(service.job),
    interval,
    at,
    judge: (series) => {
      const share = queryShare(indicator, exprs, { series, interval, ...firstView });
      if (share === undefined) return undefined;
      return () => {
        const value = share(at);
        return value === undefined || (most < value && value < least) ? undefined : value <= most;
      };
    },
  });
  if (states === undefined)
    return 'no series were found for which its queries give a good share, and others for a bad one';
  const shares = ({ count }: Course, world: World): readonly (number | undefined)[] => {
    const share = queryShare(indicator, exprs, world);
    return Array.from({ length: count }, (_, evaluation) => share?.(evaluation));
  };
  const group: SourceGroup = {
    labels: {},
    series: ({ modes }) =>
      seriesOf(
        states,
        modes.map((mode) => mode !== 'silent' && 0 < mode),
      ),
    counted: (course, world) => shareSlices(shares(course, world), budget, slicingOf(service, slo, length, levels, 0)),
    evidence: (course, world) => {
      const known = shares(course, world);
      return (evaluation) => known[evaluation] !== undefined;
    },
  };
  const metrics = states.atoms.flatMap(({ parts }) => parts.map(({ name }) => name));
  return { groups: [group], metrics: [...new Set(metrics)], reach: duration(reach), hasTraffic: false };
}

/** The share of bad events that queries give: of a share the worst series, of events the bad ones by all. */
function queryShare(
  { counts, total }: QueriesIndicator,
  [events, all]: readonly Expr[],
  world: World,
): ((evaluation: number) => number | undefined) | undefined {
  const counted = events === undefined ? undefined : worthOf(events, world);
  const whole = all === undefined ? undefined : worthOf(all, world);
  if (counted === undefined || (total !== undefined && whole === undefined)) return undefined;
  const bounded = (share: number): number | undefined =>
    Number.isNaN(share) ? undefined : Math.min(1, Math.max(0, counts === 'bad' ? share : 1 - share));
  const valuesOf = (worth: ValueAt, evaluation: number): readonly number[] =>
    vectorOf(worth(evaluation)).map(({ value }) => value);
  const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  if (whole === undefined)
    return (evaluation) => {
      const shares = valuesOf(counted, evaluation);
      if (shares.length === 0) return undefined;
      return bounded(counts === 'bad' ? Math.max(...shares) : Math.min(...shares));
    };
  return (evaluation) => {
    const sum = sumOf(valuesOf(whole, evaluation));
    return 0 < sum ? bounded(sumOf(valuesOf(counted, evaluation)) / sum) : undefined;
  };
}
