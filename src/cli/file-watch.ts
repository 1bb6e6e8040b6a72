import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { kindAt } from './file-errors.ts';
import type { Terminal } from './terminal.ts';

/** Changes that follow one another faster than this belong together: editors write a file in several steps. */
const quietMs = 30;

/** What changed since somebody last asked. */
export interface Changed {
  readonly paths: ReadonlySet<string>;
  /** A folder came or went, or the system did not say what changed. */
  readonly needsAll: boolean;
}

/** Files that change below some paths. */
export interface Changes {
  /** Watches the folders that there are now. */
  follow(): void;
  /** The next changes; undefined after Ctrl-C. */
  next(): Promise<Changed | undefined>;
  close(): void;
}

/**
 * Follows files and folders with everything in them, but hidden ones and installed packages; `hidden` names those hidden files that
 * matter all the same. Nothing is followed before `follow` is called.
 */
export function listen(
  terminal: Pick<Terminal, 'cwd' | 'signal'>,
  paths: readonly string[],
  hidden: readonly string[] = [],
): Changes {
  const watchers = new Map<string, FSWatcher>();
  let pending = new Set<string>();
  let needsAll = false;
  let wake: () => void = () => {};
  terminal.signal.addEventListener('abort', () => wake(), { once: true });
  const roots = paths.map((path) => resolve(terminal.cwd, path));
  const single = new Set(roots.filter((path) => kindAt(path) === 'file'));
  const notice = (folder: string, name: string | null): void => {
    if (name === null) needsAll = true;
    else if ((name.startsWith('.') && !hidden.includes(name)) || name === 'node_modules') return;
    else {
      const path = join(folder, name);
      const isWanted =
        single.has(path) || hidden.includes(name) || roots.some((root) => !single.has(root) && isWithin(root, path));
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
