import type { Diagnostic, Outcome, Source } from '../base/index.ts';
import type { Service } from '../slo/index.ts';
import { nodeAt, readYaml, type YamlLimits, type YamlNode, type YamlPath } from '../yaml/index.ts';
import { readDefinitionsAt } from './definition/read.ts';
import { type Reading, reportKey, writtenAt } from './definition/reading.ts';
import { headOf, say } from './dialect-reading.ts';
import { plainName } from './dialect-service.ts';
import { readOpenslo } from './openslo/read.ts';
import { readPyrra } from './pyrra/read.ts';
import { mergeServices, sharedObjectives } from './service-merge.ts';
import { isConfiguration } from './slo-generator/policies.ts';
import { readSloGenerator } from './slo-generator/read.ts';
import { readSloth } from './sloth/read.ts';
import { type SlothAlertWindows, slothDefaults } from './sloth/windows.ts';

/** The formats of other tools that are read. */
export const dialects = ['openslo', 'sloth', 'pyrra', 'slo-generator'] as const;
export type Dialect = (typeof dialects)[number];

export interface ReadServicesOptions {
  /** The format of every document; found out from each by default. */
  readonly from?: Dialect;
  /** What the source may refer to, by `referencesIn`: OpenSLO's references go from file to file, and slo-generator's policies stand apart. */
  readonly beside?: References;
  /** Whether the source may refer to what is not given: then that is told as a warning, and what depends on it is left out. */
  readonly allowsMissing?: boolean;
  readonly limits?: Partial<YamlLimits>;
  /** The period and the windows of Sloth's objectives, which its flags set; thirty days by default. */
  readonly sloth?: SlothAlertWindows;
}

/** The documents that others may refer to, read once for all of these. */
export interface References {
  readonly documents: readonly YamlNode[];
  /** What reading each text gave, so that it need not be parsed again to be read itself. */
  readonly parsed: ReadonlyMap<Source, Outcome<readonly YamlNode[]>>;
}

/** The documents of texts that others may refer to; what is wrong in them is told when they are read themselves. */
export function referencesIn(sources: readonly Source[], limits?: Partial<YamlLimits>): References {
  const parsed = new Map(sources.map((source) => [source, readYaml(source.text, limits)]));
  return {
    parsed,
    documents: [...parsed.values()].flatMap((documents) => (documents.ok ? documents.value.flatMap(itemsOf) : [])),
  };
}

/** Whether a text may hold what others refer to, or refer to others itself. */
export function hasReferences({ text }: Source): boolean {
  return referring.test(text);
}

