import { closest, type Diagnostic, type Duration, duration, parseDuration, type Span } from '../base/index.ts';
import { firstLineOf, type YamlEntry, type YamlMap, type YamlNode, type YamlScalar } from '../yaml/index.ts';

/** Reads YAML nodes into the shapes that Prometheus's files have, and gathers what does not fit. */
export interface ShapeReader {
  /** The text that the nodes are from. */
  readonly text: string;
  readonly diagnostics: Diagnostic[];
  /** Whether keys that Prometheus does not know are let pass. */
  readonly ignoreUnknownFields: boolean;
}

export function report(reader: ShapeReader, code: string, span: Span, message: string, help?: string): void {
  const base = { severity: 'error', code, message, span } as const;
  reader.diagnostics.push(help === undefined ? base : { ...base, help });
}

/** What Go's YAML reader takes for "nothing given": no entry at all, or null. */
export function isAbsent(node: YamlNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

/** The entries of a map by key. Keys that are not among `known` are reported. */
export function readFields<K extends string>(
  reader: ShapeReader,
  node: YamlNode | undefined,
  what: string,
  known: readonly K[],
): Readonly<Partial<Record<K, YamlEntry>>> {
  const fields: Partial<Record<K, YamlEntry>> = {};
  const map = readMap(reader, node, what);
  for (const entry of map?.entries ?? []) {
    const key = known.find((name) => name === entry.key);
    if (key !== undefined) fields[key] = entry;
    else if (!reader.ignoreUnknownFields) {
      const meant = closest(entry.key, known);
      const help = meant === undefined ? `${what} knows ${known.join(', ')}` : `did you mean ${meant}?`;
      report(reader, 'rules/unknown-key', entry.keySpan, `${what} has no key ${entry.key}`, help);
    }
  }
  return fields;
}

/** A map; null counts as an empty one. */
function readMap(reader: ShapeReader, node: YamlNode | undefined, what: string): YamlMap | undefined {
  if (node === undefined || isAbsent(node)) return undefined;
  if (node.kind === 'map') return node;
  report(reader, 'rules/shape', firstLineOf(node), `${what} must be a map of keys and values, not ${describe(node)}`);
  return undefined;
}

/** The items of a list; null and nothing count as an empty one. */
export function readList(reader: ShapeReader, node: YamlNode | undefined, what: string): readonly YamlNode[] {
  if (node === undefined || isAbsent(node)) return [];
  if (node.kind === 'list') return node.items;
  report(reader, 'rules/shape', firstLineOf(node), `${what} must be a list, not ${describe(node)}`);
  return [];
}

/** A text: any scalar, as it is written. Null and nothing are undefined. */
export function readScalar(reader: ShapeReader, node: YamlNode | undefined, what: string): YamlScalar | undefined {
  if (node === undefined || isAbsent(node)) return undefined;
  if (node.kind === 'scalar') return node;
  report(reader, 'rules/shape', firstLineOf(node), `${what} must be a text, not ${describe(node)}`);
  return undefined;
}

/** A length of time in Prometheus's form. */
export function readDuration(reader: ShapeReader, node: YamlNode | undefined, what: string): Duration | undefined {
  const scalar = readScalar(reader, node, what);
  if (scalar === undefined) return undefined;
  const length = parseDuration(scalar.text);
  if (length !== undefined) return length;
  const number = Number(scalar.text);
  const seconds = scalar.text !== '' && Number.isFinite(number) && 0 <= number;
  const help = seconds ? `with a unit: ${scalar.text}s?` : 'a length of time is written like 30s, 5m or 1h30m';
  report(reader, 'rules/duration', scalar.span, `${what} is no length of time: ${JSON.stringify(scalar.text)}`, help);
  return duration(0);
}

/** A map of texts, such as labels, with the node of each value. */
export function readTextMap(
  reader: ShapeReader,
  node: YamlNode | undefined,
  what: string,
): ReadonlyMap<string, { readonly entry: YamlEntry; readonly text: string; readonly scalar: YamlScalar | undefined }> {
  const map = readMap(reader, node, what);
  return new Map(
    (map?.entries ?? []).map((entry) => {
      const scalar = readScalar(reader, entry.value, `${what} ${entry.key}`);
      return [entry.key, { entry, text: scalar?.text ?? '', scalar }] as const;
    }),
  );
}

function describe(node: YamlNode): string {
  switch (node.kind) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'scalar':
      return `the text ${JSON.stringify(node.text.slice(0, 40))}`;
  }
}
