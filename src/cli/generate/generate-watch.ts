import { relative, resolve } from 'node:path';
import { hasReferences } from '../../core/formats/index.ts';
import {
  type DefinitionOptions,
  isDefinition,
  joinDefinitions,
  type LoadedDefinitions,
  type LoadedFile,
  loadDefinitions,
  readDefinitionFile,
} from '../definitions.ts';
import { kindAt } from '../file-errors.ts';
import { type Changed, listen } from '../file-watch.ts';
import { describeError } from '../program.ts';
import type { Terminal } from '../terminal.ts';

/**
 * Reads definitions, and again whatever changes of them, until Ctrl-C. `take` gets all definitions each time; those of files that did not
 * change are the same objects as before, so that nothing need be done for them again.
 */
export async function watchDefinitions(
  terminal: Terminal,
  paths: readonly string[],
  reading: DefinitionOptions,
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
        const extent = changed.needsAll ? 'all' : await reread(terminal, changed, files, reading);
        if (extent === 'all') await readAll();
        if (extent !== 'none') await takeAll();
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

/** A file that says what it said before keeps its services, unless it refers to other files. */
function unchanged(files: ReadonlyMap<string, LoadedFile>, file: LoadedFile, terminal: Terminal): LoadedFile {
  const before = files.get(resolve(terminal.cwd, file.source.name));
  if (hasReferences(file.source)) return file;
  return before !== undefined && before.source.text !== '' && before.source.text === file.source.text ? before : file;
}

/** Reads the changed files anew, if any of them is a definition. Where files refer to one another everything has to be read. */
async function reread(
  terminal: Terminal,
  { paths }: Changed,
  files: Map<string, LoadedFile>,
  reading: DefinitionOptions,
): Promise<'none' | 'some' | 'all'> {
  let extent: 'none' | 'some' = 'none';
  for (const path of paths) {
    const before = files.get(path);
    if (before !== undefined && hasReferences(before.source)) return 'all';
    if (kindAt(path) !== 'file') {
      if (files.delete(path)) extent = 'some';
    } else if (before !== undefined || (await isDefinition(path))) {
      const now = await readDefinitionFile(terminal, relative(terminal.cwd, path), reading);
      if (hasReferences(now.source)) return 'all';
      files.set(path, now);
      extent = 'some';
    }
  }
  return extent;
}
