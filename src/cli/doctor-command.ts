import { Command, InvalidArgumentError, Option } from 'commander';
import { readTime } from '../core/api/index.ts';
import {
  type Duration,
  day,
  duration,
  formatDiagnostic,
  formatDuration,
  hour,
  type LocatedDiagnostic,
  parseDuration,
  type Timestamp,
  timestamp,
} from '../core/base/index.ts';
import { type Diagnosis, type DoctorBackend, defaultMostSamples, examinerOf } from '../core/simulate/index.ts';
import { type PrometheusClient, PrometheusError, prometheusClient, readHttpUrl } from '../sources/index.ts';
import { type LoadedDefinitions, loadDefinitions, reportErrors } from './definitions.ts';
import { type DiagnosticFormat, diagnosticFormats, printDiagnostics, wireDiagnostic } from './print-diagnostics.ts';
import { atSubjects } from './subjects.ts';
import { type Cell, type Column, printTable } from './table.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface Options {
  readonly input?: readonly string[];
  readonly prometheus: string;
  readonly range: Duration;
  readonly time?: Timestamp;
  readonly format: DiagnosticFormat;
}

const shortestRange = hour;
const longestRange = duration(31 * day);

/** `nines doctor`: looks at the live data behind objectives, and says what is wrong with it. */
export function doctorCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('doctor')
    .description('examine the live data behind objectives: is it there, is it counted rightly, what does it cost')
    .argument('[paths...]', 'definitions: files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .requiredOption('--prometheus <url>', 'the Prometheus, Thanos, Mimir or VictoriaMetrics that has the data')
    .addOption(
      new Option('--range <duration>', 'how far to look back')
        .argParser(readRange)
        .default(duration(day), formatDuration(duration(day))),
    )
    .addOption(
      new Option('--time <time>', 'up to when: RFC 3339 or seconds since the epoch (default: now)').argParser(readEnd),
    )
    .addOption(new Option('--format <format>', 'how to print').choices(diagnosticFormats).default('text'))
    .addHelpText(
      'after',
      '\nExit code: 0 the data is good, 1 something is wrong with it or with a definition, 2 the server gave no answer or something could not be read.',
    )
    .action(async (positional: readonly string[], options: Options) => {
      const paths = [...positional, ...(options.input ?? [])];
      const url = readHttpUrl(options.prometheus);
      const problem =
        paths.length === 0
          ? 'name definitions to examine, or - for standard input'
          : url === undefined
            ? `${JSON.stringify(options.prometheus)} is no address of a Prometheus: write http://HOST:PORT`
            : undefined;
      if (problem !== undefined || url === undefined) {
        terminal.writeError(`nines: ${problem}\n`);
        exit(2);
        return;
      }
      exit(await doctor(terminal, paths, prometheusClient(url), options));
    });
}

async function doctor(
  terminal: Terminal,
  paths: readonly string[],
  client: PrometheusClient,
  { range, time, format }: Options,
): Promise<ExitCode> {
  const loaded = await loadDefinitions(terminal, paths);
  if (!reportErrors(terminal, loaded.diagnostics)) return 1;
  const to = time ?? timestamp(Date.now());
  const { signal } = terminal;
  const options = { from: timestamp(to - range), to, mostSamples: defaultMostSamples, signal, others: loaded.services };
  const diagnoses: Diagnosis[] = [];
  const refused: string[] = [];
  const objectives = loaded.services.flatMap((service) => {
    const { slos, examine } = examinerOf(backendOf(client), service, options);
    return slos.map((slo) => ({ name: `${service.name}/${slo.name}`, examine: () => examine(slo) }));
  });
  for (const [index, { name, examine }] of objectives.entries()) {
    terminal.signal.throwIfAborted();
    try {
      diagnoses.push(await examine());
    } catch (error) {
      if (!(error instanceof PrometheusError)) throw error;
      if (!refusals.has(error.kind)) {
        terminal.writeError(`nines: ${error.message}\n`);
        return 2;
      }
      refused.push(`nines: ${name} could not be examined: ${error.message}\n`);
    }
    if ((index + 1) % 20 === 0) terminal.writeError(`examined ${index + 1} of ${objectives.length} objectives\n`);
  }
  const diagnostics = diagnoses.flatMap((diagnosis) => located(loaded, diagnosis));
  terminal.write(format === 'text' ? asText(terminal, diagnoses, diagnostics) : asData(diagnoses, diagnostics, format));
  for (const line of refused) terminal.writeError(line);
  if (0 < refused.length) return 2;
  return diagnostics.some(({ severity }) => severity !== 'info') ? 1 : 0;
}

/** What a server says of one query and not of all: it is too long, or too large. */
const refusals: ReadonlySet<string> = new Set(['execution', 'timeout', 'bad_data', 'canceled']);

