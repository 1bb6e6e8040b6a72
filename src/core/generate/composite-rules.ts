import { type Diagnostic, type Duration, duration, formatDuration, unreachable } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { CompositeIndicator, CompositeMember, Period, Service, Slo } from '../slo/index.ts';
import { about } from './codes.ts';
import { justUnder, type Levels } from './levels.ts';
import { identityLabels, ownEvents, periodLabel, recorded, windowLabel } from './names.ts';
import { periodName } from './period-levels.ts';
import { record } from './record.ts';
import { periodScope } from './scope.ts';
import { latestSlow } from './sums.ts';

const { add, aggregate, by, call, divide, multiply, offset, on, or, range, selector, subtract, sum, sumBy } = build;

/** The indicator of an objective that joins others by their ratios, and not by their events. */
export function joinedBy({ indicator }: Slo): CompositeIndicator | undefined {
  return indicator.kind === 'composite' && indicator.combine !== 'pooled' ? indicator : undefined;
}

/** The windows that an objective has to record for the composites of its service, beside its own. */
export function windowsForComposites(service: Service, slo: Slo): readonly Duration[] {
  return service.slos.flatMap((composite) => {
    const members = joinedBy(composite)?.members ?? [];
    const isMember = members.some((one) => one.service === service.name && one.slo === slo.name);
    return isMember ? composite.alerts.flatMap(({ longWindow, shortWindow }) => [longWindow, shortWindow]) : [];
  });
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
  const pot = (name: string): Expr =>
    sum(each(members, (of) => call('sum_over_time', offset(range(selector(name, of), justUnder(interval)), interval))));
  return [
    record(
      ownEvents.totalIncrease,
      pot(recorded.totalIncrease),
      own,
      'The events of all members in one pot, and the bad ones.',
    ),
    record(ownEvents.badIncrease, pot(recorded.badIncrease), own),
  ];
}

/**
 * What an objective is that joins others by their ratios: in each window, and in the period, the members' events all together, and so
 * many bad ones among them as make up the joint ratio. Everything else follows from these as for any other objective.
 */
export function jointRules(
  service: Service,
  slo: Slo,
  indicator: CompositeIndicator,
  levels: Levels,
): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const { members } = indicator;
  const inWindows = (name: string, conditions: build.Conditions): Expr =>
    latest(name, { ...conditions, ...windowCondition([...levels.fastWindows, ...levels.slowWindows]) }, levels);
  const events = (conditions: build.Conditions): Expr => {
    const { fastWindows, slowWindows } = levels;
    const parts = [
      ...(0 < fastWindows.length
        ? [latest(recorded.totalEvents, { ...conditions, ...windowCondition(fastWindows) }, levels)]
        : []),
      ...(0 < slowWindows.length
        ? [latestSlow(recorded.totalEvents, { ...conditions, ...windowCondition(slowWindows) }, levels)]
        : []),
    ];
    return joined(parts);
  };
  const ofPeriod = (name: string) => (member: build.Conditions, one: CompositeMember) =>
    latest(name, { ...member, ...periodCondition(service, slo.period, one) }, levels);
  return [
    record(
      recorded.totalEvents,
      sumBy([windowLabel], each(members, events)),
      own,
      'The events of all members in the windows, and so many bad ones as make up the joint share.',
    ),
    record(
      recorded.badEvents,
      multiply(
        joint(indicator, [windowLabel], (conditions) => inWindows(recorded.errorRatio, conditions)),
        selector(recorded.totalEvents, own),
        on(windowLabel),
      ),
      own,
    ),
    record(
      recorded.periodTotalEvents,
      sum(each(members, ofPeriod(recorded.periodTotalEvents))),
      own,
      `The same in ${formatDuration(slo.period.length)}, and the seconds with data of the member that has least.`,
    ),
    record(
      recorded.periodBadEvents,
      multiply(
        joint(indicator, [], ofPeriod(recorded.periodErrorRatio)),
        selector(recorded.periodTotalEvents, own),
        on(),
      ),
      own,
    ),
    record(recorded.periodObserved, aggregate('min', by(), each(members, ofPeriod(recorded.periodObserved))), own),
  ];
}

