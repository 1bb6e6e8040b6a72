import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
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
import { describeError } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Changes that follow one another faster than this belong together: editors write a file in several steps. */
const quietMs = 30;

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

interface Changed {
  readonly paths: ReadonlySet<string>;
  /** A folder came or went, or the system did not say what changed. */
  readonly needsAll: boolean;
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

interface Changes {
  /** Watches the folders that there are now. */
  follow(): void;
  /** The next changes; undefined after Ctrl-C. */
  next(): Promise<Changed | undefined>;
  close(): void;
}

function listen(terminal: Terminal, paths: readonly string[]): Changes {
  const watchers = new Map<string, FSWatcher>();
  let pending = new Set<string>();
  let needsAll = false;
  let wake: () => void = () => {};
  terminal.signal.addEventListener('abort', () => wake(), { once: true });
  const roots = paths.map((path) => resolve(terminal.cwd, path));
  const single = new Set(roots.filter((path) => kindAt(path) === 'file'));
  const notice = (folder: string, name: string | null): void => {
    if (name === null) needsAll = true;
    else if (name.startsWith('.') || name === 'node_modules') return;
    else {
      const path = join(folder, name);
      const isWanted = single.has(path) || roots.some((root) => !single.has(root) && isWithin(root, path));
      if (!isWanted) return;
      if (kindAt(path) === 'folder' || watchers.has(path)) needsAll = true;
      pending.add(path);
    }
    setTimeout(() => wake(), quietMs);
  };
  const follow = (): void => {
    const folders = new Set([...roots].flatMap((root) => (single.has(root) ? [dirname(root)] : foldersUnder(root))));
    for (const [folder, watcher] of watchers) {
      if (folders.has(folder)) continue;
      watcher.close();
      watchers.delete(folder);
    }
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      const watcher = watch(folder, (_, name) => notice(folder, name));
      watcher.on('error', () => notice(folder, null));
      watchers.set(folder, watcher);
    }
  };
  return {
    follow,
    next: async () => {
      while (!terminal.signal.aborted && pending.size === 0 && !needsAll) {
        await new Promise<void>((done) => {
          wake = done;
        });
      }
      if (terminal.signal.aborted) return undefined;
      const changed = { paths: pending, needsAll };
      pending = new Set();
      needsAll = false;
      return changed;
    },
    close: () => {
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

/** A folder and those below it; hidden ones and installed packages are not looked into. */
function foldersUnder(folder: string): readonly string[] {
  const below = readdirSync(folder, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules',
  );
  return [folder, ...below.flatMap(({ name }) => foldersUnder(join(folder, name)))];
}

function isWithin(root: string, path: string): boolean {
  return path.startsWith(root.endsWith('/') ? root : `${root}/`);
}
