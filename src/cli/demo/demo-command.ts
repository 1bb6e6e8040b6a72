import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { Hono } from 'hono';
import type { SloSummary } from '../../core/api/index.ts';
import { day, duration, hour, minute, second, type Timestamp, timestamp } from '../../core/base/index.ts';
import { defaultGenerateOptions, generateRules } from '../../core/generate/index.ts';
import { anchorScenario, readScenario, type Scenario, scenarioSeries } from '../../core/scenario/index.ts';
import type { Series } from '../../core/series/index.ts';
import type { Service } from '../../core/slo/index.ts';
import {
  type Clock,
  defaultConfiguration,
  type EmbeddedServer,
  embeddedServer,
  type ListenAddress,
  ListenError,
  type Listening,
  type Log,
  listen,
  type NinesServer,
  ninesServer,
  readListenAddress,
  readWebFiles,
  type ScrapeJob,
  type ServerConfiguration,
  silentLog,
  systemClock,
  textLog,
  tickThrough,
} from '../../server/index.ts';
import { MemoryStore } from '../../store/index.ts';
import { loadDefinitions, reportErrors } from '../definitions.ts';
import { packageVersion } from '../program.ts';
import { checked } from '../serve-inputs.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { ruleFileName } from './demo-history.ts';
import { computeHistories } from './demo-workers.ts';
import { type EmulatedTarget, startEmulator } from './emulator.ts';

/** How far back the demo's history reaches: the objectives' longest period, and the hour before, in which rules come to know everything. */
const historyLength = duration(30 * day + hour);
const historyInterval = minute;
const detailLength = duration(2 * day);
/** Live targets are scraped more often, so that something moves. */
const scrapeInterval = duration(5 * second);
/**
 * The end of the history is not computed but lived through: every rule is evaluated at its own ticks, so that alerts are pending and
 * firing as they would be. It must be longer than alerts wait and than the slow rules' interval.
 */
const livedThrough = duration(6 * minute);

/** `nines demo`: a server with five example systems under imagined traffic, a month of history behind them. */
export function demoCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('demo')
    .description('serve five example systems under imagined traffic, with a month of history')
    .option('--listen <address>', 'where to listen; loopback only', '127.0.0.1:9990')
    .option('--verbose', 'print the log of the server')
    .addHelpText('after', '\nServes until Ctrl-C. Exit code: 0 ended, 2 it could not serve.')
    .action(async (options: DemoOptions) => {
      exit(await demo(options, terminal));
    });
}

interface DemoOptions {
  readonly listen: string;
  readonly verbose?: boolean;
}

/** An example: what is promised, and what happens. */
interface Example {
  readonly service: Service;
  readonly scenario: Scenario;
}

async function demo(options: DemoOptions, terminal: Terminal): Promise<ExitCode> {
  const address = checked({ name: '--listen', text: options.listen }, readListenAddress, terminal);
  const examples = await loadExamples(terminal);
  if (address === undefined || examples === undefined) return 2;
  const began = performance.now();
  const taken = await portProblem(address);
  if (taken !== undefined) {
    terminal.writeError(`nines: ${taken}\n`);
    return 2;
  }
  const now = systemClock.now();
  const emulator = await startEmulator({
    scenarios: examples.map(({ scenario }) => scenario),
    start: now,
    now: Date.now,
  });
  let listening: Listening | undefined;
  try {
    const store = new MemoryStore();
    await prepareHistory(examples, now, store, terminal);
    let lived: Timestamp | undefined = now;
    const clock: Clock = { now: () => lived ?? systemClock.now() };
    const log = options.verbose === true ? textLog(terminal.writeError, systemClock.now) : silentLog;
    const embedded = embeddedOf(examples, emulator.targets, store, clock, log);
    const setNow = (time: Timestamp): void => {
      lived = time;
    };
    await tickThrough(embedded.rules.work, timestamp(now - livedThrough), now, setNow, terminal.signal);
    await catchUp({ examples, embedded, store, anchor: now, setNow }, terminal.signal);
    lived = undefined;
    const server = serverOf(examples, embedded, clock, log);
    if (terminal.signal.aborted) return 0;
    const running = server.run(terminal.signal);
    listening = await listen(server.app, address);
    const seconds = (performance.now() - began) / 1000;
    terminal.write(announce(listening.url, await server.board.slos(), examples.length, seconds));
    await running;
    return 0;
  } catch (error) {
    if (!(error instanceof ListenError)) throw error;
    terminal.writeError(`nines: ${error.message}\n`);
    return 2;
  } finally {
    await listening?.close();
    await emulator.stop();
  }
}

/** Why the port cannot be had, asked before the history is prepared and not after. */
async function portProblem(address: ListenAddress): Promise<string | undefined> {
  try {
    const listening = await listen(new Hono(), address);
    await listening.close();
    return undefined;
  } catch (error) {
    if (error instanceof ListenError) return error.message;
    throw error;
  }
}

/** The examples are part of the package; they lie beside both the source and the compiled code. */
const examplesFolder = resolve(import.meta.dirname, '..', '..', '..', 'examples');

async function loadExamples(terminal: Terminal): Promise<readonly Example[] | undefined> {
  const entries = await readdir(examplesFolder, { withFileTypes: true });
  const names = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  const examples: Example[] = [];
  for (const name of names) {
    const { services, diagnostics } = await loadDefinitions(terminal, [join(examplesFolder, name, 'slo.yaml')]);
    const path = join(examplesFolder, name, 'scenario.yaml');
    const scenario = checked({ name: path, text: await readFile(path, 'utf8') }, readScenario, terminal);
    const [service] = services;
    if (!reportErrors(terminal, diagnostics) || service === undefined || scenario === undefined) return undefined;
    examples.push({ service, scenario });
  }
  return examples;
}

