import { Command, Option } from 'commander';
import { type ExportTarget, exportTargets, writeServices } from '../core/formats/index.ts';
import { loadDefinitions, reportErrors } from './definitions.ts';
import { writeOutput } from './output/write-output.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface Options {
  readonly input?: readonly string[];
  readonly output: string;
  readonly to: ExportTarget;
}

/** `nines export`: writes definitions in the format of another tool. */
export function exportCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return new Command('export')
    .description('write definitions in the format of OpenSLO, Sloth or Pyrra')
    .argument('[paths...]', 'definitions: files, folders, or - for standard input')
    .option('-i, --input <path...>', 'more paths')
    .addOption(new Option('--to <format>', 'the format to write').choices(exportTargets).makeOptionMandatory())
    .option('-o, --output <file>', 'where to write, or - for standard output', '-')
    .addHelpText(
      'after',
      '\nWhat the format has no place for is told on standard error. An objective that it cannot express is left out. Exit code: 0 done, 1 errors in a definition (nothing is written) or an objective left out, 2 something could not be read or written.',
    )
    .action(async (positional: readonly string[], options: Options) => {
      const paths = [...positional, ...(options.input ?? [])];
      if (paths.length === 0) {
        terminal.writeError('nines: name definitions to export, or - for standard input\n');
        exit(2);
        return;
      }
      exit(await exportPaths(terminal, paths, options));
    });
}

async function exportPaths(terminal: Terminal, paths: readonly string[], options: Options): Promise<ExitCode> {
  const { services, files, diagnostics } = await loadDefinitions(terminal, paths);
  if (!reportErrors(terminal, diagnostics)) return 1;
  const written = writeServices(services, options.to);
  const located = written.diagnostics.map((diagnostic) => {
    const owner = files.find((file) =>
      file.services.some(({ name }) => new RegExp(`^${name}[/:]`).test(diagnostic.message)),
    );
    return { ...diagnostic, source: { name: owner?.source.name ?? '<definition>', text: '' } };
  });
  const isWhole = reportErrors(terminal, located);
  if (written.text !== '') writeOutput(terminal, options.output, written.text);
  return isWhole ? 0 : 1;
}
