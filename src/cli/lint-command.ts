import { Command, Option } from 'commander';
import type { LocatedDiagnostic } from '../core/base/index.ts';
import { type LintOptions, lintCheckIds, lintService } from '../core/lint/index.ts';
import { type LoadedDefinitions, loadDefinitions } from './definitions.ts';
import { documentFindings, findDocuments, type LoadedDocument } from './lint-documents.ts';
import { type DiagnosticFormat, diagnosticFormats, printDiagnostics } from './print-diagnostics.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface Options {
  readonly input?: readonly string[];
  readonly format: DiagnosticFormat;
  readonly strict?: boolean;
  readonly off?: readonly string[];
}

/** `nines lint`: reads definitions, rule files, configurations and SLO documents, and reports all that is wrong or unwise in them. */
export function lintCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('lint')
    .description('read definitions, rule files and SLO documents and report all that is wrong or unwise in them')
    .argument('[paths...]', 'files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .addOption(new Option('--format <format>', 'how to print').choices(diagnosticFormats).default('text'))
    .option('--strict', 'let warnings fail too')
    .addOption(new Option('--off <check...>', 'checks to leave out').choices(lintCheckIds))
    .addHelpText('after', '\nExits with 0 if there are no errors, 1 if there are, 2 if something could not be read.')
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

async function lint(terminal: Terminal, paths: readonly string[], options: Options): Promise<ExitCode> {
  const { documents, definitions } = await findDocuments(terminal, paths);
  const loaded = definitions.length === 0 ? nothing : await loadDefinitions(terminal, definitions);
  const settings = { checks: Object.fromEntries((options.off ?? []).map((id) => [id, 'off' as const])) };
  const diagnostics = [
    ...[...loaded.diagnostics, ...findings(loaded, settings)].toSorted(inOrderOf(loaded)),
    ...documents.flatMap((document) => documentFindings(document, settings)),
  ];
  terminal.write(printDiagnostics(diagnostics, options.format));
  if (options.format === 'text' && diagnostics.length === 0)
    terminal.write(`${summary(loaded, documents)}: no problems\n`);
  const fails = (severity: string): boolean =>
    severity === 'error' || (options.strict === true && severity === 'warning');
  return diagnostics.some(({ severity }) => fails(severity)) ? 1 : 0;
}

function findings({ files }: LoadedDefinitions, options: LintOptions): readonly LocatedDiagnostic[] {
  return files.flatMap(({ source, services }) =>
    services.flatMap((service) =>
      lintService(service, source, options).map((diagnostic) => ({ ...diagnostic, source })),
    ),
  );
}

/** By file as they were read, then by place. */
function inOrderOf({ files }: LoadedDefinitions): (a: LocatedDiagnostic, b: LocatedDiagnostic) => number {
  const position = new Map(files.map(({ source }, index) => [source.name, index]));
  return (a, b) => {
    const byFile = (position.get(a.source.name) ?? 0) - (position.get(b.source.name) ?? 0);
    return byFile === 0 ? a.span.start - b.span.start : byFile;
  };
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
