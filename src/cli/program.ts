import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { Cancelled } from '../core/base/index.ts';
import type { ExitCode, Terminal } from './terminal.ts';

/** Makes a command of the program. `exit` records how the run ended; it does not end the process. */
export type MakeCommand = (terminal: Terminal, exit: (code: ExitCode) => void) => Command;

/** Commands by name, each loaded when it is asked for, so that `nines lint` does not wait for the server's code. */
export type Commands = Readonly<Record<string, () => Promise<MakeCommand>>>;

/** Runs `nines` with the arguments that follow its name. Every outcome, a bug included, becomes text and an exit code. */
export async function run(args: readonly string[], commands: Commands, terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = new Command('nines')
    .description(
      'Service level objectives that run: lint, Prometheus rules, alerts and live error budgets from one definition.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print what a command does and its options')
    .helpCommand('help [command]', 'print what a command does and its options')
    .configureOutput({ writeOut: terminal.write, writeErr: terminal.writeError, getOutHasColors: () => terminal.color })
    .addHelpText(
      'after',
      `
Examples:
  nines lint slo.yaml                      every problem, with its line and a remedy
  nines generate -i slo.yaml -o rules/     what Prometheus loads
  nines serve slo.yaml --prometheus URL    live budgets on a page

Exit code: 0 good, 1 something was found, 2 could not tell.`,
    )
    .showSuggestionAfterError()
    .showHelpAfterError('(nines --help lists the commands)')
    .exitOverride();
  const wanted = args[0] === undefined ? undefined : commands[args[0]];
  try {
    const needed = wanted === undefined ? Object.values(commands) : [wanted];
    const makers = await Promise.all(isVersion(args) ? [] : needed.map((load) => load()));
    for (const make of makers) {
      const command = make(terminal, (given) => {
        code = given;
      });
      program.addCommand(inherit(command, program));
    }
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    return report(error, terminal);
  }
}

function isVersion([first]: readonly string[]): boolean {
  return first === '--version' || first === '-V';
}

/** Gives a command, and those below it, the program's way of printing and of ending: settings are not passed on by `addCommand`. */
function inherit(command: Command, parent: Command): Command {
  command.copyInheritedSettings(parent).showHelpAfterError(`(nines ${command.name()} --help shows its options)`);
  for (const child of command.commands) inherit(child, parent);
  return command;
}

/** Says what went wrong in one line; help and version are not wrong. */
function report(error: unknown, terminal: Terminal): ExitCode {
  // Commander has printed its message already. Its exit code is 0 for help and version, 1 for wrong usage, which is 2 here.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof Cancelled)) terminal.writeError(`nines: ${describeError(error)}\n`);
  if (terminal.env['NINES_DEBUG']) terminal.writeError(`${error instanceof Error ? error.stack : String(error)}\n`);
  return 2;
}

/** An error's message followed by those of its causes. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Several failures in one (a host with two addresses that both refuse) carry their messages inside.
  const own =
    error instanceof AggregateError && error.message === ''
      ? error.errors.map(describeError).join('; ')
      : error.message;
  const cause = error.cause === undefined ? '' : describeError(error.cause);
  return cause === '' || own.includes(cause) ? own : `${own}: ${cause}`;
}

/** The version of this package. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  const { version }: { readonly version: string } = JSON.parse(text);
  return version;
}
