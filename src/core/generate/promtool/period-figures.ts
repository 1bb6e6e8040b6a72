import { timestamp } from '../../base/index.ts';
import { type CalendarPeriod, periodOfRules } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import { identityLabels, rawName, recorded } from '../names.ts';
import type { PeriodLevels } from '../period-levels.ts';
import { type Counted, ratioOf, sumsOf } from './counted.ts';
import type { Excluded } from './excluded.ts';
import type { LabelSet } from './made-series.ts';
import type { Budget } from './profiles.ts';
import type { Course, ExpectedFigure } from './subject.ts';
import type { TestedObjective } from './tested-objective.ts';

/** What is counted of a group in a case, with and without what exclusions take out. */
interface CountedTwice {
  readonly counted: Counted;
  readonly raw: Counted;
  readonly excluded: Excluded | undefined;
}

/** The figures of the periods of an objective in a case. */
export interface PeriodFigures {
  readonly all: readonly ExpectedFigure[];
  /** The budget that policies go by: what is left of it, or of a calendar period what will be at its end. */
  readonly decisive: Budget;
}

/** What of an objective decides on what its periods show. */
export type Judged = Pick<TestedObjective, 'service' | 'slo' | 'levels' | 'begins'>;

/** The share of bad events in each period and what it leaves of the budget: those of all events of the course that lie in it. */
export function periodFigures(
  tested: TestedObjective,
  group: LabelSet,
  { counted, raw, excluded }: CountedTwice,
  course: Course,
): PeriodFigures {
  const shares = { share: shareIn(counted), rawShare: shareIn(raw), excluded };
  return figuresOf(tested, group, shares, course);
}

/** The share of bad events of all evaluations from the one on that a period begins with. */
export type ShareSince = (since: PeriodStretch['since']) => Budget;

/** Such shares with and without what exclusions take out. */
export interface Shares {
  readonly share: ShareSince;
  readonly rawShare: ShareSince;
  readonly excluded: Excluded | undefined;
}

/** The figures of periods, whatever their shares are made of. */
export function figuresOf(
  judged: Judged,
  group: LabelSet,
  { share: shareSince, rawShare: rawShareSince, excluded }: Shares,
  course: Course,
): PeriodFigures {
  const { service, slo, levels, begins } = judged;
  const all: ExpectedFigure[] = [];
  let decisive: Budget = () => undefined;
  for (const level of levels.periods) {
    const labels = { ...identityLabels(service, slo), period: level.label ?? '', ...group };
    const stretch = stretchOf(judged, level, course);
    if (stretch === undefined) continue;
    const share = shareSince(stretch.since);
    const left = leftOf(judged, share);
    all.push(
      { name: recorded.periodErrorRatio, labels, value: share },
      { name: recorded.periodBudgetRemaining, labels, value: left },
    );
    if (excluded !== undefined) {
      const rawShare = rawShareSince(stretch.since);
      all.push(
        { name: rawName(recorded.periodErrorRatio), labels, value: rawShare },
        { name: rawName(recorded.periodBudgetRemaining), labels, value: leftOf(judged, rawShare) },
      );
    }
    const atEnd = projected(judged, share, stretch.passed);
    if (stretch.passed !== undefined) all.push({ name: recorded.periodProjectedBudget, labels, value: atEnd });
    if (level === levels.periods[0]) decisive = stretch.passed === undefined ? left : atEnd;
  }
  if (excluded !== undefined && begins !== 0) {
    const value = (evaluation: number): number => Number(excluded(evaluation));
    all.push({ name: recorded.excluded, labels: identityLabels(service, slo), value });
  }
  return { all, decisive };
}

/** The part of a case that lies in the period of an evaluation. */
export interface PeriodStretch {
  /** The first evaluation that counts for it. */
  readonly since: (evaluation: number) => number;
  /** The share of a calendar period that has passed. */
  readonly passed?: (evaluation: number) => number;
}

/** Undefined if the period is shorter than the case and summed in steps. */
function stretchOf(
  { levels, begins }: Judged,
  { period, source, longest }: PeriodLevels,
  { count }: Course,
): PeriodStretch | undefined {
  const { interval } = levels;
  if (period.kind === 'calendar') return calendarStretch(period, begins - levels.lag, levels);
  if (source === 'evaluations') {
    const length = Math.ceil(longest / interval);
    return { since: (evaluation) => evaluation - length + 1 };
  }
  return count * interval < longest ? { since: () => 0 } : undefined;
}

/** An evaluation counts for the period in which that before it lay: its events began there. A pot's lie an evaluation further back. */
function calendarStretch(period: CalendarPeriod, begins: number, { interval }: Levels): PeriodStretch {
  let known = periodOfRules(period, timestamp(begins));
  const around = (evaluation: number): typeof known => {
    const instant = timestamp(begins + (evaluation - 1) * interval);
    if (instant < known.start || known.end <= instant) known = periodOfRules(period, instant);
    return known;
  };
  return {
    since: (evaluation) => Math.ceil((around(evaluation).start - begins) / interval) + 1,
    passed: (evaluation) => {
      const elapsed = begins + (evaluation - 1) * interval - around(evaluation).start;
      return Math.min(1, elapsed / period.length);
    },
  };
}

/** The share of bad events in what was counted. */
export function shareIn(counted: Counted): ShareSince {
  return (since) => (evaluation) => ratioOf(sumsOf(counted, since(evaluation), evaluation));
}

function leftOf({ slo }: Judged, share: Budget): Budget {
  const { errorBudget } = slo.target;
  return (evaluation) => {
    const errors = share(evaluation);
    if (errors === undefined) return undefined;
    return errorBudget === 0 ? Number(errors === 0) : 1 - errors / errorBudget;
  };
}

/** What is left at the end of a calendar period if its traffic goes on and nothing more goes wrong. */
function projected({ slo }: Judged, share: Budget, passed: PeriodStretch['passed']): Budget {
  const { errorBudget } = slo.target;
  return (evaluation) => {
    const errors = share(evaluation);
    if (errors === undefined || passed === undefined || errorBudget === 0) return undefined;
    return 1 - (errors / errorBudget) * passed(evaluation);
  };
}
