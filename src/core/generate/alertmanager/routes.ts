import { formatDuration } from '../../base/index.ts';
import type { LabelCondition, Route, RouteTiming, Service, Severity } from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { receiverName } from './receivers.ts';

/** The receiver of alerts that belong to no service, or to one that says no receiver: it tells nobody. */
export const unrouted = 'unrouted';

/** Writes the part of the routing tree that takes the alerts of a service; undefined if it says nothing about notifications. */
export function writeServiceRoute(service: Service): YamlValue | undefined {
  const { notifications } = service;
  if (notifications === undefined) return undefined;
  const { routes, fallback, groupBy, timing } = notifications;
  return {
    matchers: [conditionText({ label: 'service', operator: '=', value: service.name })],
    receiver: fallback === undefined ? unrouted : receiverName(service, fallback),
    group_by: groupBy,
    ...writeTiming(timing),
    routes: routes.length === 0 ? undefined : routes.map((route) => writeRoute(service, route)),
  };
}

function writeRoute(service: Service, { receiver, matchers, continues, timing }: Route): YamlValue {
  return {
    matchers: matchers.length === 0 ? undefined : matchers.map(conditionText),
    receiver: receiverName(service, receiver),
    continue: continues ? true : undefined,
    ...writeTiming(timing),
  };
}

function writeTiming({
  groupWait,
  groupInterval,
  repeatInterval,
}: RouteTiming): Readonly<Record<string, YamlValue | undefined>> {
  return {
    group_wait: groupWait === undefined ? undefined : formatDuration(groupWait),
    group_interval: groupInterval === undefined ? undefined : formatDuration(groupInterval),
    repeat_interval: repeatInterval === undefined ? undefined : formatDuration(repeatInterval),
  };
}

/** A condition as Alertmanager reads it, the value in quotes. */
export function conditionText({ label, operator, value }: LabelCondition): string {
  return `${label}${operator}${JSON.stringify(value)}`;
}

/** The severities whose alerts no route and no fallback takes, so that nobody is told of them. */
export function unroutedSeverities(service: Service): readonly Severity[] {
  const { notifications, severityLabels } = service;
  if (notifications?.fallback !== undefined) return [];
  const routes = notifications?.routes ?? [];
  return usedSeverities(service).filter(
    (severity) => !routes.some(({ matchers }) => matchers.every((matcher) => takes(matcher, severityLabels[severity]))),
  );
}

/** Only a condition on the severity can be judged without an alert at hand; any other one may leave alerts out. */
function takes({ label, operator, value }: LabelCondition, severity: string): boolean {
  if (label !== 'severity') return false;
  switch (operator) {
    case '=':
      return value === severity;
    case '!=':
      return value !== severity;
    case '=~':
      return value.split('|').includes(severity);
    case '!~':
      return !value.split('|').includes(severity);
  }
}

/** The severities that alerts of the service have. */
export function usedSeverities(service: Service): readonly Severity[] {
  const used = new Set<Severity>([
    ...service.alerts.map(({ severity }) => severity),
    ...service.slos.flatMap(({ alerts, conditionAlerts }) => [
      ...alerts.map(({ severity }) => severity),
      ...conditionAlerts.map(({ severity }) => severity),
    ]),
    ...(service.thresholds.length === 0 ? [] : (['page', 'ticket'] as const)),
  ]);
  return (['page', 'ticket', 'info'] as const).filter((severity) => used.has(severity));
}
