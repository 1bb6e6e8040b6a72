import { type Duration, duration } from '../../base/index.ts';
import type { CompositeIndicator, Service, Slo } from '../../slo/index.ts';
import { levelsOf } from '../levels.ts';
import { composedNeeds } from '../rules/composite-rules.ts';
import { type Counted, sumOf } from './counted.ts';
import type { Course } from './subject.ts';
import type { TestedObjective } from './tested-objective.ts';
import { type Sums, type Windows, windowsOf } from './windows.ts';

/** A member as a composite joins it. */
export interface Member {
  readonly tested: TestedObjective;
  readonly weight: number;
}

/** What the members of a composite count in a course: each of their groups by itself. */
export interface MemberCounts {
  readonly counts: readonly (readonly Counted[])[];
  readonly course: Course;
  readonly interval: Duration;
}

/** What a composite makes of its members. */
export interface JoinedUp {
  readonly windows: Windows;
  /** The share of bad events in its period. */
  readonly errors: (evaluation: number) => number | undefined;
}

/** Joins what members count. */
export function joinedUp(
  service: Service,
  slo: Slo,
  indicator: CompositeIndicator,
  members: readonly Member[],
  { counts, course, interval }: MemberCounts,
): JoinedUp {
  const levels = levelsOf(slo, interval, composedNeeds(service, slo, interval));
  const pot = indicator.combine === 'pooled' ? pooled(counts.flat(), course.count) : undefined;
  const windows =
    pot === undefined
      ? jointWindows(
          indicator.combine,
          members,
          counts.map((groups, index) =>
            groups.map((counted) => windowsOf(counted, members[index]?.tested.levels ?? levels)),
          ),
        )
      : windowsOf(pot, levels);
  const length = Math.ceil(slo.period.length / interval);
  const inPeriod = ({ total, bad }: Counted, evaluation: number): Sums => ({
    total: sumOf(total, evaluation - length + 1, evaluation + 1),
    bad: sumOf(bad, evaluation - length + 1, evaluation + 1),
  });
  const errors = (evaluation: number): number | undefined => {
    const joint =
      pot === undefined
        ? join(
            indicator.combine,
            members,
            counts.map((groups) => groups.map((counted) => inPeriod(counted, evaluation))),
          )
        : inPeriod(pot, evaluation);
    return joint === undefined || joint.total <= 0 ? undefined : joint.bad / joint.total;
  };
  return { windows, errors };
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
    in: (window, evaluation) =>
      join(
        combine,
        members,
        windows.map((groups) => groups.map((each) => each.in(window, evaluation))),
      ),
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
  sums: readonly (readonly (Sums | undefined)[])[],
): Sums | undefined {
  const known = sums.flatMap((groups, index) => {
    const shares = groups.flatMap((sum) => (sum === undefined || sum.total <= 0 ? [] : [sum]));
    const weight = (members[index]?.weight ?? 0) / shares.length;
    return shares.map(({ bad, total }) => ({ share: bad / total, total, weight }));
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
