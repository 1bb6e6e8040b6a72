import type {
  AlertStatus,
  BurnRate,
  GroupStatus,
  MemberStatus,
  PeriodStatus,
  QuantileStatus,
  RawStatus,
  ServiceSummary,
  SloDetail,
  SloState,
  SloSummary,
  WholePeriodStatus,
} from '../../core/api/index.ts';
import { type Duration, ratio, type Timestamp, unreachable } from '../../core/base/index.ts';
import { inWholeSlices, isPending, periodName } from '../../core/generate/index.ts';
import { metricNameOf, printExpr, selectorsOf } from '../../core/promql/index.ts';
import {
  burnRateOf,
  errorRatioOf,
  exclusionsOf,
  indicatorText,
  metricOf,
  periodContaining,
  remainingBudget,
  remainingRatio,
  type Service,
  type Slo,
  windowQueryText,
} from '../../core/slo/index.ts';
import { type FindSlo, measureOf } from './measure.ts';
import { policyStatuses } from './policies.ts';
import { exclusionEntry } from './service-status.ts';
import { waitsFor } from './waiting.ts';

/** What was read about an SLO at one instant; null is "not known". */
export interface SloFigures {
  readonly time: Timestamp;
  /** Events of the period so far. */
  readonly bad: number | null;
  readonly total: number | null;
  /** Share of bad events over each window of the alerts and over the period. */
  readonly errorRatios: readonly { readonly window: Duration; readonly errorRatio: number | null }[];
  /** How much of the period there is data for. */
  readonly seen: number | null;
  /** Of a grouped objective: the group that all these figures are about. */
  readonly group: Readonly<Record<string, string>> | null;
  readonly furtherPeriods: ReadonlyMap<string, PeriodFigures>;
  readonly groups: readonly GroupFigures[];
  /** With nothing excluded; null if no exclusion touches the objective. */
  readonly raw: Omit<PeriodFigures, 'seen'> | null;
  /** Whether an exclusion holds now. */
  readonly excludedNow: boolean;
  /** Of a calendar period. */
  readonly wholePeriod: { readonly budgetAtEnd: number | null; readonly previousErrors: number | null } | null;
  readonly quantiles: readonly QuantileStatus[];
  readonly alerts: readonly AlertStatus[];
  /** The source has stopped answering: these are the last known figures. */
  readonly outdated: boolean;
}

/** What was read about a period. */
export interface PeriodFigures {
  readonly bad: number | null;
  readonly total: number | null;
  readonly seen: number | null;
}

/** What was read about a group of a grouped objective. */
export interface GroupFigures extends PeriodFigures {
  readonly labels: Readonly<Record<string, string>>;
  readonly firing: boolean;
}

/** An SLO that nothing has been read about yet. */
export const noFigures: Omit<SloFigures, 'time'> = {
  bad: null,
  total: null,
  errorRatios: [],
  seen: null,
  group: null,
  furtherPeriods: new Map(),
  groups: [],
  raw: null,
  excludedNow: false,
  wholePeriod: null,
  quantiles: [],
  alerts: [],
  outdated: true,
};

/** What tells about an objective besides its own figures. */
export interface Surroundings {
  readonly find: FindSlo;
  readonly now: Timestamp;
}

