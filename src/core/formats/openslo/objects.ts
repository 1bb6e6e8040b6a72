import { entryOf, nodeAt, type YamlNode, type YamlPath } from '../../yaml/index.ts';
import { type Reading, reportKey } from '../definition/reading.ts';
import { checkKeys, headOf, isThere, reportMissing, requiredText, say, textAt, wordsAt } from '../dialect-reading.ts';
import { plainName } from '../dialect-service.ts';

/** The versions of OpenSLO that are read. */
export type Version = 'v1' | 'v1alpha' | 'v2alpha';

/** An object of a document, or one written out within another: what can be read of it, and where it stands. */
export interface OpensloObject {
  readonly reading: Reading;
  /** Where the object begins in its document. */
  readonly path: YamlPath;
  readonly version: Version;
  readonly kind: string;
  readonly name: string;
}

/** What references are looked up in, by kind and name. */
export interface Objects {
  readonly get: (kind: string, name: string) => OpensloObject | undefined;
  /** All objects of a kind: those of other files first. */
  readonly ofKind: (kind: string) => readonly OpensloObject[];
  /** Whether all objects are given, so that a reference that leads nowhere is an error. Documents that are checked by themselves may refer elsewhere. */
  readonly areComplete: boolean;
}

/** Top-level keys of the specification of each kind. Source: the OpenSLO specification, v1, and the schema of v2alpha. */
const specKeys: Readonly<Record<string, readonly string[]>> = {
  SLO: [
    'description',
    'service',
    'serviceRef',
    'indicator',
    'indicatorRef',
    'sli',
    'sliRef',
    'timeWindow',
    'timeWindows',
    'budgetingMethod',
    'objectives',
    'alertPolicies',
  ],
  SLI: ['description', 'thresholdMetric', 'ratioMetric'],
  Service: ['description'],
  AlertPolicy: [
    'description',
    'alertWhenNoData',
    'alertWhenResolved',
    'alertWhenBreaching',
    'conditions',
    'notificationTargets',
  ],
  AlertCondition: ['description', 'severity', 'condition'],
  AlertNotificationTarget: ['description', 'target'],
  DataSource: ['description', 'type', 'connectionDetails'],
};

