import { type Diagnostic, type Duration, duration, unreachable } from '../../base/index.ts';
import { build, type Expr, selectorsOf, typeOf, unwrap } from '../../promql/index.ts';
import type { AlertingRule, RecordingRule } from '../../rules/index.ts';
import {
  type AlertCondition,
  alertExpressions,
  type ConditionAlert,
  isReachable,
  type RelativeAlert,
} from '../../slo/index.ts';
import { about } from '../codes.ts';
import { watchedCounters } from '../counters.ts';
import { underEveryName } from '../former-names.ts';
import type { GenerateOptions } from '../options.ts';
import { mayHaveLabel } from '../possible-labels.ts';
import { type AlertOwner, alertLabels, ownLabels } from './alert-labels.ts';
import { linksOf } from './alert-links.ts';
import { conditionTexts } from './condition-text.ts';
import { pendingMetrics } from './pending.ts';
import { whileActive } from './profile-rules.ts';
import { labelled } from './sums.ts';
import { moved, type Watch, watchedFor, watchRules } from './watch-rules.ts';

const { binary, call, compare, multiply, offset, on, or, range, selector, sumBy, unless } = build;

/** Alerts on conditions, what they need to have recorded before, and what is wrong with them. */
export interface ConditionAlerts {
  readonly recordings: readonly RecordingRule[];
  readonly alerts: readonly AlertingRule[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The alerts of an objective, or of a service as a whole, on something other than the burning of a budget. */
export function conditionAlertRules(
  owner: AlertOwner,
  defined: readonly ConditionAlert[],
  options: GenerateOptions,
): ConditionAlerts {
  const diagnostics: Diagnostic[] = [];
  const recordings: RecordingRule[] = [];
  const report = (code: string, message: string): void =>
    void diagnostics.push(about(owner.service, owner.slo, code, message));
  const alerts = defined.flatMap((alert): readonly AlertingRule[] => {
    if (!isReachable(owner.service, owner.slo, alert.profile)) {
      report('generate/profile', `no policy turns on the profile ${alert.profile} of the alert ${alert.name}`);
      return [];
    }
    const context: Context = { owner, interval: options.interval, recordings, diagnostics };
    const expr = firing(context, alert.when);
    if (expr === undefined) return [];
    return [alertRule(owner, alert, expr, options)];
  });
  return { recordings, alerts, diagnostics };
}

function alertRule(owner: AlertOwner, alert: ConditionAlert, expr: Expr, options: GenerateOptions): AlertingRule {
  const { name, severity, profile, labels, when } = alert;
  const waitsFor = pendingMetrics(owner.service, alertExpressions(when)).map(({ pendingOn = '' }) => pendingOn);
  return {
    kind: 'alerting',
    alert: name,
    expr: whileActive(onceThere(owner, when, expr), profile, ownLabels(owner)),
    holdFor: alert.holdFor,
    keepFiringFor: alert.keepFiringFor,
    labels: alertLabels(owner, { severity, profile, added: labels }),
    annotations: new Map([
      ...conditionTexts(owner, alert, waitsFor),
      ...linksOf(owner, options, alert.runbook),
      ...(alert.annotations ?? []),
    ]),
  };
}

interface Context {
  readonly owner: AlertOwner;
  readonly interval: Duration;
  readonly recordings: RecordingRule[];
  readonly diagnostics: Diagnostic[];
}

/** The expression that has results while an alert's condition holds; undefined, with diagnostics, if there can be none. */
function firing(context: Context, when: AlertCondition): Expr | undefined {
  const { service } = context.owner;
  switch (when.kind) {
    case 'threshold': {
      const value = underEveryName(service, when.value);
      return compare(when.operator, typeOf(value) === 'scalar' ? call('vector', value) : value, when.bound);
    }
    case 'progress': {
      const watch = watchOf(context, when.counter);
      if (watch === undefined) return undefined;
      const groups = watch.groups;
      const increased = sumBy(groups, moved(watch, when.within));
      return when.fires === 'increased'
        ? increased
        : unless(sumBy(groups, watchedFor(watch, when.within)), increased, on(...groups));
    }
    case 'relative':
      return relative(context.owner, when);
    case 'absent':
      return call('absent', underEveryName(service, when.series));
    case 'all':
    case 'any': {
      const parts = when.of.map((part) => firing(context, part));
      const known = parts.filter((part) => part !== undefined);
      const [first, ...rest] = known;
      if (first === undefined || known.length < parts.length) return undefined;
      if (when.kind === 'any') return or(first, ...rest);
      // Parts have labels of their own; what counts is whether each of them has any result, in the same group if all of them have groups.
      const groups = groupsOf(context.owner);
      const areApart = known.every((part) => groups.every((label) => mayHaveLabel(part, label)));
      const matching = on(...(areApart ? groups : []));
      return rest.reduce((left, right) => binary('and', left, right, { matching }), first);
    }
    default:
      return unreachable(when);
  }
}

function watchOf({ owner, interval, recordings, diagnostics }: Context, counter: Expr): Watch | undefined {
  const counters = watchedCounters(owner.service, owner.slo, counter);
  if ('length' in counters) {
    diagnostics.push(...counters);
    return undefined;
  }
  const watch = { service: owner.service, counters, interval, own: ownLabels(owner), groups: groupsOf(owner) };
  recordings.push(...watchRules(watch));
  return watch;
}

/** An alert of a grouped objective watches each group by itself, and says which one it is about. */
function groupsOf({ slo }: AlertOwner): readonly string[] {
  return slo?.groupBy ?? [];
}

/**
 * A rate above its floor, unless it is at most so many times what it was. A counter that did not exist then had no rate, so the floor
 * decides by itself; but if no target was watched when the baseline began, nothing is known to compare with.
 */
function relative({ service }: AlertOwner, when: RelativeAlert): Expr {
  const { counter, window, baselineWindow, baselineOffset, factor, floor } = when;
  const labels = groupingOf(counter);
  const rate = (length: Duration, ago: Duration): Expr => {
    const rates = selectorsOf(counter).map((one, index, all) => {
      const each = underEveryName(service, call('rate', offset(range(one, length), ago)));
      return all.length === 1 ? each : labelled(each, 'nines_term', String(index));
    });
    const [first = counter, ...rest] = rates;
    return sumBy(labels, or(first, ...rest));
  };
  const now = rate(window, duration(0));
  const before = multiply(factor, rate(baselineWindow, baselineOffset));
  const risen = unless(compare('>', now, floor), compare('<=', now, before, on(...labels)), on(...labels));
  const began = duration(baselineOffset + baselineWindow);
  const watched = offset(range(selector('up', { job: service.job }), baselineWindow), began);
  return binary('and', risen, call('last_over_time', watched), { matching: on() });
}

/** The labels by which a sum keeps its parts apart; a bare selection is one sum. */
function groupingOf(counter: Expr): readonly string[] {
  const inner = unwrap(counter);
  return inner.kind === 'aggregation' && !inner.grouping.without ? inner.grouping.labels : [];
}

/** What waits for a metric fires only once that was there: that something is missing is no news before. */
function onceThere({ service }: AlertOwner, when: AlertCondition, expr: Expr): Expr {
  return pendingMetrics(service, alertExpressions(when)).reduce<Expr>((left, { name, type, native }) => {
    const series = type === 'histogram' && native !== true ? `${name}_count` : name;
    const seen = call('last_over_time', range(selector(series), lately));
    return binary('and', left, seen, { matching: on() });
  }, expr);
}

/** A metric that was there within this time is expected to be there. */
const lately = duration(3_600_000);
