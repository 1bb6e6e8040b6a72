import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { type Diagnostic, formatDiagnostic, type LocatedDiagnostic, type Source } from '../core/base/index.ts';
import { type ReadServicesOptions, readServices } from '../core/formats/index.ts';
import type { Service } from '../core/slo/index.ts';
import { defaultYamlLimits } from '../core/yaml/index.ts';
import type { Terminal } from './terminal.ts';

/** The definitions that were found, and all there is to say about them. */
export interface LoadedDefinitions {
  /** In the order of the paths; within a folder, of the names of the files. Those with errors are missing. */
  readonly services: readonly Service[];
  readonly diagnostics: readonly LocatedDiagnostic[];
  /** Each text that was read, with the services it defines. A module has an empty text. */
  readonly files: readonly LoadedFile[];
}

/** A text that was read, what it defines, and what is wrong in it. */
export interface LoadedFile {
  readonly source: Source;
  readonly services: readonly Service[];
  readonly diagnostics: readonly LocatedDiagnostic[];
}

/** Paths that could not be read, which is no finding about a definition: the command cannot tell. */
export class UnreadableError extends Error {
  override readonly name: string = 'UnreadableError';
}

/**
 * Reads definitions from files (YAML, or a TypeScript or JavaScript module that exports what `defineService` gives), from folders and
 * everything in them, and from `-`, standard input. A file is read once, however many paths lead to it. Throws an UnreadableError that
 * names every path that cannot be read or holds no definition.
 */
export async function loadDefinitions(
  terminal: Terminal,
  paths: readonly string[],
  reading: Pick<ReadServicesOptions, 'sloth' | 'leaveOutQueries'> = {},
): Promise<LoadedDefinitions> {
  const failures: string[] = [];
  const sources = await findFiles(terminal, paths, failures);
  const files: LoadedFile[] = [];
  for (const path of sources) {
    terminal.signal.throwIfAborted();
    try {
      files.push(
        path === '-'
          ? readText({ name: '<stdin>', text: await terminal.readInput() }, reading)
          : await readDefinitionFile(terminal, path, reading),
      );
    } catch (error) {
      failures.push(`cannot read ${path}: ${reasonOf(error)}`);
    }
  }
  if (0 < failures.length) throw new UnreadableError(failures.join('\nnines: '));
  return joinDefinitions(files);
}

/** The definitions of several files as one, with what is wrong between them. */
export function joinDefinitions(files: readonly LoadedFile[]): LoadedDefinitions {
  return {
    services: files.flatMap(({ services }) => services),
    diagnostics: [...files.flatMap(({ diagnostics }) => diagnostics), ...duplicates(files)],
    files,
  };
}

async function findFiles(terminal: Terminal, paths: readonly string[], failures: string[]): Promise<readonly string[]> {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    try {
      const absolute = resolve(terminal.cwd, path);
      const isFolder = path !== '-' && (await stat(absolute)).isDirectory();
      const files = isFolder ? await filesUnder(terminal, path) : [path];
      if (files.length === 0)
        failures.push(
          `no definitions in ${path}: looked for slo.yaml, *.slo.yaml and YAML files with apiVersion nines/v1`,
        );
      for (const file of files) {
        const real = file === '-' ? file : await realpath(resolve(terminal.cwd, file));
        if (!seen.has(real)) found.push(file);
        seen.add(real);
      }
    } catch (error) {
      failures.push(`cannot read ${path}: ${reasonOf(error)}`);
    }
  }
  return found;
}

/** Definitions anywhere below a folder, by name. Hidden folders and installed packages are not looked into. */
async function filesUnder(terminal: Terminal, folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const entries = await readdir(resolve(terminal.cwd, folder), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && entry.name !== 'node_modules')
        found.push(...(await filesUnder(terminal, path)));
    } else if (await isDefinition(resolve(terminal.cwd, path))) found.push(path);
  }
  return found;
}

/** Whether a file that was found in a folder is meant to be read: by its name, or by its first line. */
export async function isDefinition(path: string): Promise<boolean> {
  if (/(?:^|[/\\.])slo\.(?:ya?ml|m?[jt]s)$/.test(path)) return true;
  if (!/\.ya?ml$/.test(path) || largest < (await stat(path)).size) return false;
  return ours.test(await readFile(path, 'utf8'));
}

