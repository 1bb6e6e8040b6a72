import { nodeAt, type YamlPath } from '../../yaml/index.ts';
import type { Reading } from '../definition/reading.ts';
import { isThere, itemsAt, sayLost, textAt, wordsAt } from '../dialect-reading.ts';
import { keepLabels } from '../dialect-service.ts';
import type { OpensloObject } from './objects.ts';

/** The labels of an object that alerts can have. */
export function readLabels({ reading, path, version }: OpensloObject): ReadonlyMap<string, string> {
  const at = [...path, 'metadata', 'labels'];
  const places = new Map<string, { value: string; path: YamlPath }>();
  // Version 1 has lists of values, the others single ones.
  const lists = version === 'v1' && isThere(reading, at);
  if (!lists) for (const [label, value] of wordsAt(reading, at)) places.set(label, { value, path: [...at, label] });
  else {
    for (const label of keysAt(reading, at)) {
      const place = [...at, label];
      const values = isList(reading, place) ? itemsAt(reading, place) : [place];
      const [first, second] = values;
      const value = first === undefined ? undefined : textAt(reading, first);
      if (second !== undefined)
        sayLost(
          reading,
          place,
          `of the values of \`${label}\` only the first is kept`,
          'a label of an alert has one value',
        );
      if (value !== undefined) places.set(label, { value, path: place });
    }
  }
  return keepLabels(reading, places);
}

function keysAt(reading: Reading, path: YamlPath): readonly string[] {
  const node = nodeAt(reading.root, path);
  return node?.kind === 'map' ? node.entries.map(({ key }) => key) : [];
}

function isList(reading: Reading, path: YamlPath): boolean {
  return nodeAt(reading.root, path)?.kind === 'list';
}
