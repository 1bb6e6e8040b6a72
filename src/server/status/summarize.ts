import type {
  AlertStatus,
  BurnRate,
  GroupStatus,
  PeriodStatus,
  RawStatus,
  ServiceSummary,
  SloDetail,
  SloState,
  SloSummary,
} from '../../core/api/index.ts';
import { type Duration, ratio, type Timestamp, unreachable } from '../../core/base/index.ts';
import { periodName } from '../../core/generate/index.ts';
import { printExpr } from '../../core/promql/index.ts';
import {
  burnRateOf,
  errorRatioOf,
  indicatorText,
  remainingBudget,
  remainingRatio,
  type Service,
  type Slo,
} from '../../core/slo/index.ts';

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
  alerts: [],
  outdated: true,
};

export function summarizeSlo(service: Service, slo: Slo, figures: SloFigures | undefined): SloSummary {
  const { bad, total, errorRatios, seen, group, alerts, outdated } = figures ?? noFigures;
  const { ratio: targetRatio, errorBudget } = slo.target;
  const counts = bad === null || total === null ? undefined : { bad, total };
  const remaining = counts === undefined ? undefined : remainingBudget(counts, errorBudget, slo.period.length);
  const errors = counts === undefined ? undefined : errorRatioOf(counts);
  const burnRates = errorRatios.map(
    ({ window, errorRatio }): BurnRate => ({
      windowSeconds: window / 1000,
      // An invariant has no budget that could burn.
      burnRate: errorRatio === null || errorBudget === 0 ? null : burnRateOf(ratio(errorRatio), errorBudget),
    }),
  );
  return {
    service: service.name,
    name: slo.name,
    title: slo.title,
    owner: service.owner,
    target: slo.target.text,
    targetRatio,
    periodSeconds: slo.period.length / 1000,
    period: periodName(slo.period),
    state: stateOf(remaining?.ratio, alerts, outdated),
    sli: errors === undefined ? null : 1 - errors,
    periodSeen: seen,
    budget: {
      ratio: errorBudget,
      remainingRatio: remaining?.ratio ?? null,
      remainingEvents: remaining?.events ?? null,
      remainingSeconds: remaining === undefined ? null : remaining.time / 1000,
    },
    burnRates: burnRates.toSorted((a, b) => a.windowSeconds - b.windowSeconds),
    alerts,
    group,
    evaluatedAt: figures?.time ?? null,
    outdated: outdated && figures !== undefined,
  };
}

export function detailSlo(service: Service, slo: Slo, figures: SloFigures | undefined): SloDetail {
  const { bad, total, furtherPeriods, groups, raw, outdated } = figures ?? noFigures;
  return {
    ...summarizeSlo(service, slo, figures),
    raw: raw === null ? null : rawStatus(slo, raw),
    furtherPeriods: [...furtherPeriods].map(([name, one]) => ({ name, ...standing(slo, one) })),
    groups: groups
      .map((one): GroupStatus => {
        const status = standing(slo, one);
        const state = groupState(status.budgetRemaining, one.firing, outdated);
        return { labels: one.labels, state, ...status };
      })
      .toSorted((a, b) => severityOf[b.state] - severityOf[a.state] || (a.sli ?? 1) - (b.sli ?? 1)),
    description: slo.description ?? null,
    indicator: describeIndicator(slo),
    goodEvents: bad === null || total === null ? null : Math.max(0, total - bad),
    badEvents: bad,
    totalEvents: total,
    alertTiers: slo.alerts.map(({ severity, longWindow, shortWindow, burnRate }) => ({
      severity,
      longWindowSeconds: longWindow / 1000,
      shortWindowSeconds: shortWindow / 1000,
      burnRate,
    })),
    runbook: slo.runbook ?? null,
  };
}

export function summarizeService(service: Service, slos: readonly SloSummary[]): ServiceSummary {
  const worst = slos.reduce((state, slo) => (severityOf[state] < severityOf[slo.state] ? slo.state : state), healthy);
  return { name: service.name, title: service.title, owner: service.owner, slos: slos.length, state: worst };
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

const healthy: SloState = 'ok';

const severityOf: Readonly<Record<SloState, number>> = { ok: 0, noData: 1, burning: 2, breached: 3 };

/** Old figures are never shown as fine, nor as an emergency that is going on: what is known is that nothing is. */
function stateOf(remaining: number | undefined, alerts: readonly AlertStatus[], outdated: boolean): SloState {
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
      return { kind: 'composite', good: indicatorText(indicator), bad: null, total: 'its members' };
    default:
      return unreachable(indicator);
  }
}