/** Fills the store with what a server would hold that had scraped and evaluated for a month. */
async function prepareHistory(
  examples: readonly Example[],
  now: Timestamp,
  store: MemoryStore,
  terminal: Terminal,
): Promise<void> {
  const wish = {
    now,
    length: historyLength,
    interval: historyInterval,
    unrecorded: livedThrough,
    details: detailLength,
  };
  // The largest first, so that no thread is left alone with it at the end.
  const tasks = examples
    .map((example) => ({ ...example, wish }))
    .toSorted((a, b) => b.service.slos.length - a.service.slos.length);
  let done = 0;
  const progress = (): void => {
    const line = `nines: preparing a month of history, ${done} of ${tasks.length} systems`;
    // Over and over the same line on a terminal, a line each where the output is kept.
    terminal.writeError(terminal.color ? `\r${line}` : `${line}\n`);
  };
  progress();
  await computeHistories(
    tasks,
    (_task, series) => {
      store.load(series);
      done += 1;
      progress();
    },
    terminal.signal,
  );
  if (terminal.color) terminal.writeError('\n');
}

interface Lived {
  readonly examples: readonly Example[];
  readonly embedded: EmbeddedServer;
  readonly store: MemoryStore;
  /** Where the history ends. */
  readonly anchor: Timestamp;
  readonly setNow: (time: Timestamp) => void;
}

/** Lives through the time that preparing took, until the clock is reached: without it everybody would seem to have been down just now. */
async function catchUp({ examples, embedded, store, anchor, setNow }: Lived, signal: AbortSignal): Promise<void> {
  let from = anchor;
  for (let to = systemClock.now(); scrapeInterval <= to - from && !signal.aborted; to = systemClock.now()) {
    for (const { scenario } of examples) store.load(samplesBetween(scenario, anchor, timestamp(from + 1), to));
    await tickThrough(embedded.rules.work, from, to, setNow, signal);
    from = to;
  }
}

/** What scrapes would have seen of a scenario in a stretch after its history. */
function samplesBetween(scenario: Scenario, anchor: Timestamp, from: Timestamp, to: Timestamp): readonly Series[] {
  return scenarioSeries(anchorScenario(scenario, anchor), { from, to, interval: scrapeInterval });
}

function embeddedOf(
  examples: readonly Example[],
  targets: readonly EmulatedTarget[],
  store: MemoryStore,
  clock: Clock,
  log: Log,
): EmbeddedServer {
  const configuration: ServerConfiguration = {
    ...defaultConfiguration,
    evaluationInterval: historyInterval,
    scrapeJobs: examples.map(({ scenario }) => scrapeJob(scenario, targets)),
    // The month of raw samples is part of the show.
    rawRetention: historyLength,
  };
  const ruleFiles = examples.map(({ service }) => ({
    name: ruleFileName(service),
    file: generateRules(service, { ...defaultGenerateOptions, interval: historyInterval }).file,
  }));
  // No outage lies between the history and the time lived through, so nothing is waited for.
  const restore = { outageTolerance: duration(2 * livedThrough), gracePeriod: duration(0) };
  return embeddedServer({ configuration, ruleFiles, longestPeriod: historyLength, clock, log, store, restore });
}

function scrapeJob(scenario: Scenario, targets: readonly EmulatedTarget[]): ScrapeJob {
  return {
    name: scenario.job,
    interval: scrapeInterval,
    timeout: scrapeInterval,
    scheme: 'http',
    path: '/metrics',
    params: {},
    honorLabels: false,
    honorTimestamps: true,
    sampleLimit: 100_000,
    bodySizeLimit: 2 ** 24,
    targets: targets
      .filter((target) => target.scenario.service === scenario.service)
      .map(({ address, instance }) => ({ address, labels: new Map([['instance', instance]]) })),
  };
}

function serverOf(examples: readonly Example[], embedded: EmbeddedServer, clock: Clock, log: Log): NinesServer {
  return ninesServer({
    version: packageVersion(),
    services: examples.map(({ service }) => service),
    backend: { kind: 'embedded', server: embedded },
    interval: historyInterval,
    clock,
    log,
    web: readWebFiles(resolve(import.meta.dirname, '..', '..', 'web')),
  });
}

/** Where to look, and what is to be seen there. */
function announce(url: string, slos: readonly SloSummary[], systems: number, seconds: number): string {
  const told = slos.flatMap(({ service, title, state, invariant, budget }) => {
    if (state !== 'breached' && state !== 'burning') return [];
    if (invariant)
      return [`  ${service}: ${title} must always hold and ${state === 'breached' ? 'was broken' : 'has an alert'}`];
    return [`  ${service}: ${title} is ${state}${leftText(budget.remainingRatio)}`];
  });
  return [
    `${systems} systems with ${slos.length} objectives and a month of history are ready after ${seconds.toFixed(1)} s:`,
    '',
    `  ${url}`,
    '',
    ...(told.length === 0 ? ['None of them burns.'] : told),
    '',
    `Ask in another terminal: nines status --server ${url}. Ctrl-C ends it.`,
    '',
  ].join('\n');
}

function leftText(remaining: number | null): string {
  if (remaining === null) return '';
  if (0 <= remaining) return `, ${Math.floor(remaining * 100)}% of its budget left`;
  const overspent = -remaining;
  // From twice the budget on percentages say little.
  return overspent < 1
    ? `, its budget overspent by ${Math.ceil(overspent * 100)}%`
    : `, its budget spent ${(1 + overspent).toFixed(1)} times over`;
}
