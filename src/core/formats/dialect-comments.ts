import type { Source, Span } from '../base/index.ts';
import type { Service } from '../slo/index.ts';
import { nodeAt, readYaml, type YamlNode, type YamlPath } from '../yaml/index.ts';
import { type Reading, writtenAt } from './definition/reading.ts';
import { dialectOf } from './dialect.ts';
import { plainName } from './dialect-service.ts';

/** What people wrote beside a definition of another tool, by what it is about: the name of a service, or `service/objective`. */
export type Comments = ReadonlyMap<string, string>;

/**
 * The comments of a text that stand on lines of their own, each with the objective that it stands above or within; those before the first
 * objective are about the service. Comments behind values are not among them.
 */
export function commentsIn({ text }: Source, services: readonly Service[]): Comments {
  // Most long files are written by programs and have none.
  const documents = commentLine.test(text) ? readYaml(text) : undefined;
  const found = new Map<string, string[]>();
  if (!documents?.ok) return new Map();
  const named = namedIn(services);
  let start = 0;
  for (const root of documents.value) {
    for (const { about, end } of partsOf(root, text, named)) {
      const lines = commentLines(text, { start, end }, root);
      if (0 < lines.length) found.set(about, [...(found.get(about) ?? []), ...lines]);
      start = end;
    }
  }
  return new Map([...found].map(([about, lines]) => [about, lines.join('\n')]));
}

const commentLine = /^[ \t]*#/m;

/** The objectives of some services by the names that a document may call them by. */
interface Named {
  /** The first of each name. */
  readonly objectives: ReadonlyMap<string, { readonly about: string; readonly service: number; readonly slo: number }>;
  /** What a document without any of these names is about. */
  readonly first: string | undefined;
}

function namedIn(services: readonly Service[]): Named {
  const objectives = new Map<string, { readonly about: string; readonly service: number; readonly slo: number }>();
  for (const [service, { name, slos }] of services.entries()) {
    for (const [slo, { name: own, family }] of slos.entries()) {
      const place = { about: `${name}/${own}`, service, slo };
      // Several objectives of one SLO of OpenSLO are called after it.
      for (const called of [own, family ?? own]) if (!objectives.has(called)) objectives.set(called, place);
    }
  }
  return { objectives, first: services[0]?.name };
}

/** A stretch of a document that is about one thing, up to where it ends. */
interface Part {
  readonly about: string;
  readonly end: number;
}

function partsOf(root: YamlNode, text: string, named: Named): readonly Part[] {
  const items = root.kind === 'list' ? root.items : [root];
  return items.flatMap((item): readonly Part[] => {
    const reading: Reading = { text, root: item, diagnostics: [], misspelt: new Set() };
    if (dialectOf(item) === 'sloth') return slothParts(reading);
    const about = objectiveOf(reading, named);
    return about === undefined ? [] : [{ about, end: item.span.end }];
  });
}

/** A document of Sloth is a service: what stands above its list is about it, and each item of the list about an objective. */
function slothParts(reading: Reading): readonly Part[] {
  const at = (path: YamlPath): YamlNode | undefined => nodeAt(reading.root, path);
  const base: YamlPath = at(['spec', 'slos']) === undefined ? [] : ['spec'];
  const service = plainName(writtenAt(reading, [...base, 'service']));
  const list = at([...base, 'slos']);
  if (list?.kind !== 'list') return [];
  const slos = list.items.map((item, index): Part => {
    const name = plainName(writtenAt(reading, [...base, 'slos', index, 'name']));
    return { about: `${service}/${name}`, end: item.span.end };
  });
  // The list begins at its first item, above whose comments the key stands.
  const key = reading.text.lastIndexOf('slos', list.span.start);
  return [{ about: service, end: key }, ...slos];
}

/** The objective that a document of another tool defines, by the names that it was read with. */
function objectiveOf(reading: Reading, { objectives, first }: Named): string | undefined {
  const label = (key: string): string => writtenAt(reading, ['metadata', 'labels', key]);
  const joined = plainName([label('feature_name'), label('slo_name')].filter((part) => part !== '').join('-'));
  const names = [joined, plainName(writtenAt(reading, ['metadata', 'name']))].filter((name) => name !== '');
  const [found] = names
    .flatMap((name) => objectives.get(name) ?? [])
    .toSorted((a, b) => a.service - b.service || a.slo - b.slo);
  return found?.about ?? first;
}

/** The comments within a stretch, without their marks; a text of several lines may hold what only looks like one. */
function commentLines(text: string, { start, end }: Span, root: YamlNode): readonly string[] {
  const blocks = blocksOf(root);
  const lines: string[] = [];
  let offset = start;
  for (const line of text.slice(start, end).split('\n')) {
    const place = offset;
    const [, comment] = /^[ \t]*#+[ ]?(.*?)\r?$/.exec(line) ?? [];
    // Within a line that began before the stretch nothing stands by itself.
    const isOwn = place === 0 || text[place - 1] === '\n';
    if (comment !== undefined && isOwn && !blocks.some((block) => block.start <= place && place < block.end))
      lines.push(comment);
    offset += line.length + 1;
  }
  return lines;
}

function blocksOf(node: YamlNode): readonly Span[] {
  switch (node.kind) {
    case 'scalar':
      return node.style === 'literal' || node.style === 'folded' || node.text.includes('\n') ? [node.span] : [];
    case 'list':
      return node.items.flatMap(blocksOf);
    case 'map':
      return node.entries.flatMap(({ value }) => blocksOf(value));
  }
}
