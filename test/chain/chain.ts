import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { startEmulator } from '../../src/cli/demo/emulator.ts';
import { type Duration, duration, second } from '../../src/core/base/index.ts';
import {
  artefactTargets,
  defaultGenerateOptions,
  generateArtefacts,
  generateRules,
} from '../../src/core/generate/index.ts';
import { printRuleFile } from '../../src/core/rules/index.ts';
import { readScenario, type Scenario } from '../../src/core/scenario/index.ts';
import type { BurnRateTier, ConditionAlert, Receiver, RouteTiming, Service, Slo } from '../../src/core/slo/index.ts';
import { example } from '../example-services.ts';
import { freePort, startServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { readValue } from '../server/world.ts';
import { needServer, serverEnvironment } from '../servers.ts';

/** How many times faster than in the world everything goes: an hour's window is one of a minute. */
export const speed = 60;

/** A stretch of the run in which something is wrong, in seconds from its beginning. */
export interface Trouble {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export const outage: Trouble = { name: 'every request fails', from: 30, to: 52 };
export const containerDown: Trouble = { name: 'the container is down', from: 74, to: 92 };
export const end = 108;

/** A notification as Alertmanager's webhook tells it. */
export interface Notification {
  readonly service: string;
  readonly receiver: string;
  readonly status: 'firing' | 'resolved';
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  /** When the alert began to be active, when it arrived: seconds from the beginning of the run. */
  readonly startsAt: number;
  readonly arrivedAt: number;
}

/** What was seen of a run. */
export interface Run {
  readonly notifications: readonly Notification[];
  /** Alerts that Alertmanager held back because of another one, by the seconds at which they were seen so. */
  readonly inhibited: readonly { readonly labels: Readonly<Record<string, string>>; readonly at: number }[];
}

/** The example systems, emulated, scraped by a real Prometheus with their generated rules, told of by a real Alertmanager with its generated configuration. */
export async function runChain(context: TestContext, names: readonly string[]): Promise<Run> {
  const services = names.map(accelerated);
  const notifications: Notification[] = [];
  const inhibited: Run['inhibited'][number][] = [];
  const stops: (() => Promise<void>)[] = [];
  const begin = Date.now();
  const since = (time: number): number => (time - begin) / 1000;
  try {
    const hook = await listenForNotifications(notifications, since);
    stops.push(hook.stop);
    const emulator = await startEmulator({ scenarios: names.map(troubled), speed, now: Date.now });
    stops.push(() => emulator.stop());
    const alertmanager = await startAlertmanager(
      context,
      services.map((service) => withWebhooks(service, hook.url)),
    );
    stops.push(alertmanager.stop);
    const { file } = generateRules(services, { ...defaultGenerateOptions, interval: second });
    const prometheus = await startPrometheus(context, {
      configuration: JSON.stringify({
        global: { scrape_interval: '1s', evaluation_interval: '1s' },
        rule_files: ['rules.yaml'],
        alerting: { alertmanagers: [{ static_configs: [{ targets: [new URL(alertmanager.url).host] }] }] },
        scrape_configs: names.map((name) => ({
          job_name: name,
          static_configs: [
            { targets: emulator.targets.filter(({ scenario }) => scenario.job === name).map(({ address }) => address) },
          ],
        })),
      }),
      ruleFiles: { 'rules.yaml': printRuleFile(file) },
      // The first notifications are lost until Alertmanager has been found; they are sent again soon.
      flags: ['--rules.alert.resend-delay=2s'],
    });
    stops.push(prometheus.stop);
    while (since(Date.now()) < end) {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      for (const labels of await inhibitedAlerts(alertmanager.url)) inhibited.push({ labels, at: since(Date.now()) });
    }
    return { notifications, inhibited };
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

/** An example's scenario with two troubles of the run in place of its own. */
function troubled(name: string): Scenario {
  const text = readFileSync(join('examples', name, 'scenario.yaml'), 'utf8').replace(/\nincidents:\n[\s\S]*$/, '\n');
  const minutes = (seconds: number): string => `${(seconds * speed) / 60}m`;
  const incident = ({ name: what, from, to }: Trouble, effect: string): string =>
    `  - { name: ${what}, at: +${minutes(from)}, for: ${minutes(to - from)}, ${effect} }\n`;
  const incidents = `incidents:\n${incident(outage, 'errorRatio: 100%')}${incident(containerDown, 'down: true')}`;
  return readValue(readScenario({ name, text: `${text}${incidents}` }));
}

/** An example's service with every length of time divided by the speed. */
function accelerated(name: string): Service {
  const service = example(name);
  return {
    ...service,
    alerts: service.alerts.map(faster),
    slos: service.slos
      .filter(
        ({ indicator, lifecycle, groupBy }) =>
          indicator.kind === 'ratio' && lifecycle === 'active' && groupBy.length === 0,
      )
      .map(fasterSlo),
    thresholds: [],
    policies: [],
  };
}

function fasterSlo(slo: Slo): Slo {
  return {
    ...slo,
    period: { kind: 'rolling', length: shorter(slo.period.length) },
    furtherPeriods: [],
    alerts: slo.alerts.map(fasterTier),
    conditionAlerts: [],
    absentFor: shorter(slo.absentFor),
  };
}

function fasterTier(tier: BurnRateTier): BurnRateTier {
  return {
    ...tier,
    longWindow: shorter(tier.longWindow),
    shortWindow: duration(Math.max(2 * second, shorter(tier.shortWindow))),
    holdFor: shorter(tier.holdFor),
  };
}

function faster(alert: ConditionAlert): ConditionAlert {
  return { ...alert, holdFor: shorter(alert.holdFor), keepFiringFor: shorter(alert.keepFiringFor) };
}

function shorter(length: Duration): Duration {
  return duration(Math.round(length / speed / second) * second);
}

/** The same routes to the same receivers, whose channels are a webhook of the test's, with the times divided by the speed. */
function withWebhooks(service: Service, url: string): Service {
  const { notifications } = service;
  if (notifications === undefined) return service;
  const timing = ({ groupWait, groupInterval }: RouteTiming): RouteTiming => ({
    groupWait: duration(Math.max(500, (groupWait ?? 30 * second) / speed)),
    groupInterval: duration(Math.max(1000, (groupInterval ?? 300 * second) / speed)),
  });
  const receivers = notifications.receivers.map(
    ({ name }): Receiver => ({ name, channels: [{ kind: 'webhook', url: `${url}/${service.name}/${name}` }] }),
  );
  const routes = notifications.routes.map((route) => ({ ...route, timing: timing(route.timing) }));
  return { ...service, notifications: { ...notifications, receivers, routes, timing: timing(notifications.timing) } };
}

async function startAlertmanager(context: TestContext, services: readonly Service[]) {
  const alertmanager = needServer(context, 'alertmanager');
  const folder = await mkdtemp(join(tmpdir(), 'nines-alertmanager-'));
  const targets = artefactTargets.filter(({ name }) => name === 'alertmanager');
  for (const { files } of generateArtefacts(services, targets, defaultGenerateOptions)) {
    for (const { path, text } of files) if (!path.includes('/')) await writeFile(join(folder, path), text);
  }
  const port = await freePort();
  const args = [
    `--config.file=${join(folder, 'alertmanager.yaml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--cluster.listen-address=',
    '--log.level=warn',
  ];
  const server = await startServer(alertmanager, args, `http://127.0.0.1:${port}`, '/-/ready', serverEnvironment());
  const stop = async (): Promise<void> => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  return { ...server, stop };
}

interface WebhookAlert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly startsAt: string;
}

async function listenForNotifications(into: Notification[], since: (time: number) => number) {
  const port = await freePort();
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const [, service = '', receiver = ''] = (request.url ?? '').split('/').map(decodeURIComponent);
      const payload: { readonly alerts: readonly WebhookAlert[] } = JSON.parse(body);
      for (const { status, labels, startsAt } of payload.alerts) {
        into.push({
          service,
          receiver,
          status,
          alert: labels['alertname'] ?? '',
          labels,
          startsAt: since(Date.parse(startsAt)),
          arrivedAt: since(Date.now()),
        });
      }
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, stop };
}

async function inhibitedAlerts(url: string): Promise<readonly Readonly<Record<string, string>>[]> {
  const response = await fetch(`${url}/api/v2/alerts?active=false&silenced=false&inhibited=true&unprocessed=false`);
  const alerts: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly status: { readonly inhibitedBy: readonly string[] };
  }[] = JSON.parse(await response.text());
  return alerts.filter(({ status }) => 0 < status.inhibitedBy.length).map(({ labels }) => labels);
}
