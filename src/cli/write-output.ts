import { rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Terminal } from './terminal.ts';

/** Writes a text to standard output (`-`) or to a file, which appears whole or not at all. */
export async function writeOutput(terminal: Terminal, output: string, text: string): Promise<void> {
  if (output === '-') {
    terminal.write(text);
    return;
  }
  const path = resolve(terminal.cwd, output);
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(beside, text);
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw new Error(`cannot write ${output}`, { cause: error });
  }
}
