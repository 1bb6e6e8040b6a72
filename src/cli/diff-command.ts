import { Command, Option } from 'commander';
import { type Difference, diffServices } from '../core/slo/index.ts';
import { loadDefinitions, reportErrors } from './definitions.ts';
import { addSlothOptions, readSlothFlags, type SlothFlags } from './keep-names.ts';
import type { ExitCode, Terminal } from './terminal.ts';

const formats = ['text', 'json'] as const;

interface Options extends SlothFlags {
  readonly format: (typeof formats)[number];
}

/** `nines diff`: says what changes in meaning between two definitions, in whatever formats they are written. */
export function diffCommand(terminal: Terminal, exit: (code: ExitCode) => void): Command {
  return addSlothOptions(new Command('diff'))
    .description('say what changes in meaning from one definition to another, in whatever formats they are written')
    .argument('<old>', 'the definition before: a file, a folder, or - for standard input')
    .argument('<new>', 'the definition after')
    .addOption(new Option('--format <format>', 'how to print').choices(formats).default('text'))
    .addHelpText(
      'after',
      '\nExit code: 0 both mean the same, 1 they differ, 2 one could not be read or has errors, so that nothing can be told.',
    )
    .action(async (before: string, after: string, options: Options) => {
      exit(await diff(terminal, before, after, options));
    });
}

async function diff(terminal: Terminal, before: string, after: string, options: Options): Promise<ExitCode> {
  const { format } = options;
  const flags = await readSlothFlags(terminal, options);
  if (!reportErrors(terminal, flags.diagnostics)) return 2;
  const reading = flags.sloth === undefined ? {} : { sloth: flags.sloth };
  const old = await loadDefinitions(terminal, [before], reading);
  const now = await loadDefinitions(terminal, [after], reading);
  const errors = [...old.diagnostics, ...now.diagnostics].filter(({ severity }) => severity === 'error');
  if (!reportErrors(terminal, errors)) return 2;
  const differences = diffServices(old.services, now.services);
  terminal.write(
    format === 'json' ? `${JSON.stringify({ differences }, undefined, 2)}\n` : differences.map(line).join(''),
  );
  return differences.length === 0 ? 0 : 1;
}

function line({ service, slo, aspect, before, after }: Difference): string {
  const place = slo === undefined ? service : `${service}/${slo}`;
  if (before === undefined) return `${place}: ${aspect} added: ${after}\n`;
  if (after === undefined) return `${place}: ${aspect} removed: ${before}\n`;
  return `${place}: ${aspect} ${before} -> ${after}\n`;
}