export function summarizeSlo(
  service: Service,
  slo: Slo,
  figures: SloFigures | undefined,
  { find, now }: Surroundings,
): SloSummary {
  const { bad, total, errorRatios, seen, group, alerts, outdated } = figures ?? noFigures;
  const { ratio: targetRatio, errorBudget } = slo.target;
  const counts = bad === null || total === null ? undefined : { bad, total };
  const remaining = counts === undefined ? undefined : remainingBudget(counts, errorBudget, slo.period.length);
  const errors = counts === undefined ? undefined : errorRatioOf(counts);
  const burnRates = errorRatios.map(
    ({ window, errorRatio }): BurnRate => ({
      windowSeconds: window / 1000,
      burnRate: errorRatio === null || errorBudget === 0 ? null : burnRateOf(ratio(errorRatio), errorBudget),
    }),
  );
  const state = stateOf(service, slo, { remaining: remaining?.ratio, alerts, outdated });
  return {
    service: service.name,
    name: slo.name,
    title: slo.title,
    owner: service.owner,
    kind: slo.indicator.kind,
    measure: measureOf(slo, find),
    invariant: isInvariant(slo),
    waitsFor: state === 'pending' ? waitsFor(service, slo) : null,
    target: slo.target.text,
    targetRatio,
    periodSeconds: slo.period.length / 1000,
    period: periodName(slo.period),
    periodStart: slo.period.kind === 'calendar' ? periodContaining(slo.period, figures?.time ?? now).start : null,
    state,
    sli: errors === undefined ? null : 1 - errors,
    // The clock runs for what waits for data too; but nothing of it was seen.
    periodSeen: state === 'pending' ? null : seen,
    budget: {
      ratio: errorBudget,
      remainingRatio: remaining?.ratio ?? null,
      remainingEvents: remaining?.events ?? null,
      remainingSeconds: remaining === undefined ? null : remaining.time / 1000,
    },
    burnRates: isInvariant(slo) ? [] : burnRates.toSorted((a, b) => a.windowSeconds - b.windowSeconds),
    alerts,
    group,
    evaluatedAt: figures?.time ?? null,
    outdated: outdated && figures !== undefined,
  };
}

export function detailSlo(
  service: Service,
  slo: Slo,
  figures: SloFigures | undefined,
  surroundings: Surroundings,
  members: readonly MemberStatus[],
): SloDetail {
  const { bad, total, furtherPeriods, groups, raw, outdated } = figures ?? noFigures;
  return {
    ...summarizeSlo(service, slo, figures, surroundings),
    combine: slo.indicator.kind === 'composite' ? slo.indicator.combine : null,
    members,
    raw: raw === null ? null : rawStatus(slo, raw),
    furtherPeriods: [...furtherPeriods].map(([name, one]) => ({ name, ...standing(slo, one) })),
    groups: groups
      .map((one): GroupStatus => {
        const status = standing(slo, one);
        const state = groupState(status.budgetRemaining, one.firing, outdated);
        return { labels: one.labels, state, ...status };
      })
      .toSorted((a, b) => severityOf[b.state] - severityOf[a.state] || (a.sli ?? 1) - (b.sli ?? 1)),
    wholePeriod: wholePeriodOf(slo, figures ?? noFigures),
    quantiles: figures?.quantiles ?? [],
    unit: unitOf(service, slo),
    exclusions: exclusionsOf(service, slo).map(exclusionEntry),
    excludedNow: (figures?.excludedNow ?? false) && !outdated,
    rationale: slo.rationale ?? null,
    impact: slo.impact,
    description: slo.description ?? null,
    indicator: describeIndicator(slo),
    goodEvents: bad === null || total === null ? null : Math.max(0, total - bad),
    badEvents: bad,
    totalEvents: total,
    alertTiers: inWholeSlices(slo).alerts.map(({ severity, longWindow, shortWindow, burnRate }) => ({
      severity,
      longWindowSeconds: longWindow / 1000,
      shortWindowSeconds: shortWindow / 1000,
      burnRate,
    })),
    runbook: slo.runbook ?? null,
  };
}

export function summarizeService(
  service: Service,
  slos: readonly SloSummary[],
  alerts: readonly AlertStatus[],
): ServiceSummary {
  const [worst = 'ok'] = slos.map(({ state }) => state).toSorted((a, b) => severityOf[b] - severityOf[a]);
  return {
    name: service.name,
    title: service.title,
    owner: service.owner,
    slos: slos.length,
    state: worst,
    policies: policyStatuses(service, slos),
    alerts,
  };
}

/** The smallest share of its budget first; those about which nothing is known behind those in trouble, before the healthy ones. */
export function worstFirst(slos: readonly SloSummary[]): readonly SloSummary[] {
  const rank = (slo: SloSummary): number => -severityOf[slo.state];
  const left = (slo: SloSummary): number => slo.budget.remainingRatio ?? Number.POSITIVE_INFINITY;
  const name = (slo: SloSummary): string => `${slo.service}\0${slo.name}`;
  return slos.toSorted((a, b) => {
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    if (left(a) !== left(b)) return left(a) < left(b) ? -1 : 1;
    return name(a) < name(b) ? -1 : 1;
  });
}

