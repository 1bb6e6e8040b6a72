import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { errorCode, makeFolder } from '../file-errors.ts';
import { isInside } from './manifest.ts';

/** A file that is written under another name first. */
export interface Move {
  /** Its place, relative to the output folder. */
  readonly path: string;
  /** Its name within the staging folder. */
  readonly staged: string;
}

/**
 * Files on their way into a folder. They are written into a hidden folder inside of it and moved from there all at once, so that at any
 * moment every file is whole, and an interruption before the move leaves everything as it was. The list of moves is written before
 * the first one: what a killed process left unfinished, the next one finishes.
 */
export interface Staging {
  /** Writes a file, not yet in its place. `mode` is that of the file it will replace. */
  add(path: string, text: string, mode?: number): void;
  /** Moves all files to their places and removes others. Once it has begun, Ctrl-C waits for it. */
  commit(removed: readonly string[]): void;
  /** Takes everything back. */
  discard(): void;
}

const stagingName = '.nines-staging';
const journalName = 'moves.json';
const ownerName = 'owner.json';

/** Hidden folders that a process left behind on another machine are taken over after this long. */
const abandonedAfterMs = 3_600_000;

export function openStaging(folder: string): Staging {
  const made = makeFolder(folder);
  const staging = join(folder, stagingName);
  takeOver(folder);
  mkdirSync(staging);
  writeFileSync(join(staging, ownerName), JSON.stringify({ pid: process.pid, host: hostname() }));
  const moves: Move[] = [];
  return {
    add: (path, text, mode) => {
      const staged = String(moves.length);
      writeFileSync(join(staging, staged), text, { flag: 'wx', ...(mode === undefined ? {} : { mode }) });
      moves.push({ path, staged });
    },
    commit: (removed) => {
      for (const parent of new Set(moves.map(({ path }) => dirname(join(folder, path))))) checkFolder(parent, staging);
      const journal: Journal = { moves, removed };
      writeFileSync(join(staging, `${journalName}.tmp`), JSON.stringify(journal));
      renameSync(join(staging, `${journalName}.tmp`), join(staging, journalName));
      finish(folder, journal);
    },
    discard: () => {
      // Once the moves have begun there is no way back, only forward by the next run.
      if (isHalfMoved(folder)) return;
      rmSync(staging, { recursive: true, force: true });
      removeIfEmpty(folder, made);
    },
  };
}

/** Whether an earlier run was interrupted while it moved its files: what is in the folder is partly old and partly new. */
export function isHalfMoved(folder: string): boolean {
  return existsSync(join(folder, stagingName, journalName));
}

/** Finishes or clears away what an earlier process left; refuses while that process lives. */
export function takeOver(folder: string): void {
  const staging = join(folder, stagingName);
  if (!existsSync(staging)) return;
  const owner = readJson(join(staging, ownerName));
  if (isAlive(owner, statSync(staging).mtimeMs)) {
    const who = `process ${String(Object(owner).pid)}`;
    throw new Error(`another nines (${who}) is writing here: wait for it, or remove ${staging} if there is none`);
  }
  const journal = readJson(join(staging, journalName));
  if (isJournal(journal)) finish(folder, journal);
  else rmSync(staging, { recursive: true, force: true });
}

interface Journal {
  readonly moves: readonly Move[];
  readonly removed: readonly string[];
}

/** It does not matter how much of this has been done before. */
function finish(folder: string, { moves, removed }: Journal): void {
  const staging = join(folder, stagingName);
  for (const { path, staged } of moves) {
    try {
      renameSync(join(staging, staged), join(folder, path));
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || existsSync(join(staging, staged))) throw error;
    }
  }
  for (const path of removed) {
    rmSync(join(folder, path), { force: true });
    removeIfEmpty(dirname(join(folder, path)), dirname(path) === '.' ? undefined : join(folder, dirname(path)));
  }
  rmSync(staging, { recursive: true, force: true });
}

/** A folder that can't take a file is found out before the first move. */
function checkFolder(parent: string, staging: string): void {
  makeFolder(parent);
  accessSync(parent, constants.W_OK);
  if (statSync(parent).dev !== statSync(staging).dev) {
    throw Object.assign(new Error(`${parent} lies on another file system`), { code: 'EXDEV', path: parent });
  }
}

/** Removes empty folders from `folder` up to `top`; nothing if there is no `top`. */
function removeIfEmpty(folder: string, top: string | undefined): void {
  if (top === undefined) return;
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  if (folder !== top) removeIfEmpty(dirname(folder), top);
}

function isAlive(owner: unknown, madeMs: number): boolean {
  const { pid, host }: { readonly pid?: unknown; readonly host?: unknown } = Object(owner);
  if (typeof pid !== 'number' || pid === process.pid) return false;
  if (host !== hostname()) return Date.now() - madeMs < abandonedAfterMs;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A journal may come with a checkout from elsewhere: nothing outside of the folder is touched, whatever it says. */
function isJournal(value: unknown): value is Journal {
  const { moves, removed }: { readonly moves?: unknown; readonly removed?: unknown } = Object(value);
  return (
    Array.isArray(moves) &&
    moves.every((move) => isInside(Object(move).path) && isInside(Object(move).staged)) &&
    Array.isArray(removed) &&
    removed.every(isInside)
  );
}
