import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Diagnostic, formatDiagnostic, type LocatedDiagnostic, type Source } from '../core/base/index.ts';
import {
  hasReferences,
  mergeServices,
  type ReadServicesOptions,
  readServices,
  referencesIn,
  sharedObjectives,
} from '../core/formats/index.ts';
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

/** How the definitions of other tools are read. */
export type DefinitionOptions = Pick<ReadServicesOptions, 'sloth' | 'from' | 'allowsMissing'>;

/** Paths that could not be read, which is no finding about a definition: the command cannot tell. */
export class UnreadableError extends Error {
  override readonly name: string = 'UnreadableError';
}

/**
 * Reads definitions from files (YAML, or a TypeScript or JavaScript module that exports what `defineService` gives), from folders and
 * everything in them, and from `-`, standard input. A file is read once, however many paths lead to it. Throws an UnreadableError that
 * names every path that cannot be read or holds no definition. Each file is handed on as soon as it is read.
 */
export async function loadDefinitions(
  terminal: Terminal,
  paths: readonly string[],
  reading: DefinitionOptions = {},
  onRead: (file: LoadedFile) => void = () => {},
): Promise<LoadedDefinitions> {
  const failures: string[] = [];
  const found = await findFiles(terminal, paths, failures);
  const texts: (Source | LoadedFile)[] = [];
  for (const path of found) {
    terminal.signal.throwIfAborted();
    try {
      texts.push(
        path === '-' ? { name: '<stdin>', text: await terminal.readInput() } : await readDefinitionText(terminal, path),
      );
    } catch (error) {
      failures.push(`cannot read ${path}: ${reasonOf(error)}`);
    }
  }
  if (0 < failures.length) throw new UnreadableError(failures.join('\nnines: '));
  // What objects refer to may stand in any of the files.
  const beside = referencesIn(texts.flatMap((each) => ('text' in each && hasReferences(each) ? [each] : [])));
  const files: LoadedFile[] = [];
  for (const each of texts) {
    const file = 'text' in each ? readText(each, { ...reading, beside }) : each;
    files.push(file);
    onRead(file);
    // Ctrl-C, and whoever works on what was read, are heard only between two files.
    await setImmediate();
    terminal.signal.throwIfAborted();
  }
  return joinDefinitions(files);
}

/** The definitions of several files as one, with what is wrong between them. Of a service that stands in several files of other tools all objectives count. */
export function joinDefinitions(files: readonly LoadedFile[]): LoadedDefinitions {
  const byName = new Map<string, [Service, ...Service[]]>();
  for (const service of files.flatMap(({ services }) => services)) {
    const known = byName.get(service.name);
    if (known === undefined) byName.set(service.name, [service]);
    else known.push(service);
  }
  return {
    services: [...byName.values()].map((all) => (all.length === 1 ? all[0] : mergeServices(...all))),
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

/** Reads one file that refers to no other. Throws an error of the file system if it cannot be read. */
export async function readDefinitionFile(
  terminal: Terminal,
  path: string,
  reading: DefinitionOptions,
): Promise<LoadedFile> {
  const read = await readDefinitionText(terminal, path);
  return 'text' in read ? readText(read, reading) : read;
}

/** The text of a file, or what a module exports. */
async function readDefinitionText(terminal: Terminal, path: string): Promise<Source | LoadedFile> {
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
  return { name, text: await readFile(absolute, 'utf8') };
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

/**
 * Services of different files that go by one name; those of one file have been told by the reader. Other tools have an objective in each
 * file, and only what is there twice is wrong.
 */
function duplicates(files: readonly LoadedFile[]): readonly LocatedDiagnostic[] {
  const before = new Map<string, { readonly file: LoadedFile; readonly service: Service }[]>();
  return files.flatMap((file) =>
    file.services.flatMap((service) => {
      const others = before.get(service.name) ?? [];
      before.set(service.name, [...others, { file, service }]);
      const [first] = others;
      if (first === undefined || first.file === file) return [];
      const isOwn = [file, ...others.map((other) => other.file)].some(({ source }) => !ofOtherTool.test(source.text));
      if (isOwn) {
        const message = `the service \`${service.name}\` is defined in ${first.file.source.name} as well`;
        return [duplicate(file, new RegExp(`^service:\\s*["']?(${service.name})\\b`, 'dm'), message)];
      }
      return [
        ...sharedObjectives([...others.map((other) => other.service), service]).flatMap((name) => {
          const other = others.find((each) => each.service.slos.some((slo) => slo.name === name));
          if (other === undefined || !service.slos.some((slo) => slo.name === name)) return [];
          const message = `the objective \`${name}\` of \`${service.name}\` is defined in ${other.file.source.name} as well`;
          // What its parts make the name of stands in labels of slo-generator, of which the last one tells them apart.
          return [
            duplicate(
              file,
              new RegExp(`(?:name:\\s*["']?(?=${name}\\b)|slo_name:\\s*["']?)([\\w.-]+)`, 'dim'),
              message,
            ),
          ];
        }),
        ...differingOwner(first, { file, service }),
        ...differingSeverities(first, { file, service }),
      ];
    }),
  );
}

function duplicate({ source }: LoadedFile, place: RegExp, message: string): LocatedDiagnostic {
  const found = place.exec(source.text)?.indices?.[1];
  const span = { start: found?.[0] ?? 0, end: found?.[1] ?? 0 };
  return { severity: 'error', code: 'definition/duplicate', message, help: 'rename one of them', span, source };
}

/** A service has one owner; if its files name two, the first one is taken. */
function differingOwner(
  first: { readonly file: LoadedFile; readonly service: Service },
  { file, service }: { readonly file: LoadedFile; readonly service: Service },
): readonly LocatedDiagnostic[] {
  if (service.owner === '' || first.service.owner === '' || service.owner === first.service.owner) return [];
  const message = `the service \`${service.name}\` belongs to \`${first.service.owner}\` by ${first.file.source.name}; \`${service.owner}\` is not kept`;
  const help = 'name one owner, or make two services of it';
  const start = Math.max(0, file.source.text.indexOf(service.owner));
  const span = { start, end: start + service.owner.length };
  return [{ severity: 'warning', code: 'dialect/lost', message, help, span, source: file.source }];
}

/** A service has one word for each severity; those of its first file that says any are taken. */
function differingSeverities(
  first: { readonly file: LoadedFile; readonly service: Service },
  { file, service }: { readonly file: LoadedFile; readonly service: Service },
): readonly LocatedDiagnostic[] {
  const words = ({ severityLabels: { page, ticket, info } }: Service): string => `${page}, ${ticket}, ${info}`;
  if (words(service) === words(first.service)) return [];
  const message = `the severities of \`${service.name}\` are \`${words(first.service)}\` in ${first.file.source.name}, and \`${words(service)}\` here, which is not kept`;
  const help = 'call them the same in all files of the service';
  const span = { start: 0, end: 0 };
  return [{ severity: 'warning', code: 'dialect/lost', message, help, span, source: file.source }];
}

/** A text of another tool, which says so in its first lines. */
const ofOtherTool =
  /^[ \t{[-]*["']?(?:apiVersion["']?:\s*["']?(?:openslo|openslo\.com|pyrra\.dev|sloth\.slok\.dev|sre\.google\.com)\/|version["']?:\s*["']?prometheus\/v)/m;

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
