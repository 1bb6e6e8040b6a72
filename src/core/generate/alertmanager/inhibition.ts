import type { Service } from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { conditionText } from './routes.ts';

/**
 * What stays silent because something more urgent about the same thing is known: a page about an objective silences its tickets, and a
 * page of a service on which another one depends silences that one's alerts. Services with the same severity labels share a rule.
 */
export function writeInhibition(services: readonly Service[]): readonly YamlValue[] {
  const groupLabels = [...new Set(services.flatMap(({ slos }) => slos.flatMap(({ groupBy }) => groupBy)))].toSorted();
  const spellings = new Map<string, Service['severityLabels']>();
  for (const { severityLabels } of services) {
    const { page, ticket, info } = severityLabels;
    spellings.set(JSON.stringify([page, ticket, info]), severityLabels);
  }
  return [
    ...[...spellings].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, labels]) => pageOverTicket(labels, groupLabels)),
    ...services.flatMap((service) => parentOverDependant(service, services)),
  ];
}

function pageOverTicket({ page, ticket, info }: Service['severityLabels'], groupLabels: readonly string[]): YamlValue {
  // Alertmanager takes a missing label for an empty one: without the condition on `slo` any page would silence tickets of anything.
  const ofObjective = conditionText({ label: 'slo', operator: '!=', value: '' });
  return {
    source_matchers: [conditionText({ label: 'severity', operator: '=', value: page }), ofObjective],
    target_matchers: [
      conditionText({ label: 'severity', operator: '=~', value: alternatives([ticket, info]) }),
      ofObjective,
    ],
    equal: ['service', 'slo', ...groupLabels],
  };
}

function alternatives(values: readonly string[]): string {
  return [...new Set(values)].map((value) => value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|');
}

function parentOverDependant(service: Service, services: readonly Service[]): readonly YamlValue[] {
  return (service.notifications?.dependsOn ?? []).map((parent) => {
    const labels = services.find(({ name }) => name === parent)?.severityLabels ?? service.severityLabels;
    return {
      source_matchers: [
        conditionText({ label: 'service', operator: '=', value: parent }),
        conditionText({ label: 'severity', operator: '=', value: labels.page }),
      ],
      target_matchers: [conditionText({ label: 'service', operator: '=', value: service.name })],
    };
  });
}
