import { formatDuration } from '../../../base/index.ts';
import type { Channel, LabelCondition, Notifications, Receiver, Route, RouteTiming } from '../../../slo/index.ts';
import type { YamlPath, YamlValue } from '../../../yaml/index.ts';
import { alternatives, type Reading, reportKey, reportValue } from '../reading.ts';
import type { ChannelInput, NotificationsInput, RouteInput } from './input.ts';
import { isKnown, type Names, readPositive } from './reading.ts';

const channelKinds = ['pagerduty', 'slack', 'email', 'webhook', 'opsgenie', 'teams'] as const;

/** By which alerts are put into one notification where nothing else is said: one for each objective and its severity. */
const defaultGroupBy: readonly string[] = ['alertname', 'service', 'slo', 'severity'];

/** Reads where alerts go. */
export function readNotifications(reading: Reading, input: NotificationsInput | undefined): Notifications | undefined {
  if (input === undefined) return undefined;
  const path = ['notifications'];
  const receivers = Object.entries(input.receivers).map(
    ([name, channels]): Receiver => ({
      name,
      channels: channels.flatMap((channel, index) =>
        readChannel(reading, [...path, 'receivers', name, index], channel),
      ),
    }),
  );
  const names: Names = { kind: 'receiver', known: receivers.map(({ name }) => name) };
  const routes = (input.routes ?? []).flatMap((route, index) =>
    readRoute(reading, [...path, 'routes', index], route, names),
  );
  const { default: fallback, groupBy = defaultGroupBy, dependsOn = [], smtp } = input;
  const isFallback = fallback !== undefined && isKnown(reading, [...path, 'default'], fallback, names);
  const mail = receivers.some(({ channels }) => channels.some(({ kind }) => kind === 'email'));
  if (mail && smtp === undefined) {
    reportKey(reading, [...path, 'receivers'], {
      severity: 'warning',
      code: 'notification/smtp',
      message: 'a receiver sends mail, and no mail server is named',
      help: 'add `smtp: { smarthost: "mail.example.com:587", from: ... }`, or set it globally in Alertmanager',
    });
  }
  return {
    receivers,
    routes,
    ...(isFallback ? { fallback } : {}),
    groupBy,
    timing: readTiming(reading, path, input),
    dependsOn,
    ...(smtp === undefined
      ? {}
      : {
          smtp: {
            smarthost: smtp.smarthost,
            from: smtp.from,
            ...(smtp.username === undefined ? {} : { username: smtp.username }),
            ...(smtp.passwordFile === undefined ? {} : { passwordFile: smtp.passwordFile }),
          },
        }),
  };
}

function readChannel(reading: Reading, path: YamlPath, input: ChannelInput): readonly Channel[] {
  const given = channelKinds.filter((kind) => input[kind] !== undefined);
  if (given.length !== 1) {
    reportValue(reading, path, {
      severity: 'error',
      code: 'notification/channel',
      message: given.length === 0 ? 'the channel says no way to reach anybody' : 'the channel says two ways',
      help: given.length === 0 ? `write one of ${alternatives(channelKinds)}` : 'make an item of each',
    });
    return [];
  }
  const { pagerduty, slack, email, webhook, opsgenie, teams } = input;
  if (pagerduty !== undefined) {
    const { routingKeyFile, severity } = pagerduty;
    return [{ kind: 'pagerduty', routingKeyFile, ...(severity === undefined ? {} : { severity }) }];
  }
  if (slack !== undefined) return [{ kind: 'slack', ...slack }];
  if (email !== undefined) return [{ kind: 'email', ...email }];
  if (opsgenie !== undefined) {
    const { apiKeyFile, priority } = opsgenie;
    return [{ kind: 'opsgenie', apiKeyFile, ...(priority === undefined ? {} : { priority }) }];
  }
  if (teams !== undefined) return [{ kind: 'teams', ...teams }];
  return webhook === undefined ? [] : readWebhook(reading, path, webhook);
}

function readWebhook(
  reading: Reading,
  path: YamlPath,
  { url, urlFile }: NonNullable<ChannelInput['webhook']>,
): readonly Channel[] {
  if ((url === undefined) === (urlFile === undefined)) {
    reportValue(reading, path, {
      severity: 'error',
      code: 'notification/channel',
      message: 'a webhook has either an address or a file with one',
      help: 'write `url:` for an address without secrets, `urlFile:` for one with',
    });
    return [];
  }
  if (url !== undefined && hasSecret(url)) {
    reportValue(reading, [...path, 'webhook', 'url'], {
      severity: 'error',
      code: 'notification/secret',
      message: 'the address has a secret in it, which everybody with the definition could read',
      help: 'put the address into a file and write `urlFile:`',
    });
    return [];
  }
  return [
    url === undefined ? { kind: 'webhook', ...(urlFile === undefined ? {} : { urlFile }) } : { kind: 'webhook', url },
  ];
}

