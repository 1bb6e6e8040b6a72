import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readTime } from '../../core/api/index.ts';
import {
  type Duration,
  duration,
  formatDuration,
  type LocatedDiagnostic,
  parseDuration,
  type Timestamp,
  timestamp,
} from '../../core/base/index.ts';
import { readScenario, type Scenario } from '../../core/scenario/index.ts';
import { printDiagnostics } from '../print-diagnostics.ts';
import { describeError } from '../program.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { type Emulator, PortError, startEmulator } from './emulator.ts';
import { writeHistory } from './emulator-history.ts';

const defaultPort = 9101;
/** A year at 60 s is half a million samples a series. */
const longestHistory = duration(366 * 86_400_000);

/** `nines emulate`: the targets of scenarios, live or as a history in a file. */
export function emulateCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('emulate')
    .description('serve the metrics of an imagined service, or write their history')
    .argument('[paths...]', 'scenario files, or - for standard input')
    .option('-i, --input <path...>', 'more scenario files')
    .option('--port <port>', `the port of the first replica on 127.0.0.1; the others follow (default: ${defaultPort})`)
    .option('--speed <times>', 'let time run this many times faster', '1')
    .option('--start <time>', 'when the scenario begins, RFC 3339 or seconds since the epoch (default: now)')
    .option('--seed <number>', 'another seed for the random details')
    .option('--history <length>', 'write the history of this length up to the start instead of serving')
    .option('--interval <length>', "the distance of the history's samples (default: the scenario's scrape interval)")
    .option('-o, --output <file>', 'where to write the history, in OpenMetrics form; - is standard output')
    .addHelpText(
      'after',
      '\nServes until Ctrl-C. Exit code: 0 ended or written, 2 a scenario could not be read or a port not be opened.',
    )
    .action(async (paths: readonly string[], options: Options) => {
      exit(await emulate([...paths, ...(options.input ?? [])], options, terminal));
    });
}

interface Options {
  readonly input?: readonly string[];
  readonly port?: string;
  readonly speed: string;
  readonly start?: string;
  readonly seed?: string;
  readonly history?: string;
  readonly interval?: string;
  readonly output?: string;
}

async function emulate(paths: readonly string[], options: Options, terminal: Terminal): Promise<ExitCode> {
  const complain = (message: string): ExitCode => {
    terminal.writeError(`nines: ${message}\n`);
    return 2;
  };
  if (paths.length === 0) return complain('name a scenario file; docs/reference/scenario.md says how one is written');
  const settings = readSettings(options);
  if (typeof settings === 'string') return complain(settings);
  const scenarios = await loadScenarios(terminal, paths);
  if (scenarios === undefined) return 2;
  const seeded = scenarios.map((one) => (settings.seed === undefined ? one : { ...one, seed: settings.seed }));
  try {
    return settings.history === undefined
      ? await serve(seeded, settings, terminal)
      : await write(seeded, { ...settings, history: settings.history }, terminal);
  } catch (error) {
    if (error instanceof PortError) return complain(error.message);
    throw error;
  }
}

interface Settings {
  readonly port: number;
  readonly speed: number;
  readonly start: Timestamp;
  readonly seed: number | undefined;
  readonly history: Duration | undefined;
  readonly interval: Duration | undefined;
  readonly output: string;
}

