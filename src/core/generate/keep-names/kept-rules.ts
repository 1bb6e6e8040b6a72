import { type Diagnostic, type Duration, unreachable } from '../../base/index.ts';
import { pyrraNamesOf, slothNamesOf } from '../../formats/index.ts';
import { selectorsOf } from '../../promql/index.ts';
import type { RuleFile, RuleGroup } from '../../rules/index.ts';
import {
  type BurnRateTier,
  defaultMeasure,
  isNativeHistogram,
  measureText,
  type Service,
  type Slo,
  sameMeasure,
} from '../../slo/index.ts';
import { about, aboutService } from '../codes.ts';
import { countersOf } from '../counters.ts';
import type { GenerateOptions } from '../options.ts';
import { byName, type GeneratedRules, intervalProblem } from '../rules/service-rules.ts';
import { externalProblem } from '../source.ts';
import { type Events, eventsOf } from './event-groups.ts';
import { type KeepNames, objectiveKey } from './options.ts';
import { pyrraGroups, pyrraWindows } from './pyrra.ts';
import { slothGroups, slothQueryGroups, windowsOf } from './sloth.ts';

/** Rules under another tool's names, and the records of Nines that they read. */
export interface KeptRules {
  /** The groups of the other tool, and nothing else. */
  readonly kept: RuleFile;
  readonly events: RuleFile;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The rules of services as the other tool names them, in a file of their own: what it was is seen by comparing the two. Beside it the
 * records of events, without which no long window is right. Services and objectives stand in the order of their names.
 */
export function generateKeptRules(services: readonly Service[], options: GenerateOptions, keep: KeepNames): KeptRules {
  const generated = byName(services).map((service) => {
    const slos = byName(service.slos).map((slo) => keptGroups(service, slo, options, keep));
    return { slos, diagnostics: slos.some(({ kept }) => 0 < kept.length) ? whatIsLess(service, keep) : [] };
  });
  const slos = generated.flatMap((each) => each.slos);
  return {
    kept: { groups: slos.flatMap(({ kept }) => kept) },
    events: { groups: slos.flatMap(({ events }) => events) },
    diagnostics: [
      ...slos.flatMap(({ diagnostics }) => diagnostics),
      ...generated.flatMap(({ diagnostics }) => diagnostics),
    ],
  };
}

/** The same in one rule file, the events first, for whatever packs rules. */
export function generateKeptFile(service: Service, options: GenerateOptions, keep: KeepNames): GeneratedRules {
  const { kept, events, diagnostics } = generateKeptRules([service], options, keep);
  return { file: { groups: [...events.groups, ...kept.groups] }, diagnostics };
}

interface SloRules {
  readonly kept: readonly RuleGroup[];
  readonly events: readonly RuleGroup[];
  readonly diagnostics: readonly Diagnostic[];
}

function keptGroups(service: Service, written: Slo, { interval }: GenerateOptions, keep: KeepNames): SloRules {
  const fail = (...diagnostics: readonly Diagnostic[]): SloRules => ({ kept: [], events: [], diagnostics });
  const slo: Slo = { ...written, alerts: written.alerts.filter(isStandard) };
  if (slo.lifecycle === 'draft' || slo.lifecycle === 'retired') return fail();
  if (slo.indicator.kind === 'external')
    return fail(about(service, slo, 'generate/external', externalProblem(slo.indicator)));
  const beyond = beyondOtherTools(service, slo);
  if (beyond !== undefined) return fail(about(service, slo, 'generate/keep-names', beyond));
  const unfit = intervalProblem(slo, interval);
  if (unfit !== undefined) return fail(about(service, slo, 'generate/interval', unfit));
  const queries = written.indicator.kind === 'queries' ? queryGroups(service, slo, keep) : undefined;
  if (queries !== undefined) return queries;
  const counters = countersOf(service, slo);
  if ('length' in counters) return fail(...counters);
  const made = groupsOf(service, slo, (windows) => eventsOf(service, slo, counters, windows, interval), keep);
  return (
    made ??
    fail(about(service, slo, 'generate/keep-names', 'Pyrra counts errors by one selector, and all events by one'))
  );
}

/** The groups under the other tool's names, and those of the events that they ask for; undefined where it could not say the objective. */
function groupsOf(
  service: Service,
  slo: Slo,
  record: (windows: readonly Duration[]) => Events,
  keep: KeepNames,
): SloRules | undefined {
  const key = objectiveKey(service.name, slo.name);
  const isRecorded = keep.windowSource === 'recorded';
  switch (keep.tool) {
    case 'sloth': {
      const names = keep.slothNames.get(key) ?? slothNamesOf(service, slo);
      if (names === undefined) return undefined;
      const events = record(isRecorded ? windowsOf(slo, keep) : []);
      const { groups, diagnostics } = slothGroups({ service, slo, names, events, keep });
      return { kept: groups, events: events.groups, diagnostics };
    }
    case 'pyrra': {
      const names = keep.pyrraNames.get(key) ?? pyrraNamesOf(service, slo);
      if (names === undefined) return undefined;
      // Pyrra adds up the period from raw counters, which weighs it rightly: without recorded windows nothing is needed beside.
      const events = isRecorded ? record(pyrraWindows(slo)) : undefined;
      const kept = pyrraGroups({ service, slo, names, keep, ...(events !== undefined && { events }) });
      return { kept, events: events?.groups ?? [], diagnostics: [] };
    }
    default:
      return unreachable(keep.tool);
  }
}

/** An objective whose queries are no sums of counters: only Sloth has such ones. */
function queryGroups(service: Service, slo: Slo, keep: KeepNames): SloRules | undefined {
  const names = keep.slothNames.get(objectiveKey(service.name, slo.name)) ?? slothNamesOf(service, slo);
  if (keep.tool !== 'sloth' || names === undefined) return undefined;
  const { groups, events, diagnostics } = slothQueryGroups({ service, slo, names, keep });
  return { kept: groups, events, diagnostics };
}

/** What no other tool can say of an objective; undefined if it is one that they know. */
function beyondOtherTools({ metrics }: Service, { indicator, measure, period, groupBy }: Slo): string | undefined {
  if (indicator.kind === 'queries' && !sameMeasure(measure, defaultMeasure(indicator)))
    return `it is judged${measureText(measure)}, and the rules of Sloth by ratios of five minutes`;
  if (indicator.kind === 'condition' || indicator.kind === 'composite')
    return `its indicator is a ${indicator.kind}, and the rules of other tools count events`;
  if (
    indicator.kind === 'distribution' &&
    selectorsOf(indicator.histogram).some((one) => isNativeHistogram(one, metrics))
  )
    return 'it counts by a native histogram, for which the names kept have no buckets';
  if (measure.kind !== 'events' && indicator.kind !== 'queries')
    return 'it is a promise about time slices, and the rules of other tools count events';
  if (period.kind !== 'rolling') return `its period is ${period.kind}, and that of other tools is rolling`;
  if (0 < groupBy.length) return 'it is an objective for each group of its labels, which are not among the names kept';
  return undefined;
}

/** One remark of each kind for a service, not one for each objective: they are the same for all. */
function whatIsLess(service: Service, { windowSource, tool, slothNames }: KeepNames): readonly Diagnostic[] {
  const say = (message: string): Diagnostic => aboutService(service, 'generate/kept-rules', message);
  const found: Diagnostic[] = [];
  if (windowSource === 'raw' && service.slos.some(({ alerts }) => 0 < alerts.length))
    found.push(
      say(
        'its alerts are those of the other tool word for word: without a minimum of bad events, one failed request among few can raise them',
      ),
    );
  const count = (of: (slo: Slo) => readonly unknown[]): number =>
    service.slos.reduce((sum, slo) => sum + of(slo).length, 0);
  const conditions = service.alerts.length + count(({ conditionAlerts }) => conditionAlerts);
  // Sloth has none. Who comes from its files has none to lose.
  const isMissing =
    tool === 'sloth' &&
    service.slos.some(
      ({ name, alerts, noData }) =>
        0 < alerts.length && noData !== 'good' && !slothNames.has(objectiveKey(service.name, name)),
    );
  const without = [
    ...(0 < conditions ? ['alerts on conditions'] : []),
    ...(0 < count(({ furtherPeriods }) => furtherPeriods) ? ['further periods'] : []),
    ...(0 < count(({ alerts }) => alerts.filter((tier) => !isStandard(tier))) ? ['alerts of higher profiles'] : []),
    ...(0 < service.exclusions.length ? ['exclusions'] : []),
    ...(isMissing ? ['alerts for missing data'] : []),
  ];
  if (0 < without.length) found.push(say(`the names kept have no place for ${without.join(', ')}`));
  return found;
}

/** Alerts of higher profiles are on only while a policy asks for them, which other tools don't know. */
function isStandard({ profile = 'standard' }: BurnRateTier): boolean {
  return profile === 'standard';
}