/** A password before the host, or a parameter that is named like one. */
function hasSecret(url: string): boolean {
  return /^[a-z]+:\/\/[^/?#]*:[^/?#]*@/i.test(url) || /[?&](?:token|key|secret|password|api_?key)=/i.test(url);
}

function readRoute(reading: Reading, path: YamlPath, input: RouteInput, names: Names): readonly Route[] {
  const matchers = readMatchers(reading, [...path, 'match'], input.match ?? []);
  const timing = readTiming(reading, path, input);
  if (!isKnown(reading, [...path, 'receiver'], input.receiver, names)) return [];
  return [{ receiver: input.receiver, matchers, continues: input.continue ?? false, timing }];
}

function readMatchers(
  reading: Reading,
  path: YamlPath,
  input: NonNullable<RouteInput['match']>,
): readonly LabelCondition[] {
  if (!isList(input))
    return Object.entries(input).map(([label, value]): LabelCondition => ({ label, operator: '=', value }));
  return input.flatMap((text, index) => {
    const condition = readCondition(text);
    if (condition !== undefined) return [condition];
    reportValue(reading, [...path, index], {
      severity: 'error',
      code: 'notification/matcher',
      message: `\`${text}\` is not a condition on a label`,
      help: 'write for example `severity="page"` or `service=~"shop|cart"`',
    });
    return [];
  });
}

function isList(input: NonNullable<RouteInput['match']>): input is readonly string[] {
  return Array.isArray(input);
}

/** A condition in the form of Alertmanager's matchers; quotes around the value may be left out. */
function readCondition(text: string): LabelCondition | undefined {
  const [, label = '', operator = '', quoted, plain] =
    /^\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"\s]*))\s*$/.exec(text) ?? [];
  const known = (['=', '!=', '=~', '!~'] as const).find((one) => one === operator);
  if (known === undefined) return undefined;
  return { label, operator: known, value: quoted?.replaceAll(/\\(.)/g, '$1') ?? plain ?? '' };
}

function readTiming(
  reading: Reading,
  path: YamlPath,
  input: Pick<RouteInput, 'groupWait' | 'groupInterval' | 'repeatInterval'>,
): RouteTiming {
  const groupWait = readPositive(reading, [...path, 'groupWait'], input.groupWait);
  const groupInterval = readPositive(reading, [...path, 'groupInterval'], input.groupInterval);
  const repeatInterval = readPositive(reading, [...path, 'repeatInterval'], input.repeatInterval);
  return {
    ...(groupWait === undefined ? {} : { groupWait }),
    ...(groupInterval === undefined ? {} : { groupInterval }),
    ...(repeatInterval === undefined ? {} : { repeatInterval }),
  };
}

/** The notifications as they are written. */
export function printNotifications(notifications: Notifications | undefined): YamlValue | undefined {
  if (notifications === undefined) return undefined;
  const { receivers, routes, fallback, groupBy, timing, dependsOn, smtp } = notifications;
  return {
    receivers: new Map(receivers.map(({ name, channels }) => [name, channels.map(channelOf)])),
    routes:
      routes.length === 0
        ? undefined
        : routes.map(({ receiver, matchers, continues, timing: own }) => ({
            receiver,
            match: matchers.length === 0 ? undefined : matchers.map(conditionOf),
            continue: continues ? true : undefined,
            ...timingOf(own),
          })),
    default: fallback,
    groupBy: groupBy.join('\n') === defaultGroupBy.join('\n') ? undefined : groupBy,
    ...timingOf(timing),
    dependsOn: dependsOn.length === 0 ? undefined : dependsOn,
    smtp:
      smtp === undefined
        ? undefined
        : {
            smarthost: smtp.smarthost,
            from: smtp.from,
            username: smtp.username,
            passwordFile: smtp.passwordFile,
          },
  };
}

function channelOf({ kind, ...rest }: Channel): YamlValue {
  return { [kind]: { ...rest } };
}

function conditionOf({ label, operator, value }: LabelCondition): string {
  return `${label}${operator}"${value.replaceAll(/["\\]/g, '\\$&')}"`;
}

function timingOf({
  groupWait,
  groupInterval,
  repeatInterval,
}: RouteTiming): Readonly<Record<string, YamlValue | undefined>> {
  const text = (length: RouteTiming['groupWait']): string | undefined =>
    length === undefined ? undefined : formatDuration(length);
  return {
    groupWait: text(groupWait),
    groupInterval: text(groupInterval),
    repeatInterval: text(repeatInterval),
  };
}
