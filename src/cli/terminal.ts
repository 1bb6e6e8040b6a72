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
