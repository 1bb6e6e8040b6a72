import { duration } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { CompositeIndicator, CompositeMember, Period, Service, Slo } from '../../slo/index.ts';
import { justUnder, type Levels } from '../levels.ts';
import { identity, periodLabel, recorded } from '../names.ts';
import { periodName } from '../period-levels.ts';
import { periodScope } from '../scope.ts';

const { aggregate, binary, by, call, on, or, range, selector } = build;

/** A composite and what its figures are read with. */
export interface Composite {
  readonly service: Service;
  readonly slo: Slo;
  readonly indicator: CompositeIndicator;
  readonly levels: Levels;
}

/** A member that is defined beside the composite; what other services define is not known. */
export function neighbour(service: Service, member: CompositeMember): Slo | undefined {
  return member.service === service.name ? service.slos.find(({ name }) => name === member.slo) : undefined;
}

/** By what a member's series are found. */
export function conditionsOf({ service, slo }: CompositeMember): Readonly<Record<string, string>> {
  return { service, slo };
}

/** What the members' groups recorded last, whose turn may come before or after. */
export function latest(name: string, conditions: build.Conditions, { interval }: Pick<Levels, 'interval'>): Expr {
  return call('last_over_time', range(selector(name, conditions), justUnder(duration(2 * interval))));
}

/** What is read of members: a recorded name, and of events which kind. */
export interface Figure {
  readonly name: string;
  readonly kind?: build.Conditions;
}

/**
 * A member's newest figure of a period. Which of its periods is the main one, without a label, is known of a neighbour; of an objective of
 * another service its rules say so.
 */
export function figureOf(
  { service, levels }: Composite,
  period: Period,
  { name, kind }: Figure,
  member: CompositeMember,
): Expr {
  const found = neighbour(service, member);
  const label = periodName(period);
  const own = { ...conditionsOf(member), ...kind };
  if (found !== undefined) {
    const scope =
      periodName(found.period) === label
        ? periodScope(service, found)
        : { conditions: { ...own, [periodLabel]: label } };
    return latest(name, { ...scope.conditions, ...kind }, levels);
  }
  const info = latest(recorded.info, { ...conditionsOf(member), [periodLabel]: label }, levels);
  const main = latest(name, { ...own, [periodLabel]: '' }, levels);
  const further = latest(name, { ...own, [periodLabel]: label }, levels);
  return or(binary('and', main, info, { matching: on(...identity) }), further);
}

/** A member's share of bad events as the composite takes it. In a weighted mean the groups of a member share its weight. */
export function shareOf(
  { service, indicator }: Composite,
  labels: readonly string[],
  member: CompositeMember,
  ratios: Expr,
): Expr {
  const groups = neighbour(service, member)?.groupBy;
  if (indicator.combine !== 'weighted' || groups?.length === 0) return ratios;
  return aggregate('avg', by(...identity, ...labels), ratios);
}

/** Expressions side by side, whose series differ. */
export function joined([first, ...rest]: readonly Expr[]): Expr {
  if (first === undefined) throw new RangeError('a composite without members');
  return or(first, ...rest);
}
