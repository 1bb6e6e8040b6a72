import { realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileReason, kindAt } from '../file-errors.ts';
import type { Terminal } from '../terminal.ts';

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

/** Lets a text be written piece by piece to standard output (`-`) or to a file, which appears only once it is whole. */
export async function withWholeFile<T>(
  terminal: Terminal,
  output: string,
  make: (write: (text: string) => Promise<void>) => Promise<T>,
): Promise<T> {
  if (output === '-') {
    return make((text) => {
      terminal.write(text);
      return Promise.resolve();
    });
  }
  const path = resolve(terminal.cwd, output);
  const unfinished = `${path}.${process.pid}.tmp`;
  const refused = (error: unknown): Error => new Error(`cannot write ${output}: ${fileReason(error)}`);
  const file = await open(unfinished, 'w').catch((error: unknown) => {
    throw refused(error);
  });
  try {
    const made = await make((text) =>
      file.writeFile(text).catch((error: unknown) => {
        throw refused(error);
      }),
    );
    await file.close();
    await rename(unfinished, path);
    return made;
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
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
