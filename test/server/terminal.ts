import type { Terminal } from '../../src/cli/terminal.ts';

/** A terminal that remembers what was written. */
export interface RecordedTerminal extends Terminal {
  readonly out: () => string;
  readonly error: () => string;
  readonly controller: AbortController;
}

export function recordedTerminal(input = ''): RecordedTerminal {
  let out = '';
  let error = '';
  const controller = new AbortController();
  return {
    cwd: process.cwd(),
    env: {},
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      error += text;
    },
    readInput: async () => input,
    signal: controller.signal,
    color: false,
    out: () => out,
    error: () => error,
    controller,
  };
}
