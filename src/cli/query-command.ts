import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { annotationTexts, type QueryData, queryData, readLength, readTime, type WirePoint } from '../core/api/index.ts';
import {
  type Diagnostic,
  duration,
  formatDiagnostic,
  type Source,
  type Timestamp,
  timestamp,
} from '../core/base/index.ts';
import { parseExpr, type QueryTime, runQuery } from '../core/promql/index.ts';
import { Labels } from '../core/series/index.ts';
import { PrometheusError, prometheusClient, readExpositionFile, readHttpUrl } from '../sources/index.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** `nines query`: an instant or range query over a file, a Prometheus or a running Nines server. */
export function queryCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('query')
    .description('run a PromQL query over a page of metrics, a Prometheus or a running Nines server')
    .argument('<expr>', 'the expression')
    .addOption(new Option('--file <path>', 'a page of metrics or a history in OpenMetrics form; - is standard input'))
    .addOption(
      new Option('--prometheus <url>', 'a Prometheus, Thanos, Mimir or VictoriaMetrics').conflicts(['file', 'server']),
    )
    .addOption(new Option('--server <url>', 'a Nines server (the default, at http://127.0.0.1:9990)').conflicts('file'))
    .option(
      '--time <time>',
      'when to evaluate: RFC 3339 or seconds since the epoch (default: now; for a file its newest sample)',
    )
    .option('--start <time>', 'begin of a range query')
    .option('--end <time>', 'end of a range query (default: now; for a file its newest sample)')
    .option(
      '--step <length>',
      'distance of the points of a range query: seconds or a duration (default: a 250th of the range)',
    )
    .addOption(
      new Option('--format <format>', 'text, or json as the API of Prometheus prints it under "data"')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addHelpText('after', '\nExit code: 0 there is an answer, 2 there is none.')
    .action(async (expr: string, options: QueryOptions) => {
      exit(await query(expr, options, terminal));
    });
}

interface QueryOptions {
  readonly file?: string;
  readonly prometheus?: string;
  readonly server?: string;
  readonly time?: string;
  readonly start?: string;
  readonly end?: string;
  readonly step?: string;
  readonly format: 'text' | 'json';
}

/** What was asked, with what it gave. */
interface Answer {
  readonly data: QueryData;
  readonly remarks: readonly string[];
}

async function query(expr: string, options: QueryOptions, terminal: Terminal): Promise<ExitCode> {
  try {
    const answer = await (options.file === undefined
      ? askServer(expr, options, terminal)
      : askFile(expr, options.file, options, terminal));
    if (answer === undefined) return 2;
    for (const remark of answer.remarks) terminal.writeError(`warning: ${remark}\n`);
    terminal.write(options.format === 'json' ? `${JSON.stringify(answer.data)}\n` : printText(answer.data));
    return 0;
  } catch (error) {
    if (!(error instanceof PrometheusError)) throw error;
    terminal.writeError(`nines: ${error.message}\n`);
    return 2;
  }
}

async function askFile(
  expr: string,
  path: string,
  options: QueryOptions,
  terminal: Terminal,
): Promise<Answer | undefined> {
  const now = timestamp(Date.now());
  const file = await readSource(path, terminal);
  const read = readExpositionFile(file, now);
  if (!read.ok) return complain(file, read.diagnostics, terminal);
  const parsed = parseExpr(expr);
  if (!parsed.ok) return complain({ name: 'query', text: expr }, parsed.diagnostics, terminal);
  const time = queryTime(options, read.value.newest, terminal);
  if (time === undefined) return undefined;
  const outcome = await runQuery(read.value.source, parsed.value, time, {}, { signal: terminal.signal });
  if (!outcome.ok) {
    const { message, span } = outcome.error;
    const problem: Diagnostic = {
      severity: 'error',
      code: 'promql/execution',
      message,
      span: span ?? { start: 0, end: expr.length },
    };
    return complain({ name: 'query', text: expr }, [problem], terminal);
  }
  const remarks = [
    ...annotationTexts(outcome.annotations, 'warning', expr),
    ...annotationTexts(outcome.annotations, 'info', expr),
  ];
  return { data: queryData(outcome.value), remarks };
}

