import { type Duration, formatDuration } from '../../base/index.ts';
import { build, type Expr, mapExpr, metricNameOf, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import { type BurnRateTier, exclusionsOf, expressionsOf, type Service, type Slo } from '../../slo/index.ts';
import { levelsOf } from '../levels.ts';
import {
  badOnly,
  eventsLabel,
  identityLabels,
  periodLabel,
  rawName,
  recorded,
  totalOnly,
  windowLabel,
} from '../names.ts';
import { inWholeSlices } from '../source.ts';
import type { QueryDraft, RowDraft } from './draft.ts';
import { chosen } from './frame.ts';

const { aggregate, by, call, compare, compareBool, divide, groupLeft, ignoring, multiply, on, or, selector } = build;
const { subtract, unless } = build;

/** Below this share of its budget an objective is at risk: a quarter lasts a quarter of the period, time enough to act. */
export const atRiskBelow = 0.25;

/** An objective on a board, with the choices of whoever looks at it. */
export interface Subject {
  readonly service: Service;
  readonly slo: Slo;
  /** How often its rules are evaluated. */
  readonly interval: Duration;
  /** By what its series are selected. */
  readonly own: build.Conditions;
  /** Those about its main period; further periods have a label of their own. */
  readonly main: build.Conditions;
}

/** The label by which the series of a service's environments differ, if they do by one. */
export function environmentLabel({ environments }: Service): string | undefined {
  const [first, ...more] = environments.map(({ labels }) => [...labels.keys()]);
  const [label] = first ?? [];
  const sameLabel = first?.length === 1 && more.every((one) => one.length === 1 && one[0] === label);
  return sameLabel ? label : undefined;
}

/** The name of the variable with a choice of one of an objective's groups. */
export function groupVariable(label: string): string {
  return `group_${label}`;
}

/** An objective as a board sees it: all of its groups, or those that were chosen above the board. */
export function subjectOf(
  service: Service,
  slo: Slo,
  interval: Duration,
  groups: 'all groups' | 'chosen groups',
): Subject {
  const labels = groups === 'all groups' ? [] : slo.groupBy;
  const chosenGroups = Object.fromEntries(labels.map((label) => [label, chosen(groupVariable(label))]));
  const own = { ...identityLabels(service, slo), ...environmentConditions(service), ...chosenGroups };
  return { service, slo, interval, own, main: { ...own, period: '' } };
}

/**
 * Rows whose queries are about the chosen environment alone, those too that read the service's own series. Selections that say something of
 * the label themselves stay as they are.
 */
export function inChosenEnvironment(service: Service, rows: readonly RowDraft[]): readonly RowDraft[] {
  return narrowed(rows, environmentConditions(service), () => true);
}

/** Rows of which those queries that read what an objective measures are about the chosen groups alone. */
export function inChosenGroups({ slo }: Subject, rows: readonly RowDraft[]): readonly RowDraft[] {
  const measured = new Set(expressionsOf(slo.indicator).flatMap(selectorsOf).map(familyOf));
  const choice = Object.fromEntries(slo.groupBy.map((label) => [label, chosen(groupVariable(label))]));
  return narrowed(rows, choice, (selector) => measured.has(familyOf(selector)));
}

/** The metric of a selection, the series of a histogram by their common name. */
function familyOf(selection: VectorSelector): string {
  return (metricNameOf(selection) ?? '').replace(/_(?:bucket|count|sum)$/, '');
}

function narrowed(
  rows: readonly RowDraft[],
  conditions: Readonly<Record<string, ReturnType<typeof chosen>>>,
  isMeant: (selector: VectorSelector) => boolean,
): readonly RowDraft[] {
  const labels = Object.entries(conditions);
  if (labels.length === 0) return rows;
  const narrow = (expr: Expr): Expr =>
    mapExpr(expr, (node) => {
      if (node.kind !== 'selector' || !isMeant(node)) return node;
      const missing = labels.filter(([label]) => !node.matchers.some(({ name }) => name === label));
      return build.withConditions(node, Object.fromEntries(missing));
    });
  return rows.map((row) => ({
    ...row,
    panels: row.panels.map((panel) => ({
      ...panel,
      queries: panel.queries.map((query) => ({ ...query, expr: narrow(query.expr) })),
    })),
  }));
}

/** The condition by which a board shows the chosen environment. */
export function environmentConditions(service: Service): Readonly<Record<string, ReturnType<typeof chosen>>> {
  const label = environmentLabel(service);
  return label === undefined ? {} : { [label]: chosen('environment') };
}

/** The windows that are recorded of an objective, ascending. */
export function windowsOf({ slo, interval }: Subject): readonly [Duration, ...Duration[]] {
  const { fastWindows, slowWindows, period } = levelsOf(inWholeSlices(slo), interval);
  const [first = period, ...rest] = [...fastWindows, ...slowWindows];
  return [first, ...rest];
}

/** The tiers as they are alerted on: no window shorter than a slice. */
export function tiersOf({ slo }: Subject): readonly BurnRateTier[] {
  return inWholeSlices(slo).alerts;
}

/** Share of good events over the period. */
export function sli({ main }: Subject): Expr {
  return subtract(1, selector(recorded.periodErrorRatio, main));
}

/** The target as it was at the time. */
export function targetRatio(subject: Subject): Expr {
  return selector(recorded.objective, ofAllGroups(subject));
}

/** What is left of the error budget: 1 untouched, 0 spent, below 0 overspent. Nothing is cut off at 0. */
export function budgetLeft({ main }: Subject): Expr {
  return selector(recorded.periodBudgetRemaining, main);
}

/** The same with nothing excluded; undefined if nothing ever is. */
export function rawBudgetLeft({ service, slo, main }: Subject): Expr | undefined {
  if (exclusionsOf(service, slo).length === 0) return undefined;
  return selector(rawName(recorded.periodBudgetRemaining), main);
}

/** What is left of the budgets of the periods beside the main one, a series for each. */
export function furtherBudgetsLeft({ own }: Subject): Expr {
  return selector(recorded.periodBudgetRemaining, { ...own, [periodLabel]: ['!=', ''] });
}

/** What is left of the budgets of the objectives that make up a composite, a series for each. */
export function memberBudgetsLeft({ service, slo: { indicator } }: Subject): readonly QueryDraft[] {
  if (indicator.kind !== 'composite') return [];
  return indicator.members.map((member) => ({
    expr: selector(recorded.periodBudgetRemaining, {
      service: member.service,
      slo: member.slo,
      ...environmentConditions(service),
      [periodLabel]: '',
    }),
    legend: member.service === service.name ? member.slo : `${member.service} ${member.slo}`,
    instant: true,
  }));
}

/** What would be left of the budget of the whole calendar period if its traffic went on and nothing more went wrong. */
export function projectedBudget({ main }: Subject): Expr {
  return selector(recorded.periodProjectedBudget, main);
}

/** The same of the calendar periods beside the main one, a series for each. */
export function furtherProjectedBudgets({ own }: Subject): Expr {
  return selector(recorded.periodProjectedBudget, { ...own, [periodLabel]: ['!=', ''] });
}

/** Share of good events in the calendar period before this one. */
export function previousSli({ main }: Subject): Expr {
  return subtract(1, selector(recorded.previousErrorRatio, main));
}

/** What was left of its budget in the end. */
export function previousBudgetLeft({ slo, main }: Subject): Expr {
  return subtract(1, divide(selector(recorded.previousErrorRatio, main), slo.target.errorBudget));
}

/** The shares of good events in the calendar periods before those beside the main one, a series for each. */
export function furtherPreviousSlis({ own }: Subject): Expr {
  return subtract(1, selector(recorded.previousErrorRatio, { ...own, [periodLabel]: ['!=', ''] }));
}

/** What is spent of the budget, as seconds of a full outage at even traffic: the bad share of the time that the period has lasted. */
export function timeSpent(subject: Subject): Expr {
  const { slo, main } = subject;
  const errors = selector(recorded.periodErrorRatio, main);
  if (slo.period.kind !== 'calendar') return multiply(errors, slo.period.length / 1000);
  const elapsed = selector(recorded.periodElapsed, { ...ofAllGroups(subject), [periodLabel]: '' });
  return multiply(
    errors,
    elapsed,
    slo.groupBy.length === 0 ? on(...identityOf(subject)) : groupLeft(on(...identityOf(subject))),
  );
}

/** By what series are selected that are the same for all groups, and have no label for them. */
function ofAllGroups({ service, slo }: Subject): build.Conditions {
  return { ...identityLabels(service, slo), ...environmentConditions(service) };
}

/** The labels that an objective is known by where several environments are looked at. */
function identityOf({ service }: Subject): readonly string[] {
  const label = environmentLabel(service);
  return ['service', 'slo', ...(label === undefined ? [] : [label])];
}

/** Whether the promise is kept so far: 1 or 0, so that it does not vanish when it is broken. */
export function isMet(subject: Subject): Expr {
  return compareBool('>=', budgetLeft(subject), 0);
}

/** How much of the period has data. */
export function seen({ main }: Subject): Expr {
  return selector(recorded.periodFill, main);
}

export function badEvents({ main }: Subject): Expr {
  return call('clamp_min', selector(recorded.periodEvents, { ...main, ...badOnly }), 0);
}

export function allEvents({ main }: Subject): Expr {
  return selector(recorded.periodEvents, { ...main, ...totalOnly });
}

/** How many more bad events the period's traffic so far allows; below 0 there were too many. */
export function badEventsLeft(subject: Subject): Expr {
  const allowed = multiply(allEvents(subject), subject.slo.target.errorBudget);
  return subtract(allowed, badEvents(subject), ignoring(eventsLabel));
}

/** Multiples of the sustainable rate, a series for each window. */
export function burnRates({ own }: Subject): Expr {
  return selector(recorded.burnRate, own);
}

/** The fastest of the windows. */
export function highestBurnRate(subject: Subject): Expr {
  return aggregate('max', by(...subject.slo.groupBy), burnRates(subject));
}

/** Seconds until the budget is spent if it goes on burning as in a window. */
export function exhaustion(subject: Subject, window: Duration): Expr {
  const burning = compare('>', selector(recorded.burnRate, at(subject, window)), 0);
  // Of a calendar period counts what is left for the whole of it, as in the text of the alerts.
  const remaining = subject.slo.period.kind === 'calendar' ? projectedBudget(subject) : budgetLeft(subject);
  const left = multiply(call('clamp_min', remaining, 0), subject.slo.period.length / 1000);
  return divide(left, burning, on(...identityOf(subject), ...subject.slo.groupBy));
}

/** Shares of bad events, a series for each window. */
export function errorRatios({ own }: Subject): Expr {
  return selector(recorded.errorRatio, own);
}

export function errorRatio(subject: Subject, window: Duration): Expr {
  return selector(recorded.errorRatio, at(subject, window));
}

/** Events a second over the shortest window. */
export function rates(subject: Subject): { readonly good: Expr; readonly bad: Expr } {
  const [shortest] = windowsOf(subject);
  const seconds = shortest / 1000;
  const window = at(subject, shortest);
  const bad = call('clamp_min', selector(recorded.windowEvents, { ...window, ...badOnly }), 0);
  const total = selector(recorded.windowEvents, { ...window, ...totalOnly });
  return { good: divide(subtract(total, bad, ignoring(eventsLabel)), seconds), bad: divide(bad, seconds) };
}

/** Whether a condition holds: 1, 0, or nothing where nobody knows. */
export function holds({ own }: Subject): Expr {
  return selector(recorded.condition, own);
}

export function partsHold({ own }: Subject): Expr {
  return selector(recorded.conditionPart, own);
}

/** How the objectives of a selection stand; each objective is in exactly one state. Counts of nothing are 0 as long as rules are evaluated. */
export function objectiveStates(selection: build.Conditions): Readonly<Record<ObjectiveState, Expr>> {
  const known = selector(recorded.objective, selection);
  const budget = selector(recorded.periodBudgetRemaining, { ...selection, period: '' });
  const count = (expr: Expr): Expr => or(aggregate('count', by(), expr), multiply(0, aggregate('count', by(), known)));
  return {
    met: count(compare('>=', budget, atRiskBelow)),
    'at risk': count(compare('<', compare('>=', budget, 0), atRiskBelow)),
    missed: count(compare('<', budget, 0)),
    unknown: count(unless(known, budget, on('service', 'slo'))),
  };
}

export type ObjectiveState = 'met' | 'at risk' | 'missed' | 'unknown';

/** Alerts that fire. */
export function firing(selection: build.Conditions): Expr {
  return selector('ALERTS', { ...selection, alertstate: 'firing' });
}

function at({ own }: Subject, window: Duration): build.Conditions {
  return { ...own, [windowLabel]: formatDuration(window) };
}
