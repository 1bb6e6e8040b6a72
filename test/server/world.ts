import { type Emulator, startEmulator } from '../../src/cli/demo/emulator.ts';
import { type Duration, duration, type Timestamp, timestamp } from '../../src/core/base/index.ts';
import { readDefinitions } from '../../src/core/formats/index.ts';
import { defaultGenerateOptions, generateRules } from '../../src/core/generate/index.ts';
import { type RuleFile, recordHistory } from '../../src/core/rules/index.ts';
import { anchorScenario, readScenario, type Scenario, scenarioSeries } from '../../src/core/scenario/index.ts';
import { memorySource } from '../../src/core/series/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import {
  defaultConfiguration,
  type EmbeddedServer,
  embeddedServer,
  firstCommonTick,
  type NinesServer,
  ninesServer,
  type ScrapeJob,
  silentLog,
  systemClock,
  tickThrough,
} from '../../src/server/index.ts';
import { MemoryStore } from '../../src/store/index.ts';

/** A service under imagined traffic, scraped over real HTTP by a server whose time the test moves. */
export interface World {
  readonly service: Service;
  readonly embedded: EmbeddedServer;
  readonly server: NinesServer;
  readonly ruleFile: RuleFile;
  readonly targets: Emulator['targets'];
  /** Where the history ends and live time begins; relative moments of the scenario count from it. */
  readonly anchor: Timestamp;
  readonly now: () => Timestamp;
  /** The first evaluation of the history. */
  readonly recordedFrom: Timestamp;
  /** Lives through the next stretch: every scrape and evaluation in it. */
  pass(length: Duration): Promise<void>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly definition: string;
  readonly scenario: string;
  readonly history: Duration;
  readonly scrapeInterval: Duration;
  readonly evaluationInterval: Duration;
  /** The history ends now, and time is the machine's. */
  readonly live?: boolean;
}

export const definition = `
apiVersion: nines/v1
service: shop
owner: shop-team
metrics:
  http_requests_total: { type: counter, labels: [status] }
slos:
  availability:
    target: 99.9%
    bad: http_requests_total{status=~"5.."}
    total: http_requests_total
`;

/** Steady traffic on two replicas with a few errors. `incidents` is YAML for the end of the file. */
export function scenarioText(incidents: string): string {
  return `
apiVersion: nines-scenario/v1
service: shop
interval: 15s
seed: 7
replicas: [shop-1:8080, shop-2:8080]
metrics:
  http_requests_total:
    type: counter
    help: HTTP requests.
    rate: 20/s
    arrivals: clockwork
    outcomes:
      good: { status: ["200"] }
      bad: { status: ["500"] }
      errorRatio: 0.02%
${incidents}`;
}

export async function createWorld(options: WorldOptions): Promise<World> {
  const { scrapeInterval, evaluationInterval, history } = options;
  const [service] = readValue(readDefinitions({ name: 'slo.yaml', text: options.definition }));
  if (service === undefined) throw new Error('the definition has no service');
  const live = options.live === true;
  const anchor = live ? systemClock.now() : timestamp(1_763_700_000_000);
  let now: Timestamp = anchor;
  const scenario: Scenario = anchorScenario(
    readValue(readScenario({ name: 'scenario.yaml', text: options.scenario })),
    anchor,
  );
  const emulator = await startEmulator({ scenarios: [scenario], start: anchor, now: live ? Date.now : () => now });
  const ruleFile = {
    name: 'shop.rules.yaml',
    file: generateRules(service, { ...defaultGenerateOptions, interval: evaluationInterval }).file,
  };
  const store = new MemoryStore();
  const start = timestamp(anchor - history);
  const raw = scenarioSeries(scenario, { from: start, to: anchor, interval: scrapeInterval });
  store.load(raw);
  const recordedFrom = firstCommonTick(ruleFile, start, evaluationInterval);
  const recorded = await recordHistory(ruleFile.file, memorySource(raw), {
    from: recordedFrom,
    to: anchor,
    interval: evaluationInterval,
  });
  store.load(recorded.series);
  const clock = live ? systemClock : { now: () => now };
  const embedded = embeddedServer({
    configuration: {
      ...defaultConfiguration,
      evaluationInterval,
      scrapeJobs: [jobOf(scenario, emulator, scrapeInterval)],
    },
    ruleFiles: [ruleFile],
    longestPeriod: duration(30 * 86_400_000),
    clock,
    log: silentLog,
    store,
  });
  const server = ninesServer({
    version: '0.0.0',
    services: [service],
    backend: { kind: 'embedded', server: embedded },
    interval: evaluationInterval,
    clock,
    log: silentLog,
    web: new Map(),
  });
  const setNow = (time: Timestamp): void => {
    now = time;
  };
  return {
    service,
    ruleFile: ruleFile.file,
    targets: emulator.targets,
    embedded,
    server,
    anchor,
    now: clock.now,
    recordedFrom,
    pass: (length) => tickThrough(server.work, now, timestamp(now + length), setNow, new AbortController().signal),
    stop: () => emulator.stop(),
  };
}

function jobOf(scenario: Scenario, { targets }: Emulator, interval: Duration): ScrapeJob {
  return {
    name: scenario.job,
    interval,
    timeout: duration(1000),
    scheme: 'http',
    path: '/metrics',
    params: {},
    honorLabels: false,
    honorTimestamps: true,
    sampleLimit: 1000,
    bodySizeLimit: 2 ** 20,
    targets: targets.map(({ address, instance }) => ({ address, labels: new Map([['instance', instance]]) })),
  };
}

export function readValue<T>(
  outcome: { readonly ok: true; readonly value: T } | { readonly ok: false; readonly diagnostics: unknown },
): T {
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.diagnostics));
  return outcome.value;
}
