import { realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileReason, kindAt } from './file-errors.ts';
import type { Terminal } from './terminal.ts';

/** Writes a text to standard output (`-`) or to a file, which appears whole or not at all. */
export function writeOutput(terminal: Terminal, output: string, text: string): void {
  if (output === '-') {
    terminal.write(text);
    return;
  }
  try {
    writeWhole(resolve(terminal.cwd, output), text);
  } catch (error) {
    throw new Error(`cannot write ${output}: ${fileReason(error)}`);
  }
}

function writeWhole(path: string, text: string): void {
  const kind = kindAt(path);
  // A device or a pipe takes the text as it is; to rename a file over it would put an end to it.
  if (kind === 'other' || kind === 'folder') {
    writeFileSync(path, text);
    return;
  }
  // Behind a symbolic link it is the file that is replaced, not the link.
  const place = kind === 'file' ? realpathSync(path) : path;
  const beside = `${place}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, text, { flag: 'wx' });
    renameSync(beside, place);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}