/** The first line of a definition of Nines or of a tool whose definitions are read as well. */
const ours =
  /^(?:-\s+)?(?:apiVersion:\s*["']?(?:nines|openslo|openslo\.com|pyrra\.dev|sloth\.slok\.dev|sre\.google\.com)\/|version:\s*["']?prometheus\/v)/m;

/** Bytes above which a text is longer than the limit however its characters are encoded. */
const largest = 4 * defaultYamlLimits.maxLength;

/** Reads one file. Throws an error of the file system if it cannot be read. */
export async function readDefinitionFile(
  terminal: Terminal,
  path: string,
  reading: ReadServicesOptions,
): Promise<LoadedFile> {
  const absolute = resolve(terminal.cwd, path);
  const name = relative(terminal.cwd, absolute).startsWith('..') ? path : relative(terminal.cwd, absolute);
  if (/^\.[mc]?[jt]s$/.test(extname(path))) return readModule(absolute, name);
  const { size } = await stat(absolute);
  if (largest < size) {
    const message = `the file has ${size} bytes; a definition may have ${defaultYamlLimits.maxLength} characters`;
    const span = { start: 0, end: 0 };
    return located(
      { name, text: '' },
      [],
      [{ severity: 'error', code: 'yaml/too-large', message, help: 'check the path', span }],
    );
  }
  return readText({ name, text: await readFile(absolute, 'utf8') }, reading);
}

function readText(source: Source, reading: ReadServicesOptions): LoadedFile {
  const outcome = readServices(source, reading);
  return located(source, outcome.ok ? outcome.value : [], outcome.diagnostics);
}

function located(source: Source, services: readonly Service[], diagnostics: readonly Diagnostic[]) {
  return { source, services, diagnostics: diagnostics.map((diagnostic) => ({ ...diagnostic, source })) };
}

/**
 * Loads a module and takes every service that it exports, alone or in a list. Types are stripped by jiti, which does the same on every
 * version of Node; `nines` is this very package, so that a definition needs no installation beside it.
 */
async function readModule(path: string, name: string): Promise<LoadedFile> {
  const own = new URL(import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js', import.meta.url);
  const { createJiti } = await import('jiti');
  const jiti = createJiti(import.meta.url, { alias: { nines: own.pathname }, moduleCache: false });
  const source = { name, text: '' };
  try {
    const exported: unknown = await jiti.import(path);
    const services = [...new Set(Object.values(Object(exported)).flat().filter(isService))];
    if (0 < services.length) return { source, services, diagnostics: [] };
    const message = 'the module exports no service';
    const help = 'write `export const checkout = defineService({ ... })`';
    return located(
      source,
      [],
      [{ severity: 'error', code: 'definition/empty', message, help, span: { start: 0, end: 0 } }],
    );
  } catch (error) {
    const diagnostics = diagnosticsOf(error);
    if (diagnostics === undefined) throw error;
    return { source, services: [], diagnostics };
  }
}

/** Of a DefinitionError, which the module's own copy of this package may have thrown, its diagnostics. */
function diagnosticsOf(error: unknown): readonly LocatedDiagnostic[] | undefined {
  if (!(error instanceof Error) || error.name !== 'DefinitionError' || !('diagnostics' in error)) return undefined;
  return Array.isArray(error.diagnostics) ? error.diagnostics : undefined;
}

function isService(value: unknown): value is Service {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    'slos' in value &&
    Array.isArray(value.slos) &&
    'metrics' in value &&
    value.metrics instanceof Map
  );
}

/** Services of different files that go by one name; those of one file have been told by the reader. */
function duplicates(files: readonly LoadedFile[]): readonly LocatedDiagnostic[] {
  const first = new Map<string, LoadedFile>();
  return files.flatMap((file) =>
    file.services.flatMap(({ name }) => {
      const other = first.get(name);
      if (other === undefined) first.set(name, file);
      if (other === undefined || other === file) return [];
      const found = new RegExp(`^service:\\s*["']?(${name})\\b`, 'dm').exec(file.source.text)?.indices?.[1];
      const span = { start: found?.[0] ?? 0, end: found?.[1] ?? 0 };
      const message = `the service \`${name}\` is defined in ${other.source.name} as well`;
      return [
        {
          severity: 'error',
          code: 'definition/duplicate',
          message,
          help: 'rename one of them',
          span,
          source: file.source,
        } as const,
      ];
    }),
  );
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'symbolic links lead in a circle',
};

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (error instanceof Error ? error.message : String(error));
}

/** For the commands that need definitions without errors: prints what is wrong to standard error, and tells whether they may go on. */
export function reportErrors(terminal: Terminal, diagnostics: readonly LocatedDiagnostic[]): boolean {
  const worth = diagnostics.filter(({ severity }) => severity !== 'info');
  if (0 < worth.length) terminal.writeError(`${worth.map(formatDiagnostic).join('\n\n')}\n`);
  return !diagnostics.some(({ severity }) => severity === 'error');
}
