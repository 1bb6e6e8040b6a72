import { closest, type Severity } from '../base/index.ts';
import { entryOf, nodeAt, type YamlPath } from '../yaml/index.ts';
import { type Reading, reportKey, reportValue } from './definition/reading.ts';

/** Whether there is something at a path; a key without a value counts as nothing. */
export function isThere(reading: Reading, path: YamlPath): boolean {
  const node = nodeAt(reading.root, path);
  return node !== undefined && !(node.kind === 'scalar' && node.value === null);
}

/** Reports the keys of a map that the format does not have. Gives whether there is a map at the path. */
export function checkKeys(
  reading: Reading,
  path: YamlPath,
  known: readonly string[],
  elsewhere: (key: string) => string | undefined = () => undefined,
): boolean {
  const node = nodeAt(reading.root, path);
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return false;
  if (node.kind !== 'map') {
    say(reading, path, 'error', 'dialect/type', 'this must be a map of keys and values', `it has ${words(known)}`);
    return false;
  }
  for (const { key } of node.entries) {
    if (known.includes(key)) continue;
    const ignored = elsewhere(key);
    if (ignored !== undefined && known.includes(ignored)) {
      const message = `\`${key}\` is ignored here: this version of the format spells it \`${ignored}\``;
      reportKey(reading, [...path, key], {
        severity: 'warning',
        code: 'dialect/unknown-key',
        message,
        help: `rename it to \`${ignored}\``,
      });
      continue;
    }
    const guess = closest(key, known);
    reportKey(reading, [...path, key], {
      severity: 'error',
      code: 'dialect/unknown-key',
      message: `the key \`${key}\` is not known here`,
      help: guess === undefined ? `known are ${words(known)}` : `did you mean \`${guess}\`?`,
    });
    if (guess !== undefined) reading.misspelt.add([...path, guess].join('/'));
  }
  return true;
}

/** The text at a path, as written; undefined with a report where there is something else than a word or number. */
export function textAt(reading: Reading, path: YamlPath): string | undefined {
  const node = nodeAt(reading.root, path);
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return undefined;
  if (node.kind === 'scalar') return node.text;
  say(reading, path, 'error', 'dialect/type', `\`${path.at(-1)}\` must be a text`, 'write a single value');
  return undefined;
}

/** The text at a path that must be there and not be empty. */
export function requiredText(reading: Reading, path: YamlPath): string | undefined {
  const text = textAt(reading, path);
  if (text !== undefined && text.trim() !== '') return text;
  const node = nodeAt(reading.root, path);
  if (node === undefined || node.kind === 'scalar') reportMissing(reading, path);
  return undefined;
}

/** Reports that a key is missing, unless a misspelt one was taken for it. */
export function reportMissing(reading: Reading, path: YamlPath): void {
  if (reading.misspelt.has(path.join('/'))) return;
  const message = isThere(reading, path) ? `\`${path.at(-1)}\` is empty` : `\`${path.at(-1)}\` is missing`;
  const at = nodeAt(reading.root, path) === undefined ? path.slice(0, -1) : path;
  reportKey(reading, at, { severity: 'error', code: 'dialect/missing-key', message, help: 'add it' });
}

/** A boolean, false where nothing is said. */
export function flagAt(reading: Reading, path: YamlPath): boolean | undefined {
  const node = nodeAt(reading.root, path);
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return undefined;
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  say(reading, path, 'error', 'dialect/type', `\`${path.at(-1)}\` is true or false`, 'write `true` or `false`');
  return undefined;
}

/** The paths of the items of a list; none where there is no list. */
export function itemsAt(reading: Reading, path: YamlPath): readonly YamlPath[] {
  const node = nodeAt(reading.root, path);
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
  if (node.kind === 'list') return node.items.map((_, index) => [...path, index]);
  say(reading, path, 'error', 'dialect/type', `\`${path.at(-1)}\` must be a list`, 'begin each item with `- `');
  return [];
}

/** A map of words, such as labels; each value as written. */
export function wordsAt(reading: Reading, path: YamlPath): ReadonlyMap<string, string> {
  const node = nodeAt(reading.root, path);
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return new Map();
  if (node.kind !== 'map') {
    say(reading, path, 'error', 'dialect/type', `\`${path.at(-1)}\` must be a map`, 'write `key: value` lines');
    return new Map();
  }
  return new Map(
    node.entries.flatMap(({ key }) => {
      const text = textAt(reading, [...path, key]);
      return text === undefined ? [] : [[key, text] as const];
    }),
  );
}

/** Reports at the value of a path. */
export function say(
  reading: Reading,
  path: YamlPath,
  severity: Severity,
  code: string,
  message: string,
  help: string,
): void {
  reportValue(reading, path, { severity, code, message, help });
}

/** Reports that something which does not change the promise is not kept; at the key, as its value may be long. */
export function sayLost(reading: Reading, path: YamlPath, message: string, help: string): void {
  reportKey(reading, path, { severity: 'warning', code: 'dialect/lost', message, help });
}

/** Says what of an object's own metadata is not kept: where it stands in a cluster, and labels and annotations but for those with a prefix. */
export function sayMetadata(reading: Reading, prefix: string | undefined): void {
  const isKept = (key: string): boolean => prefix !== undefined && key.startsWith(prefix);
  const words = ['labels', 'annotations'].filter((what) =>
    [...wordsAt(reading, ['metadata', what]).keys()].some((key) => !isKept(key)),
  );
  const lost = [...(isThere(reading, ['metadata', 'namespace']) ? ['namespace'] : []), ...words];
  if (lost.length === 0) return;
  const names = lost.map((word) => `\`${word}\``).join(', ');
  reportKey(reading, ['metadata'], {
    severity: 'info',
    code: 'dialect/lost',
    message: `what the object says in ${names} is not kept: a definition is no object of Kubernetes`,
    help: 'say it where the objects of the generated rules are made',
  });
}

/** The apiVersion and kind of a document, empty where they are missing. */
export function headOf(root: Reading['root']): { readonly apiVersion: string; readonly kind: string } {
  const word = (key: string): string => {
    const node = entryOf(root, key)?.value;
    return node?.kind === 'scalar' ? node.text : '';
  };
  return { apiVersion: word('apiVersion'), kind: word('kind') };
}

/** Names in a sentence. */
function words(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
