import { expect } from 'vitest';
import { type Duration, formatDuration } from '../../src/core/base/index.ts';
import { receiversOf } from '../../src/core/formats/index.ts';
import { checkExpr, type Expr, metricNameOf, parseExpr, printExpr, selectorsOf } from '../../src/core/promql/index.ts';
import type { AlertingRule, RecordingRule } from '../../src/core/rules/index.ts';
import {
  indicatorText,
  type Metric,
  type PolicyState,
  periodText,
  type Review,
  type Severity,
  type Slo,
} from '../../src/core/slo/index.ts';
import type { Board, BoardPanel, System } from './system.ts';

/** The objective of a name. */
export function slo({ service }: System, name: string): Slo {
  const found = service.slos.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no objective ${name}`);
  return found;
}

interface Promise {
  /** As `indicatorText` says it: both sides with all their filters. */
  readonly of: string;
  readonly target: string;
  readonly period: string;
  readonly further?: readonly string[];
  /** Length of the slices of an objective on time. */
  readonly slices?: string;
}

/** What an objective promises, in the definition and in what the generated rules record of it. */
export function promises(system: System, name: string, { of, target, period, further = [], slices }: Promise): void {
  const found = slo(system, name);
  expect(indicatorText(found.indicator)).toBe(of);
  expect(found.target.text).toBe(target);
  expect(periodText(found.period)).toBe(period);
  expect(found.furtherPeriods.map(periodText)).toEqual(further);
  expect(found.measure.kind === 'events' ? undefined : formatDuration(found.measure.length)).toBe(slices);
  if (found.lifecycle === 'draft') return;
  const share = Number((Number(target.replace('%', '')) / 100).toFixed(12));
  const budget = Number((1 - share).toFixed(12));
  expect(recordOf(system, 'slo:objective:ratio', { slo: name })).toBe(`vector(${share})`);
  expect(recordOf(system, 'slo:error_budget:ratio', { slo: name })).toBe(`vector(${budget})`);
  expect(recordsAbout(system, 'slo:period_error_budget_remaining:ratio', name)).toContain('slo:period_errors:ratio');
}

/** The expression of the recording rule of a name with at least these labels. */
export function recordOf(system: System, record: string, labels: Readonly<Record<string, string>> = {}): string {
  const found = system
    .rules()
    .filter((rule): rule is RecordingRule => rule.kind === 'recording' && rule.record === record)
    .filter((rule) => Object.entries(labels).every(([label, value]) => rule.labels.get(label) === value));
  expect(found.length, `${record} ${JSON.stringify(labels)}`).toBeGreaterThan(0);
  return found.map(({ expr }) => printExpr(expr)).join('\n');
}

/** How the counters of all events of an objective are summed, or of those that are counted besides: the good or the bad ones. */
export function countersOf(system: System, name: string, which: 'total' | 'counted'): string {
  const record = 'instance:slo_events:sum';
  const parsed = parseExpr(recordOf(system, record, { slo: name }));
  const found = parsed.ok
    ? [...kindsIn(parsed.value)].filter(([events]) => (events === 'total') === (which === 'total'))
    : [];
  expect(found.length, `${record} of ${which} events of ${name}`).toBe(1);
  return found.map(([, expr]) => printExpr(expr)).join();
}

/** The sums that a rule records side by side, each with its label `events`; without the zeros for those that are not there yet. */
function* kindsIn(expr: Expr): Generator<readonly [events: string, sums: Expr]> {
  if (expr.kind === 'binary') {
    yield* kindsIn(expr.left);
    yield* kindsIn(expr.right);
  } else if (expr.kind === 'call' && expr.function === 'label_replace') {
    const [sums, , value] = expr.args;
    if (sums !== undefined && value?.kind === 'string') yield [value.value, sums.kind === 'binary' ? sums.left : sums];
  }
}

/** The expressions of the recording rules of a name that read what is recorded of an objective, alone or with others. */
export function recordsAbout(system: System, record: string, name: string): string {
  const own = new RegExp(`slo=~?"(?:[^"]*\\|)?${name}(?:\\|[^"]*)?"`);
  const found = recordOf(system, record)
    .split('\n')
    .filter((text) => own.test(text));
  expect(found.length, `${record} of ${name}`).toBeGreaterThan(0);
  return found.join('\n');
}

/** The generated alerts of a name. */
export function alertsOf(system: System, name: string): readonly AlertingRule[] {
  return system.rules().filter((rule): rule is AlertingRule => rule.kind === 'alerting' && rule.alert === name);
}

interface AlertClaim {
  /** A part of the generated condition. */
  readonly when: string | RegExp;
  readonly for?: string;
  readonly severity: string;
  /** The receivers whom our own walk of the generated routes finds for it, without the service's name. */
  readonly to: readonly string[];
  readonly summary?: string;
  readonly description?: string;
  /** Further labels that tell it from others of its name. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** One generated alert: its condition, how long it must hold, how urgent it is, whom it reaches, what it says. */
export function alerts(system: System, name: string, claim: AlertClaim): AlertingRule {
  const [rule, ...more] = alertsOf(system, name).filter((one) =>
    Object.entries(claim.labels ?? {}).every(([label, value]) => one.labels.get(label) === value),
  );
  if (rule === undefined) throw new Error(`no alert ${name}`);
  expect(more).toEqual([]);
  const condition = printExpr(rule.expr);
  if (typeof claim.when === 'string') expect(condition).toContain(claim.when);
  else expect(condition).toMatch(claim.when);
  expect(formatDuration(rule.holdFor)).toBe(claim.for ?? '0s');
  expect(rule.labels.get('severity')).toBe(claim.severity);
  expect(rule.labels.get('service')).toBe(system.name);
  expect(rule.labels.get('owner')).toBe(system.service.owner);
  expect(told(system, { ...Object.fromEntries(rule.labels), alertname: name })).toEqual(claim.to);
  if (claim.summary !== undefined) expect(rule.annotations.get('summary')).toBe(claim.summary);
  if (claim.description !== undefined) expect(rule.annotations.get('description')).toBe(claim.description);
  return rule;
}

/** Whom an alert with these labels reaches by the generated configuration of Alertmanager. */
export function told(system: System, labels: Readonly<Record<string, string>>): readonly string[] {
  const own = new Map(Object.entries({ service: system.name, ...labels }));
  return receiversOf(system.routes(), own).map((name) => name.replace(`${system.name}/`, ''));
}

type Tier = readonly [severity: Severity, long: string, short: string, burnRate: number, name?: string];

/** The burn-rate alerts of an objective, and that each is generated with both of its windows. */
export function burns(system: System, name: string, tiers: readonly Tier[]): void {
  const found = slo(system, name);
  const length = (value: Duration): string => formatDuration(value);
  expect(
    found.alerts.map((tier) => [
      tier.severity,
      length(tier.longWindow),
      length(tier.shortWindow),
      Number(tier.burnRate.toFixed(6)),
      ...(tier.name === undefined ? [] : [tier.name]),
    ]),
  ).toEqual(tiers);
  for (const [severity, long, short, burnRate, own = 'ErrorBudgetBurn'] of tiers) {
    const [rule, ...more] = alertsOf(system, own).filter(
      ({ labels }) =>
        labels.get('slo') === name &&
        labels.get('window') === long &&
        labels.get('severity') === system.service.severityLabels[severity],
    );
    expect(more).toEqual([]);
    const text = rule === undefined ? '' : printExpr(rule.expr);
    expect(text, `${own} ${long}`).toContain(`window="${long}"`);
    // Where several objectives share a condition, it is recorded once and the alert reads that.
    const conditions = text.includes('slo:burning') ? recordOf(system, 'slo:burning:ratio').split('\n') : [text];
    const asks = (one: string): boolean =>
      [name, `window="${long}"`, `window="${short}"`, `> ${burnRate}`].every((part) => one.includes(part));
    expect(conditions.some(asks), `${own} ${long} and ${short} above ${burnRate}`).toBe(true);
  }
}

interface PanelClaim {
  readonly board?: string;
  readonly row?: string;
  readonly type: string;
  /** Parts of its queries, one for each. */
  readonly reads: readonly string[];
  /** Values at which its line or its colour changes. */
  readonly lines?: readonly number[];
  readonly unit?: string;
}

/** A panel of a generated board: what it reads can be evaluated and is recorded by the generated rules, and its lines are right. */
export function panels(system: System, title: string, claim: PanelClaim): BoardPanel {
  const board = boardOf(system, claim.board);
  let row = '';
  const found: BoardPanel[] = [];
  for (const panel of board.panels) {
    if (panel.type === 'row') row = panel.title ?? '';
    else if (panel.title === title && (claim.row ?? row) === row) found.push(panel);
  }
  const [panel, ...more] = found;
  if (panel === undefined) throw new Error(`no panel ${title}`);
  expect(more).toEqual([]);
  expect(panel.type).toBe(claim.type);
  const queries = (panel.targets ?? []).map(({ expr }) => expr);
  for (const [index, part] of claim.reads.entries()) expect(queries[index]).toContain(part);
  for (const query of queries) expectToRead(system, query);
  const { defaults } = panel.fieldConfig ?? { defaults: {} };
  const steps = (defaults.thresholds?.steps ?? []).flatMap(({ value }) => (value === null ? [] : [value]));
  if (claim.lines !== undefined) expect(steps).toEqual(claim.lines);
  if (claim.unit !== undefined) expect(defaults.unit).toBe(claim.unit);
  return panel;
}

/** The colour of a panel at a value. */
export function colourAt({ fieldConfig }: BoardPanel, value: number): string | undefined {
  const steps = fieldConfig?.defaults.thresholds?.steps ?? [];
  return steps.findLast((step) => step.value === null || step.value <= value)?.color;
}

/** A board by the name of its file; the service's own if none is said, an objective's by its name. */
export function boardOf(system: System, name?: string): Board {
  const file = name === undefined ? `service.${system.name}.json` : `slo.${system.name}.${name}.json`;
  const board = system.boards().get(name === 'overview' ? 'overview.json' : file);
  if (board === undefined) throw new Error(`no board ${file}`);
  return board;
}

/** A query parses, has sound types, and reads metrics that the catalogue lists, that rules record, or that every Prometheus has. */
function expectToRead(system: System, query: string): void {
  const outcome = parseExpr(query.replaceAll(/\$\w+/g, 'x'));
  expect(outcome.ok, query).toBe(true);
  if (!outcome.ok) return;
  expect(checkExpr(outcome.value)).toEqual([]);
  for (const name of metricsIn(outcome.value)) expect(isKnown(system, name), `${name} in ${query}`).toBe(true);
}

function metricsIn(expr: Expr): readonly string[] {
  return selectorsOf(expr).flatMap((selector) => metricNameOf(selector) ?? []);
}

function isKnown(system: System, name: string): boolean {
  const { metrics } = system.service;
  const aliases = [...metrics.values()].flatMap((metric) => metric.aliases ?? []);
  const base = name.replace(/_(?:bucket|count|sum)$/, '');
  if (metrics.has(name) || metrics.has(base) || aliases.includes(name) || ['ALERTS', 'up'].includes(name)) return true;
  return system.rules().some((rule) => rule.kind === 'recording' && rule.record === name);
}

interface ThresholdClaim {
  readonly of: string;
  readonly warning: number;
  readonly critical: number;
  readonly action: string;
}

/** An operational threshold: its figure is recorded, and each of its levels is an alert with the action in its text. */
export function threshold(system: System, name: string, { of, warning, critical, action }: ThresholdClaim): void {
  expect(recordOf(system, 'service:threshold:value', { threshold: name })).toContain(of);
  const { severityLabels } = system.service;
  const labels = { threshold: name };
  const high = { when: `> ${critical}`, for: '5m', severity: severityLabels.page, labels, description: action };
  const low = { when: `> ${warning}`, for: '5m', severity: severityLabels.ticket, labels, description: action };
  alerts(system, 'OperationalThresholdCritical', { ...high, to: told(system, { severity: severityLabels.page }) });
  alerts(system, 'OperationalThresholdWarning', { ...low, to: told(system, { severity: severityLabels.ticket }) });
}

/** An entry of the catalogue: type, labels, buckets; and that it stands in the generated document. */
export function metric(system: System, name: string, type: Metric['type'], labels: readonly string[] = []): Metric {
  const found = system.service.metrics.get(name);
  if (found === undefined) throw new Error(`no metric ${name}`);
  expect(found.type).toBe(type);
  expect([...found.labels.keys()]).toEqual(expect.arrayContaining([...labels]));
  expect(found.help ?? '').not.toBe('');
  expect(system.document()).toMatch(new RegExp(`\\| \`${name}\` \\| ${type} \\|`));
  return found;
}

