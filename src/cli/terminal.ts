import { Cancelled } from '../core/base/index.ts';

/** What a command may touch of the process it runs in; tests pass their own. */
export interface Terminal {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Writes to standard output, exactly the text given. */
  write(text: string): void;
  /** Writes to standard error, exactly the text given. */
  writeError(text: string): void;
  /** Reads all of standard input as text. */
  readInput(): Promise<string>;
  /** Aborted by Ctrl-C and SIGTERM: finish what must be whole, leave nothing half-written, and return. */
  readonly signal: AbortSignal;
  /** Whether colours may be used on standard output (a terminal, and no NO_COLOR). */
  readonly color: boolean;
}

/** 0 good, 1 findings or a refused check, 2 could not tell: wrong usage, unreadable input, no data. */
export type ExitCode = 0 | 1 | 2;

/** The conventional exit code of a process that Ctrl-C ended (128 + SIGINT). */
const interrupted = 130;

/** "Could not tell", as an ExitCode has it: who reads the output has not got all of it. */
const unwritable = 2;

/**
 * The terminal of this process. The first Ctrl-C asks the command to stop, a second one ends the process. A reader that closes the
 * pipe (`nines query ... | head`) is no error.
 */
export function processTerminal(): Terminal {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(interrupted);
    controller.abort(new Cancelled('stopped by the user'));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit();
      // A full disk, for one. Standard error may be what fails, and must not be asked to say so.
      if (stream === process.stdout) process.stderr.write(`nines: cannot write the output: ${error.message}\n`);
      process.exit(unwritable);
    });
  }
  return {
    cwd: process.cwd(),
    env: process.env,
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
    readInput: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks).toString('utf8');
    },
    signal: controller.signal,
    color: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  };
}
