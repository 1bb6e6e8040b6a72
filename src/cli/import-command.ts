import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { LocatedDiagnostic, Source } from '../core/base/index.ts';
import { type Dialect, dialects, printDefinition, readServices } from '../core/formats/index.ts';
import type { Service } from '../core/slo/index.ts';
import { reportErrors } from './definitions.ts';
import { addSlothOptions, readSlothFlags, type SlothFlags } from './keep-names.ts';
import type { ExitCode, Terminal } from './terminal.ts';
import { writeOutput } from './write-output.ts';

interface Options extends SlothFlags {
  readonly output: string;
  readonly from?: Dialect;
}

/** `nines import`: reads definitions of other tools and writes them as definitions of Nines. */
export function importCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return addSlothOptions(new Command('import'))
    .description('write definitions of OpenSLO, Sloth, Pyrra or slo-generator as definitions of Nines')
    .argument('<files...>', 'files, or - for standard input')
    .option('-o, --output <file>', 'where to write, or - for standard output', '-')
    .addOption(new Option('--from <format>', 'their format, instead of finding out').choices(dialects))
    .addHelpText(
      'after',
      '\nWhat cannot be kept is told on standard error. Exit code: 0 done, 1 errors in a file, 2 something could not be read or written.',
    )
    .action(async (files: readonly string[], options: Options) => {
      exit(await importFiles(terminal, files, options));
    });
}

async function importFiles(terminal: Terminal, files: readonly string[], options: Options): Promise<ExitCode> {
  const { from, output } = options;
  const flags = await readSlothFlags(terminal, options);
  if (!reportErrors(terminal, flags.diagnostics)) return 1;
  const sloth = flags.sloth === undefined ? {} : { sloth: flags.sloth };
  const sources: Source[] = [];
  for (const file of files) {
    const text = file === '-' ? await terminal.readInput() : await readFile(resolve(terminal.cwd, file), 'utf8');
    sources.push({ name: file === '-' ? '<stdin>' : file, text });
  }
  const services: Service[] = [];
  const diagnostics: LocatedDiagnostic[] = [];
  for (const source of sources) {
    const beside = sources.filter((other) => other !== source);
    const outcome = readServices(source, { beside, ...sloth, ...(from === undefined ? {} : { from }) });
    if (outcome.ok) services.push(...outcome.value);
    diagnostics.push(...outcome.diagnostics.map((diagnostic) => ({ ...diagnostic, source })));
  }
  const twice = services.find(({ name }, index) => services.findIndex((other) => other.name === name) < index);
  if (!reportErrors(terminal, diagnostics)) return 1;
  if (twice !== undefined) {
    terminal.writeError(`nines: the service ${twice.name} is defined in two of the files; rename one of them\n`);
    return 1;
  }
  if (services.length === 0) {
    terminal.writeError('nines: the files define no objectives\n');
    return 1;
  }
  writeOutput(terminal, output, services.map(printDefinition).join('---\n'));
  return 0;
}
