import { type Duration, duration, formatDuration } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import type { CompositeMember } from '../../slo/index.ts';
import { levelsOf } from '../levels.ts';
import { badOnly, identity, identityLabels, periodLabel, recorded, totalOnly, windowLabel } from '../names.ts';
import { type PeriodLevels, periodName, periodWords } from '../period-levels.ts';
import { periodScope, type Scope } from '../scope.ts';
import {
  type Composite,
  conditionsOf,
  type Figure,
  figureOf,
  joined,
  latest,
  neighbour,
  shareOf,
} from './composite-members.ts';
import { composedNeeds, jointRatio } from './composite-rules.ts';
import { type PreviousEvents, previousComment } from './figure-rules.ts';
import { record } from './record.ts';
import { closing, longestWindow } from './slow-rules.ts';

const { add, aggregate, binary, by, compare, groupLeft, multiply, on, or, selector, sum, unless } = build;

/** The figures of a composite's periods, of which the members' are made that have the same periods. */
export function jointPeriodRules(composite: Composite): readonly RecordingRule[] {
  const { levels } = composite;
  return [
    ...levels.periods.flatMap((level) => rulesOfPeriod(composite, level)),
    ...(levels.periods[0].period.kind === 'calendar' ? [observedRule(composite)] : []),
  ];
}

/**
 * The calendar period before, once all members have closed it: they do so at their own steps, and for a while only some of them would
 * have a say.
 */
export function jointPrevious(composite: Composite): PreviousEvents {
  return (level) => {
    const { service, slo, indicator } = composite;
    const scope = periodScope(service, slo, level);
    const elapsedNow = selector(recorded.periodElapsed, scope.conditions);
    const isClosed = compare('>=', elapsedNow, closedAfter(composite, level) / 1000);
    const once = (expr: Expr): Expr => binary('and', expr, isClosed, { matching: on() });
    const total = { name: recorded.previousEvents, kind: totalOnly };
    const ratio = jointRatio(indicator, [], ratioOf(composite, level, recorded.previousErrorRatio), (series) => series);
    return [
      record(
        total.name,
        once(sum(membersOf(composite, level, total))),
        { ...scope.labels, ...totalOnly },
        previousComment(level),
      ),
      badAmong(total.name, ratio, scope),
    ];
  };
}

function rulesOfPeriod(composite: Composite, level: PeriodLevels): readonly RecordingRule[] {
  const { service, slo, indicator } = composite;
  const scope = periodScope(service, slo, level);
  const current = inSamePeriod(composite, level);
  const total = { name: recorded.periodEvents, kind: totalOnly };
  const ratio = jointRatio(indicator, [], ratioOf(composite, level, recorded.periodErrorRatio), current);
  return [
    ...(level.period.kind === 'calendar' ? [elapsedRule(composite, level)] : []),
    record(
      total.name,
      sum(current(membersOf(composite, level, total))),
      { ...scope.labels, ...totalOnly },
      `The same in ${level.period.kind === 'calendar' ? 'the ' : ''}${periodWords(level.period)}, and the seconds with data of the member that has least.`,
    ),
    badAmong(total.name, ratio, scope),
    record(
      recorded.periodObserved,
      aggregate('min', by(), current(membersOf(composite, level, { name: recorded.periodObserved }))),
      scope.labels,
    ),
  ];
}

/** So many bad ones among all events as make up the ratio. They have a rule of their own, which reads what that of the total has recorded. */
function badAmong(name: string, ratio: Expr, { labels, conditions }: Scope): RecordingRule {
  const all = selector(name, { ...conditions, ...totalOnly });
  return record(name, multiply(ratio, all, on()), { ...labels, ...badOnly });
}

const elapsed = { name: recorded.periodElapsed };

function elapsedRule(composite: Composite, level: PeriodLevels): RecordingRule {
  const { service, slo } = composite;
  return record(
    recorded.periodElapsed,
    aggregate('min', by(), membersOf(composite, level, elapsed)),
    periodScope(service, slo, level).labels,
    `How long the ${periodWords(level.period)} has lasted for the member that went on to it first; the others have no say until they are there.`,
  );
}

/** Leaves out members whose newest figures are still of the calendar period before. */
function inSamePeriod(composite: Composite, level: PeriodLevels): (series: Expr) => Expr {
  if (level.period.kind !== 'calendar') return (series) => series;
  const { service, slo, levels } = composite;
  const first = selector(recorded.periodElapsed, periodScope(service, slo, level).conditions);
  // Figures at most two evaluations old differ by less than two in what has passed.
  const latestSame = add(first, (2 * levels.interval) / 1000);
  const same = compare('<=', membersOf(composite, level, elapsed), latestSame, groupLeft(on()));
  return (series) => binary('and', series, same, { matching: on(...identity) });
}

/** A figure of each member. */
function membersOf(composite: Composite, { period }: PeriodLevels, figure: Figure): Expr {
  return joined(composite.indicator.members.map((member) => figureOf(composite, period, figure, member)));
}

function ratioOf(composite: Composite, { period }: PeriodLevels, name: string): (member: CompositeMember) => Expr {
  return (member) => shareOf(composite, [], member, figureOf(composite, period, { name }, member));
}

/** When the last member has closed the period before. Others than neighbours are taken to have the composite's steps. */
function closedAfter({ service, indicator, levels }: Composite, level: PeriodLevels): Duration {
  const steps = indicator.members.map((member) => {
    const found = neighbour(service, member);
    if (found === undefined) return level.steps.length;
    const own = levelsOf(found, levels.interval, composedNeeds(service, found, levels.interval)).periods;
    const same = own.find(({ period }) => periodName(period) === periodName(level.period));
    return same?.steps.length ?? level.steps.length;
  });
  return duration(closing.to * Math.max(...steps));
}

/** The seconds with data in the longest window, where the period's own begin anew with it. */
function observedRule(composite: Composite): RecordingRule {
  const { service, slo, indicator, levels } = composite;
  return record(
    recorded.windowObserved,
    aggregate('min', by(), joined(indicator.members.map((member) => observedOf(composite, member)))),
    { ...identityLabels(service, slo), [windowLabel]: formatDuration(longestWindow(levels)) },
    'Seconds with data in the longest window, of the member that has least.',
  );
}

/** A member records them apart only if its own main period is one of the calendar. */
function observedOf({ service, levels }: Composite, member: CompositeMember): Expr {
  const own = conditionsOf(member);
  const found = neighbour(service, member);
  const inWindow = latest(recorded.windowObserved, own, levels);
  const inPeriod = latest(recorded.periodObserved, { ...own, [periodLabel]: '' }, levels);
  if (found === undefined) return or(inWindow, unless(inPeriod, inWindow, on(...identity)));
  return found.period.kind === 'calendar' ? inWindow : inPeriod;
}
