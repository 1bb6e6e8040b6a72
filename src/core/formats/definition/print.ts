import type { Metric, Service } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import { conditionAlertOf } from './print-alerts.ts';
import { sloOf } from './print-slo.ts';
import { printDetails } from './service/details.ts';
import { unitOfName } from './units.ts';

/**
 * Prints a service as Nines YAML, without what the defaults say anyway. Read back, it is the same service. Comments are about the service,
 * by its name, and stand at the head, or about an objective, by `service/objective`.
 */
export function printDefinition(service: Service, comments: ReadonlyMap<string, string> = new Map()): string {
  const places = [service.name, ...service.slos.map(({ name }) => `${service.name}/${name}`)];
  const said = places.flatMap((about): readonly (readonly [place: string, text: string])[] => {
    const text = comments.get(about);
    const slo = about.slice(service.name.length + 1);
    return text === undefined ? [] : [[slo === '' ? '' : `/slos/${slo}`, text]];
  });
  return printYaml(definitionOf(service), { comments: new Map(said) });
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
    slos: new Map(slos.map((slo) => [slo.name, sloOf(service, slo)])),
    alerts: service.alerts.length === 0 ? undefined : service.alerts.map(conditionAlertOf),
    ...printDetails(service),
  };
}

function metricOf(metric: Metric): YamlValue {
  const { name, type, help, unit, labels, buckets, native, aliases, pendingOn, exporter, rows } = metric;
  return {
    type,
    help,
    unit: unit === unitOfName(name) ? undefined : unit,
    labels: labels.size === 0 ? undefined : labelsOf(labels),
    buckets: buckets.length === 0 ? undefined : buckets,
    native,
    aliases,
    pendingOn,
    exporter,
    rows: rows === undefined ? undefined : { ...rows },
  };
}

/** A list of names where no values are known, otherwise a map. */
function labelsOf(labels: Metric['labels']): YamlValue {
  return [...labels.values()].every((values) => values.length === 0) ? [...labels.keys()] : labels;
}
