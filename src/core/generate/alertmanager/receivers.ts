import type { Diagnostic } from '../../base/index.ts';
import { unreachable } from '../../base/index.ts';
import type { Channel, Receiver, Service, SmtpServer } from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { aboutService } from '../codes.ts';
import { formatServerVersion, isAtLeast, type ServerVersion } from '../server-version.ts';

/** Receivers of Alertmanager, and the channels that its version does not know. */
export interface WrittenReceivers {
  readonly receivers: readonly YamlValue[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The name of a service's receiver in a configuration that holds those of all services. */
export function receiverName(service: Service, receiver: string): string {
  return `${service.name}/${receiver}`;
}

/** Writes the receivers of a service. Secrets stay in the files that the definition names. */
export function writeReceivers(service: Service, version: ServerVersion): WrittenReceivers {
  const { receivers = [], smtp } = service.notifications ?? {};
  const diagnostics = receivers.flatMap((receiver) => unknownChannels(service, receiver, version));
  return { receivers: receivers.map((receiver) => writeReceiver(service, receiver, smtp)), diagnostics };
}

/** Since when Alertmanager has what some channels need. Source: alertmanager, CHANGELOG.md, 0.26.0 and 0.28.0. */
const teamsSince: ServerVersion = { major: 0, minor: 28 };
const urlFileSince: ServerVersion = { major: 0, minor: 26 };

function unknownChannels(service: Service, receiver: Receiver, version: ServerVersion): readonly Diagnostic[] {
  return receiver.channels.flatMap((channel) => {
    const since = sinceOf(channel);
    if (since === undefined || isAtLeast(version, since)) return [];
    const what = channel.kind === 'teams' ? 'sends to Teams' : 'reads the address of a webhook from a file';
    const message = `\`${receiver.name}\` ${what}, which Alertmanager can from ${formatServerVersion(since)} on`;
    return [aboutService(service, 'generate/alertmanager-version', message)];
  });
}

function sinceOf(channel: Channel): ServerVersion | undefined {
  if (channel.kind === 'teams') return teamsSince;
  return channel.kind === 'webhook' && channel.urlFile !== undefined ? urlFileSince : undefined;
}

function writeReceiver(service: Service, { name, channels }: Receiver, smtp: SmtpServer | undefined): YamlValue {
  const configs = new Map<string, YamlValue[]>();
  for (const channel of channels) {
    const key = configKeys[channel.kind];
    const list = configs.get(key) ?? [];
    list.push(writeChannel(channel, smtp));
    configs.set(key, list);
  }
  return { name: receiverName(service, name), ...Object.fromEntries(configs) };
}

const configKeys: Readonly<Record<Channel['kind'], string>> = {
  pagerduty: 'pagerduty_configs',
  slack: 'slack_configs',
  email: 'email_configs',
  webhook: 'webhook_configs',
  opsgenie: 'opsgenie_configs',
  teams: 'msteamsv2_configs',
};

/** What people read first wherever they are told: which alert, how many, of what. */
const title = '{{ template "nines.title" . }}';
const text = '{{ template "nines.text" . }}';

function writeChannel(channel: Channel, smtp: SmtpServer | undefined): YamlValue {
  switch (channel.kind) {
    case 'pagerduty':
      return {
        send_resolved: true,
        routing_key_file: channel.routingKeyFile,
        description: title,
        severity: channel.severity,
        details: { description: text },
      };
    case 'slack':
      return { send_resolved: true, api_url_file: channel.apiUrlFile, channel: channel.channel, title, text };
    case 'email':
      return { send_resolved: true, to: channel.to, ...writeMailServer(smtp), headers: { Subject: title } };
    case 'webhook':
      return { send_resolved: true, url: channel.url, url_file: channel.urlFile };
    case 'opsgenie':
      return {
        send_resolved: true,
        api_key_file: channel.apiKeyFile,
        message: title,
        description: text,
        priority: channel.priority,
      };
    case 'teams':
      return { send_resolved: true, webhook_url_file: channel.webhookUrlFile, title, text };
    default:
      return unreachable(channel);
  }
}

/** Each mail names its server, so that services with different ones stand in one configuration. */
function writeMailServer(smtp: SmtpServer | undefined): Readonly<Record<string, YamlValue | undefined>> {
  if (smtp === undefined) return {};
  return {
    smarthost: smtp.smarthost,
    from: smtp.from,
    auth_username: smtp.username,
    auth_password_file: smtp.passwordFile,
  };
}