/** A review of the service. */
export function review({ service }: System, name: string): Review {
  const found = service.reviews.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no review ${name}`);
  return found;
}

/** A point of a review's agenda, what fills it, and that it stands in the generated document. */
export function agenda(system: System, name: string, topic: string, data?: string): void {
  const point = review(system, name).agenda.find((one) => one.topic === topic);
  expect(point).toEqual(data === undefined ? { topic } : { topic, data });
  expect(system.document()).toContain(topic);
}

/** The state of a policy while so much of the budget remains: the first whose lower end is below. */
export function stateAt({ service }: System, policy: string, remaining: number): PolicyState {
  const found = service.policies.find(({ name }) => name === policy);
  const state = found?.states.find(({ above }) => above === undefined || above < remaining);
  if (state === undefined) throw new Error(`no state of ${policy} at ${remaining}`);
  return state;
}

/** The linter says this at a line of the document that the example comes from. Where that is not at hand, the test ends here. */
export function finds(system: System, rule: string, line: number, words: string = ''): void {
  const findings = system.findings();
  if (findings === undefined) {
    system.skip('the documents of the five systems are not here');
    return;
  }
  expect(findings.filter((one) => one.rule === rule && one.message.includes(words)).map((one) => one.line)).toContain(
    line,
  );
}

/** The linter says nothing of the kind about the example, which was corrected. */
export function corrected(system: System, rule: string): void {
  expect(system.lint().filter((one) => one.rule === rule)).toEqual([]);
}

/** Words of the generated document. */
export function documents(system: System, ...texts: readonly (string | RegExp)[]): void {
  for (const text of texts) {
    if (typeof text === 'string') expect(system.document()).toContain(text);
    else expect(system.document()).toMatch(text);
  }
}
