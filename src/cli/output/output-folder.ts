import { readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { type GeneratedFile, generatedMark } from '../../core/generate/index.ts';
import { fileReason, kindAt } from '../file-errors.ts';
import {
  hashOf,
  isInside,
  type Manifest,
  type ManifestEntry,
  manifestName,
  printManifest,
  readManifest,
} from './manifest.ts';
import { isHalfMoved, openStaging, type Staging, takeOver } from './staging.ts';

/** A difference between what stands in a folder and what should. */
export interface Change {
  /**
   * `foreign`: a file that Nines did not write stands in the place. `stale`: Nines wrote it, and nothing follows from the definitions any
   * more that would be written there. `edited`: stale, but somebody has changed it since, so that it is kept.
   */
  readonly kind: 'new' | 'changed' | 'foreign' | 'stale' | 'edited';
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

/** A generated file whose text is not at hand. */
export interface KnownFile {
  readonly path: string;
  readonly entry: ManifestEntry;
}

/** A folder of generated files: what stands in it is compared with what is generated, file by file. */
export interface OutputFolder {
  /** Holds a generated file against what is there; undefined if it is there already. */
  compare(file: GeneratedFile): Change | undefined;
  /** Counts files as generated that are known to be in place. */
  keep(files: readonly KnownFile[]): void;
  /** The files that a run like this one wrote earlier and that do not follow from its definitions any more. */
  leftOver(targets: readonly string[]): readonly Change[];
  /** Whether an earlier run was killed while it moved its files. */
  readonly isHalfMoved: boolean;
  /** What is known of a file that was compared. */
  known(path: string): KnownFile | undefined;
  /** The manifest with what was compared, without what is removed. */
  manifest(removed: readonly string[]): Manifest;
}

/** Looks at a folder, which need not exist. `inputs` are the paths of the definitions that this run reads. */
export function lookAt(folder: string, inputs: readonly string[], cwd: string): OutputFolder {
  const before = readManifest(folder);
  const from = inputs.map((path) => (path === '-' ? path : relativePath(folder, resolve(cwd, path)))).toSorted();
  const seen = new Map<string, ManifestEntry>();
  const gone: string[] = [];
  const see = (path: string, entry: ManifestEntry): void => {
    // A service's name is a file's name here, and definitions from elsewhere may hold any.
    if (!isInside(path)) throw new Error(`${JSON.stringify(path)} can't be the name of a file: rename the service`);
    if (seen.has(path)) throw new Error(`two files of this run have the name ${path}: rename a service or an SLO`);
    seen.set(path, entry);
  };
  return {
    isHalfMoved: isHalfMoved(folder),
    keep: (files) => {
      for (const { path, entry } of files) see(path, entry);
    },
    compare: ({ path, text, target }) => {
      see(path, { sha256: hashOf(text), target, from });
      const existing = readIfThere(join(folder, path));
      if (existing === undefined) return { kind: 'new', path, after: text };
      if (existing === text) return undefined;
      const isOurs = hasMark(existing) || before.get(path)?.sha256 === hashOf(existing);
      return { kind: isOurs ? 'changed' : 'foreign', path, before: existing, after: text };
    },
    leftOver: (targets) =>
      [...before].flatMap(([path, entry]): Change[] => {
        if (seen.has(path) || !targets.includes(entry.target) || !isSame(entry.from, from)) return [];
        const existing = readIfThere(join(folder, path));
        if (existing === undefined) {
          gone.push(path);
          return [];
        }
        return [{ kind: hashOf(existing) === entry.sha256 ? 'stale' : 'edited', path, before: existing }];
      }),
    known: (path) => {
      const entry = seen.get(path);
      return entry === undefined ? undefined : { path, entry };
    },
    manifest: (removed) => {
      const entries = new Map([...before, ...seen]);
      for (const path of [...removed, ...gone]) entries.delete(path);
      return entries;
    },
  };
}

/** How the files of a run get into a folder. */
export interface FolderWriter {
  /** Writes a file beside its place. */
  add(change: Change): void;
  /** Puts everything in place; `removed` are the files to be removed. */
  commit(removed: readonly string[], manifest: Manifest): void;
  /** Leaves the folder as it was. */
  discard(): void;
}

/** Begins to write into a folder; first it finishes what a killed run has begun. Nothing is touched until there is something to write. */
export function writeTo(folder: string): FolderWriter {
  if (kindAt(folder) === 'folder') takeOver(folder);
  let staging: Staging | undefined;
  const open = (): Staging => {
    staging ??= openStaging(folder);
    return staging;
  };
  return {
    add: ({ path, before, after = '' }) => {
      open().add(path, after, before === undefined ? undefined : statSync(join(folder, path)).mode & 0o777);
    },
    commit: (removed, manifest) => {
      const text = printManifest(manifest);
      if (readIfThere(join(folder, manifestName)) !== text) open().add(manifestName, text);
      staging?.commit(removed);
    },
    discard: () => staging?.discard(),
  };
}

/** The mark stands in a comment of whatever form at the very beginning, after a document type at most. */
const mark = new RegExp(`^(?:<!doctype html>\\s*)?(?:#|//|<!--|/\\*|\\{\\{/\\*)\\s*${generatedMark}\\b`, 'i');

function hasMark(text: string): boolean {
  return mark.test(text.slice(0, 200));
}

function readIfThere(path: string): string | undefined {
  const kind = kindAt(path);
  if (kind === 'nothing') return undefined;
  if (kind !== 'file') throw new Error(`${path} is ${kind === 'folder' ? 'a folder' : 'no regular file'}`);
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`cannot read ${path}: ${fileReason(error)}`);
  }
}

function relativePath(folder: string, path: string): string {
  return relative(folder, path).replaceAll('\\', '/') || '.';
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
