import type { BinaryExpr, Call, DurationExpr, Expr, MatrixSelector, VectorSelector } from '../../promql/index.ts';
import { selected, type World } from './made-series.ts';
import { overRange, type RangeSamples, rangeFunctions } from './ranges.ts';
import {
  aggregated,
  aggregations,
  arithmetic,
  combined,
  comparisons,
  joined,
  nameless,
  type Sample,
  type Vector,
} from './vectors.ts';

// What an expression of a definition is worth over series that only ever take steps: the figures that its author would work out by hand. It
// is written down here once more, and not taken from the engine, since the engine is among what the tests are to prove.

/** The value of an expression at an evaluation: a number where it is one, otherwise a vector. */
export type ValueAt = (evaluation: number) => number | Vector;

/** The value of an expression in a world; undefined for forms that are not worked out here. */
export function worthOf(expr: Expr, world: World): ValueAt | undefined {
  switch (expr.kind) {
    case 'number':
      return () => expr.value;
    case 'paren':
      return worthOf(expr.expr, world);
    case 'unary':
      return mapped(worthOf(expr.expr, world), (value) => (expr.operator === '-' ? -value : value));
    case 'selector':
      return selection(expr, world);
    case 'call':
      return callOf(expr, world);
    case 'aggregation': {
      const join = aggregations[expr.operator];
      const inner = worthOf(expr.expr, world);
      if (join === undefined || inner === undefined) return undefined;
      return (evaluation) => aggregated(vectorOf(inner(evaluation)), expr.grouping, join);
    }
    case 'binary':
      return binaryOf(expr, world);
    default:
      return undefined;
  }
}

/** A number as the vector that a comparison makes of it. */
export function vectorOf(value: number | Vector): Vector {
  return typeof value === 'number' ? [{ labels: {}, value }] : value;
}

function selection(expr: VectorSelector, world: World): ValueAt | undefined {
  const offset = offsetOf(expr);
  if (offset === undefined || expr.at !== undefined || expr.extended !== undefined) return undefined;
  const series = selected(world, expr);
  const steps = Math.ceil(offset / world.interval);
  return (evaluation) =>
    series.flatMap(({ labels, at }): readonly Sample[] => {
      const value = at(evaluation - steps);
      return value === undefined ? [] : [{ labels, value }];
    });
}

/** Functions of one number. */
const plainFunctions: Readonly<Record<string, (value: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  sqrt: Math.sqrt,
  exp: Math.exp,
  ln: Math.log,
};

function callOf({ function: name, args }: Call, world: World): ValueAt | undefined {
  const [first, second] = args;
  if (first === undefined) return undefined;
  const ofRange = rangeFunctions[name];
  if (ofRange !== undefined) return first.kind === 'matrix' ? rangeOf(first, world, ofRange) : undefined;
  if (name === 'histogram_quantile') return second === undefined ? undefined : quantile(first, second, world);
  const inner = worthOf(first, world);
  if (inner === undefined) return undefined;
  if (name === 'vector') return (evaluation) => vectorOf(inner(evaluation));
  if (name === 'absent')
    return (evaluation) => (vectorOf(inner(evaluation)).length === 0 ? [{ labels: {}, value: 1 }] : []);
  const bound = second?.kind === 'number' ? second.value : undefined;
  if (name === 'clamp_min' && bound !== undefined) return mapped(inner, (value) => Math.max(value, bound));
  if (name === 'clamp_max' && bound !== undefined) return mapped(inner, (value) => Math.min(value, bound));
  const plain = second === undefined ? plainFunctions[name] : undefined;
  return plain === undefined ? undefined : mapped(inner, plain);
}

function rangeOf(
  { selector, range }: MatrixSelector,
  world: World,
  of: (samples: RangeSamples) => number | undefined,
): ValueAt | undefined {
  const length = milliseconds(range);
  const offset = offsetOf(selector);
  if (length === undefined || offset === undefined || selector.at !== undefined || selector.extended !== undefined)
    return undefined;
  const series = selected(world, selector);
  return (evaluation) =>
    series.flatMap((one): readonly Sample[] => {
      const value = overRange(one, evaluation, { world, length, offset }, of);
      return value === undefined ? [] : [{ labels: nameless(one.labels), value }];
    });
}

/** The quantile of a classic histogram, interpolated within the bucket that it falls into. */
function quantile(share: Expr, buckets: Expr, world: World): ValueAt | undefined {
  const inner = worthOf(buckets, world);
  if (share.kind !== 'number' || inner === undefined) return undefined;
  return (evaluation) => {
    const vector = vectorOf(inner(evaluation));
    const groups = aggregated(vector, { without: true, labels: ['le'] }, () => 0);
    return groups.flatMap(({ labels }): readonly Sample[] => {
      const own = joined(
        vector,
        [{ labels, value: 0 }],
        { on: false, labels: ['le'], group: manyLeft },
        (left) => left,
      );
      return [{ labels, value: quantileOf(share.value, own) }];
    });
  };
}

