import { Command, InvalidArgumentError, Option } from 'commander';
import { closest } from '../../core/base/index.ts';
import { type KnownMetrics, lintCheckIds } from '../../core/lint/index.ts';
import type { LoadedDefinitions } from '../definitions.ts';
import { type DiagnosticFormat, diagnosticFormats, printDiagnostics } from '../print-diagnostics.ts';
import type { ExitCode, Terminal } from '../terminal.ts';
import { type LintInputs, readInputs } from './lint-inputs.ts';
import { metricsFinder } from './lint-metrics.ts';
import { type LintResult, linter } from './lint-run.ts';
import { watchInputs } from './lint-watch.ts';

interface Options {
  readonly input?: readonly string[];
  readonly format: DiagnosticFormat;
  readonly strict?: boolean;
  readonly off?: readonly string[];
  readonly prose?: boolean;
  readonly metrics?: string;
  readonly online?: string;
  readonly watch?: boolean;
}

/** `nines lint`: reads definitions, rule files, configurations and SLO documents, and reports all that is wrong or unwise in them. */
export function lintCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('lint')
    .description('read definitions, rule files and SLO documents and report all that is wrong or unwise in them')
    .argument('[paths...]', 'files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .addOption(new Option('--format <format>', 'how to print').choices(diagnosticFormats).default('text'))
    .option('--strict', 'let warnings fail too')
    .addOption(
      new Option('--off <check...>', 'checks to leave out; each finding names its own behind `lint/`').argParser(
        readCheck,
      ),
    )
    .option('--prose', 'check free text too, by rules of thumb')
    .addOption(
      new Option(
        '--metrics <page>',
        'a page of metrics, a file or an address, that queries are checked against',
      ).conflicts('online'),
    )
    .option('--online <url>', 'a live Prometheus whose metrics queries are checked against')
    .option('--watch', 'go on, and look again at whatever changes')
    .addHelpText(
      'after',
      '\nExit code: 0 no errors (with --strict: no warnings either), 1 there are, 2 something could not be read.',
    )
    .action(async (positional: readonly string[], options: Options) => {
      const paths = [...positional, ...(options.input ?? [])];
      if (paths.length === 0) {
        terminal.writeError('nines: name files or folders to lint, or - for standard input\n');
        exit(2);
        return;
      }
      if (options.watch === true && paths.includes('-')) {
        terminal.writeError('nines: --watch reads files; leave out -\n');
        exit(2);
        return;
      }
      exit(await (options.watch === true ? watch : lint)(terminal, paths, options));
    });
}

/** Adds a check to those that `--off` named before. */
function readCheck(id: string, before: readonly string[] | undefined): readonly string[] {
  if (lintCheckIds.includes(id)) return [...(before ?? []), id];
  const meant = closest(id, lintCheckIds);
  throw new InvalidArgumentError(
    meant === undefined ? 'docs/reference/lint lists the checks' : `did you mean ${meant}?`,
  );
}

async function lint(terminal: Terminal, paths: readonly string[], options: Options): Promise<ExitCode> {
  const inputs = await readInputs(terminal, paths);
  const metrics = await metricsFinder(terminal, options)(inputs);
  return report(terminal, inputs, await linter(terminal, options)(inputs, metrics), options);
}

/** Lints, and again whenever something changes, until Ctrl-C. */
async function watch(terminal: Terminal, paths: readonly string[], options: Options): Promise<ExitCode> {
  const metricsFor = metricsFinder(terminal, options);
  let run = linter(terminal, options);
  let known: KnownMetrics | undefined;
  let code: ExitCode = 0;
  await watchInputs(terminal, paths, async (inputs, isAnew) => {
    const metrics = await metricsFor(inputs);
    if (isAnew || metrics !== known) run = linter(terminal, options);
    known = metrics;
    const result = await run(inputs, metrics);
    code = report(terminal, inputs, result, options);
    if (options.format === 'text') terminal.writeError(`nines: looked at ${summary(result.loaded, inputs)}\n`);
  });
  return code;
}

/** Prints what was found; the exit code that follows from it. */
function report(
  terminal: Terminal,
  inputs: LintInputs,
  { loaded, diagnostics }: LintResult,
  options: Options,
): ExitCode {
  terminal.write(printDiagnostics(diagnostics, options.format));
  if (options.format === 'text' && diagnostics.length === 0)
    terminal.write(`${summary(loaded, inputs)}: no problems\n`);
  const fails = (severity: string): boolean =>
    severity === 'error' || (options.strict === true && severity === 'warning');
  return diagnostics.some(({ severity }) => fails(severity)) ? 1 : 0;
}

function summary({ services }: LoadedDefinitions, { documents }: LintInputs): string {
  const slos = services.reduce((sum, service) => sum + service.slos.length, 0);
  const parts = [
    ...(0 < services.length ? [`${counted(services.length, 'service')} with ${counted(slos, 'objective')}`] : []),
    ...(0 < documents.size ? [counted(documents.size, 'document')] : []),
  ];
  return parts.join(', ');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
