import type { Diagnostic } from '../../base/index.ts';
import type { RuleFile } from '../../rules/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import type { GenerateOptions } from '../options.ts';
import { hasRules, ofOne, sloGroups } from './service-rules.ts';

/** An objective and where it is defined. */
export interface PlacedSlo {
  readonly service: Service;
  readonly slo: Slo;
}

/** What one objective records, and what it takes to record it. */
export interface ObjectiveRuleFile {
  /** The groups of the members of a composite stand before its own. */
  readonly file: RuleFile;
  /** About the objective, not about its members. */
  readonly diagnostics: readonly Diagnostic[];
  /** Members, and members of members, that none of the services defines. */
  readonly missing: readonly string[];
}

/**
 * The rules of one objective, which record what they record among those of its service, with the rules of the members that it reads. The
 * members are looked for in all services.
 */
export function objectiveRules(
  services: readonly Service[],
  { service, slo }: PlacedSlo,
  options: GenerateOptions,
): ObjectiveRuleFile {
  const missing: string[] = [];
  const placed = withMembers(services, { service, slo }, missing, new Set());
  if (!hasRules(slo)) return { file: { groups: [] }, diagnostics: [], missing };
  const generated = placed.map((one) => {
    const own = sloGroups(one.service, one.slo, options);
    return { ...own, groups: own.groups.map((group) => ofOne(group, own)) };
  });
  const own = generated.at(-1);
  const groups = own === undefined || own.groups.length === 0 ? [] : generated.flatMap((one) => one.groups);
  return { file: { groups }, diagnostics: own?.diagnostics ?? [], missing };
}

/** The members of a composite before it, each once. */
function withMembers(
  services: readonly Service[],
  { service, slo }: PlacedSlo,
  missing: string[],
  seen: Set<string>,
): readonly PlacedSlo[] {
  const key = `${service.name}/${slo.name}`;
  if (seen.has(key)) return [];
  seen.add(key);
  const members = slo.indicator.kind === 'composite' ? slo.indicator.members : [];
  const before = members.flatMap((member) => {
    const home = member.service === service.name ? service : services.find(({ name }) => name === member.service);
    const found = home?.slos.find(({ name }) => name === member.slo);
    if (home !== undefined && found !== undefined && hasRules(found))
      return withMembers(services, { service: home, slo: found }, missing, seen);
    missing.push(`${member.service}/${member.slo}`);
    return [];
  });
  return [...before, { service, slo }];
}