/** The client with the server's own count of samples, where it keeps one. */
function backendOf(client: PrometheusClient): DoctorBackend {
  return {
    query: client.query,
    queryRange: client.queryRange,
    async samplesOf(expr, time, signal) {
      const { data } = await client.call(
        'query',
        { query: expr, time: (time / 1000).toFixed(3), stats: 'all' },
        signal,
      );
      return totalSamples(data);
    },
  };
}

function totalSamples(data: unknown): number | undefined {
  const stats = typeof data === 'object' && data !== null && 'stats' in data ? data.stats : undefined;
  const samples = typeof stats === 'object' && stats !== null && 'samples' in stats ? stats.samples : undefined;
  if (typeof samples !== 'object' || samples === null || !('totalQueryableSamples' in samples)) return undefined;
  return typeof samples.totalQueryableSamples === 'number' ? samples.totalQueryableSamples : undefined;
}

/** Findings at the objective in its file. */
function located(loaded: LoadedDefinitions, { service, slo, diagnostics }: Diagnosis): readonly LocatedDiagnostic[] {
  const subject = { service: service.name, slo: slo.name };
  return atSubjects(
    loaded,
    diagnostics.map((diagnostic) => ({ ...diagnostic, subject })),
  );
}

function asData(
  diagnoses: readonly Diagnosis[],
  diagnostics: readonly LocatedDiagnostic[],
  format: DiagnosticFormat,
): string {
  if (format !== 'json') return printDiagnostics(diagnostics, format);
  const objectives = diagnoses.map(({ service, slo, range, figures, cost, errorRatio }) => ({
    service: service.name,
    slo: slo.name,
    range_seconds: range / 1000,
    series: figures?.series ?? null,
    events: figures?.total ?? null,
    bad_events: figures?.bad ?? null,
    error_ratio: errorRatio ?? null,
    events_per_hour: figures?.eventsPerHour ?? null,
    samples: cost === undefined ? null : { raw: cost.raw, generated: cost.generated },
    alerts: (figures?.tiers ?? []).map(({ tier, events, badEvents }) => ({
      severity: tier.severity,
      window: formatDuration(tier.longWindow),
      burn_rate: tier.burnRate,
      events,
      bad_events_to_fire: badEvents,
    })),
  }));
  return `${JSON.stringify({ diagnostics: diagnostics.map(wireDiagnostic), objectives }, undefined, 2)}\n`;
}

const columns: readonly Column[] = [
  { title: 'SERVICE', align: 'left' },
  { title: 'SLO', align: 'left' },
  { title: 'LOOKED AT', align: 'right' },
  { title: 'SERIES', align: 'right' },
  { title: 'EVENTS/H', align: 'right' },
  { title: 'BAD', align: 'right' },
  { title: 'SAMPLES RAW', align: 'right' },
  { title: 'GENERATED', align: 'right' },
  { title: 'BAD EVENTS THAT FIRE', align: 'left' },
];

/** A table of the objectives, below it what is worth knowing and stands nowhere in it, and what is wrong. */
function asText(
  { color }: Terminal,
  diagnoses: readonly Diagnosis[],
  diagnostics: readonly LocatedDiagnostic[],
): string {
  const wrong = diagnostics.filter(({ severity }) => severity !== 'info');
  const notes = diagnostics.filter(({ severity, code }) => severity === 'info' && code !== 'doctor/cost');
  const table = `${printTable(columns, diagnoses.map(row), color)}${notes.map(({ message }) => `\n${message}`).join('')}`;
  const end = 0 < notes.length ? '\n' : '';
  if (wrong.length === 0) return `${table}${end}\nnothing is wrong with the data\n`;
  return `${table}${end}\n${wrong.map(formatDiagnostic).join('\n\n')}\n`;
}

function row({ service, slo, range, figures, cost, errorRatio }: Diagnosis): readonly Cell[] {
  const firing = (figures?.tiers ?? []).map(
    ({ tier, badEvents }) => `${tier.severity} ${formatDuration(tier.longWindow)}: ${whole(badEvents)}`,
  );
  const texts = [
    service.name,
    slo.name,
    formatDuration(range),
    figures === undefined ? '-' : whole(figures.series),
    figures === undefined ? '-' : whole(figures.eventsPerHour),
    errorRatio === undefined ? '-' : `${Number((errorRatio * 100).toPrecision(3))}%`,
    cost === undefined ? '-' : whole(cost.raw),
    cost === undefined ? '-' : whole(cost.generated),
    firing.join(', ') || '-',
  ];
  return texts.map((text) => ({ text }));
}

/** `12,345`. */
function whole(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

function readRange(text: string): Duration {
  const range = parseDuration(text);
  if (range === undefined || range < shortestRange || longestRange < range) {
    const bounds = `${formatDuration(shortestRange)} to ${formatDuration(longestRange)}`;
    throw new InvalidArgumentError(`write a duration from ${bounds}, such as 1d`);
  }
  return range;
}

function readEnd(text: string): Timestamp {
  const time = readTime(text);
  if (time === undefined) throw new InvalidArgumentError('write RFC 3339 or seconds since the epoch');
  return timestamp(time);
}
