import { Command, Option } from 'commander';
import { commentsIn, type Dialect, dialects, printDefinition } from '../core/formats/index.ts';
import { loadDefinitions, reportErrors } from './definitions.ts';
import { addSlothOptions, readSlothFlags, type SlothFlags } from './keep-names.ts';
import { writeOutput } from './output/write-output.ts';
import type { ExitCode, Terminal } from './terminal.ts';

interface Options extends SlothFlags {
  readonly output: string;
  readonly from?: Dialect;
}

/** `nines import`: reads definitions of other tools and writes them as definitions of Nines. */
export function importCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return addSlothOptions(new Command('import'))
    .description('write definitions of OpenSLO, Sloth, Pyrra or slo-generator as definitions of Nines')
    .argument('<files...>', 'files, folders, or - for standard input')
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
  const {
    services,
    diagnostics,
    files: read,
  } = await loadDefinitions(terminal, files, {
    ...(flags.sloth === undefined ? {} : { sloth: flags.sloth }),
    ...(from === undefined ? {} : { from }),
  });
  if (!reportErrors(terminal, diagnostics)) return 1;
  if (services.length === 0) {
    terminal.writeError('nines: the files define no objectives\n');
    return 1;
  }
  // What people wrote beside a definition goes with it.
  const comments = joined(read.map(({ source, services: its }) => commentsIn(source, its)));
  writeOutput(terminal, output, services.map((service) => printDefinition(service, comments)).join('---\n'));
  return 0;
}

/** The comments of several files; those of one service or objective follow one another. */
function joined(maps: readonly ReadonlyMap<string, string>[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [about, text] of maps.flatMap((map) => [...map])) {
    const before = found.get(about);
    found.set(about, before === undefined ? text : `${before}\n${text}`);
  }
  return found;
}