/** What keeps a composite from being joined by ratios. */
export function compositeProblems(service: Service, slo: Slo): readonly Diagnostic[] {
  const indicator = joinedBy(slo);
  if (indicator === undefined) return [];
  if (slo.period.kind === 'calendar')
    return [about(service, slo, 'generate/composite', 'only events in one pot can be joined over a calendar period')];
  if (0 < slo.furtherPeriods.length)
    return [about(service, slo, 'generate/composite', 'members joined by their ratios have one period')];
  return indicator.members.flatMap((member): readonly Diagnostic[] => {
    const name = `${member.service}/${member.slo}`;
    if (member.service !== service.name) {
      const text = `its member ${name} is of another service, and must have the same windows and a period of ${periodName(slo.period)}`;
      return [about(service, slo, 'generate/foreign-member', text)];
    }
    const found = service.slos.find((one) => one.name === member.slo);
    if (found === undefined) return [about(service, slo, 'generate/composite', `there is no member ${name}`)];
    const periods = [found.period, ...found.furtherPeriods].map(periodName);
    if (periods.includes(periodName(slo.period))) return [];
    return [about(service, slo, 'generate/composite', `its member ${name} has no period of ${periodName(slo.period)}`)];
  });
}

/** How the members' ratios become one (their maths is that of `inSeries` and `weightedMean`). Members without events have no say. */
function joint({ combine, members }: CompositeIndicator, labels: readonly string[], ratioOf: OfMember): Expr {
  const ratios = each(members, ratioOf);
  switch (combine) {
    case 'worst':
      return aggregate('max', by(...labels), ratios);
    case 'series': {
      // The product of what works is the sum of its logarithms; where nothing works that is minus infinity, and nothing is left of it.
      const works = call('exp', sumBy(labels, call('ln', subtract(1, ratios))));
      return subtract(1, works);
    }
    case 'weighted': {
      const weighted = joined(members.map((member) => multiply(member.weight, ratioOf(conditionsOf(member), member))));
      const weights = joined(
        members.map((member) => add(multiply(0, ratioOf(conditionsOf(member), member)), member.weight)),
      );
      return divide(sumBy(labels, weighted), sumBy(labels, weights));
    }
    case 'pooled':
      throw new RangeError('a pot has events of its own');
    default:
      return unreachable(combine);
  }
}

type OfMember = (conditions: build.Conditions, member: CompositeMember) => Expr;

/** An expression for each member side by side. */
function each(members: readonly CompositeMember[], ofMember: OfMember): Expr {
  return joined(members.map((member) => ofMember(conditionsOf(member), member)));
}

function conditionsOf({ service, slo }: CompositeMember): Readonly<Record<string, string>> {
  return { service, slo };
}

/** The label by which a member's figures over the period are found: of its own service that is known, of others it is taken to be the main one. */
function periodCondition(service: Service, period: Period, member: CompositeMember): build.Conditions {
  const slo = member.service === service.name ? service.slos.find(({ name }) => name === member.slo) : undefined;
  if (slo === undefined) return { [periodLabel]: '' };
  const name = periodName(period);
  return periodName(slo.period) === name ? periodScope(service, slo).conditions : { [periodLabel]: name };
}

/** What the members' groups recorded last, whose turn may come before or after. */
function latest(name: string, conditions: build.Conditions, { interval }: Levels): Expr {
  return call('last_over_time', range(selector(name, conditions), justUnder(duration(2 * interval))));
}

function windowCondition(windows: readonly Duration[]): build.Conditions {
  const [only = '', ...more] = windows.map(formatDuration);
  return { [windowLabel]: more.length === 0 ? only : ['=~', [only, ...more].join('|')] };
}

function joined([first, ...rest]: readonly Expr[]): Expr {
  if (first === undefined) throw new RangeError('a composite without members');
  return or(first, ...rest);
}
