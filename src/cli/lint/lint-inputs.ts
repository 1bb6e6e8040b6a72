import { relative, resolve } from 'node:path';
import { hasReferences } from '../../core/formats/index.ts';
import { isDefinition, joinDefinitions, type LoadedFile, loadDefinitions, readDefinitionFile } from '../definitions.ts';
import { kindAt } from '../file-errors.ts';
import type { Terminal } from '../terminal.ts';
import { findDocuments, type LoadedDocument, readDocument } from './lint-documents.ts';

/** Everything that is linted, by absolute path: a file that did not change is the same object as before. */
export interface LintInputs {
  readonly definitions: Map<string, LoadedFile>;
  readonly documents: Map<string, LoadedDocument>;
}

/** Reads all that the paths lead to. Throws an UnreadableError. */
export async function readInputs(terminal: Terminal, paths: readonly string[]): Promise<LintInputs> {
  const found = await findDocuments(terminal, paths);
  const loaded = found.definitions.length === 0 ? [] : (await loadDefinitions(terminal, found.definitions, part)).files;
  const at = (name: string): string => resolve(terminal.cwd, name);
  return {
    definitions: new Map(loaded.map((file) => [at(file.source.name), file])),
    documents: new Map(found.documents.map((document) => [at(document.source.name), document])),
  };
}

/** Reads changed files anew, in place; whether anything that is linted is among them. */
export async function rereadInputs(
  terminal: Terminal,
  { definitions, documents }: LintInputs,
  paths: ReadonlySet<string>,
): Promise<boolean> {
  let any = false;
  let areReferred = false;
  for (const path of paths) {
    const before = definitions.get(path);
    const wasDefinition = before !== undefined;
    const wasDocument = documents.has(path);
    any = any || wasDefinition || wasDocument;
    const isFile = kindAt(path) === 'file';
    const document = isFile ? await readDocument(terminal, path) : undefined;
    if (document === undefined) documents.delete(path);
    else documents.set(path, document);
    const defines = isFile && document === undefined && (wasDefinition || (await isDefinition(path)));
    const now = defines ? await readDefinitionFile(terminal, relative(terminal.cwd, path), part) : undefined;
    if (now === undefined) definitions.delete(path);
    else definitions.set(path, now);
    areReferred ||= [before, now].some((file) => file !== undefined && hasReferences(file.source));
    any = any || defines || document !== undefined;
  }
  if (areReferred) await rereadReferring(terminal, definitions);
  return any;
}

/** Files that refer to others are read with all that they may refer to. */
async function rereadReferring(terminal: Terminal, definitions: LintInputs['definitions']): Promise<void> {
  const referring = [...definitions].filter(([, { source }]) => hasReferences(source)).map(([path]) => path);
  if (referring.length === 0) return;
  const names = referring.map((path) => relative(terminal.cwd, path));
  for (const file of (await loadDefinitions(terminal, names, part)).files)
    definitions.set(resolve(terminal.cwd, file.source.name), file);
}

/** Who lints may give a part of the files only: what they refer to may be elsewhere. */
const part = { allowsMissing: true } as const;

/** The definitions among the inputs as one, with what is wrong between them. */
export function definitionsOf({ definitions }: LintInputs): ReturnType<typeof joinDefinitions> {
  return joinDefinitions([...definitions.values()]);
}
