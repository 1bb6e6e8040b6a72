import { type Duration, duration, unreachable } from '../../base/index.ts';
import { build, type Expr, selectorsOf, unwrap } from '../../promql/index.ts';
import type { AlertCondition, Condition, RelativeAlert } from '../../slo/index.ts';
import { reachOf, vectorOf, worthOf } from './arithmetic.ts';
import type { Holds } from './counted.ts';
import { besideBound, growth, type LabelSet, type MadeSeries, selected, type World } from './made-series.ts';
import { aggregated, aggregations, comparisons, type Vector } from './vectors.ts';

/** Where a condition or an alert is judged. */
export interface Scene extends World {
  /** The scrape job of the service. */
  readonly job: string;
  /** The labels of the group that is judged; none where all is judged together. */
  readonly group: LabelSet;
  /** Whether the objective still waits for its series: without them nobody knows whether they make progress. */
  readonly isPending?: boolean;
}

/** Whether a condition holds at each evaluation; undefined for expressions that are not worked out here. */
export function holdsOf(condition: Condition, scene: Scene): ((evaluation: number) => Holds) | undefined {
  switch (condition.kind) {
    case 'comparison': {
      const value = worthOf(condition.value, scene);
      const compares = comparisons[condition.operator];
      if (value === undefined || compares === undefined) return undefined;
      const bound = boundOf(condition, scene);
      return (evaluation) => {
        const known = ofGroup(vectorOf(value(evaluation)), scene.group).filter((each) => !Number.isNaN(each.value));
        return known.length === 0 ? undefined : known.every((each) => compares(each.value, bound));
      };
    }
    case 'progress': {
      const moves = movesWithin(condition.counter, condition.within, scene);
      const series = counted(condition.counter, scene);
      const isWatched = (evaluation: number): boolean =>
        scene.isPending !== true || series.some(({ at }) => at(evaluation) !== undefined);
      return (evaluation) => {
        if (moves(evaluation)) return true;
        return condition.within <= evaluation * scene.interval && isWatched(evaluation) ? false : undefined;
      };
    }
    case 'invariant': {
      const moves = movesWithin(condition.counter, condition.within, scene);
      const answers = answering(condition.counter, scene);
      return (evaluation) => (moves(evaluation) ? false : answers(evaluation) ? true : undefined);
    }
    case 'all':
    case 'any': {
      const parts = condition.of.map((part) => holdsOf(part, scene)).filter((part) => part !== undefined);
      if (parts.length < condition.of.length) return undefined;
      const decisive = condition.kind === 'any';
      return (evaluation) => {
        const known = parts.map((part) => part(evaluation));
        if (known.includes(decisive)) return decisive;
        return known.includes(undefined) ? undefined : !decisive;
      };
    }
    default:
      return unreachable(condition);
  }
}

/** Whether what an alert looks for is there at each evaluation; undefined for expressions that are not worked out here. */
export function alertsOn(when: AlertCondition, scene: Scene): ((evaluation: number) => boolean) | undefined {
  switch (when.kind) {
    case 'threshold': {
      const value = worthOf(when.value, scene);
      const compares = comparisons[when.operator];
      if (value === undefined || compares === undefined) return undefined;
      const bound = boundOf(when, scene);
      return (evaluation) =>
        ofGroup(vectorOf(value(evaluation)), scene.group).some((each) => compares(each.value, bound));
    }
    case 'progress': {
      const moves = movesWithin(when.counter, when.within, scene);
      return when.fires === 'increased'
        ? moves
        : (evaluation) => when.within <= evaluation * scene.interval && !moves(evaluation);
    }
    case 'relative':
      return risen(when, scene);
    case 'absent': {
      const value = worthOf(when.series, scene);
      return value === undefined ? undefined : (evaluation) => vectorOf(value(evaluation)).length === 0;
    }
    case 'all':
    case 'any': {
      const parts = when.of.map((part) => alertsOn(part, scene)).filter((part) => part !== undefined);
      if (parts.length < when.of.length) return undefined;
      return when.kind === 'any'
        ? (evaluation) => parts.some((part) => part(evaluation))
        : (evaluation) => parts.every((part) => part(evaluation));
    }
    default:
      return unreachable(when);
  }
}

