import { type Duration, formatDuration, unreachable } from '../../base/index.ts';
import { build, printExpr } from '../../promql/index.ts';
import {
  type Condition,
  defaultPeriod,
  defaultTimeZone,
  type Indicator,
  measureText,
  type Period,
  percentileText,
  periodText,
  type QueriesIndicator,
  type Service,
  type Slo,
  type TargetChange,
  windowQueryText,
} from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { defaultAbsentFor, minimumBadEventsOf } from './defaults.ts';
import { pendingMetric } from './metrics.ts';
import { alertsOf } from './print-alerts.ts';

/** An objective as the plain value of its definition, without what the defaults say anyway. */
export function sloOf(service: Pick<Service, 'name' | 'metrics'>, slo: Slo): YamlValue {
  const { name, title, measure, minimumBadEvents, minimumEvents, noData, absentFor, runbook, labels } = slo;
  const pending = pendingMetric(slo.indicator, service.metrics) !== undefined;
  return {
    title: title === name ? undefined : title,
    description: slo.description,
    family: slo.family,
    target:
      slo.period.kind === 'continuous' && measureText(measure) === ' of 1m slices'
        ? undefined
        : `${slo.target.text}${measureText(measure)}`,
    sliceTarget:
      measure.kind === 'slices' && measure.sliceTarget !== undefined
        ? `${percentileText(measure.sliceTarget).slice(1)}%`
        : undefined,
    ...periodsOf(slo),
    ...indicatorOf(slo.indicator, service.name),
    quantiles: listOf(slo.quantiles.map(percentileText)),
    groupBy: listOf(slo.groupBy),
    ...alertsOf(service.name, slo),
    minimumBadEvents: minimumBadEvents === minimumBadEventsOf(slo.indicator) ? undefined : minimumBadEvents,
    minimumEvents: minimumEvents === 0 ? undefined : minimumEvents,
    noData: noData === 'unknown' ? undefined : noData,
    absentFor: unlessSame(absentFor, defaultAbsentFor),
    role: slo.role === 'primary' ? undefined : slo.role,
    category: slo.category === 'user' ? undefined : slo.category,
    lifecycle: slo.lifecycle === (pending ? 'pending' : 'active') ? undefined : slo.lifecycle,
    criticality: slo.criticality,
    journey: slo.journey,
    customers: listOf(slo.customers),
    rationale: slo.rationale,
    impact: listOf(slo.impact),
    costs: listOf(slo.costs),
    dependsOn: listOf(slo.dependsOn),
    aspiration: slo.aspiration?.text,
    evidence: slo.evidence,
    targetHistory: slo.targetHistory.length === 0 ? undefined : slo.targetHistory.map(changeOf),
    dashboard: slo.dashboard,
    runbook,
    labels: labels.size === 0 ? undefined : labels,
  };
}

function listOf<Item extends string>(items: readonly Item[]): readonly Item[] | undefined {
  return items.length === 0 ? undefined : items;
}

function changeOf({ target, since, reason }: TargetChange): YamlValue {
  return { target: target.text, since, reason };
}

function unlessSame(length: Duration, usual: Duration): string | undefined {
  return length === usual ? undefined : formatDuration(length);
}

/** One period stands alone. All periods of an objective turn in one zone. */
function periodsOf({ period, furtherPeriods }: Slo): Readonly<Record<string, YamlValue>> {
  const all = [period, ...furtherPeriods];
  const zone = all.map(zoneOf).find((each) => each !== undefined && each !== defaultTimeZone);
  const timeZone = zone === undefined ? {} : { timeZone: zone };
  if (0 < furtherPeriods.length) return { periods: all.map(periodText), ...timeZone };
  const text = periodText(period);
  return text === periodText(defaultPeriod) ? {} : { period: text, ...timeZone };
}

function zoneOf(period: Period): string | undefined {
  return period.kind === 'calendar' ? period.timeZone : undefined;
}

function indicatorOf(indicator: Indicator, home: string): Readonly<Record<string, YamlValue>> {
  switch (indicator.kind) {
    case 'ratio':
      return { [indicator.counts]: printExpr(indicator.events), total: printExpr(indicator.total) };
    case 'distribution':
      return { histogram: printExpr(indicator.histogram), below: indicator.below };
    case 'condition':
      return { condition: conditionOf(indicator.condition) };
    case 'composite':
      return {
        composite: {
          combine: indicator.combine,
          members: indicator.members.map(({ service, slo, weight }) =>
            service === home && weight === 1
              ? slo
              : { slo, service: service === home ? undefined : service, weight: weight === 1 ? undefined : weight },
          ),
        },
      };
    case 'queries':
      return { queries: queriesOf(indicator) };
    case 'external':
      return { external: { system: indicator.system, measures: indicator.measures } };
    default:
      return unreachable(indicator);
  }
}

function queriesOf({ counts, events, total }: QueriesIndicator): YamlValue {
  const text = windowQueryText(events);
  if (total === undefined) return counts === 'bad' ? { badRatio: text } : { goodRatio: text };
  return { [counts]: text, total: windowQueryText(total) };
}

/** A condition as the plain value of its definition: a comparison is a line of PromQL, the others are maps. */
export function conditionOf(condition: Condition): YamlValue {
  switch (condition.kind) {
    case 'comparison':
      return printExpr(build.compare(condition.operator, condition.value, condition.bound));
    case 'progress':
      return { increases: printExpr(condition.counter), within: formatDuration(condition.within) };
    case 'invariant':
      return { neverIncreases: printExpr(condition.counter), within: formatDuration(condition.within) };
    case 'all':
      return { all: condition.of.map(conditionOf) };
    case 'any':
      return { any: condition.of.map(conditionOf) };
    default:
      return unreachable(condition);
  }
}
