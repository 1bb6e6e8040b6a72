import { relative, resolve } from 'node:path';
import { isDefinition, joinDefinitions, type LoadedFile, loadDefinitions, readDefinitionFile } from './definitions.ts';
import { kindAt } from './file-errors.ts';
import { findDocuments, type LoadedDocument, readDocument } from './lint-documents.ts';
import type { Terminal } from './terminal.ts';

/** Everything that is linted, by absolute path: a file that did not change is the same object as before. */
export interface LintInputs {
  readonly definitions: Map<string, LoadedFile>;
  readonly documents: Map<string, LoadedDocument>;
}

/** Reads all that the paths lead to. Throws an UnreadableError. */
export async function readInputs(terminal: Terminal, paths: readonly string[]): Promise<LintInputs> {
  const found = await findDocuments(terminal, paths);
  const loaded = found.definitions.length === 0 ? [] : (await loadDefinitions(terminal, found.definitions)).files;
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
  for (const path of paths) {
    const wasDefinition = definitions.has(path);
    const wasDocument = documents.has(path);
    any = any || wasDefinition || wasDocument;
    const isFile = kindAt(path) === 'file';
    const document = isFile ? await readDocument(terminal, path) : undefined;
    if (document === undefined) documents.delete(path);
    else documents.set(path, document);
    const defines = isFile && document === undefined && (wasDefinition || (await isDefinition(path)));
    if (defines) definitions.set(path, await readDefinitionFile(terminal, relative(terminal.cwd, path), {}));
    else definitions.delete(path);
    any = any || defines || document !== undefined;
  }
  return any;
}

/** The definitions among the inputs as one, with what is wrong between them. */
export function definitionsOf({ definitions }: LintInputs): ReturnType<typeof joinDefinitions> {
  return joinDefinitions([...definitions.values()]);
}
