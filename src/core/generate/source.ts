import { type Diagnostic, type Duration, day, formatDuration } from '../base/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { BurnRateTier, Condition, ExternalIndicator, Measure, Service, Slo } from '../slo/index.ts';
import { about } from './codes.ts';
import { countersOf } from './counters.ts';
import { mostSamples } from './levels.ts';
import { identityLabels, ownEvents, ownLabels, recorded, slicedEvents } from './names.ts';
import { memory } from './options.ts';
import { compositeProblems } from './rules/composite-problems.ts';
import { pooledRules } from './rules/composite-rules.ts';
import { conditionRules } from './rules/condition-rules.ts';
import { eventRules } from './rules/event-rules.ts';
import { queryRules } from './rules/query-rules.ts';
import { conditionSliceRules, eventSliceRules, slicePositionRules } from './rules/slice-rules.ts';

/**
 * Where an objective's events come from: rules that record, at each evaluation, how many there were and how many of them bad. Everything
 * else is summed from these two, whether an event is a request, an observation or a slice of time.
 */
export interface EventSource {
  readonly rules: readonly RecordingRule[];
  /** What is recorded as long as there is data. */
  readonly evidence: string;
}

/** Chooses the source of an objective's events, or says why there is none. */
export function eventSource(service: Service, slo: Slo, interval: Duration): EventSource | readonly Diagnostic[] {
  const { indicator, measure } = slo;
  const length = measure.kind === 'events' ? undefined : measure.length;
  if (length !== undefined) {
    const unfit = sliceProblem(length, interval);
    if (unfit !== undefined) return [about(service, slo, 'generate/slice', unfit)];
  }
  const ungroupable = groupProblem(slo);
  if (ungroupable !== undefined) return [about(service, slo, 'generate/group', ungroupable)];
  if (indicator.kind === 'condition') {
    if (length === undefined)
      return [about(service, slo, 'generate/measure', 'its condition has no time slices to be judged by')];
    const condition = conditionRules({ service, slo, interval }, indicator.condition);
    if ('length' in condition) return condition;
    const slices = { service, slo, length, interval };
    return {
      rules: [...slicePositionRules(slices), ...condition.rules, ...conditionSliceRules(slices)],
      evidence: conditionEvidence(slo, indicator.condition),
    };
  }
  if (indicator.kind === 'composite') {
    const problems = compositeProblems(service, slo, indicator);
    if (0 < problems.length) return problems;
    return { rules: pooledRules(service, slo, indicator.members, interval), evidence: recorded.eventsIncrease };
  }
  if (indicator.kind === 'external') return [about(service, slo, 'generate/external', externalProblem(indicator))];
  if (indicator.kind === 'queries') {
    if (length === undefined)
      return [about(service, slo, 'generate/measure', 'its queries give shares, which are taken of time slices')];
    return { rules: queryRules({ service, slo, length, interval }, indicator), evidence: recorded.queryErrors };
  }
  const counters = countersOf(service, slo);
  if ('length' in counters) return counters;
  const own = identityLabels(service, slo);
  const evidence = recorded.instanceEvents;
  if (length === undefined)
    return {
      rules: eventRules({ service, counters, interval, own, records: ownEvents, groups: slo.groupBy }),
      evidence,
    };
  const slices = { service, slo, length, interval };
  return {
    rules: [
      ...slicePositionRules(slices),
      ...eventRules({ service, counters, interval, own, records: slicedEvents, groups: slo.groupBy }),
      ...eventSliceRules(slices),
    ],
    evidence,
  };
}

/** Why there are no rules for what another system measures. */
export function externalProblem({ system }: ExternalIndicator): string {
  return `it is measured by ${system}, which Prometheus cannot ask: it has no rules and no alerts`;
}

/** Groups of what should never happen appear with their first violation: until then the targets that answer show that somebody watches. */
function conditionEvidence({ groupBy }: Slo, condition: Condition): string {
  return 0 < groupBy.length && isInvariant(condition) ? recorded.watchedInstances : recorded.condition;
}

function isInvariant(condition: Condition): boolean {
  return 'of' in condition ? condition.of.every(isInvariant) : condition.kind === 'invariant';
}

/** Why an objective can't be grouped as it says; undefined if it can, or is not grouped. */
export function groupProblem({ groupBy, indicator }: Slo): string | undefined {
  if (groupBy.length === 0) return undefined;
  if (indicator.kind === 'composite') return 'a composite has no labels of its own: its members can be grouped';
  if (indicator.kind === 'queries' || indicator.kind === 'external')
    return 'its queries say nothing of labels: write an objective for each group';
  const taken = groupBy.find((label) => ownLabels.includes(label));
  return taken === undefined ? undefined : `the label ${taken} means something else in what is recorded`;
}

function sliceProblem(length: Duration, interval: Duration): string | undefined {
  const text = formatDuration(length);
  if (length % interval !== 0 || length < interval)
    return `a slice of ${text} is no multiple of the evaluation interval of ${formatDuration(interval)}`;
  if (day < length || mostSamples < (length + memory) / interval) return `a slice of ${text} is too long`;
  return undefined;
}

/** A window shorter than a slice holds none most of the time: windows are at least as long as a slice. */
export function inWholeSlices(slo: Slo): Slo {
  const least = sliceOf(slo.measure);
  if (least === undefined || slo.alerts.every(({ shortWindow }) => least <= shortWindow)) return slo;
  return { ...slo, alerts: slo.alerts.map((tier) => widened(tier, least)) };
}

function widened(tier: BurnRateTier, least: Duration): BurnRateTier {
  const atLeast = (window: Duration): Duration => (window < least ? least : window);
  return { ...tier, longWindow: atLeast(tier.longWindow), shortWindow: atLeast(tier.shortWindow) };
}

/** The length of an objective's slices; undefined if it counts events. */
export function sliceOf(measure: Measure): Duration | undefined {
  return measure.kind === 'events' ? undefined : measure.length;
}

/** Says which windows were made longer. */
export function sliceWindowProblems(service: Service, slo: Slo): readonly Diagnostic[] {
  const least = sliceOf(slo.measure);
  if (least === undefined) return [];
  return slo.alerts
    .filter(({ shortWindow }) => shortWindow < least)
    .map(({ severity, shortWindow }) => {
      const text = `the short window of ${formatDuration(shortWindow)} of a ${severity} is shorter than a slice of ${formatDuration(least)}`;
      return about(service, slo, 'generate/slice-window', text);
    });
}