const severityOf: Readonly<Record<SloState, number>> = {
  draft: 0,
  pending: 1,
  ok: 2,
  noData: 3,
  burning: 4,
  breached: 5,
};

/** Whether an objective must always hold, so that it has no budget. */
function isInvariant({ target }: Slo): boolean {
  return target.errorBudget === 0;
}

interface Standing {
  readonly remaining: number | undefined;
  readonly alerts: readonly AlertStatus[];
  readonly outdated: boolean;
}

/** Old figures are never shown as fine, nor as an emergency that is going on: what is known is that nothing is. */
function stateOf(service: Service, slo: Slo, { remaining, alerts, outdated }: Standing): SloState {
  if (slo.lifecycle === 'draft') return 'draft';
  if (remaining === undefined && isPending(service, slo)) return 'pending';
  if (outdated) return 'noData';
  if (remaining !== undefined && remaining <= 0) return 'breached';
  if (alerts.some(({ state }) => state === 'firing')) return 'burning';
  return remaining === undefined ? 'noData' : 'ok';
}

function groupState(remaining: number | null, firing: boolean, outdated: boolean): SloState {
  if (outdated || remaining === null) return 'noData';
  if (remaining <= 0) return 'breached';
  return firing ? 'burning' : 'ok';
}

function wholePeriodOf(slo: Slo, { wholePeriod }: Pick<SloFigures, 'wholePeriod'>): WholePeriodStatus | null {
  if (slo.period.kind !== 'calendar') return null;
  const { budgetAtEnd = null, previousErrors = null } = wholePeriod ?? {};
  const errors = previousErrors === null ? undefined : ratio(previousErrors);
  return {
    budgetAtEnd,
    previousSli: errors === undefined ? null : 1 - errors,
    previousBudgetRemaining: errors === undefined ? null : remainingRatio(errors, slo.target.errorBudget),
  };
}

/** The unit of what a distribution observes. */
function unitOf({ metrics }: Service, { indicator }: Slo): string | null {
  if (indicator.kind !== 'distribution') return null;
  const [first] = selectorsOf(indicator.histogram);
  return (first === undefined ? undefined : metricOf(metricNameOf(first) ?? '', metrics)?.unit) ?? null;
}

function rawStatus(slo: Slo, raw: Omit<PeriodFigures, 'seen'>): RawStatus {
  const { periodSeen: _, ...status } = standing(slo, { ...raw, seen: null });
  return status;
}

/** How the events of a period stand against the objective's budget. */
function standing(slo: Slo, { bad, total, seen }: PeriodFigures): Omit<PeriodStatus, 'name'> {
  const errors = bad === null || total === null ? undefined : errorRatioOf({ bad, total });
  return {
    sli: errors === undefined ? null : 1 - errors,
    badEvents: bad,
    totalEvents: total,
    budgetRemaining: errors === undefined ? null : remainingRatio(errors, slo.target.errorBudget),
    periodSeen: seen,
  };
}

function describeIndicator({ indicator }: Slo): SloDetail['indicator'] {
  switch (indicator.kind) {
    case 'ratio': {
      const events = printExpr(indicator.events);
      const [good, bad] = indicator.counts === 'good' ? [events, null] : [null, events];
      return { kind: 'ratio', good, bad, total: printExpr(indicator.total) };
    }
    case 'distribution': {
      const histogram = printExpr(indicator.histogram);
      return { kind: 'distribution', good: `${histogram} at or below ${indicator.below}`, bad: null, total: histogram };
    }
    case 'condition':
      return { kind: 'condition', good: indicatorText(indicator), bad: null, total: 'time' };
    case 'composite':
      return { kind: 'composite', good: null, bad: null, total: 'its members' };
    case 'queries': {
      const events = windowQueryText(indicator.events);
      const [good, bad] = indicator.counts === 'good' ? [events, null] : [null, events];
      const total = indicator.total === undefined ? 'a share' : windowQueryText(indicator.total);
      return { kind: 'queries', good, bad, total };
    }
    case 'external':
      return { kind: 'external', good: null, bad: null, total: `measured by ${indicator.system}` };
    default:
      return unreachable(indicator);
  }
}
