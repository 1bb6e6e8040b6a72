import type { Diagnostic, LocatedDiagnostic, Span, Subject } from '../core/base/index.ts';
import { keySpanAt, nodeAt, readYaml, type YamlNode } from '../core/yaml/index.ts';
import type { LoadedDefinitions, LoadedFile } from './definitions.ts';

/** Findings of layers that know services and not files, each at its objective, or its service, in the file that defines it. */
export function atSubjects(
  loaded: Pick<LoadedDefinitions, 'files'>,
  diagnostics: readonly Diagnostic[],
): readonly LocatedDiagnostic[] {
  return subjectsIn(loaded)(diagnostics);
}

/** The same for findings that come one service after another: what is found out about the files serves all of them. */
export function subjectsIn({
  files,
}: Pick<LoadedDefinitions, 'files'>): (diagnostics: readonly Diagnostic[]) => readonly LocatedDiagnostic[] {
  const places = placesIn(files);
  return (diagnostics) => diagnostics.map((diagnostic) => ({ ...diagnostic, ...places(diagnostic.subject) }));
}

type Place = Pick<LocatedDiagnostic, 'source' | 'span'>;

/** Where subjects stand. A file is parsed once, when the first of its findings is placed. */
function placesIn(files: readonly LoadedFile[]): (subject: Subject | undefined) => Place {
  let known: ReadonlyMap<string, LoadedFile> | undefined;
  const fileOf = (service: string): LoadedFile | undefined => {
    known ??= new Map(files.flatMap((file) => file.services.map(({ name }) => [name, file] as const)));
    return known.get(service);
  };
  const parsed = new Map<LoadedFile, readonly YamlNode[]>();
  return (subject) => {
    const file = subject === undefined ? undefined : fileOf(subject.service);
    if (subject === undefined || file === undefined) {
      // Findings about all services together belong to the first file as well as to any other.
      return { source: { name: files[0]?.source.name ?? '<definitions>', text: '' }, span: { start: 0, end: 0 } };
    }
    const roots = parsed.get(file) ?? rootsOf(file.source.text);
    parsed.set(file, roots);
    return { source: file.source, span: spanOf(file.source.text, roots, subject) };
  };
}

function rootsOf(text: string): readonly YamlNode[] {
  const documents = readYaml(text);
  return documents.ok ? documents.value : [];
}

/** The key of the objective, or the name of the service, in a definition of ours; elsewhere its name, wherever that first stands. */
function spanOf(text: string, roots: readonly YamlNode[], { service, slo }: Subject): Span {
  const root = roots.find((one) => {
    const name = nodeAt(one, ['service']);
    return name?.kind === 'scalar' && name.text === service;
  });
  const path = slo === undefined ? ['service'] : ['slos', slo];
  if (root !== undefined && nodeAt(root, path) !== undefined) return keySpanAt(root, path);
  const [start, end] = named(slo ?? service).exec(text)?.indices?.[1] ?? [0, 0];
  return { start, end };
}

/** Names are of letters, digits, `-`, `_` and `.` only. */
function named(name: string): RegExp {
  return new RegExp(`\\bname:\\s*["']?(${name.replaceAll('.', '\\.')})\\b`, 'd');
}
