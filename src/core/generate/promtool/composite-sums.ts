import { duration } from '../../base/index.ts';
import type { CompositeIndicator } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import { type Counted, ratioOf, type Sums, sumsOf } from './counted.ts';
import { type Excluded, withoutExcluded } from './excluded.ts';
import { type ShareSince, shareIn } from './period-figures.ts';
import type { Course } from './subject.ts';
import type { TestedObjective } from './tested-objective.ts';
import { type Windows, windowsOf } from './windows.ts';

/** A member as a composite joins it. */
export interface Member {
  readonly tested: TestedObjective;
  readonly weight: number;
}

/** What the members of a composite count in a course: each of their groups by itself, with and without what exclusions take out. */
export interface MemberCounts {
  readonly counted: readonly (readonly Counted[])[];
  readonly raw: readonly (readonly Counted[])[];
  readonly course: Course;
  /** What the composite itself excludes. */
  readonly excluded: Excluded | undefined;
}

/** A composite as a case sees it. */
export interface Joining {
  readonly indicator: CompositeIndicator;
  readonly members: readonly Member[];
  readonly levels: Levels;
}

/** What a composite makes of its members. */
export interface JoinedUp {
  readonly windows: Windows;
  readonly share: ShareSince;
  /** The same with nothing excluded. */
  readonly rawShare: ShareSince;
}

/** Joins what members count. A pot leaves out what it excludes itself; a composite that joins ratios takes what its members leave. */
export function joinedUp(joining: Joining, { counted, raw, course, excluded }: MemberCounts): JoinedUp {
  const { indicator, members, levels } = joining;
  if (indicator.combine === 'pooled') {
    const all = pooled(raw.flat(), course.count);
    const pot = excluded === undefined ? pooled(counted.flat(), course.count) : withoutExcluded(all, excluded);
    return { windows: windowsOf(pot, levels), share: shareIn(pot), rawShare: shareIn(all) };
  }
  const windows = counted.map((groups, index) =>
    groups.map((one) => windowsOf(one, members[index]?.tested.levels ?? levels)),
  );
  return {
    windows: jointWindows(indicator.combine, members, windows),
    share: jointShare(joining, counted),
    rawShare: jointShare(joining, raw),
  };
}

function jointShare({ indicator, members }: Joining, counts: readonly (readonly Counted[])[]): ShareSince {
  return (since) => (evaluation) => {
    const first = since(evaluation);
    const sums = counts.map((groups) =>
      groups.map((counted): JoinedSums => {
        const own = sumsOf(counted, first, evaluation);
        return { total: own.total, share: ratioOf(own) };
      }),
    );
    return ratioOf(join(indicator.combine, members, sums));
  };
}

/** The events of a member, and its share of bad ones; undefined where it has none. */
interface JoinedSums {
  readonly total: number;
  readonly share: number | undefined;
}

/** All events in one pot, which knows of them an evaluation later. */
function pooled(counts: readonly Counted[], count: number): Counted {
  const pot = (which: 'total' | 'bad'): (number | undefined)[] =>
    Array.from({ length: count }, (_, evaluation) => {
      const known = counts.map((one) => one[which][evaluation - 1]).filter((value) => value !== undefined);
      return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0);
    });
  return { total: pot('total'), bad: pot('bad') };
}

/** Windows of which each is what the members' windows make of it. */
function jointWindows(
  combine: CompositeIndicator['combine'],
  members: readonly Member[],
  windows: readonly (readonly Windows[])[],
): Windows {
  return {
    in: (window, evaluation) => {
      // The share that was recorded last has a say for one evaluation more.
      const shareIn = (each: Windows): number | undefined =>
        ratioOf(each.in(window, evaluation)) ?? ratioOf(each.in(window, evaluation - 1));
      const latest = (each: Windows): JoinedSums | undefined => {
        const sums = each.in(window, evaluation) ?? each.in(window, evaluation - 1);
        return sums && { total: sums.total, share: shareIn(each) };
      };
      return join(
        combine,
        members,
        windows.map((groups) => groups.map(latest)),
      );
    },
    observed: (evaluation) => duration(Math.min(...windows.flat().map((each) => each.observed(evaluation)))),
  };
}

/**
 * All events of the members, and so many bad ones as the joint share makes of them. Members without events have no say; in a weighted mean the
 * groups of a member share its weight.
 */
function join(
  combine: CompositeIndicator['combine'],
  members: readonly Member[],
  sums: readonly (readonly (JoinedSums | undefined)[])[],
): Sums | undefined {
  const known = sums.flatMap((groups, index) => {
    const shares = groups.flatMap((sum) => (sum?.share === undefined ? [] : [{ total: sum.total, share: sum.share }]));
    const weight = (members[index]?.weight ?? 0) / shares.length;
    return shares.map((each) => ({ ...each, weight }));
  });
  if (known.length === 0) return undefined;
  const total = known.reduce((sum, each) => sum + each.total, 0);
  return { total, bad: shareOf(combine, known) * total };
}

interface Weighing {
  readonly share: number;
  readonly weight: number;
}

function shareOf(combine: CompositeIndicator['combine'], members: readonly Weighing[]): number {
  switch (combine) {
    case 'worst':
      return Math.max(...members.map(({ share }) => share));
    case 'series':
      return 1 - members.reduce((works, { share }) => works * (1 - share), 1);
    case 'weighted': {
      const weights = members.reduce((sum, { weight }) => sum + weight, 0);
      return members.reduce((sum, { share, weight }) => sum + share * weight, 0) / weights;
    }
    case 'pooled':
      throw new RangeError('a pot has events of its own');
  }
}
