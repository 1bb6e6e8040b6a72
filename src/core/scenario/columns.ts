import { type Duration, duration } from '../base/index.ts';
import { Labels, labelsPredicate, type Matcher, metricName } from '../series/index.ts';
import { countersOf, type Expr, matchersOf } from './counted.ts';
import type { Count, Process } from './process.ts';
import { addCounter, gaugeAt, type Piecewise, type Scrapes, scrapesAt } from './values.ts';

/** A scenario at evenly spaced scrapes. */
export interface Grid {
  readonly process: Process;
  readonly interval: Duration;
  readonly times: Float64Array;
  /** The scrapes of each replica. */
  readonly scrapes: readonly Scrapes[];
  /** The same if none of them failed while the process ran. */
  readonly unfailing: readonly Scrapes[];
}

/** What a value is at each scrape; NaN where there is none. */
export interface Column {
  readonly labels: Labels;
  readonly values: Float64Array;
}

/** Lays out the scrapes of every replica at `times`, which are `interval` apart. */
export function gridOf(process: Process, times: Float64Array, interval: Duration): Grid {
  const { replicas } = process.timeline;
  const scrapes = replicas.map((replica) => whole(scrapesAt(process, replica, times)));
  const unfailing = replicas.map((replica, i) => {
    const seen = scrapes[i];
    const isUnfailing = seen !== undefined && replica.unreachable.length === 0;
    return isUnfailing ? seen : whole(scrapesAt(process, { ...replica, unreachable: [] }, times));
  });
  return { process, interval, times, scrapes, unfailing };
}

/**
 * The values of an expression straight from the process: gauges as they stand, rates as the mean of what happened, and sums, extremes,
 * arithmetic and alternatives of these. What a scenario does not tell is refused.
 */
export function columnsOf(grid: Grid, expr: Expr): readonly Column[] {
  switch (expr.kind) {
    case 'paren':
      return columnsOf(grid, expr.expr);
    case 'number':
      return [{ labels: Labels.empty, values: new Float64Array(grid.times.length).fill(expr.value) }];
    case 'selector':
      return gaugeColumns(grid, matchersOf(expr));
    case 'call': {
      const [range] = expr.args;
      if (expr.function === 'vector' && range?.kind === 'number') return columnsOf(grid, range);
      if (expr.function !== 'rate' || range?.kind !== 'matrix') break;
      const length = lengthOf(range);
      if (length === undefined) break;
      return rateColumns(grid, matchersOf(range.selector), length);
    }
    case 'aggregation': {
      const join = joins.get(expr.operator);
      const { labels, without } = expr.grouping;
      if (join === undefined) break;
      const kept = (name: string): boolean => name !== metricName && labels.includes(name) !== without;
      return joined(columnsOf(grid, expr.expr), kept, join);
    }
    case 'binary': {
      const operate = arithmetic.get(expr.operator);
      if (expr.matching !== undefined) break;
      if (expr.operator === 'or') return either(columnsOf(grid, expr.left), columnsOf(grid, expr.right));
      if (operate === undefined) break;
      return paired(columnsOf(grid, expr.left), columnsOf(grid, expr.right), operate, {
        left: expr.left.kind === 'number',
        right: expr.right.kind === 'number',
      });
    }
    default:
      break;
  }
  throw new RangeError(`a scenario does not tell the value of such a ${expr.kind}`);
}

/** The length of a range that is written as one. */
export function lengthOf({ range }: Extract<Expr, { readonly kind: 'matrix' }>): Duration | undefined {
  return range.kind === 'literal' ? duration(range.seconds * 1000) : undefined;
}

/**
 * By how much counters together have grown, as a replica's scrapes saw it, from the first scrape up to each. A life that began since then counts from
 * zero, as do series that are born with their first event.
 */
export function growthOf(scrapes: Scrapes, counts: readonly Count[]): Float64Array {
  const { times } = scrapes;
  const growth = new Float64Array(times.length);
  const shown = new Float64Array(times.length);
  for (const count of counts) whole(addCounter(scrapes, count, shown));
  const began = times[0] ?? 0;
  let before = { life: -1, value: 0 };
  for (let i = 0; i < growth.length; i += 1) {
    const life = scrapes.lives[i] ?? -1;
    const value = shown[i] ?? 0;
    const isNew = began <= (scrapes.replica.lives[life]?.from ?? 0);
    const origin = life === before.life ? before.value : isNew ? 0 : value;
    growth[i] = (growth[i - 1] ?? 0) + (life < 0 ? 0 : value - origin);
    if (0 <= life) before = { life, value };
  }
  return growth;
}

/** What was counted within a length of time before each scrape; NaN where the grid does not reach back as far. */
export function within({ interval }: Grid, growth: Float64Array, length: Duration): Float64Array {
  const back = Math.round(length / interval);
  return growth.map((value, i) => value - (growth[i - back] ?? Number.NaN));
}

