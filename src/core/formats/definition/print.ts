import { type Duration, formatDuration, unreachable } from '../../base/index.ts';
import { printExpr } from '../../promql/index.ts';
import {
  type BurnRateTier,
  type Condition,
  conditionText,
  defaultPeriod,
  type Indicator,
  type Metric,
  type Service,
  type Slo,
  workbookTiers,
} from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import { defaultMinimumBadEvents } from './alerts.ts';
import { defaultAbsentFor } from './read.ts';
import { printDetails } from './service/details.ts';
import { unitOfName } from './units.ts';

/** Prints a service as Nines YAML, without what the defaults say anyway. Read back, it is the same service. */
export function printDefinition(service: Service): string {
  return printYaml(definitionOf(service));
}

/** A service as the plain value of its definition. */
function definitionOf(service: Service): YamlValue {
  const { name, title, description, owner, job, metrics, slos } = service;
  return {
    apiVersion: 'nines/v1',
    service: name,
    title: title === name ? undefined : title,
    description,
    owner: owner === '' ? undefined : owner,
    job: job === name ? undefined : job,
    metrics: metrics.size === 0 ? undefined : new Map([...metrics].map(([key, metric]) => [key, metricOf(metric)])),
    slos: new Map(slos.map((slo) => [slo.name, sloOf(slo)])),
    ...printDetails(service),
  };
}

function metricOf({ name, type, help, unit, labels, buckets }: Metric): YamlValue {
  return {
    type,
    help,
    unit: unit === unitOfName(name) ? undefined : unit,
    labels: labels.size === 0 ? undefined : labelsOf(labels),
    buckets: buckets.length === 0 ? undefined : buckets,
  };
}

/** A list of names where no values are known, otherwise a map. */
function labelsOf(labels: Metric['labels']): YamlValue {
  return [...labels.values()].every((values) => values.length === 0) ? [...labels.keys()] : labels;
}

function sloOf(slo: Slo): YamlValue {
  const { name, title, description, target, period, minimumBadEvents, noData, absentFor, runbook, labels } = slo;
  return {
    title: title === name ? undefined : title,
    description,
    target: target.text,
    period: unlessSame(period.length, defaultPeriod.length),
    ...indicatorOf(slo.indicator),
    alerts: alertsOf(slo),
    minimumBadEvents: minimumBadEvents === defaultMinimumBadEvents ? undefined : minimumBadEvents,
    noData: noData === 'unknown' ? undefined : noData,
    absentFor: unlessSame(absentFor, defaultAbsentFor),
    runbook,
    labels: labels.size === 0 ? undefined : labels,
  };
}

function unlessSame(length: Duration, usual: Duration): string | undefined {
  return length === usual ? undefined : formatDuration(length);
}

function indicatorOf(indicator: Indicator): Readonly<Record<string, YamlValue>> {
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
          members: indicator.members.map(({ service, slo, weight }) => ({ service, slo, weight })),
        },
      };
    default:
      return unreachable(indicator);
  }
}

/** A comparison is a line of PromQL; the other conditions are maps. */
function conditionOf(condition: Condition): YamlValue {
  switch (condition.kind) {
    case 'comparison':
      return conditionText(condition);
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

function alertsOf({ alerts, period, target }: Slo): YamlValue | undefined {
  const usual = workbookTiers(period, target);
  if (alerts.length === usual.length && alerts.every((tier, index) => isSameTier(tier, usual[index]))) return undefined;
  if (alerts.length === 0) return 'none';
  return alerts.map(({ severity, longWindow, shortWindow, burnRate, holdFor }) => ({
    severity,
    long: formatDuration(longWindow),
    short: formatDuration(shortWindow),
    burn: burnRate,
    for: holdFor === 0 ? undefined : formatDuration(holdFor),
  }));
}

function isSameTier(a: BurnRateTier, b: BurnRateTier | undefined): boolean {
  return (
    b !== undefined &&
    a.severity === b.severity &&
    a.longWindow === b.longWindow &&
    a.shortWindow === b.shortWindow &&
    a.burnRate === b.burnRate &&
    a.holdFor === b.holdFor
  );
}