async function askServer(expr: string, options: QueryOptions, terminal: Terminal): Promise<Answer | undefined> {
  const address = options.prometheus ?? options.server ?? 'http://127.0.0.1:9990';
  const url = readHttpUrl(address);
  if (url === undefined) {
    terminal.writeError(`nines: ${JSON.stringify(address)} is no address: write http://HOST:PORT\n`);
    return undefined;
  }
  const time = queryTime(options, timestamp(Date.now()), terminal);
  if (time === undefined) return undefined;
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);
  const client = prometheusClient(url);
  const { data, warnings, infos } =
    time.step === 0
      ? await client.call('query', { query: expr, time: seconds(time.start) }, terminal.signal)
      : await client.call(
          'query_range',
          { query: expr, start: seconds(time.start), end: seconds(time.end), step: `${time.step}ms` },
          terminal.signal,
        );
  if (!isQueryData(data))
    throw new PrometheusError('unreachable', `${client.address} gave an answer that is not Prometheus's`);
  return { data, remarks: [...warnings, ...infos] };
}

/** The instant or range that the options ask for; complains about what cannot be read. */
function queryTime(options: QueryOptions, newest: Timestamp, terminal: Terminal): QueryTime | undefined {
  const wrong = (option: string, text: string, form: string): undefined => {
    terminal.writeError(`nines: --${option} ${JSON.stringify(text)}: write ${form}\n`);
  };
  const timeForm = 'RFC 3339 (2026-11-21T07:00:00Z) or seconds since the epoch';
  for (const option of ['time', 'start', 'end'] as const) {
    const text = options[option];
    if (text !== undefined && readTime(text) === undefined) return wrong(option, text, timeForm);
  }
  if (options.start === undefined) {
    const unused = (['end', 'step'] as const).find((option) => options[option] !== undefined);
    if (unused !== undefined) {
      terminal.writeError(`nines: --${unused} belongs to a range query, which needs --start as well\n`);
      return undefined;
    }
    const time = readTime(options.time ?? '') ?? newest;
    return { start: time, end: time, step: duration(0) };
  }
  if (options.time !== undefined) {
    terminal.writeError('nines: --time belongs to an instant query, --start to a range query: give one of them\n');
    return undefined;
  }
  const start = readTime(options.start) ?? newest;
  const end = readTime(options.end ?? '') ?? newest;
  if (end < start) {
    terminal.writeError('nines: the end of the range lies before its start\n');
    return undefined;
  }
  // Prometheus's own page asks for about 250 points.
  const step =
    options.step === undefined ? duration(Math.max(1000, Math.floor((end - start) / 250))) : readLength(options.step);
  if (step === undefined || step <= 0) return wrong('step', options.step ?? '', 'seconds (30) or a duration (30s, 5m)');
  return { start, end, step };
}

async function readSource(path: string, terminal: Terminal): Promise<Source> {
  if (path === '-') return { name: '<stdin>', text: await terminal.readInput() };
  try {
    return { name: path, text: await readFile(resolve(terminal.cwd, path), 'utf8') };
  } catch (error) {
    throw new Error(`cannot read ${path}`, { cause: error });
  }
}

function complain(source: Source, diagnostics: readonly Diagnostic[], terminal: Terminal): undefined {
  for (const diagnostic of diagnostics) terminal.writeError(`${formatDiagnostic({ ...diagnostic, source })}\n`);
}

function isQueryData(data: unknown): data is QueryData {
  return typeof data === 'object' && data !== null && 'resultType' in data && 'result' in data;
}

/** The form in which promtool prints: `up{job="api"} => 1 @[1763700000]`. */
function printText(data: QueryData): string {
  switch (data.resultType) {
    case 'scalar':
    case 'string':
      return `${data.resultType}: ${point([data.result[0], data.result[1]])}\n`;
    case 'vector':
      return data.result
        .map(({ metric, value, histogram }) => {
          const shown = value === undefined ? `${JSON.stringify(histogram?.[1])} @[${histogram?.[0]}]` : point(value);
          return `${Labels.of(metric)} => ${shown}\n`;
        })
        .join('');
    case 'matrix':
      return data.result
        .map(({ metric, values = [], histograms = [] }) => {
          const floats = values.map(point);
          const others = histograms.map(([seconds, histogram]) => `${JSON.stringify(histogram)} @[${seconds}]`);
          return `${Labels.of(metric)} =>\n${[...floats, ...others].map((line) => `${line}\n`).join('')}`;
        })
        .join('');
  }
}

function point([seconds, value]: WirePoint): string {
  return `${value} @[${seconds}]`;
}
