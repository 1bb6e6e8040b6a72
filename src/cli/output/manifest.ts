import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCode, fileReason } from '../file-errors.ts';

/** The file beside generated files that lists them. Formats without comments can't say themselves who made them. */
export const manifestName = '.nines-manifest.json';

/** A file that an earlier run wrote. */
export interface ManifestEntry {
  readonly sha256: string;
  readonly target: string;
  /** The definitions that it was made from, as paths relative to the folder: what another run writes here is not its business. */
  readonly from: readonly string[];
}

/** The files of a folder that Nines wrote, by path. */
export type Manifest = ReadonlyMap<string, ManifestEntry>;

/** What the file holds: the runs that wrote here, and for each target the files with their hashes. */
interface Written {
  readonly about: string;
  readonly version: 1;
  readonly runs: readonly {
    readonly from: readonly string[];
    readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  }[];
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Reads the manifest of a folder; without one, Nines wrote nothing there. */
export function readManifest(folder: string): Manifest {
  const path = join(folder, manifestName);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return new Map();
    throw new Error(`cannot read ${path}: ${fileReason(error)}`);
  }
  const entries = entriesOf(text);
  if (entries === undefined) throw new Error(`${path} is damaged: restore it, or remove it to start afresh`);
  return entries;
}

function entriesOf(text: string): Manifest | undefined {
  const written = parse(text);
  if (written === undefined) return undefined;
  const entries = new Map<string, ManifestEntry>();
  for (const { from, files } of written.runs) {
    for (const [target, hashes] of Object.entries(files)) {
      for (const [path, sha256] of Object.entries(hashes)) {
        // Nothing outside of the folder is ever ours, whatever a manifest from elsewhere says.
        if (!isInside(path)) return undefined;
        entries.set(path, { sha256, target, from });
      }
    }
  }
  return entries;
}

function parse(text: string): Written | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isWritten(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a path that was read from a file leads to a place within the folder. */
export function isInside(path: unknown): path is string {
  return (
    typeof path === 'string' &&
    path !== '' &&
    path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
  );
}

function isWritten(value: unknown): value is Written {
  return (
    isObject(value) &&
    value['version'] === 1 &&
    Array.isArray(value['runs']) &&
    value['runs'].every(
      (run: unknown) =>
        isObject(run) &&
        Array.isArray(run['from']) &&
        run['from'].every((path) => typeof path === 'string') &&
        isObject(run['files']) &&
        Object.values(run['files']).every(
          (files) => isObject(files) && Object.values(files).every((hash) => typeof hash === 'string'),
        ),
    )
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Prints a manifest: the same entries, the same bytes. */
export function printManifest(manifest: Manifest): string {
  const runs = new Map<string, { from: readonly string[]; files: Record<string, Record<string, string>> }>();
  const sorted = [...manifest].toSorted(([a], [b]) => (a < b ? -1 : 1));
  for (const [path, { sha256, target, from }] of sorted) {
    const key = JSON.stringify(from);
    const run = runs.get(key) ?? { from, files: {} };
    runs.set(key, run);
    run.files[target] ??= {};
    run.files[target][path] = sha256;
  }
  const written: Written = {
    about: 'The files that nines generate wrote here. Keep this one beside them.',
    version: 1,
    runs: [...runs]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([, { from, files }]) => ({ from, files: byKey(files) })),
  };
  return `${JSON.stringify(written, undefined, 2)}\n`;
}

function byKey<T>(record: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
