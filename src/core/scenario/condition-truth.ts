import { type Duration, duration, unreachable } from '../base/index.ts';
import type { ComparisonOperator, Condition, Measure, Slo } from '../slo/index.ts';
import { answers, columnsOf, type Grid, gridOf, growthOf, lengthOf, within } from './columns.ts';
import { countersOf, type Expr, selectorsOf } from './counted.ts';
import type { Process } from './process.ts';
import type { ScrapeRange } from './series.ts';

/** How many slices of time were closed, and how many of them were bad. */
export interface TrueSlices {
  readonly bad: number;
  readonly total: number;
}

/** Whether a condition holds at each scrape; undefined where nobody can know. */
type Holds = readonly (boolean | undefined)[];

/**
 * The slices of a condition that ended after `from`, up to and including `to`. A slice is bad if the condition is broken at any of its scrapes, or at
 * more of them than its target leaves; one without a scrape that tells counts as `noData` says.
 */
export function trueSlices(
  process: Process,
  { measure, noData, groupBy }: Slo,
  condition: Condition,
  { from, to, interval = process.scenario.interval }: ScrapeRange,
): TrueSlices {
  if (measure.kind === 'events') throw new RangeError('a condition is judged by time slices');
  if (0 < groupBy.length) throw new RangeError('groups have a truth each, and this is that of none');
  const { length } = measure;
  // Scrapes are looked at from as far back as the first slice and the ranges of the condition reach.
  const back = Math.ceil((length + longestRange(condition)) / interval);
  const count = Math.floor((to - from) / interval) + back + 1;
  const times = Float64Array.from({ length: count }, (_, i) => from + (i - back) * interval);
  const holds = holdsAt(gridOf(process, times, interval), condition);
  const slices = new Map<number, { known: number; broken: number }>();
  for (const [i, known] of holds.entries()) {
    if (known === undefined) continue;
    const slice = Math.floor((times[i] ?? 0) / length);
    const counts = slices.get(slice) ?? { known: 0, broken: 0 };
    counts.known += 1;
    if (!known) counts.broken += 1;
    slices.set(slice, counts);
  }
  let bad = 0;
  let total = 0;
  for (let slice = Math.floor(from / length); (slice + 1) * length <= to; slice += 1) {
    const counts = slices.get(slice);
    if (counts === undefined && noData === 'unknown') continue;
    total += 1;
    if (counts !== undefined) bad += badnessOf(measure, counts.broken / counts.known);
    else if (noData === 'bad') bad += 1;
  }
  return { bad, total };
}

/** What a slice counts as, of which a share was broken. */
function badnessOf(measure: Exclude<Measure, { kind: 'events' }>, broken: number): number {
  if (measure.kind === 'slice-ratios') return broken;
  // A difference of decimals misses the share that is left by a binary fraction.
  const allowed = Number((1 - (measure.sliceTarget ?? 1)).toFixed(12));
  return allowed < broken ? 1 : 0;
}

function holdsAt(grid: Grid, condition: Condition): Holds {
  switch (condition.kind) {
    case 'comparison': {
      const columns = columnsOf(grid, condition.value);
      const compare = comparisons[condition.operator];
      return Array.from(grid.times, (_, i) => {
        const known = columns.map(({ values }) => values[i] ?? Number.NaN).filter((value) => !Number.isNaN(value));
        return known.length === 0 ? undefined : known.every((value) => compare(value, condition.bound));
      });
    }
    case 'progress':
      return Array.from(grownWithin(grid, condition.counter, condition.within), (grown) =>
        Number.isNaN(grown) ? undefined : 0 < grown,
      );
    case 'invariant': {
      const isWatched = answers(grid);
      return Array.from(grownWithin(grid, condition.counter, condition.within), (grown, i) =>
        0 < grown ? false : isWatched[i] === true ? true : undefined,
      );
    }
    case 'all':
      return together(grid, condition.of, false);
    case 'any':
      return together(grid, condition.of, true);
    default:
      return unreachable(condition);
  }
}

/** One part decides if it is as said; otherwise each of them must be known. */
function together(grid: Grid, parts: readonly Condition[], decisive: boolean): Holds {
  const all = parts.map((part) => holdsAt(grid, part));
  return Array.from(grid.times, (_, i) => {
    const known = all.map((holds) => holds[i]);
    if (known.includes(decisive)) return decisive;
    return known.includes(undefined) ? undefined : !decisive;
  });
}

/** By how much counters together grew within a length of time before each scrape. */
function grownWithin(grid: Grid, counter: Expr, length: Duration): Float64Array {
  const sum = new Float64Array(grid.times.length);
  for (const selector of selectorsOf(counter)) {
    for (const { replica, counts } of countersOf(grid.process, selector)) {
      const scrapes = grid.scrapes[replica];
      if (scrapes === undefined) continue;
      const growth = growthOf(scrapes, counts);
      for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + (growth[i] ?? 0);
    }
  }
  return within(grid, sum, length);
}

function longestRange(condition: Condition): Duration {
  switch (condition.kind) {
    case 'comparison':
      return duration(rangesOf(condition.value).reduce((longest, range) => Math.max(longest, range), 0));
    case 'progress':
    case 'invariant':
      return condition.within;
    case 'all':
    case 'any':
      return duration(condition.of.reduce((longest, part) => Math.max(longest, longestRange(part)), 0));
    default:
      return unreachable(condition);
  }
}

/** The ranges of an expression's rates; what else it is made of is refused elsewhere. */
function rangesOf(expr: Expr): readonly Duration[] {
  switch (expr.kind) {
    case 'paren':
    case 'aggregation':
      return rangesOf(expr.expr);
    case 'call':
      return expr.args.flatMap(rangesOf);
    case 'matrix':
      return [lengthOf(expr) ?? duration(0)];
    case 'binary':
      return [...rangesOf(expr.left), ...rangesOf(expr.right)];
    default:
      return [];
  }
}

const comparisons: Readonly<Record<ComparisonOperator, (value: number, bound: number) => boolean>> = {
  '<': (value, bound) => value < bound,
  '<=': (value, bound) => value <= bound,
  '>': (value, bound) => value > bound,
  '>=': (value, bound) => value >= bound,
  '==': (value, bound) => value === bound,
  '!=': (value, bound) => value !== bound,
};
