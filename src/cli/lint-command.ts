import { Command, Option } from 'commander';
import type { LocatedDiagnostic } from '../core/base/index.ts';
import { checks, type LintOptions, lintService } from '../core/lint/index.ts';
import { type LoadedDefinitions, loadDefinitions } from './definitions.ts';
import { type DiagnosticFormat, diagnosticFormats, printDiagnostics } from './print-diagnostics.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface Options {
  readonly input?: readonly string[];
  readonly format: DiagnosticFormat;
  readonly strict?: boolean;
  readonly off?: readonly string[];
}

/** `nines lint`: reads definitions and reports all that is wrong or unwise in them. */
export function lintCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('lint')
    .description('read definitions and report all that is wrong or unwise in them')
    .argument('[paths...]', 'files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .addOption(new Option('--format <format>', 'how to print').choices(diagnosticFormats).default('text'))
    .option('--strict', 'let warnings fail too')
    .addOption(new Option('--off <check...>', 'checks to leave out').choices(checks.map(({ id }) => id)))
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
  const loaded = await loadDefinitions(terminal, paths);
  const off = Object.fromEntries((options.off ?? []).map((id) => [id, 'off' as const]));
  const diagnostics = [...loaded.diagnostics, ...findings(loaded, { checks: off })].toSorted(inOrderOf(loaded));
  terminal.write(printDiagnostics(diagnostics, options.format));
  if (options.format === 'text' && diagnostics.length === 0) terminal.write(`${summary(loaded)}: no problems\n`);
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

function summary({ services }: LoadedDefinitions): string {
  const slos = services.reduce((count, service) => count + service.slos.length, 0);
  return `${services.length} service${services.length === 1 ? '' : 's'} with ${slos} objective${slos === 1 ? '' : 's'}`;
}
