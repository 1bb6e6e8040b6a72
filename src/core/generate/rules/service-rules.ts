import { type Diagnostic, type Duration, formatDuration } from '../../base/index.ts';
import type { RecordingRule, Rule, RuleFile, RuleGroup } from '../../rules/index.ts';
import type { CompositeIndicator, Service, Slo } from '../../slo/index.ts';
import { about } from '../codes.ts';
import { fitsCalendar, hasCalendar } from '../levels.ts';
import { recorded } from '../names.ts';
import { defaultGenerateOptions, type GenerateOptions, longestInterval, shortestInterval } from '../options.ts';
import { eventSource, groupProblem, inWholeSlices, sliceWindowProblems } from '../source.ts';
import { alertRules } from './alert-rules.ts';
import { countedSince, zoneRules } from './calendar-rules.ts';
import { jointPeriodRules, jointPrevious } from './composite-periods.ts';
import { compositeProblems } from './composite-problems.ts';
import { composedNeeds, joinedBy, jointWindowRules } from './composite-rules.ts';
import { excludedRules, exclusionProblems, rawRules, withoutExcluded } from './exclusion-rules.ts';
import { figureRules, promiseRules } from './figure-rules.ts';
import { likenessOf } from './likeness.ts';
import { namingOf } from './naming.ts';
import { quantileRules } from './quantile-rules.ts';
import { uniqueRules } from './record.ts';
import { serviceGroup } from './service-alert-rules.ts';
import { nothingShared, type ObjectiveRules, ownRule, type Sharing, sharedRules } from './shared-rules.ts';
import { sumRules } from './sum-rules.ts';

