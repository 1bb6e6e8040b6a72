import type { Diagnostic } from '../../base/index.ts';
import type { Service } from '../../slo/index.ts';
import { printYaml, type YamlValue } from '../../yaml/index.ts';
import { aboutService } from '../codes.ts';
import { commented, header } from '../mark.ts';
import type { ServerVersion } from '../server-version.ts';
import type { ArtefactTarget, GenerateContext, TargetFiles } from '../target.ts';
import { writeInhibition } from './inhibition.ts';
import { type MuteInterval, muteIntervals } from './mute-intervals.ts';
import { receiverName, writeReceivers } from './receivers.ts';
import { unrouted, unroutedSeverities, writeServiceRoute } from './routes.ts';
import { routingTestsPath, writeRoutingTests } from './routing-tests.ts';
import { notificationTemplates, templatesPath } from './templates.ts';

/** How long Alertmanager waits where a definition says nothing: its own defaults, but alerts that go on are told of every four hours. */
const timing = { group_wait: '30s', group_interval: '5m', repeat_interval: '4h' };

/** Alertmanager's configuration: a whole one for all services, and the part of each to put into a configuration of one's own. */
export const alertmanagerTarget: ArtefactTarget = {
  name: 'alertmanager',
  about: 'a configuration of Alertmanager: routes, receivers, inhibition',
  folder: 'alertmanager',
  ofService: (service, { options }) => writeFragment(service, options.alertmanagerVersion),
  ofAll: writeWhole,
};

/** What a person puts into a configuration that exists: a route below its top, receivers, rules of inhibition. */
function writeFragment(service: Service, version: ServerVersion): TargetFiles {
  const { intervals } = muteIntervals(service);
  const route = writeServiceRoute(service, intervals);
  if (route === undefined) return { files: new Map(), diagnostics: [] };
  const { receivers } = writeReceivers(service, version);
  const fragment: YamlValue = {
    route: { receiver: fragmentReceiver(service), routes: [route] },
    receivers: withUnrouted(receivers, [service]),
    inhibit_rules: writeInhibition([service]),
    time_intervals: writeIntervals(intervals),
    templates: [templatesPath],
  };
  const path = `fragments/${service.name}.yaml`;
  return { files: new Map([[path, printed([service], fragment)]]), diagnostics: [] };
}

/** A fragment is a configuration by itself, so that it can be checked; its top is left behind when its route is moved. */
function fragmentReceiver(service: Service): string {
  const fallback = service.notifications?.fallback;
  return fallback === undefined ? unrouted : receiverName(service, fallback);
}

/** A configuration that Alertmanager can be started with. */
function writeWhole(services: readonly Service[], { options, rulesOf }: GenerateContext): TargetFiles {
  const version = options.alertmanagerVersion;
  const written = services.map((service) => writeReceivers(service, version));
  const notified = services.filter(({ notifications }) => notifications !== undefined);
  const mutes = new Map(notified.map((service) => [service.name, muteIntervals(service)]));
  const configuration: YamlValue = {
    route: {
      receiver: unrouted,
      group_by: ['alertname', 'service', 'slo', 'severity'],
      ...timing,
      routes: services.flatMap((service) => writeServiceRoute(service, mutes.get(service.name)?.intervals ?? []) ?? []),
    },
    receivers: [{ name: unrouted }, ...written.flatMap(({ receivers }) => receivers)],
    inhibit_rules: writeInhibition(services),
    time_intervals: writeIntervals([...mutes.values()].flatMap(({ intervals }) => intervals)),
    templates: [templatesPath],
  };
  const text = printed(services, configuration);
  const rules = services.map((service) => rulesOf(service).file);
  const files = new Map([
    ['alertmanager.yaml', text],
    [routingTestsPath, writeRoutingTests(text, rules, head(services))],
    [templatesPath, `{{/* ${head(services).split('\n').join(' */}}\n{{/* ')} */}}\n${notificationTemplates}`],
  ]);
  const diagnostics = [
    ...written.flatMap((each) => each.diagnostics),
    ...[...mutes.values()].flatMap((each) => each.diagnostics),
    ...services.flatMap(sayUnrouted),
  ];
  return { files, diagnostics };
}

function writeIntervals(intervals: readonly MuteInterval[]): readonly YamlValue[] | undefined {
  if (intervals.length === 0) return undefined;
  return intervals.map(({ name, timeIntervals }) => ({ name, time_intervals: timeIntervals }));
}

/** The receiver that tells nobody stands in a fragment only if its route needs it. */
function withUnrouted(receivers: readonly YamlValue[], [service]: readonly Service[]): readonly YamlValue[] {
  return service?.notifications?.fallback === undefined ? [{ name: unrouted }, ...receivers] : receivers;
}

function sayUnrouted(service: Service): readonly Diagnostic[] {
  const severities = unroutedSeverities(service);
  if (severities.length === 0) return [];
  const message =
    service.notifications === undefined
      ? 'its alerts are routed to nobody'
      : `its alerts of the severity ${severities.join(', ')} are routed to nobody`;
  return [aboutService(service, 'generate/unrouted', message)];
}

function head(services: readonly Service[]): string {
  return header(services, 'How alerts are routed: docs/reference/alertmanager.md of Nines.');
}

function printed(services: readonly Service[], value: YamlValue): string {
  return `${commented(head(services))}${printYaml(value)}`;
}