/** The version that an apiVersion names. */
export function versionOf(apiVersion: string): Version | undefined {
  const word = apiVersion.replace(/^openslo(?:\.com)?\//, '');
  return word === 'v1' || word === 'v1alpha' || word === 'v2alpha' ? word : undefined;
}

/** The object of a document, checked for the keys that every object has. */
export function readObject(reading: Reading): OpensloObject | undefined {
  const { apiVersion, kind } = headOf(reading.root);
  const version = versionOf(apiVersion);
  if (version === undefined) {
    const message = `\`${apiVersion}\` is no version of OpenSLO that is known`;
    say(reading, ['apiVersion'], 'error', 'dialect/unknown', message, 'write `openslo/v1`');
    return undefined;
  }
  checkKeys(reading, [], ['apiVersion', 'kind', 'metadata', 'spec']);
  if (!(kind in specKeys)) {
    const help = `the kinds are ${Object.keys(specKeys).join(', ')}`;
    if (kind === '') reportMissing(reading, ['kind']);
    else say(reading, ['kind'], 'error', 'dialect/type', `\`${kind}\` is no kind of OpenSLO`, help);
    return undefined;
  }
  return readMembers(reading, [], version, kind);
}

/** An object written out in the place of a reference. */
export function readInline(
  reading: Reading,
  path: YamlPath,
  version: Version,
  kind: string,
): OpensloObject | undefined {
  if (!checkKeys(reading, path, ['apiVersion', 'kind', 'metadata', 'spec'])) return undefined;
  return readMembers(reading, path, version, kind);
}

function readMembers(reading: Reading, path: YamlPath, version: Version, kind: string): OpensloObject | undefined {
  checkKeys(reading, [...path, 'metadata'], ['name', 'displayName', 'labels', 'annotations']);
  const name = requiredText(reading, [...path, 'metadata', 'name']);
  if (!checkKeys(reading, [...path, 'spec'], specKeys[kind] ?? [])) {
    const isService = kind === 'Service' && nodeAt(reading.root, [...path, 'spec'])?.kind !== 'scalar';
    if (!isService) reportMissing(reading, [...path, 'spec']);
    if (!isService) return undefined;
  }
  if (name !== undefined) sayUnkept(reading, path, kind, name);
  return name === undefined ? undefined : { reading, path, version, kind, name };
}

/** What is kept of the words about an object, by its kind; of an SLI or a policy only what it means is. */
const keptWords: Readonly<Record<string, readonly string[]>> = {
  SLO: ['displayName', 'labels', 'description'],
  Service: ['displayName', 'description'],
  AlertCondition: ['labels'],
  AlertNotificationTarget: ['displayName', 'description'],
};

function sayUnkept(reading: Reading, path: YamlPath, kind: string, name: string): void {
  const metadata = [...path, 'metadata'];
  // A target has one title, its name for people or what describes it.
  const isTitled = kind === 'AlertNotificationTarget' && isThere(reading, [...metadata, 'displayName']);
  const kept = (keptWords[kind] ?? []).filter((word) => word !== 'description' || !isTitled);
  const lost = ['displayName', 'labels'].filter((key) => !kept.includes(key) && isThere(reading, [...metadata, key]));
  const foreign = [...wordsAt(reading, [...metadata, 'annotations']).keys()].filter(
    (key) => !key.startsWith(annotationPrefix),
  );
  if (!kept.includes('description') && isThere(reading, [...path, 'spec', 'description'])) lost.push('description');
  if (isThere(reading, [...path, 'spec', 'connectionDetails'])) lost.push('connectionDetails');
  const all = [...lost.map((key) => `\`${key}\``), ...foreign.map((key) => `the annotation \`${key}\``)];
  if (all.length === 0) return;
  const message = `what the ${kind} \`${name}\` says in ${all.join(', ')} is not kept`;
  reportKey(reading, metadata, {
    severity: 'info',
    code: 'dialect/lost',
    message,
    help: 'nothing of it changes what is promised',
  });
}

/** The objects by kind and name; of two with one name the second is told. Those of other files are looked up without a word about them. */
export function collectObjects(
  objects: readonly OpensloObject[],
  pool: readonly YamlNode[],
  areComplete: boolean,
): Objects {
  const elsewhere = objectsIn(pool);
  const own: ObjectsByKind = new Map();
  for (const object of objects) {
    const ofKind = own.get(object.kind) ?? new Map<string, OpensloObject>();
    own.set(object.kind, ofKind);
    if (ofKind.has(object.name)) {
      const at = [...object.path, 'metadata', 'name'];
      const message = `there is another ${object.kind} \`${object.name}\``;
      // An objective twice would be counted twice; of anything else the last one is meant.
      const severity = object.kind === 'SLO' ? 'error' : 'warning';
      say(object.reading, at, severity, 'dialect/duplicate', message, 'rename one of them');
    }
    ofKind.set(object.name, object);
  }
  return {
    get: (kind, name) => own.get(kind)?.get(name) ?? elsewhere.get(kind)?.get(name),
    ofKind: (kind) => [...new Map([...(elsewhere.get(kind) ?? []), ...(own.get(kind) ?? [])]).values()],
    areComplete,
  };
}

/** Objects by kind, and then by name. */
type ObjectsByKind = Map<string, Map<string, OpensloObject>>;

/** The objects of each pool, collected once for all files that refer to them. */
const pools = new WeakMap<readonly YamlNode[], ObjectsByKind>();

function objectsIn(pool: readonly YamlNode[]): ObjectsByKind {
  const known = pools.get(pool);
  if (known !== undefined) return known;
  const found: ObjectsByKind = new Map();
  for (const root of pool) {
    const { apiVersion, kind } = headOf(root);
    const version = versionOf(apiVersion);
    const name = entryOf(entryOf(root, 'metadata')?.value, 'name')?.value;
    if (version === undefined || name?.kind !== 'scalar' || !(kind in specKeys)) continue;
    // What is wrong in that file is told when that file is read.
    const reading: Reading = { text: '', root, diagnostics: [], misspelt: new Set() };
    const ofKind = found.get(kind) ?? new Map<string, OpensloObject>();
    found.set(kind, ofKind);
    ofKind.set(name.text, { reading, path: [], version, kind, name: name.text });
  }
  pools.set(pool, found);
  return found;
}

/** The object that the text at a path names; `elsewhere` if it is not there and need not be. */
export function follow(
  objects: Objects,
  from: Reading,
  path: YamlPath,
  kind: string,
): OpensloObject | 'elsewhere' | undefined {
  const name = requiredText(from, path);
  if (name === undefined) return undefined;
  const object = objects.get(kind, name);
  if (object !== undefined) return object;
  const severity = objects.areComplete ? 'error' : 'warning';
  const help = 'give the file that has it as well, or correct the name';
  say(from, path, severity, 'dialect/reference', `there is no ${kind} \`${name}\``, help);
  return objects.areComplete ? undefined : 'elsewhere';
}

/** The name for people, if there is one that differs. */
export function titleOf(object: OpensloObject): string | undefined {
  const { reading, path } = object;
  const title = annotationsOf(object).get('title') ?? textAt(reading, [...path, 'metadata', 'displayName']);
  return title === '' ? undefined : title;
}

/** What an object says of itself. */
export function descriptionOf(object: OpensloObject): string | undefined {
  const { reading, path } = object;
  const text = annotationsOf(object).get('description') ?? textAt(reading, [...path, 'spec', 'description']);
  return text === '' ? undefined : text;
}

/** What the format has no key for stands in annotations with this prefix. */
export const annotationPrefix = 'nines/';

/** Our annotations of an object, without the prefix. */
export function annotationsOf({ reading, path }: OpensloObject): ReadonlyMap<string, string> {
  const at = [...path, 'metadata', 'annotations'];
  if (!isThere(reading, at)) return new Map();
  return new Map(
    [...wordsAt(reading, at)].flatMap(([key, value]) =>
      key.startsWith(annotationPrefix) ? [[key.slice(annotationPrefix.length), value] as const] : [],
    ),
  );
}

/** What tells the objectives of one SLO apart: nothing if there is one, else its displayed name or its place. */
export function objectiveSuffix(displayName: string | undefined, index: number, count: number): string {
  return count === 1 ? '' : `-${plainName(displayName ?? '') || index + 1}`;
}
