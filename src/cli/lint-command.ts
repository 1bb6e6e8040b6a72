import { Command, InvalidArgumentError, Option } from 'commander';
import { closest, type LocatedDiagnostic, timestamp } from '../core/base/index.ts';
import { type LintOptions, lintCheckIds, lintServices } from '../core/lint/index.ts';
import { type LoadedDefinitions, loadDefinitions } from './definitions.ts';
import { documentFindings, findDocuments, type LoadedDocument } from './lint-documents.ts';
import { knownMetrics } from './lint-metrics.ts';
import { type LintedFile, settingsFinder } from './lint-settings.ts';
import { type DiagnosticFormat, diagnosticFormats, printDiagnostics } from './print-diagnostics.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface Options {
  readonly input?: readonly string[];
  readonly format: DiagnosticFormat;
  readonly strict?: boolean;
  readonly off?: readonly string[];
  readonly prose?: boolean;
  readonly metrics?: string;
  readonly online?: string;
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
      exit(await lint(terminal, paths, options));
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
  const { documents, definitions } = await findDocuments(terminal, paths);
  const loaded = definitions.length === 0 ? nothing : await loadDefinitions(terminal, definitions);
  const metrics = await knownMetrics(terminal, documents, loaded.services, options);
  const finder = settingsFinder(terminal);
  const now = timestamp(Date.now());
  const optionsOf = async (name: string): Promise<LintOptions> => {
    const { checks, prose } = await finder.settingsOf(name);
    const off = Object.fromEntries((options.off ?? []).map((id) => [id, 'off' as const]));
    return {
      checks: { ...checks, ...off },
      prose: prose || options.prose === true,
      now,
      ...(metrics === undefined ? {} : { metrics }),
    };
  };
  const files: LintedFile[] = [];
  for (const { source, services } of loaded.files) {
    const found = lintServices(services, source, await optionsOf(source.name));
    files.push({ name: source.name, found: found.map((diagnostic) => ({ ...diagnostic, source })) });
  }
  for (const document of documents) {
    const { name } = document.source;
    files.push({ name, found: documentFindings(document, await optionsOf(name), terminal.cwd) });
  }
  const diagnostics = [...loaded.diagnostics, ...(await finder.apply(files))].toSorted(
    inOrderOf(files.map(({ name }) => name)),
  );
  terminal.write(printDiagnostics(diagnostics, options.format));
  if (options.format === 'text' && diagnostics.length === 0)
    terminal.write(`${summary(loaded, documents)}: no problems\n`);
  const fails = (severity: string): boolean =>
    severity === 'error' || (options.strict === true && severity === 'warning');
  return diagnostics.some(({ severity }) => fails(severity)) ? 1 : 0;
}

/** By file as they were read, the files of settings last, then by place. */
function inOrderOf(names: readonly string[]): (a: LocatedDiagnostic, b: LocatedDiagnostic) => number {
  const position = new Map(names.map((name, index) => [name, index]));
  const of = ({ source }: LocatedDiagnostic) => position.get(source.name) ?? names.length;
  return (a, b) => of(a) - of(b) || a.span.start - b.span.start;
}

const nothing: LoadedDefinitions = { services: [], diagnostics: [], files: [] };

function summary({ services }: LoadedDefinitions, documents: readonly LoadedDocument[]): string {
  const slos = services.reduce((sum, service) => sum + service.slos.length, 0);
  const parts = [
    ...(0 < services.length ? [`${counted(services.length, 'service')} with ${counted(slos, 'objective')}`] : []),
    ...(0 < documents.length ? [counted(documents.length, 'document')] : []),
  ];
  return parts.join(', ');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