/** A key of OpenSLO, or of slo-generator or its configuration, in YAML or JSON. */
const referring =
  /^[ \t{[-]*["']?(?:apiVersion["']?:\s*["']?(?:openslo(?:\.com)?|sre\.google\.com)\/|error_budget_policies["']?:)/m;

const none: References = { documents: [], parsed: new Map() };

/**
 * Reads services from a definition of Nines or of another tool, told apart by what the documents say. A file of other tools may hold
 * several formats side by side; problems are told at their places, all in one run.
 */
export function readServices(source: Source, options: ReadServicesOptions = {}): Outcome<readonly Service[]> {
  const documents = options.beside?.parsed.get(source) ?? readYaml(source.text, options.limits);
  if (!documents.ok) return documents;
  const roots = documents.value.flatMap(itemsOf).filter((root) => root.kind !== 'scalar' || root.value !== null);
  if (options.from === undefined && !roots.some((root) => dialectOf(root) !== undefined)) {
    const slom = roots.find(isSlom);
    return slom === undefined ? readDefinitionsAt(source, documents.value) : refuseSlom(source, slom);
  }
  const readings = roots.map((root): Reading => ({ text: source.text, root, diagnostics: [], misspelt: new Set() }));
  const services = readAll(readings, options);
  const diagnostics: Diagnostic[] = readings
    .flatMap((reading) => once(reading.diagnostics))
    .toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics };
  return { ok: true, value: services, diagnostics };
}

/** What is said of an object that several others refer to is said once. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const found = new Map(diagnostics.map((each) => [`${each.span.start} ${each.code} ${each.message}`, each]));
  return [...found.values()];
}

/** The format of a document, by the keys that every one of them has; undefined for any other text. */
export function dialectOf(root: YamlNode): Dialect | undefined {
  const { apiVersion, kind } = headOf(root);
  if (/^openslo(?:\.com)?\//.test(apiVersion)) return 'openslo';
  if (apiVersion.startsWith('pyrra.dev/')) return 'pyrra';
  if (apiVersion.startsWith('sloth.slok.dev/')) return 'sloth';
  if (apiVersion.startsWith('sre.google.com/') && kind === 'ServiceLevelObjective') return 'slo-generator';
  if (root.kind !== 'map' || apiVersion !== '') return undefined;
  if (isConfiguration(root)) return 'slo-generator';
  const version = root.entries.find(({ key }) => key === 'version')?.value;
  return version?.kind === 'scalar' && version.text.startsWith('prometheus/') ? 'sloth' : undefined;
}

/** Whether a document is a definition of slom, whose objectives are lists with a ratio. */
function isSlom(root: YamlNode): boolean {
  if (root.kind !== 'map' || headOf(root).apiVersion !== '') return false;
  return nodeAt(root, ['slos', 0, 'objective', 'ratio']) !== undefined;
}

function refuseSlom({ text }: Source, root: YamlNode): Outcome<readonly Service[]> {
  const reading: Reading = { text, root, diagnostics: [], misspelt: new Set() };
  const help =
    'write its objectives by hand: each `errorRatio` is a `bad:` and a `total:`, and its `level` a `groupBy:`';
  reportKey(reading, ['slos'], {
    severity: 'error',
    code: 'dialect/unknown',
    message: 'this is a definition of slom, whose format is not read',
    help,
  });
  return { ok: false, diagnostics: reading.diagnostics };
}

/** The documents of a text, those in a list one by one. */
function itemsOf(root: YamlNode): readonly YamlNode[] {
  return root.kind === 'list' ? root.items : [root];
}

function readAll(
  readings: readonly Reading[],
  { from, beside = none, allowsMissing = false, sloth }: ReadServicesOptions,
): readonly Service[] {
  const known = (reading: Reading): Dialect | undefined => {
    const found = dialectOf(reading.root);
    // Sloth reads OpenSLO as well.
    return from === undefined || (from === 'sloth' && found === 'openslo') ? found : from;
  };
  const of = (dialect: Dialect): readonly Reading[] => readings.filter((reading) => known(reading) === dialect);
  for (const reading of readings.filter((each) => known(each) === undefined)) {
    const help = 'put documents of Nines and of other tools into files of their own';
    say(reading, [], 'error', 'dialect/unknown', 'this document is in none of the formats that are read', help);
  }
  const pool = beside.documents;
  const slothPeriod = from === 'sloth' ? { slothPeriod: (sloth ?? slothDefaults).period } : {};
  const services = [
    ...readOpenslo(of('openslo'), { pool, isComplete: !allowsMissing, ...slothPeriod }),
    ...of('sloth').flatMap((reading) => readSloth(reading, sloth)),
    ...readPyrra(of('pyrra')),
    ...readSloGenerator(of('slo-generator'), pool),
  ];
  return joined(readings, services);
}

/** Services of one name as one. An objective that two documents have would be counted twice. */
function joined(readings: readonly Reading[], services: readonly Service[]): readonly Service[] {
  const byName = new Map<string, [Service, ...Service[]]>();
  for (const service of services) {
    const known = byName.get(service.name);
    if (known === undefined) byName.set(service.name, [service]);
    else known.push(service);
  }
  return [...byName.values()].map((all) => {
    for (const name of all.length === 1 ? [] : sharedObjectives(all)) {
      const [reading, path] = placeOf(readings, name) ?? [];
      const message = `the service \`${all[0].name}\` has two objectives \`${name}\``;
      if (reading !== undefined && path !== undefined)
        say(reading, path, 'error', 'dialect/duplicate', message, 'rename one of them');
    }
    return mergeServices(...all);
  });
}

/** Where the last objective of a name stands, as far as its document says it as it is called here; else the last document. */
function placeOf(readings: readonly Reading[], name: string): readonly [Reading, YamlPath] | undefined {
  for (const reading of readings.toReversed()) {
    for (const list of [['slos'], ['spec', 'slos']] as const) {
      const node = nodeAt(reading.root, list);
      const count = node?.kind === 'list' ? node.items.length : 0;
      for (let index = count - 1; 0 <= index; index -= 1) {
        const path: YamlPath = [...list, index, 'name'];
        if (plainName(writtenAt(reading, path)) === name) return [reading, path];
      }
    }
    if (plainName(writtenAt(reading, ['metadata', 'name'])) === name) return [reading, ['metadata', 'name']];
  }
  const last = readings.at(-1);
  return last === undefined ? undefined : [last, []];
}
