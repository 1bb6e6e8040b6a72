import { type Diagnostic, formatDuration, unreachable } from '../../base/index.ts';
import type {
  Channel,
  LabelCondition,
  Notifications,
  Route,
  RouteTiming,
  Service,
  SmtpServer,
} from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { type MuteInterval, muteIntervals, ofOperator } from '../alertmanager/mute-intervals.ts';
import { mutedObjectives } from '../alertmanager/routes.ts';
import { aboutService } from '../codes.ts';
import type { KubernetesOptions } from '../options.ts';
import { nameProblems, objectName } from './names.ts';
import { printObject, printObjectHead } from './object.ts';

/**
 * The AlertmanagerConfig of a service: its routes, receivers and inhibition as the operator merges them into Alertmanager's configuration.
 * Nothing if the service says nothing about notifications, or if a secret is no key of a Secret.
 * Source: prometheus-operator, API reference, monitoring.coreos.com/v1alpha1.
 */
export function alertmanagerConfig(
  service: Service,
  options: KubernetesOptions,
): { readonly text?: string; readonly diagnostics: readonly Diagnostic[] } {
  const { notifications } = service;
  if (notifications === undefined) return { diagnostics: [] };
  const name = objectName(service.name);
  const problems = [...nameProblems(service, name), ...secretProblems(service, notifications)];
  if (0 < problems.length) return { diagnostics: problems };
  const head = printObjectHead('monitoring.coreos.com/v1alpha1', 'AlertmanagerConfig', name, options, {
    'app.kubernetes.io/part-of': service.name,
  });
  const { intervals, diagnostics } = muteIntervals(service, ofOperator);
  const spec = {
    route: writeRoutes(service, notifications, intervals),
    receivers: [
      ...(notifications.fallback === undefined ? [{ name: unrouted }] : []),
      ...notifications.receivers.map(({ name: receiver, channels }) => ({
        name: receiver,
        ...writeChannels(channels, notifications.smtp),
      })),
    ],
    inhibitRules: writeInhibition(service, notifications),
    muteTimeIntervals:
      intervals.length === 0
        ? undefined
        : intervals.map(({ name: interval, timeIntervals }) => ({ name: interval, timeIntervals })),
  };
  return { text: printObject(head, { spec }), diagnostics };
}

/** The receiver of what no route takes: it tells nobody. */
const unrouted = 'unrouted';

function writeRoutes(
  service: Service,
  { routes, fallback, groupBy, timing }: Notifications,
  mutes: readonly MuteInterval[],
): YamlValue {
  const own = [
    // Alertmanager looks at the intervals of the route that takes an alert and not at those above it.
    ...mutedObjectives(service, mutes).map(({ names, slos }) => ({
      matchers: [writeMatcher({ label: 'slo', operator: '=~', value: slos.join('|') })],
      muteTimeIntervals: names,
      routes: routes.length === 0 ? undefined : routes.map((route) => writeRoute(route, names)),
    })),
    ...routes.map((route) => writeRoute(route, undefined)),
  ];
  return {
    receiver: fallback ?? unrouted,
    matchers: [writeMatcher({ label: 'service', operator: '=', value: service.name })],
    groupBy,
    ...writeTiming(timing),
    routes: own.length === 0 ? undefined : own,
  };
}

function writeRoute({ receiver, matchers, continues, timing }: Route, mutes: readonly string[] | undefined): YamlValue {
  return {
    receiver,
    matchers: matchers.length === 0 ? undefined : matchers.map(writeMatcher),
    continue: continues ? true : undefined,
    ...writeTiming(timing),
    muteTimeIntervals: mutes,
  };
}

/** Equality is the default, and a bare `=` is a word of its own to some readers of YAML. */
function writeMatcher({ label, operator, value }: LabelCondition): YamlValue {
  return { name: label, matchType: operator === '=' ? undefined : operator, value };
}

function writeTiming({ groupWait, groupInterval, repeatInterval }: RouteTiming): Record<string, string | undefined> {
  return {
    groupWait: groupWait === undefined ? undefined : formatDuration(groupWait),
    groupInterval: groupInterval === undefined ? undefined : formatDuration(groupInterval),
    repeatInterval: repeatInterval === undefined ? undefined : formatDuration(repeatInterval),
  };
}