/** The options with their meaning, or what is wrong with the first bad one. */
function readSettings(options: Options): Settings | string {
  const port = wholeNumber(options.port ?? String(defaultPort), 1, 65_535);
  if (port === undefined) return `--port ${options.port} is no port: give a number from 1 to 65535`;
  const speed = Number(options.speed);
  if (!(0 < speed && speed <= 100_000)) return `--speed ${options.speed} is no number above 0: give for example 60`;
  const seed = options.seed === undefined ? undefined : wholeNumber(options.seed, 0, 0xffffffff);
  if (options.seed !== undefined && seed === undefined) return `--seed ${options.seed} is no whole number`;
  const start = options.start === undefined ? timestamp(Date.now()) : readTime(options.start);
  if (start === undefined) return `--start ${options.start} is no time: give for example 2026-11-10T14:00:00Z`;
  const history = options.history === undefined ? undefined : parseDuration(options.history);
  if (options.history !== undefined && (history === undefined || history === 0 || longestHistory < history))
    return `--history ${options.history} is no length of up to a year: give for example 30d`;
  const interval = options.interval === undefined ? undefined : parseDuration(options.interval);
  if (options.interval !== undefined && (interval === undefined || interval < 1000))
    return `--interval ${options.interval} is no length of a second or more: give for example 60s`;
  if (history === undefined && (options.output !== undefined || interval !== undefined))
    return '--output and --interval belong to --history';
  if (history !== undefined && options.output === undefined)
    return '--history needs --output: the file to write, or - for standard output';
  return { port, speed, start, seed, history, interval, output: options.output ?? '-' };
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const value = Number(text);
  return /^\d+$/.test(text) && least <= value && value <= most ? value : undefined;
}

/** Reads scenario files; undefined after having said what is wrong with them. */
export async function loadScenarios(
  terminal: Terminal,
  paths: readonly string[],
): Promise<readonly Scenario[] | undefined> {
  const scenarios: Scenario[] = [];
  const diagnostics: LocatedDiagnostic[] = [];
  let unreadable = false;
  for (const path of paths) {
    try {
      const text = path === '-' ? await terminal.readInput() : await readFile(resolve(terminal.cwd, path), 'utf8');
      const source = { name: path === '-' ? '<stdin>' : path, text };
      const outcome = readScenario(source);
      diagnostics.push(...outcome.diagnostics.map((diagnostic) => ({ ...diagnostic, source })));
      if (outcome.ok) scenarios.push(outcome.value);
      else unreadable = true;
    } catch (error) {
      terminal.writeError(`nines: cannot read ${path}: ${describeError(error)}\n`);
      unreadable = true;
    }
  }
  terminal.writeError(printDiagnostics(diagnostics, 'text'));
  return unreadable ? undefined : scenarios;
}

async function serve(scenarios: readonly Scenario[], settings: Settings, terminal: Terminal): Promise<ExitCode> {
  const { port, start, speed } = settings;
  const emulator = await startEmulator({ scenarios, firstPort: port, start, speed, now: Date.now });
  terminal.write(scrapeConfiguration(emulator));
  const pace = speed === 1 ? '' : `, ${speed} times as fast as the world`;
  const { length } = emulator.targets;
  const answers = length === 1 ? '1 target answers' : `${length} targets answer`;
  terminal.writeError(`nines: ${answers} from ${new Date(start).toISOString()} on${pace}\n`);
  await new Promise<void>((done) => {
    if (terminal.signal.aborted) done();
    terminal.signal.addEventListener('abort', () => done(), { once: true });
  });
  await emulator.stop();
  return 0;
}

/** What a Prometheus needs to scrape the targets under the names that their history has. */
function scrapeConfiguration({ targets }: Emulator): string {
  const jobs = new Map<string, string>();
  for (const { scenario, instance, address } of targets) {
    const head = `  - job_name: ${JSON.stringify(scenario.job)}\n    scrape_interval: ${formatDuration(scenario.interval)}\n    static_configs:\n`;
    const target = `      - targets: ["${address}"]\n        labels: { instance: ${JSON.stringify(instance)} }\n`;
    jobs.set(scenario.job, `${jobs.get(scenario.job) ?? head}${target}`);
  }
  return `scrape_configs:\n${[...jobs.values()].join('')}`;
}

async function write(
  scenarios: readonly Scenario[],
  settings: Settings & { readonly history: Duration },
  terminal: Terminal,
): Promise<ExitCode> {
  const { start, history, interval, output } = settings;
  const range = { end: start, length: history, ...(interval === undefined ? {} : { interval }) };
  const samples = await writeHistory(scenarios, range, output, terminal);
  if (output !== '-') terminal.writeError(`nines: ${samples} samples in ${output}\n`);
  return 0;
}
