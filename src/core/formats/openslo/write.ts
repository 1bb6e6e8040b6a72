import { type Diagnostic, type Duration, day, formatDuration, hour, minute } from '../../base/index.ts';
import type { BurnRateTier, Service, Slo } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import { defaultAbsentFor, defaultMinimumBadEvents } from '../definition/defaults.ts';
import { jobOf } from '../dialect-service.ts';
import {
  counterPair,
  lossesInto,
  type SayLoss,
  sayNoCounters,
  sumQuery,
  type WrittenServices,
} from '../dialect-write.ts';
import { annotationPrefix } from './objects.ts';

/** Writes services as OpenSLO version 1: a Service and an SLO for each objective. What has no key there stands in annotations. */
export function writeOpenslo(services: readonly Service[]): WrittenServices {
  const diagnostics: Diagnostic[] = [];
  const say = lossesInto(diagnostics);
  const documents = services.flatMap((service) => {
    if (0 < service.metrics.size)
      say(
        'info',
        service.name,
        'the format has no place for the metric catalogue',
        'keep the definition of Nines as the source',
      );
    return [serviceOf(service), ...service.slos.map((slo) => sloOf(service, slo, say))];
  });
  return { text: documents.map((document) => printYaml(document)).join('---\n'), diagnostics };
}

function serviceOf({ name, title, description, owner, job, slos }: Service): YamlValue {
  return {
    apiVersion: 'openslo/v1',
    kind: 'Service',
    metadata: {
      name,
      displayName: title === name ? undefined : title,
      annotations: annotations({
        owner: owner === '' ? undefined : owner,
        job: job === jobOf(name, slos) ? undefined : job,
      }),
    },
    spec: { description: description ?? '' },
  };
}

function sloOf(service: Service, slo: Slo, say: SayLoss): YamlValue {
  const pair = counterPair(slo, 'every');
  if (pair === undefined) {
    sayNoCounters(service, slo, say);
    return null;
  }
  const { counts, events, total } = pair;
  return {
    apiVersion: 'openslo/v1',
    kind: 'SLO',
    metadata: {
      name: slo.name,
      displayName: slo.title === slo.name ? undefined : slo.title,
      labels: slo.labels.size === 0 ? undefined : new Map([...slo.labels].map(([label, value]) => [label, [value]])),
      annotations: annotations({
        runbook: slo.runbook,
        'minimum-bad-events':
          slo.minimumBadEvents === defaultMinimumBadEvents ? undefined : String(slo.minimumBadEvents),
        'no-data': slo.noData === 'unknown' ? undefined : slo.noData,
        'absent-for': slo.absentFor === defaultAbsentFor ? undefined : formatDuration(slo.absentFor),
      }),
    },
    spec: {
      description: slo.description,
      service: service.name,
      indicator: {
        metadata: { name: `${slo.name}-indicator` },
        spec: {
          ratioMetric: {
            counter: true,
            [counts]: metricSource(sumQuery(events)),
            total: metricSource(sumQuery(total)),
          },
        },
      },
      timeWindow: [{ duration: shorthand(service, slo, slo.period.length, say), isRolling: true }],
      budgetingMethod: 'Occurrences',
      objectives: [{ target: slo.target.ratio }],
      alertPolicies: slo.alerts.length === 0 ? undefined : slo.alerts.map((tier) => policyOf(service, slo, tier, say)),
    },
  };
}

function metricSource(query: string): YamlValue {
  return { metricSource: { type: 'Prometheus', spec: { query } } };
}

/** A policy has one condition, and a condition one window; the short window stands in an annotation. */
function policyOf(service: Service, slo: Slo, tier: BurnRateTier, say: SayLoss): YamlValue {
  const name = `${slo.name}-${tier.severity}-${formatDuration(tier.longWindow)}`;
  return {
    kind: 'AlertPolicy',
    metadata: { name },
    spec: {
      alertWhenBreaching: true,
      conditions: [
        {
          kind: 'AlertCondition',
          metadata: { name, annotations: annotations({ 'short-window': formatDuration(tier.shortWindow) }) },
          spec: {
            severity: tier.severity,
            condition: {
              kind: 'burnrate',
              op: 'gt',
              threshold: tier.burnRate,
              lookbackWindow: shorthand(service, slo, tier.longWindow, say),
              alertAfter: shorthand(service, slo, tier.holdFor, say),
            },
          },
        },
      ],
      notificationTargets: [],
    },
  };
}

function annotations(values: Readonly<Record<string, string | undefined>>): YamlValue | undefined {
  const said = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [[`${annotationPrefix}${key}`, value] as const],
  );
  return said.length === 0 ? undefined : new Map(said);
}

/** The units of OpenSLO's durations that have a fixed length; it has no seconds. */
const units: readonly (readonly [letter: string, length: Duration])[] = [
  ['d', day],
  ['h', hour],
  ['m', minute],
];

/** One number with one unit, as OpenSLO writes durations. */
function shorthand(service: Service, slo: Slo, length: Duration, say: SayLoss): string {
  const unit = units.find(([, unitLength]) => length % unitLength === 0 && unitLength <= length);
  if (unit !== undefined) return `${length / unit[1]}${unit[0]}`;
  if (length === 0) return '0m';
  const text = formatDuration(length);
  say(
    'warning',
    `${service.name}/${slo.name}`,
    `the format has no seconds; \`${text}\` is written as it is`,
    'other tools may refuse it; use whole minutes',
  );
  return text;
}
