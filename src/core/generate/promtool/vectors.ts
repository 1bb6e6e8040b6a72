import type { AggregationOperator, BinaryOperator, Grouping, VectorMatching } from '../../promql/index.ts';
import type { LabelSet } from './made-series.ts';

/** A value of an expression for one set of labels; what has no name left has none among its labels. */
export interface Sample {
  readonly labels: LabelSet;
  readonly value: number;
}

export type Vector = readonly Sample[];

type Joining = (group: readonly number[]) => number;

/** The aggregations that conditions are made of. */
export const aggregations: Readonly<Partial<Record<AggregationOperator, Joining>>> = {
  sum: (group) => group.reduce((sum, value) => sum + value, 0),
  avg: (group) => group.reduce((sum, value) => sum + value, 0) / group.length,
  min: (group) => Math.min(...group),
  max: (group) => Math.max(...group),
  count: (group) => group.length,
  group: () => 1,
};

/** One sample for each group. */
export function aggregated(vector: Vector, grouping: Grouping, join: Joining): Vector {
  const groups = new Map<string, { readonly labels: LabelSet; readonly values: number[] }>();
  for (const { labels, value } of vector) {
    const kept = keep(labels, (name) => grouping.labels.includes(name) !== grouping.without);
    const key = keyOf(kept);
    const group = groups.get(key) ?? { labels: kept, values: [] };
    group.values.push(value);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ labels, values }) => ({ labels, value: join(values) }));
}

type Arithmetic = (left: number, right: number) => number;

/** What two numbers come to. */
export const arithmetic: Readonly<Partial<Record<BinaryOperator, Arithmetic>>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
};

/** Whether two numbers compare so. */
export const comparisons: Readonly<Partial<Record<BinaryOperator, (left: number, right: number) => boolean>>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const allLabels: VectorMatching = { on: false, labels: [] };

/** The samples of two vectors that match, each pair made one by a function that may drop it. */
export function joined(
  left: Vector,
  right: Vector,
  matching: VectorMatching = allLabels,
  join: (left: number, right: number) => number | undefined,
): Vector {
  const manyRight = matching.group?.side === 'right';
  const [many, one] = manyRight ? [right, left] : [left, right];
  const partners = new Map(one.map((sample) => [matchKey(sample.labels, matching), sample]));
  return many.flatMap((sample): Vector => {
    const partner = partners.get(matchKey(sample.labels, matching));
    if (partner === undefined) return [];
    const value = manyRight ? join(partner.value, sample.value) : join(sample.value, partner.value);
    return value === undefined ? [] : [{ labels: resultLabels(sample.labels, matching), value }];
  });
}

/** `and`, `or`, `unless`. */
export function combined(
  operator: 'and' | 'or' | 'unless',
  left: Vector,
  right: Vector,
  matching: VectorMatching = allLabels,
): Vector {
  const keys = (vector: Vector): ReadonlySet<string> => new Set(vector.map(({ labels }) => matchKey(labels, matching)));
  if (operator === 'or') {
    const taken = keys(left);
    return [...left, ...right.filter(({ labels }) => !taken.has(matchKey(labels, matching)))];
  }
  const others = keys(right);
  return left.filter(({ labels }) => others.has(matchKey(labels, matching)) === (operator === 'and'));
}

/** Labels without the metric's name, as all but selections have them. */
export function nameless(labels: LabelSet): LabelSet {
  return keep(labels, () => true);
}

function matchKey(labels: LabelSet, { on, labels: named }: VectorMatching): string {
  return keyOf(keep(labels, (name) => named.includes(name) === on));
}

function resultLabels(labels: LabelSet, { on, labels: named, group }: VectorMatching): LabelSet {
  return group === undefined ? keep(labels, (name) => named.includes(name) === on) : nameless(labels);
}

function keep(labels: LabelSet, isKept: (name: string) => boolean): LabelSet {
  return Object.fromEntries(Object.entries(labels).filter(([name, value]) => value !== '' && isKept(name)));
}

function keyOf(labels: LabelSet): string {
  return JSON.stringify(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
