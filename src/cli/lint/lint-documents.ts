import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { LocatedDiagnostic, Source } from '../../core/base/index.ts';
import { type DocumentKind, documentKind, type LintOptions, lintDocument } from '../../core/lint/index.ts';
import { isDefinition } from '../definitions.ts';
import type { Terminal } from '../terminal.ts';

/** A text that is no definition and that the linter knows how to look into. */
export interface LoadedDocument {
  readonly source: Source;
  readonly kind: DocumentKind;
}

/** Paths parted by what they lead to. */
export interface PartedPaths {
  readonly documents: readonly LoadedDocument[];
  /** Paths that are read as definitions; whatever is wrong with them is told there. */
  readonly definitions: readonly string[];
}

/** Bytes of a document beyond which it is plain that another file was meant. */
const largest = 40_000_000;

/**
 * Finds the documents, rule files and configurations among the paths by what they hold. In a folder only those are taken, and the folder
 * itself is left to the reader of definitions if something else is in it or nothing at all.
 */
export async function findDocuments(
  terminal: Pick<Terminal, 'cwd' | 'signal'>,
  paths: readonly string[],
): Promise<PartedPaths> {
  const documents = new Map<string, LoadedDocument>();
  const definitions: string[] = [];
  for (const path of paths) {
    const absolute = resolve(terminal.cwd, path);
    const info = path === '-' ? undefined : await stat(absolute).catch(() => undefined);
    if (info === undefined) {
      definitions.push(path);
      continue;
    }
    const files = info.isDirectory() ? await textsUnder(absolute) : [absolute];
    const before = documents.size;
    let others = 0;
    for (const file of files) {
      terminal.signal.throwIfAborted();
      const document = await readDocument(terminal, file);
      if (document !== undefined) documents.set(file, document);
      else if (!info.isDirectory() || (await isDefinition(file))) others += 1;
    }
    if (0 < others || documents.size === before) definitions.push(path);
  }
  return { documents: [...documents.values()], definitions };
}

/** What the checks say about a document, with its text. */
export function documentFindings(
  { source, kind }: LoadedDocument,
  options: LintOptions,
  cwd: string,
): readonly LocatedDiagnostic[] {
  const folder = dirname(resolve(cwd, source.name));
  const exists = (path: string): boolean => existsSync(join(folder, unescaped(path)));
  return lintDocument(source, kind, { ...options, exists }).map((diagnostic) => ({ ...diagnostic, source }));
}

/** Reads one file, if it is something that the linter knows and no definition. */
export async function readDocument(
  terminal: Pick<Terminal, 'cwd'>,
  absolute: string,
): Promise<LoadedDocument | undefined> {
  if (!/\.(?:md|markdown|ya?ml|rules|json)$/i.test(absolute) || largest < (await stat(absolute)).size) return undefined;
  const near = relative(terminal.cwd, absolute);
  const source = { name: near.startsWith('..') ? absolute : near, text: await readFile(absolute, 'utf8') };
  const kind = documentKind(source);
  return kind === undefined ? undefined : { source, kind };
}

/** Texts anywhere below a folder, by name. Hidden folders and installed packages are not looked into. */
async function textsUnder(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const entry of (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && entry.name !== 'node_modules') found.push(...(await textsUnder(path)));
    } else if (/\.(?:md|markdown|ya?ml|rules|json|m?[jt]s)$/i.test(entry.name)) found.push(path);
  }
  return found;
}

/** The path that an address in a document stands for; as it is written if its escapes are none. */
function unescaped(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