/** What a value is held against. Sums and quotients of counts over a range may miss a bound by their rounding, samples do not. */
function boundOf({ value, bound }: { readonly value: Expr; readonly bound: number }, scene: Scene): number {
  return reachOf(value) === 0 ? bound : besideBound(bound, scene);
}

/** A rate above its floor that is not at most so many times what it was; once targets were scraped when the baseline began. */
function risen(when: RelativeAlert, scene: Scene): ((evaluation: number) => boolean) | undefined {
  const { window, baselineWindow, baselineOffset, factor, floor } = when;
  const inner = unwrap(when.counter);
  const labels = inner.kind === 'aggregation' && !inner.grouping.without ? inner.grouping.labels : [];
  const rate = (length: Duration, ago: Duration): ((evaluation: number) => Vector) | undefined => {
    const rates = selectorsOf(inner).map((one) => {
      const past = 0 < ago ? build.offset(build.range(one, length), ago) : build.range(one, length);
      return worthOf(build.call('rate', past), scene);
    });
    const known = rates.filter((each) => each !== undefined);
    const sum = aggregations.sum;
    if (known.length < rates.length || sum === undefined) return undefined;
    return (evaluation) =>
      aggregated(
        known.flatMap((each) => vectorOf(each(evaluation))),
        { without: false, labels },
        sum,
      );
  };
  const now = rate(window, noTime);
  const before = rate(baselineWindow, baselineOffset);
  if (now === undefined || before === undefined) return undefined;
  const began = baselineOffset + baselineWindow;
  const keyOf = (set: LabelSet): string => labels.map((label) => set[label] ?? '').join('\n');
  return (evaluation) => {
    if (evaluation * scene.interval < began) return false;
    const earlier = new Map(before(evaluation).map((each) => [keyOf(each.labels), each.value]));
    return now(evaluation).some((each) => {
      const baseline = earlier.get(keyOf(each.labels));
      return (
        besideBound(floor, scene) < each.value &&
        (baseline === undefined || besideBound(factor * baseline, scene) < each.value)
      );
    });
  };
}

const noTime = duration(0);

/** Whether a counter has grown at an evaluation or shortly before: within so much time. */
function movesWithin(counter: Expr, within: Duration, scene: Scene): (evaluation: number) => boolean {
  const series = counted(counter, scene);
  const length = Math.max(1, Math.ceil(within / scene.interval));
  return (evaluation) => {
    for (let index = evaluation; evaluation - length < index && 0 < index; index -= 1) {
      if (series.some((one) => 0 < growth(one, index))) return true;
    }
    return false;
  };
}

/** Whether a target answered at an evaluation or at the one before, as servers that write late are waited for. */
function answering(counter: Expr, scene: Scene): (evaluation: number) => boolean {
  const targets = scene.series.filter(({ name, labels }) => name === 'up' && labels['job'] === scene.job);
  const series = [...counted(counter, scene), ...(Object.keys(scene.group).length === 0 ? targets : [])];
  return (evaluation) =>
    series.some(({ at }) => at(evaluation) !== undefined || (0 < evaluation && at(evaluation - 1) !== undefined));
}

function counted(counter: Expr, scene: Scene): readonly MadeSeries[] {
  return selectorsOf(counter)
    .flatMap((selector) => selected(scene, selector))
    .filter(({ labels }) => isOf(labels, scene.group));
}

/** The samples of a group; a result without its labels is about all groups. */
function ofGroup(vector: Vector, group: LabelSet): Vector {
  return vector.filter(({ labels }) => isOf(labels, group));
}

function isOf(labels: LabelSet, group: LabelSet): boolean {
  return Object.entries(group).every(([label, value]) => labels[label] === value);
}
