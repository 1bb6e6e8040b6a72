import { formatDuration } from '../../base/index.ts';
import type { LabelCondition, Route, RouteTiming, Service, Severity } from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import type { MuteInterval } from './mute-intervals.ts';
import { receiverName } from './receivers.ts';

/** The receiver of alerts that belong to no service, or to one that says no receiver: it tells nobody. */
export const unrouted = 'unrouted';

/** Writes the part of the routing tree that takes the alerts of a service; undefined if it says nothing about notifications. */
export function writeServiceRoute(service: Service, mutes: readonly MuteInterval[]): YamlValue | undefined {
  const { notifications } = service;
  if (notifications === undefined) return undefined;
  const { routes, fallback, groupBy, timing } = notifications;
  return {
    matchers: [conditionText({ label: 'service', operator: '=', value: service.name })],
    receiver: fallback === undefined ? unrouted : receiverName(service, fallback),
    group_by: groupBy,
    ...writeTiming(timing),
    routes: listed([...writeMuted(service, routes, mutes), ...routes.map((route) => writeRoute(service, route))]),
  };
}

/**
 * Routes before all others for the objectives that exclusions touch. Alertmanager looks at the intervals of the route that takes an alert and
 * not at those above it, so the service's routes are repeated below with them.
 */
function writeMuted(service: Service, routes: readonly Route[], mutes: readonly MuteInterval[]): readonly YamlValue[] {
  return mutedObjectives(service, mutes).map(({ names, slos }) => ({
    matchers: [conditionText({ label: 'slo', operator: '=~', value: slos.join('|') })],
    mute_time_intervals: names,
    routes: listed(routes.map((route) => writeRoute(service, route, names))),
  }));
}

/** Objectives that are muted at the same times, with the names of these. */
export interface MutedObjectives {
  readonly names: readonly string[];
  readonly slos: readonly string[];
}

/** The objectives of a service that are muted at times, by the times. */
export function mutedObjectives(service: Service, mutes: readonly MuteInterval[]): readonly MutedObjectives[] {
  const slosByMutes = new Map<string, { readonly names: readonly string[]; readonly slos: string[] }>();
  for (const { name } of service.slos) {
    const names = mutes.filter(({ slos }) => slos.includes(name)).map((mute) => mute.name);
    if (names.length === 0) continue;
    const key = names.join(' ');
    const same = slosByMutes.get(key) ?? { names, slos: [] };
    same.slos.push(name);
    slosByMutes.set(key, same);
  }
  return [...slosByMutes.values()];
}

function listed(routes: readonly YamlValue[]): readonly YamlValue[] | undefined {
  return routes.length === 0 ? undefined : routes;
}

function writeRoute(
  service: Service,
  { receiver, matchers, continues, timing }: Route,
  mutes?: readonly string[],
): YamlValue {
  return {
    matchers: matchers.length === 0 ? undefined : matchers.map(conditionText),
    receiver: receiverName(service, receiver),
    continue: continues ? true : undefined,
    ...writeTiming(timing),
    mute_time_intervals: mutes,
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
