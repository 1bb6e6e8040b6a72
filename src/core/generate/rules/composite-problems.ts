import type { Diagnostic } from '../../base/index.ts';
import {
  type CompositeIndicator,
  type CompositeMember,
  exclusionsOf,
  type Service,
  type Slo,
} from '../../slo/index.ts';
import { about } from '../codes.ts';
import { periodName, periodWords } from '../period-levels.ts';
import { neighbour } from './composite-members.ts';
import { joinedBy } from './composite-rules.ts';

/** What keeps a composite from being made of its members, or can't be known of them. */
export function compositeProblems(service: Service, slo: Slo, indicator: CompositeIndicator): readonly Diagnostic[] {
  if (slo.measure.kind !== 'events') {
    const text = 'a composite joins what its members count, and has no slices of its own';
    return [about(service, slo, 'generate/measure', text)];
  }
  const unmeasured = indicator.members.flatMap((member) => withoutRules(service, slo, member));
  if (0 < unmeasured.length) return unmeasured;
  return indicator.members.flatMap((member) =>
    indicator.combine === 'pooled' ? potProblems(service, slo, member) : memberProblems(service, slo, member),
  );
}

/** A member that records nothing would be missing from every figure. */
function withoutRules(service: Service, slo: Slo, member: CompositeMember): readonly Diagnostic[] {
  const found = neighbour(service, member);
  if (found?.indicator.kind !== 'external') return [];
  const text = `its member ${nameOf(member)} is measured by ${found.indicator.system}, and has no rules that could be joined`;
  return [about(service, slo, 'generate/composite', text)];
}

/** Only events can be put into a pot. */
function potProblems(service: Service, slo: Slo, member: CompositeMember): readonly Diagnostic[] {
  const found = neighbour(service, member);
  const complain = (text: string): readonly Diagnostic[] => [about(service, slo, 'generate/composite', text)];
  if (found === undefined) return isForeign(service, member) ? [] : complain(missing(member));
  return joinedBy(found) === undefined
    ? []
    : complain(`its member ${nameOf(member)} joins others by their ratios, and has no events for a pot`);
}

function memberProblems(service: Service, slo: Slo, member: CompositeMember): readonly Diagnostic[] {
  const periods = [slo.period, ...slo.furtherPeriods];
  const found = neighbour(service, member);
  if (found === undefined) {
    if (!isForeign(service, member)) return [about(service, slo, 'generate/composite', missing(member))];
    const words = periods.map(periodWords).join(' and of ');
    const excluded = 0 < exclusionsOf(service, slo).length ? ', and the same exclusions' : '';
    const text = `its member ${nameOf(member)} is of another service, and must have the same windows and a period of ${words}${excluded}`;
    return [about(service, slo, 'generate/foreign-member', text)];
  }
  const known = new Set([found.period, ...found.furtherPeriods].map(periodName));
  const lacking = periods.filter((period) => !known.has(periodName(period)));
  const apart = exclusionsOf(service, slo).filter(({ slos }) => !slos.includes(found.name));
  return [
    ...lacking.map((period) => `its member ${nameOf(member)} has no period of ${periodWords(period)}`),
    ...apart.map(
      ({ name }) => `the exclusion ${name} does not touch its member ${nameOf(member)}, whose share it takes`,
    ),
  ].map((text) => about(service, slo, 'generate/composite', text));
}

function isForeign(service: Service, member: CompositeMember): boolean {
  return member.service !== service.name;
}

function missing(member: CompositeMember): string {
  return `there is no member ${nameOf(member)}`;
}

function nameOf(member: CompositeMember): string {
  return `${member.service}/${member.slo}`;
}
