import { Command, InvalidArgumentError, Option } from 'commander';
import { readTime } from '../../core/api/index.ts';
import { type Duration, formatDuration, parseDuration, type Timestamp, timestamp } from '../../core/base/index.ts';
import { defaultGenerateOptions, longestInterval, shortestInterval } from '../../core/generate/index.ts';
import { PrometheusError, prometheusClient, readHttpUrl } from '../../sources/index.ts';
import { loadDefinitions, reportErrors } from '../definitions.ts';
import { withWholeFile } from '../output/write-output.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { type Backfilled, backfill } from './backfill-history.ts';
import { fileHistory, prometheusHistory, type RawHistory } from './backfill-sources.ts';

interface Options {
  readonly input?: readonly string[];
  readonly prometheus?: string;
  readonly file?: string;
  readonly from: Timestamp;
  readonly to?: Timestamp;
  readonly interval: Duration;
  readonly output: string;
}

/** `nines backfill`: computes what the rules of objectives would have recorded, from the raw history that a Prometheus has. */
export function backfillCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  const { interval } = defaultGenerateOptions;
  return new Command('backfill')
    .description('compute what generated rules would have recorded, for promtool to load')
    .argument('[paths...]', 'definitions: files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .addOption(new Option('--prometheus <url>', 'where the raw history is: Prometheus, Thanos, Mimir, VictoriaMetrics'))
    .addOption(new Option('--file <path>', 'a raw history in OpenMetrics form instead').conflicts('prometheus'))
    .addOption(
      new Option('--from <time>', 'from when on: RFC 3339 or seconds since the epoch')
        .argParser(readInstant)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--to <time>',
        'up to when (default: where the server has recorded series of the objective, or now; of a file its newest sample)',
      ).argParser(readInstant),
    )
    .addOption(
      new Option('--interval <duration>', 'how often the rules are evaluated')
        .argParser(readInterval)
        .default(interval, formatDuration(interval)),
    )
    .requiredOption('-o, --output <file>', 'where to write OpenMetrics text, or - for standard output')
    .addHelpText(
      'after',
      '\nThen: promtool tsdb create-blocks-from --max-block-duration=54h openmetrics FILE DATA-FOLDER\n' +
        'Exit code: 0 done, 1 something is wrong with a definition, or a rule failed, 2 no history, or something could not be read or written.',
    )
    .action(async (positional: readonly string[], options: Options) => {
      exit(await run(terminal, [...positional, ...(options.input ?? [])], options));
    });
}

async function run(terminal: Terminal, paths: readonly string[], options: Options): Promise<ExitCode> {
  const complain = (message: string): ExitCode => {
    terminal.writeError(`nines: ${message}\n`);
    return 2;
  };
  if (paths.length === 0) return complain('name definitions to compute the history of, or - for standard input');
  const url = options.prometheus === undefined ? undefined : readHttpUrl(options.prometheus);
  if (options.prometheus !== undefined && url === undefined) {
    return complain(`${JSON.stringify(options.prometheus)} is no address of a Prometheus: write http://HOST:PORT`);
  }
  if (url === undefined && options.file === undefined) {
    return complain('say where the raw history is: --prometheus URL or --file PATH');
  }
  const loaded = await loadDefinitions(terminal, paths);
  if (!reportErrors(terminal, loaded.diagnostics)) return 1;
  try {
    const raw: RawHistory =
      url === undefined
        ? await fileHistory(terminal, options.file ?? '')
        : prometheusHistory(prometheusClient(url), terminal.signal);
    const { from, to, interval } = options;
    const done = await withWholeFile(terminal, options.output, (write) =>
      backfill(terminal, loaded.services, raw, { from, interval, ...(to !== undefined && { to }) }, write),
    );
    return report(terminal, done);
  } catch (error) {
    if (!(error instanceof PrometheusError)) throw error;
    return complain(error.message);
  }
}

function report(terminal: Terminal, { samples, objectives, problems }: Backfilled): ExitCode {
  for (const problem of problems) terminal.writeError(`nines: ${problem}\n`);
  terminal.writeError(`${samples} samples of ${objectives} objective${objectives === 1 ? '' : 's'}\n`);
  if (0 < problems.length) return 1;
  return samples === 0 ? 2 : 0;
}

function readInstant(text: string): Timestamp {
  const time = readTime(text);
  if (time === undefined) {
    throw new InvalidArgumentError('write RFC 3339 (2026-11-21T07:00:00Z) or seconds since the epoch.');
  }
  return timestamp(time);
}

function readInterval(text: string): Duration {
  const interval = parseDuration(text);
  if (interval === undefined || interval < shortestInterval || longestInterval < interval) {
    const [least, most] = [formatDuration(shortestInterval), formatDuration(longestInterval)];
    throw new InvalidArgumentError(`write a duration from ${least} to ${most}.`);
  }
  return interval;
}