const manyLeft = { side: 'left', include: [] } as const;

function quantileOf(share: number, buckets: Vector): number {
  const ascending = buckets
    .map(({ labels, value }) => ({ bound: Number(labels['le']?.replace('+Inf', 'Infinity')), count: value }))
    .toSorted((a, b) => a.bound - b.bound);
  const all = ascending.at(-1);
  if (all === undefined || all.bound !== Number.POSITIVE_INFINITY || ascending.length < 2 || all.count === 0)
    return Number.NaN;
  const rank = share * all.count;
  const index = ascending.findIndex(({ count }) => rank <= count);
  const [found, before] = [ascending[index], ascending[index - 1]];
  if (found === undefined || found.bound === Number.POSITIVE_INFINITY) return before?.bound ?? Number.NaN;
  const lower = before?.bound ?? 0;
  const below = before?.count ?? 0;
  return lower + ((found.bound - lower) * (rank - below)) / (found.count - below);
}

function binaryOf(expr: BinaryExpr, world: World): ValueAt | undefined {
  const left = worthOf(expr.left, world);
  const right = worthOf(expr.right, world);
  const { operator, bool, matching } = expr;
  if (left === undefined || right === undefined || matching?.fill !== undefined) return undefined;
  if (operator === 'and' || operator === 'or' || operator === 'unless')
    return (evaluation) => combined(operator, vectorOf(left(evaluation)), vectorOf(right(evaluation)), matching);
  const join = joiningOf(operator, bool);
  if (join === undefined) return undefined;
  return (evaluation) => {
    const [a, b] = [left(evaluation), right(evaluation)];
    if (typeof a === 'number' && typeof b === 'number') return join(a, b, a) ?? 0;
    if (typeof b === 'number') return each(vectorOf(a), (value) => join(value, b, value));
    if (typeof a === 'number') return each(b, (value) => join(a, value, value));
    return joined(a, b, matching, (one, other) => join(one, other, one));
  };
}

/** What is kept of a pair: a result, or of a comparison that filters the side that is a vector. */
function joiningOf(
  operator: BinaryExpr['operator'],
  bool: boolean,
): ((left: number, right: number, kept: number) => number | undefined) | undefined {
  const compute = arithmetic[operator];
  if (compute !== undefined) return compute;
  const compares = comparisons[operator];
  if (compares === undefined) return undefined;
  return bool
    ? (left, right) => (compares(left, right) ? 1 : 0)
    : (left, right, kept) => (compares(left, right) ? kept : undefined);
}

function mapped(inner: ValueAt | undefined, change: (value: number) => number): ValueAt | undefined {
  if (inner === undefined) return undefined;
  return (evaluation) => {
    const value = inner(evaluation);
    return typeof value === 'number' ? change(value) : each(value, change);
  };
}

function each(vector: Vector, change: (value: number) => number | undefined): Vector {
  return vector.flatMap(({ labels, value }): Vector => {
    const changed = change(value);
    return changed === undefined ? [] : [{ labels: nameless(labels), value: changed }];
  });
}

function offsetOf({ offset }: VectorSelector): number | undefined {
  return offset === undefined ? 0 : milliseconds(offset);
}

function milliseconds(length: DurationExpr): number | undefined {
  return length.kind === 'literal' ? length.seconds * 1000 : undefined;
}

/** The longest stretch into the past that an expression reads, offsets included; undefined where it cannot be told. */
export function reachOf(expr: Expr): number | undefined {
  switch (expr.kind) {
    case 'matrix': {
      const length = milliseconds(expr.range);
      const offset = offsetOf(expr.selector);
      return length === undefined || offset === undefined ? undefined : length + offset;
    }
    case 'selector':
      return offsetOf(expr);
    case 'number':
    case 'string':
      return 0;
    case 'call':
      return farthest(expr.args);
    case 'aggregation':
    case 'paren':
    case 'unary':
      return reachOf(expr.expr);
    case 'binary':
      return farthest([expr.left, expr.right]);
    default:
      return undefined;
  }
}

/** The longest stretch into the past that any of some expressions reads. */
export function farthest(exprs: readonly Expr[]): number | undefined {
  const reaches = exprs.map(reachOf);
  return reaches.reduce<number | undefined>(
    (most, one) => (most === undefined || one === undefined ? undefined : Math.max(most, one)),
    0,
  );
}
