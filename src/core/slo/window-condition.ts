import type { Duration, Ratio } from '../base/index.ts';

/** An incident in the life of a service, at constant traffic as long as there is any. Times count from its start. */
export interface Course {
  readonly background: Ratio;
  readonly during: Ratio;
  readonly length: Duration;
  /** How long before the incident the series begin; missing if longer than any window. */
  readonly history?: Duration | undefined;
  /** When all traffic stops; missing if it goes on. */
  readonly trafficStops?: Duration | undefined;
}

/** A mean over a window that is held against a threshold. */
export interface WindowCondition {
  readonly threshold: Ratio;
  readonly comparison: '>' | '>=';
  readonly window: Duration;
}

/** Some time during which a condition holds. Of a strict comparison the ends don't belong to it, of the other they do. */
export interface Holding {
  readonly from: number;
  readonly to: number;
  /** Whether the end is one of the data, at which a window is empty: it never belongs to it. */
  readonly empty: boolean;
}

/**
 * When the mean error ratio of a window is over a threshold, from the start of an incident on. The mean is over the threshold where the
 * excess, bad events less the threshold's share of all events, is positive; the excess that has gathered since the series began is
 * piecewise linear, hence so is its growth over a window, and its roots between the corners are exact.
 */
export function holdings(condition: WindowCondition, course: Course): readonly Holding[] {
  const { window, comparison } = condition;
  const { length, trafficStops = Number.POSITIVE_INFINITY } = course;
  const begin = -(course.history ?? window + length);
  const gathered = excess(condition, course, begin);
  const rounding = precision * window;
  const level = (time: number): number => {
    const value = gathered(time) - gathered(Math.max(time - window, begin));
    return Math.abs(value) <= rounding ? 0 : value;
  };
  const found: Holding[] = [];
  const corners = cornersOf(window, length, trafficStops, begin);
  for (const [index, end] of corners.entries()) {
    const start = corners[index - 1];
    if (start === undefined) continue;
    const part = positivePart({ time: start, level: level(start) }, { time: end, level: level(end) }, comparison);
    if (part === undefined) continue;
    const empty = end === trafficStops + window && part.to === end;
    const before = found.at(-1);
    // Parts that meet at a corner where the condition holds are one.
    if (before?.to === part.from && (comparison === '>=' || 0 < level(start))) {
      found[found.length - 1] = { from: before.from, to: part.to, empty };
    } else found.push({ ...part, empty });
  }
  return found;
}

/** When both of two conditions hold. */
export function both(one: readonly Holding[], other: readonly Holding[]): readonly Holding[] {
  const joint = one.flatMap((a) =>
    other.map((b) => {
      const to = Math.min(a.to, b.to);
      return { from: Math.max(a.from, b.from), to, empty: (a.empty && a.to === to) || (b.empty && b.to === to) };
    }),
  );
  return joint.filter(({ from, to }) => from <= to).sort((a, b) => a.from - b.from);
}

/** Levels that differ from zero by less are zero, in shares of the window: they are sums of products of decimals. */
const precision = 1e-11;

/** The excess that has gathered from the beginning of the series up to a time, in units of traffic times time. */
function excess({ threshold }: WindowCondition, course: Course, begin: number): (time: number) => number {
  const { background, during, length, trafficStops = Number.POSITIVE_INFINITY } = course;
  const before = background - threshold;
  const inside = during - threshold;
  return (time) => {
    const until = Math.min(time, trafficStops);
    const affected = Math.min(Math.max(until, 0), length);
    return affected * inside + (until - begin - affected) * before;
  };
}

/** Where the excess over a window may bend: where either of its ends meets a change. Behind the last corner nothing changes. */
function cornersOf(window: number, length: number, trafficStops: number, begin: number): readonly number[] {
  const changes = [0, length, trafficStops, begin].flatMap((change) => [change, change + window]);
  const corners = changes.filter(
    (time) => 0 <= time && time <= trafficStops + window && time < Number.POSITIVE_INFINITY,
  );
  return [...new Set(corners)].sort((a, b) => a - b);
}

interface Corner {
  readonly time: number;
  readonly level: number;
}

/** The part of a straight line that is over zero, or at least zero. */
function positivePart(
  start: Corner,
  end: Corner,
  comparison: '>' | '>=',
): { readonly from: number; readonly to: number } | undefined {
  const holds = (level: number): boolean => (comparison === '>' ? 0 < level : 0 <= level);
  if (!holds(start.level) && !holds(end.level)) return undefined;
  const root = start.time + ((end.time - start.time) * start.level) / (start.level - end.level);
  return {
    from: holds(start.level) ? start.time : root,
    to: holds(end.level) ? end.time : root,
  };
}
