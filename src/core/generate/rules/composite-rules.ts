import { type Duration, duration, formatDuration, unreachable } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import {
  type CompositeIndicator,
  type CompositeMember,
  exclusionsOf,
  type Service,
  type Slo,
} from '../../slo/index.ts';
import { hasCalendar, justUnder, type LevelNeeds, levelsOf } from '../levels.ts';
import { badOnly, eventsLabel, identityLabels, ownEvents, recorded, totalOnly, windowLabel } from '../names.ts';
import { type Composite, conditionsOf, joined, latest, shareOf } from './composite-members.ts';
import { record } from './record.ts';
import { latestSlow } from './sums.ts';

const { add, aggregate, by, call, divide, multiply, offset, on, range, selector, subtract, sumBy } = build;

/** The indicator of an objective that joins others by their ratios, and not by their events. */
export function joinedBy({ indicator }: Slo): CompositeIndicator | undefined {
  return indicator.kind === 'composite' && indicator.combine !== 'pooled' ? indicator : undefined;
}

/** What an objective records for the composites of its service, and how late it is if it is one itself. */
export function composedNeeds(service: Service, slo: Slo, interval: Duration): LevelNeeds {
  return { windows: windowsForComposites(service, slo, interval, []), lag: lagOf(service, slo, interval) };
}

/** The windows of the composites that an objective is part of, and of those that these are part of. */
function windowsForComposites(
  service: Service,
  slo: Slo,
  interval: Duration,
  within: readonly string[],
): readonly Duration[] {
  return service.slos.flatMap((composite) => {
    const members = joinedBy(composite)?.members ?? [];
    const isMember = members.some((one) => one.service === service.name && one.slo === slo.name);
    if (!isMember || within.includes(composite.name)) return [];
    const { fastWindows, slowWindows } = levelsOf(composite, interval);
    const more = windowsForComposites(service, composite, interval, [...within, composite.name]);
    return [...fastWindows, ...slowWindows, ...more];
  });
}

/** A pot waits for its members. Where it matters when an event was, that is taken into account. */
function lagOf(service: Service, slo: Slo, interval: Duration): Duration {
  const isPot = slo.indicator.kind === 'composite' && slo.indicator.combine === 'pooled';
  const isDated = hasCalendar(slo) || 0 < exclusionsOf(service, slo).length;
  return duration(isPot && isDated ? interval : 0);
}

/** All events of the members in one pot, from which everything is summed as for any other objective. */
export function pooledRules(
  service: Service,
  slo: Slo,
  members: readonly CompositeMember[],
  interval: Duration,
): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  // Each member has recorded once within the length of an interval. That which ends an interval ago is over for every group, whether its
  // turn comes before or after.
  const increase = (member: CompositeMember): Expr => {
    const events = selector(recorded.eventsIncrease, conditionsOf(member));
    return call('sum_over_time', offset(range(events, justUnder(interval)), interval));
  };
  const pot = sumBy([eventsLabel], joined(members.map(increase)));
  return [record(ownEvents.events, pot, own, 'The events of all members in one pot, and the bad ones.')];
}

/**
 * What an objective is that joins others by their ratios: in each window the members' events all together, and so many bad ones among
 * them as make up the joint ratio. Everything else follows from these as for any other objective.
 */
export function jointWindowRules(composite: Composite): readonly RecordingRule[] {
  const { service, slo, indicator, levels } = composite;
  const own = identityLabels(service, slo);
  const { members } = indicator;
  const { fastWindows, slowWindows } = levels;
  const ratios = (member: CompositeMember): Expr => {
    const conditions = { ...conditionsOf(member), ...windowCondition([...fastWindows, ...slowWindows]) };
    return shareOf(composite, [windowLabel], member, latest(recorded.errorRatio, conditions, levels));
  };
  const events = (member: CompositeMember): Expr => {
    const conditions = { ...conditionsOf(member), ...totalOnly };
    const parts = [
      ...(0 < fastWindows.length
        ? [latest(recorded.windowEvents, { ...conditions, ...windowCondition(fastWindows) }, levels)]
        : []),
      ...(0 < slowWindows.length
        ? [latestSlow(recorded.windowEvents, { ...conditions, ...windowCondition(slowWindows) }, levels)]
        : []),
    ];
    return joined(parts);
  };
  const all = selector(recorded.windowEvents, { ...own, ...totalOnly });
  return [
    record(
      recorded.windowEvents,
      sumBy([windowLabel], joined(members.map(events))),
      { ...own, ...totalOnly },
      'The events of all members in the windows, and so many bad ones as make up the joint share.',
    ),
    record(
      recorded.windowEvents,
      multiply(
        jointRatio(indicator, [windowLabel], ratios, (series) => series),
        all,
        on(windowLabel),
      ),
      { ...own, ...badOnly },
    ),
  ];
}

/**
 * How the members' ratios become one (their maths is that of `inSeries` and `weightedMean`). Members without events have no say, nor do
 * series that `relevant` leaves out.
 */
export function jointRatio(
  { combine, members }: CompositeIndicator,
  labels: readonly string[],
  ratioOf: (member: CompositeMember) => Expr,
  relevant: (series: Expr) => Expr,
): Expr {
  const each = (ofMember: (member: CompositeMember) => Expr): Expr => relevant(joined(members.map(ofMember)));
  switch (combine) {
    case 'worst':
      return aggregate('max', by(...labels), each(ratioOf));
    case 'series': {
      // The product of what works is the sum of its logarithms; where nothing works that is minus infinity, and nothing is left of it.
      const works = call('exp', sumBy(labels, call('ln', subtract(1, each(ratioOf)))));
      return subtract(1, works);
    }
    case 'weighted': {
      const weighted = each((member) => multiply(member.weight, ratioOf(member)));
      const weights = each((member) => add(multiply(0, ratioOf(member)), member.weight));
      return divide(sumBy(labels, weighted), sumBy(labels, weights));
    }
    case 'pooled':
      throw new RangeError('a pot has events of its own');
    default:
      return unreachable(combine);
  }
}

function windowCondition(windows: readonly Duration[]): build.Conditions {
  const [only = '', ...more] = windows.map(formatDuration);
  return { [windowLabel]: more.length === 0 ? only : ['=~', [only, ...more].join('|')] };
}
