import { relative, resolve } from 'node:path';
import type { ReadServicesOptions } from '../core/formats/index.ts';
import {
  isDefinition,
  joinDefinitions,
  type LoadedDefinitions,
  type LoadedFile,
  loadDefinitions,
  readDefinitionFile,
} from './definitions.ts';
import { kindAt } from './file-errors.ts';
import { type Changed, listen } from './file-watch.ts';
import { describeError } from './program.ts';
import type { Terminal } from './terminal.ts';

/**
 * Reads definitions, and again whatever changes of them, until Ctrl-C. `take` gets all definitions each time; those of files that did not
 * change are the same objects as before, so that nothing need be done for them again.
 */
export async function watchDefinitions(
  terminal: Terminal,
  paths: readonly string[],
  reading: Pick<ReadServicesOptions, 'sloth' | 'leaveOutQueries'>,
  take: (loaded: LoadedDefinitions) => Promise<unknown>,
): Promise<void> {
  const changes = listen(terminal, paths);
  let files = new Map<string, LoadedFile>();
  const readAll = async (): Promise<void> => {
    const read = await loadDefinitions(terminal, paths, reading);
    files = new Map(
      read.files.map((file) => [resolve(terminal.cwd, file.source.name), unchanged(files, file, terminal)]),
    );
    changes.follow();
  };
  const takeAll = async (): Promise<void> => {
    try {
      await take(joinDefinitions([...files.values()]));
    } catch (error) {
      if (terminal.signal.aborted) return;
      terminal.writeError(`nines: ${describeError(error)}\n`);
    }
  };
  try {
    await readAll();
    await takeAll();
    terminal.writeError(`nines: watching ${files.size} file${files.size === 1 ? '' : 's'}; Ctrl-C ends it\n`);
    for (;;) {
      const changed = await changes.next();
      if (changed === undefined) return;
      try {
        if (await reread(terminal, changed, files, reading)) await takeAll();
        else if (changed.needsAll) {
          await readAll();
          await takeAll();
        }
      } catch (error) {
        if (terminal.signal.aborted) return;
        // A file may be gone again before it is read; what is right on the disk is read with the next change.
        terminal.writeError(`nines: ${describeError(error)}\n`);
      }
    }
  } finally {
    changes.close();
  }
}

/** A file that says what it said before keeps its services. */
function unchanged(files: ReadonlyMap<string, LoadedFile>, file: LoadedFile, terminal: Terminal): LoadedFile {
  const before = files.get(resolve(terminal.cwd, file.source.name));
  return before !== undefined && before.source.text !== '' && before.source.text === file.source.text ? before : file;
}

/** Reads the changed files anew; false if none of them is a definition, or if everything has to be read. */
async function reread(
  terminal: Terminal,
  { paths, needsAll }: Changed,
  files: Map<string, LoadedFile>,
  reading: Pick<ReadServicesOptions, 'sloth' | 'leaveOutQueries'>,
): Promise<boolean> {
  if (needsAll) return false;
  let any = false;
  for (const path of paths) {
    if (kindAt(path) !== 'file') {
      any = files.delete(path) || any;
    } else if (files.has(path) || (await isDefinition(path))) {
      files.set(path, await readDefinitionFile(terminal, relative(terminal.cwd, path), reading));
      any = true;
    }
  }
  return any;
}