/** Whether any replica answers, at each scrape. */
export function answers({ scrapes, times }: Grid): readonly boolean[] {
  return Array.from(times, (_, i) => scrapes.some(({ lives }) => 0 <= (lives[i] ?? -1)));
}

function gaugeColumns({ process, scrapes, times }: Grid, matchers: readonly Matcher[]): readonly Column[] {
  const matches = labelsPredicate(matchers);
  return process.groups.flatMap((group): readonly Column[] => {
    if (!matches(group.labels)) return [];
    if (group.kind !== 'gauge') throw new RangeError('the value of a counter says nothing by itself');
    const { lives, segments } = scrapes[group.replica] ?? {};
    const values = times.map((time, i) =>
      (lives?.[i] ?? -1) < 0 ? Number.NaN : gaugeAt(process, group, segments?.[i] ?? 0, time),
    );
    return [{ labels: group.labels, values }];
  });
}

/** The mean over the range of what happened, seen by a scrape or not; a replica that did not answer in it has none. */
function rateColumns(grid: Grid, matchers: readonly Matcher[], range: Duration): readonly Column[] {
  return countersOf(grid.process, matchers).flatMap(({ labels, replica, counts }) => {
    const scrapes = grid.unfailing[replica];
    if (scrapes === undefined) return [];
    const seen = answeredWithin(grid, replica, range);
    const counted = within(grid, growthOf(scrapes, counts), range);
    const values = counted.map((value, i) => (seen[i] === true ? value / (range / 1000) : Number.NaN));
    return [{ labels: labels.without(metricName), values }];
  });
}

function answeredWithin({ scrapes, times, interval }: Grid, replica: number, length: Duration): readonly boolean[] {
  const back = Math.round(length / interval);
  let last = Number.NEGATIVE_INFINITY;
  return Array.from(times, (_, i) => {
    if (0 <= (scrapes[replica]?.lives[i] ?? -1)) last = i;
    return i - last < back;
  });
}

const joins: ReadonlyMap<string, (values: readonly number[]) => number> = new Map([
  ['sum', (values) => values.reduce((sum, value) => sum + value, 0)],
  ['avg', (values) => values.reduce((sum, value) => sum + value, 0) / values.length],
  ['max', (values) => Math.max(...values)],
  ['min', (values) => Math.min(...values)],
  ['count', (values) => values.length],
]);

const arithmetic: ReadonlyMap<string, (left: number, right: number) => number> = new Map([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
]);

function joined(
  columns: readonly Column[],
  kept: (name: string) => boolean,
  join: (values: readonly number[]) => number,
): readonly Column[] {
  const groups = new Map<string, Column[]>();
  for (const column of columns) {
    const key = column.labels.keyOf(kept);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(column);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const values = first.values.map((_, i) => {
      const there = group.map((column) => column.values[i] ?? Number.NaN).filter((value) => !Number.isNaN(value));
      return there.length === 0 ? Number.NaN : join(there);
    });
    return [{ labels: first.labels.filter(kept), values }];
  });
}

/** What is on the left, and at each scrape what is on the right under labels that the left lacks there. */
function either(lefts: readonly Column[], rights: readonly Column[]): readonly Column[] {
  const named = (name: string): boolean => name !== metricName;
  const merged = new Map(lefts.map((left) => [left.labels.keyOf(named), left]));
  for (const right of rights) {
    const key = right.labels.keyOf(named);
    const left = merged.get(key);
    const values = left?.values.map((value, i) => (Number.isNaN(value) ? (right.values[i] ?? Number.NaN) : value));
    merged.set(key, left === undefined || values === undefined ? right : { labels: left.labels, values });
  }
  return [...merged.values()];
}

function paired(
  lefts: readonly Column[],
  rights: readonly Column[],
  operate: (left: number, right: number) => number,
  isNumber: { readonly left: boolean; readonly right: boolean },
): readonly Column[] {
  const named = (name: string): boolean => name !== metricName;
  const partners = new Map(rights.map((right) => [right.labels.keyOf(named), right]));
  const [number] = isNumber.left ? lefts : rights;
  const pair = (left: Column, right: Column, labels: Labels): Column => ({
    labels: labels.without(metricName),
    values: left.values.map((value, i) => operate(value, right.values[i] ?? Number.NaN)),
  });
  if (isNumber.left && number !== undefined) return rights.map((right) => pair(number, right, right.labels));
  if (isNumber.right && number !== undefined) return lefts.map((left) => pair(left, number, left.labels));
  return lefts.flatMap((left) => {
    const right = partners.get(left.labels.keyOf(named));
    return right === undefined ? [] : [pair(left, right, left.labels)];
  });
}

/** Work that could be stopped between its pieces, all at once. */
function whole<T>(pieces: Piecewise<T>): T {
  for (;;) {
    const { done, value } = pieces.next();
    if (done === true) return value;
  }
}
