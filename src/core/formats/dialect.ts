import type { Diagnostic, Outcome, Source } from '../base/index.ts';
import type { Service } from '../slo/index.ts';
import { nodeAt, readYaml, type YamlLimits, type YamlNode } from '../yaml/index.ts';
import { readDefinitionsAt } from './definition/read.ts';
import { type Reading, reportKey } from './definition/reading.ts';
import { headOf, say } from './dialect-reading.ts';
import { readOpenslo } from './openslo/read.ts';
import { readPyrra } from './pyrra/read.ts';
import { isConfiguration } from './slo-generator/policies.ts';
import { readSloGenerator } from './slo-generator/read.ts';
import { readSloth } from './sloth/read.ts';
import type { SlothAlertWindows } from './sloth/windows.ts';

/** The formats of other tools that are read. */
export const dialects = ['openslo', 'sloth', 'pyrra', 'slo-generator'] as const;
export type Dialect = (typeof dialects)[number];

export interface ReadServicesOptions {
  /** The format of every document; found out from each by default. */
  readonly from?: Dialect;
  /** Texts with objects that the source may refer to (OpenSLO's references go from file to file). */
  readonly beside?: readonly Source[];
  readonly limits?: Partial<YamlLimits>;
  /** The period and the windows of Sloth's objectives, which its flags set; thirty days by default. */
  readonly sloth?: SlothAlertWindows;
  /** Whether objectives of Sloth whose queries are no sums of counters are left out and told, for whoever keeps the queries, instead of being errors. */
  readonly leaveOutQueries?: boolean;
}

/**
 * Reads services from a definition of Nines or of another tool, told apart by what the documents say. A file of other tools may hold
 * several formats side by side; problems are told at their places, all in one run.
 */
export function readServices(source: Source, options: ReadServicesOptions = {}): Outcome<readonly Service[]> {
  const documents = readYaml(source.text, options.limits);
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
  { from, beside = [], limits, sloth, leaveOutQueries = false }: ReadServicesOptions,
): readonly Service[] {
  const known = (reading: Reading): Dialect | undefined => from ?? dialectOf(reading.root);
  const of = (dialect: Dialect): readonly Reading[] => readings.filter((reading) => known(reading) === dialect);
  for (const reading of readings.filter((each) => known(each) === undefined)) {
    const help = 'put documents of Nines and of other tools into files of their own';
    say(reading, [], 'error', 'dialect/unknown', 'this document is in none of the formats that are read', help);
  }
  const pool = beside.flatMap(({ text }) => {
    const documents = readYaml(text, limits);
    return documents.ok ? documents.value.flatMap(itemsOf) : [];
  });
  const services = [
    ...readOpenslo(of('openslo'), pool),
    ...of('sloth').flatMap((reading) => readSloth(reading, sloth, leaveOutQueries)),
    ...readPyrra(of('pyrra')),
    ...readSloGenerator(of('slo-generator'), pool),
  ];
  return unique(readings, services);
}

/** Services of one name cannot be told apart by their series. */
function unique(readings: readonly Reading[], services: readonly Service[]): readonly Service[] {
  const seen = new Set<string>();
  for (const { name } of services) {
    const [, ...further] = readings.filter((reading) => nameIn(reading) === name);
    const last = further.at(-1) ?? readings.at(-1);
    if (seen.has(name) && last !== undefined)
      say(
        last,
        [],
        'error',
        'dialect/duplicate',
        `the service \`${name}\` is defined twice`,
        'rename one of them, or put the objectives of both into one',
      );
    seen.add(name);
  }
  return services;
}

function nameIn({ root }: Reading): string | undefined {
  const entry = root.kind === 'map' ? root.entries.find(({ key }) => key === 'service') : undefined;
  return entry?.value.kind === 'scalar' ? entry.value.text : undefined;
}