/** Rules, and what had to be left out or changed on the way. An SLO with an error among its diagnostics has no rules. */
export interface GeneratedRules {
  readonly file: RuleFile;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The Prometheus rules of services: for each SLO a group that records events, windows and figures at every evaluation and raises the
 * alerts from them at once, and a slower one for windows of days. Services and SLOs stand in the order of their names; the slow group
 * stands first, because what it reads may be a step old while the other one should see its newest sums.
 */
export function generateRules(
  services: Service | readonly Service[],
  options: GenerateOptions = defaultGenerateOptions,
): GeneratedRules {
  const all = isList(services) ? services : [services];
  const groups: RuleGroup[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const service of byName(all)) {
    const generated = byName(service.slos.filter(hasRules)).map((slo) => sloGroups(service, slo, options));
    const own = serviceGroup(service, options);
    groups.push(...own.groups);
    diagnostics.push(...own.diagnostics, ...generated.flatMap((one) => one.diagnostics));
    const some = generated.filter((one) => 0 < one.groups.length);
    const sharing = nothingShared(service.name);
    const inGroups = some.filter((one) => !one.readsOthers);
    for (let first = 0; first < inGroups.length; first += mostInGroup) {
      const number = first === 0 ? '' : `-${first / mostInGroup + 1}`;
      groups.push(...together(service, number, inGroups.slice(first, first + mostInGroup), sharing));
    }
    // Among the rules of its members a composite would come before what it reads.
    groups.push(
      ...some.filter((one) => one.readsOthers).flatMap((one) => one.groups.map((group) => ofOne(group, one))),
    );
  }
  return { file: { groups }, diagnostics };
}

/** A group is evaluated rule by rule, and a Kubernetes object has to hold all of it: ten objectives have most of what there is to gain. */
const mostInGroup = 10;

function groupName(service: Service, whose: string): string {
  return `nines-${service.name}-${whose}`;
}

/** The groups of several objectives as one for each interval at which they are evaluated. */
function together(
  service: Service,
  number: string,
  objectives: readonly SloGroups[],
  sharing: Sharing,
): readonly RuleGroup[] {
  const [only] = objectives;
  if (only !== undefined && objectives.length === 1) return only.groups.map((group) => ofOne(group, only));
  const kinds = new Map<string, { readonly group: RuleGroup; readonly parts: ObjectiveRules[] }>();
  for (const { groups, slo, naming, conditions } of objectives) {
    for (const group of groups) {
      const suffix = group.name.slice(groupName(service, slo).length);
      const name = `${groupName(service, `objectives${number}`)}${suffix}`;
      // Long periods have longer coarse steps, which are summed as often as there are any.
      const every = `${suffix} ${group.interval}`;
      const isFirst = ![...kinds.keys()].some((key) => key.startsWith(`${suffix} `));
      const unique = isFirst || group.interval === undefined ? name : `${name}-every-${formatDuration(group.interval)}`;
      const kind = kinds.get(every) ?? { group: { ...group, name: unique }, parts: [] };
      kinds.set(every, kind);
      kind.parts.push({ slo, naming, conditions, rules: group.rules });
    }
  }
  const merged = [...kinds.values()].map(({ group, parts }) => ({ ...group, rules: sharedRules(parts, sharing) }));
  return merged.toSorted((a, b) => (b.interval ?? 0) - (a.interval ?? 0));
}

/** A group of an objective by itself. */
export function ofOne(group: RuleGroup, objective: SloGroups): RuleGroup {
  return { ...group, rules: group.rules.map((rule) => ownRule(rule, objective)) };
}

/** Drafts and retired objectives have no rules. */
export function hasRules({ lifecycle }: Slo): boolean {
  return lifecycle === 'active' || lifecycle === 'pending';
}

interface SloGroups extends Omit<ObjectiveRules, 'rules'> {
  /** Whether it reads what the rules of other objectives record. */
  readonly readsOthers?: boolean;
  /** Their rules may be under the names of `anyone`, as those of `ObjectiveRules`. */
  readonly groups: readonly RuleGroup[];
  readonly diagnostics: readonly Diagnostic[];
}

const none = { conditions: new Map<Rule, RecordingRule>(), groups: [] };

/** The groups of one objective of a service; what its composites ask of it is recorded too. */
export function sloGroups(service: Service, defined: Slo, options: GenerateOptions): SloGroups {
  const { interval } = options;
  const slo = inWholeSlices(defined);
  const own = { slo: slo.name, naming: namingOf(service.name, [slo.name]) };
  const unfit = intervalProblem(slo, interval);
  if (unfit !== undefined) return { ...none, ...own, diagnostics: [about(service, slo, 'generate/interval', unfit)] };
  const joint = joinedBy(slo);
  if (joint !== undefined) return { ...own, ...jointGroup(service, slo, joint, options) };
  const source = eventSource(service, slo, interval);
  if ('length' in source) return { ...none, ...own, diagnostics: source };
  const inexpressible = exclusionProblems(service, slo);
  if (0 < inexpressible.length) return { ...none, ...own, diagnostics: inexpressible };
  const likeness = likenessOf(slo, interval, composedNeeds(service, slo, interval));
  const { levels } = likeness;
  const alerts = alertRules(service, slo, likeness, source.evidence, options);
  const name = groupName(service, slo.name);
  const group = (suffix: string, every: Duration, rules: RuleGroup['rules']): RuleGroup => ({
    name: `${name}${suffix}`,
    interval: every,
    labels: new Map(),
    rules,
  });
  const sums = sumRules(slo, likeness);
  const evaluated = [
    ...zoneRules(service, slo, levels),
    ...excludedRules(service, slo, countedSince(levels)),
    ...uniqueRules([...withoutExcluded(service, slo, interval, source.rules), ...alerts.watches]),
    ...sums.fast,
    ...promiseRules(service, slo, levels),
    ...quantileRules(service, slo),
  ];
  const fast = group('', interval, [
    ...evaluated,
    ...rawRules(service, slo, levels, evaluated),
    ...alerts.profiles,
    ...alerts.rules,
  ]);
  const slow = [...sums.slow].map(([step, rules]) =>
    group(step === levels.coarseStep ? '-slow' : `-slow-${formatDuration(step)}`, step, [
      ...rules,
      ...rawRules(service, slo, levels, rules),
    ]),
  );
  return {
    conditions: alerts.conditions,
    groups: [...slow, fast],
    diagnostics: [...sliceWindowProblems(service, defined), ...alerts.diagnostics],
    ...own,
  };
}

/** An objective that joins others by their ratios has no increases to sum: its members have summed theirs. */
function jointGroup(
  service: Service,
  slo: Slo,
  indicator: CompositeIndicator,
  options: GenerateOptions,
): Omit<SloGroups, 'slo' | 'naming'> {
  const { interval } = options;
  const ungroupable = groupProblem(slo);
  const problems = [
    ...(ungroupable === undefined ? [] : [about(service, slo, 'generate/group', ungroupable)]),
    ...compositeProblems(service, slo, indicator),
    ...exclusionProblems(service, slo),
  ];
  if (problems.some(({ severity }) => severity === 'error')) return { ...none, diagnostics: problems };
  const { levels: chosen, key } = likenessOf(slo, interval, composedNeeds(service, slo, interval));
  const composite = { service, slo, indicator, levels: chosen };
  // All windows are joined at every evaluation, whoever has summed them.
  const levels = { ...chosen, fastWindows: [...chosen.fastWindows, ...chosen.slowWindows], slowWindows: [] };
  const alerts = alertRules(service, slo, { levels, key: `joint ${key}` }, recorded.periodEvents, options);
  const excluded = excludedRules(service, slo, interval);
  const figures = [...jointPeriodRules(composite), ...figureRules(service, slo, levels, jointPrevious(composite))];
  const rules = [
    ...(0 < excluded.length ? zoneRules(service, slo, levels) : []),
    ...excluded,
    ...uniqueRules(alerts.watches),
    ...jointWindowRules(composite),
    ...figures,
    ...rawRules(service, slo, levels, figures),
    ...promiseRules(service, slo, levels),
    ...alerts.profiles,
    ...alerts.rules,
  ];
  const group = { name: groupName(service, slo.name), interval, labels: new Map(), rules };
  return {
    readsOthers: true,
    conditions: alerts.conditions,
    groups: [group],
    diagnostics: [...problems, ...alerts.diagnostics],
  };
}

/** Why the rules of an SLO can't be evaluated this often; undefined if they can. */
export function intervalProblem(slo: Slo, interval: Duration): string | undefined {
  const text = formatDuration(interval);
  if (interval < shortestInterval || longestInterval < interval) return `rules can't be evaluated every ${text}`;
  const shortest = Math.min(...slo.alerts.map(({ shortWindow }) => shortWindow));
  if (shortest < 2 * interval) return `an evaluation every ${text} is too seldom for its shortest window`;
  if (hasCalendar(slo) && !fitsCalendar(interval)) {
    return `of evaluations every ${text} no whole number fits into a quarter of an hour, so they can't follow the calendar`;
  }
  return undefined;
}

function isList(services: Service | readonly Service[]): services is readonly Service[] {
  return Array.isArray(services);
}

export function byName<T extends { readonly name: string }>(list: readonly T[]): readonly T[] {
  return list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