/** A page about an objective silences its tickets; a page of a service that this one depends on silences all of its alerts. */
function writeInhibition({ name, slos, severityLabels }: Service, { dependsOn }: Notifications): readonly YamlValue[] {
  const { page, ticket, info } = severityLabels;
  const groupLabels = [...new Set(slos.flatMap(({ groupBy }) => groupBy))].toSorted();
  // Alertmanager takes a missing label for an empty one: without this any page would silence tickets of anything.
  const ofObjective = writeMatcher({ label: 'slo', operator: '!=', value: '' });
  const ofService = writeMatcher({ label: 'service', operator: '=', value: name });
  const less = [...new Set([ticket, info])].filter((severity) => severity !== page);
  return [
    ...less.map((severity) => ({
      sourceMatch: [ofService, ofObjective, writeMatcher({ label: 'severity', operator: '=', value: page })],
      targetMatch: [ofService, ofObjective, writeMatcher({ label: 'severity', operator: '=', value: severity })],
      equal: ['service', 'slo', ...groupLabels],
    })),
    ...dependsOn.map((parent) => ({
      sourceMatch: [
        writeMatcher({ label: 'service', operator: '=', value: parent }),
        writeMatcher({ label: 'severity', operator: '=', value: page }),
      ],
      targetMatch: [ofService],
    })),
  ];
}

const configKeys: Readonly<Record<Channel['kind'], string>> = {
  pagerduty: 'pagerdutyConfigs',
  slack: 'slackConfigs',
  email: 'emailConfigs',
  webhook: 'webhookConfigs',
  opsgenie: 'opsgenieConfigs',
  teams: 'msteamsv2Configs',
};

function writeChannels(channels: readonly Channel[], smtp: SmtpServer | undefined): Record<string, YamlValue> {
  const configs: Record<string, YamlValue[]> = {};
  for (const channel of channels) {
    const list = configs[configKeys[channel.kind]] ?? [];
    list.push({ sendResolved: true, ...writeChannel(channel, smtp) });
    configs[configKeys[channel.kind]] = list;
  }
  return configs;
}

/** Templates of our own are not at hand in an Alertmanager that the operator runs, so the texts stand here. */
const title = '{{ .CommonAnnotations.summary }}';
const text = '{{ range .Alerts }}{{ .Annotations.description }}\n{{ .Annotations.runbook_url }}\n{{ end }}';

function writeChannel(channel: Channel, smtp: SmtpServer | undefined): Record<string, YamlValue | undefined> {
  switch (channel.kind) {
    case 'pagerduty':
      return {
        routingKey: secretOf(channel.routingKeyFile),
        description: title,
        severity: channel.severity,
        details: [{ key: 'description', value: text }],
      };
    case 'slack':
      return { apiURL: secretOf(channel.apiUrlFile), channel: channel.channel, title, text };
    case 'email':
      return {
        to: channel.to,
        smarthost: smtp?.smarthost,
        from: smtp?.from,
        authUsername: smtp?.username,
        authPassword: secretOf(smtp?.passwordFile),
        headers: [{ key: 'Subject', value: title }],
      };
    case 'webhook':
      return { url: channel.url, urlSecret: secretOf(channel.urlFile) };
    case 'opsgenie':
      return { apiKey: secretOf(channel.apiKeyFile), message: title, description: text, priority: channel.priority };
    case 'teams':
      return { webhookURL: secretOf(channel.webhookUrlFile), title, text };
    default:
      return unreachable(channel);
  }
}

/** Where the operator mounts the Secrets that an Alertmanager names: `/etc/alertmanager/secrets/NAME/KEY`. */
const secretPath = /^\/etc\/alertmanager\/secrets\/([a-z0-9][-a-z0-9.]*)\/([-._a-zA-Z0-9]+)$/;

function secretOf(path: string | undefined): YamlValue | undefined {
  const match = path === undefined ? null : secretPath.exec(path);
  return match === null ? undefined : { name: match[1] ?? '', key: match[2] ?? '' };
}

/** The files with secrets that no key of a Secret can stand for. */
function secretProblems(service: Service, { receivers, smtp }: Notifications): readonly Diagnostic[] {
  const files = receivers.flatMap(({ channels }) => channels.map((channel) => secretFile(channel, smtp)));
  return [...new Set(files)].flatMap((file) => {
    if (file === undefined || secretPath.test(file)) return [];
    return [
      aboutService(service, 'generate/secret', `\`${file}\` is no key of a Secret, so it has no AlertmanagerConfig`),
    ];
  });
}

function secretFile(channel: Channel, smtp: SmtpServer | undefined): string | undefined {
  switch (channel.kind) {
    case 'pagerduty':
      return channel.routingKeyFile;
    case 'slack':
      return channel.apiUrlFile;
    case 'email':
      return smtp?.passwordFile;
    case 'webhook':
      return channel.urlFile;
    case 'opsgenie':
      return channel.apiKeyFile;
    case 'teams':
      return channel.webhookUrlFile;
    default:
      return unreachable(channel);
  }
}
