import { formatDuration, parseDuration } from '../../base/index.ts';
import {
  defaultTimeZone,
  percentileText,
  periodText,
  readPercentile,
  readPeriod,
  readTarget,
  type Slo,
} from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import { defaultAbsentFor, minimumBadEventsOf } from '../definition/defaults.ts';
import { say } from '../dialect-reading.ts';
import { annotationPrefix, annotationsOf, type OpensloObject } from './objects.ts';

/** Annotations with our prefix; none if there is nothing to say. */
export function annotationsWith(values: Readonly<Record<string, string | undefined>>): YamlValue | undefined {
  const said = Object.entries(values).flatMap(([key, value]) =>
    value === undefined ? [] : [[`${annotationPrefix}${key}`, value] as const],
  );
  return said.length === 0 ? undefined : new Map(said);
}

/** The longest texts that OpenSLO has room for: a name for people, and a description. */
const mostInName = 63;
const mostInDescription = 1050;

/** The words about an object, those that are too long for their keys as annotations. */
export interface WordsAbout {
  readonly displayName: string | undefined;
  readonly description: string | undefined;
  readonly annotations: Readonly<Record<string, string | undefined>>;
}

/** Where the title and the description of an object go; a title that is the name needs no place. */
export function wordsAbout(name: string, title: string, description: string | undefined): WordsAbout {
  const isLongTitle = mostInName < title.length;
  const isLongText = description !== undefined && mostInDescription < description.length;
  return {
    displayName: title === name || isLongTitle ? undefined : title,
    description: isLongText ? undefined : description,
    annotations: {
      title: isLongTitle ? title : undefined,
      description: isLongText ? description : undefined,
    },
  };
}

/** The parts of an objective that stand in annotations, as OpenSLO has no keys for them. */
export const annotatedParts: readonly (keyof Slo)[] = [
  'runbook',
  'minimumBadEvents',
  'minimumEvents',
  'noData',
  'absentFor',
  'furtherPeriods',
  'groupBy',
  'quantiles',
  'role',
  'category',
  'lifecycle',
  'criticality',
  'family',
  'journey',
  'customers',
  'rationale',
  'impact',
  'costs',
  'dependsOn',
  'aspiration',
  'evidence',
  'dashboard',
];

/** The annotations of an objective. Lists are written as JSON. */
export function sloAnnotations(slo: Slo): Readonly<Record<string, string | undefined>> {
  return {
    runbook: slo.runbook,
    'minimum-bad-events': unlessSame(slo.minimumBadEvents, minimumBadEventsOf(slo.indicator)),
    'minimum-events': unlessSame(slo.minimumEvents, 0),
    'no-data': unlessSame(slo.noData, 'unknown'),
    'absent-for': slo.absentFor === defaultAbsentFor ? undefined : formatDuration(slo.absentFor),
    periods: listOf(slo.furtherPeriods.map(periodText)),
    // The zone of the period that counts stands in the time window.
    'time-zone': zoneOf(slo),
    'group-by': listOf(slo.groupBy),
    quantiles: listOf(slo.quantiles.map(percentileText)),
    role: unlessSame(slo.role, 'primary'),
    category: unlessSame(slo.category, 'user'),
    lifecycle: unlessSame(slo.lifecycle, 'active'),
    criticality: slo.criticality,
    family: slo.family,
    journey: slo.journey,
    customers: listOf(slo.customers),
    rationale: slo.rationale,
    impact: listOf(slo.impact),
    costs: listOf(slo.costs),
    'depends-on': listOf(slo.dependsOn),
    aspiration: slo.aspiration?.text,
    evidence: slo.evidence,
    dashboard: slo.dashboard,
  };
}

function zoneOf({ period, furtherPeriods }: Slo): string | undefined {
  if (period.kind === 'calendar') return undefined;
  const calendar = furtherPeriods.find((each) => each.kind === 'calendar');
  return calendar?.kind === 'calendar' ? unlessSame(calendar.timeZone, defaultTimeZone) : undefined;
}

function unlessSame<T extends string | number>(value: T, usual: T): string | undefined {
  return value === usual ? undefined : String(value);
}

function listOf(items: readonly string[]): string | undefined {
  return items.length === 0 ? undefined : JSON.stringify(items);
}

const roles = ['primary', 'secondary'] as const;
const categories = ['user', 'resource'] as const;
const noDataWords = ['good', 'bad', 'unknown'] as const;
const lifecycles = ['draft', 'pending', 'active', 'retired'] as const;

/** How much a service or an objective matters, in the words of definitions. */
export const criticalities = ['critical', 'high', 'medium', 'low'] as const;

/** What our annotations say of an objective; `timeZone` is that of its time window. Those that cannot be read are reported. */
export function readSloAnnotations(object: OpensloObject, timeZone: string | undefined): Partial<Slo> {
  const annotations = annotationsOf(object);
  const zone = timeZone ?? annotations.get('time-zone') ?? defaultTimeZone;
  const read = <Key extends keyof Slo>(
    key: Key,
    word: string,
    parse: (text: string) => Slo[Key] | undefined,
  ): Partial<Pick<Slo, Key>> => {
    const text = annotations.get(word);
    if (text === undefined) return {};
    const value = parse(text);
    if (value !== undefined) return one(key, value);
    const message = `\`${text}\` is no value of \`${annotationPrefix}${word}\``;
    const at = [...object.path, 'metadata', 'annotations', `${annotationPrefix}${word}`];
    say(object.reading, at, 'error', 'dialect/type', message, 'write what `nines export` writes, or remove it');
    return {};
  };
  return {
    ...read('runbook', 'runbook', wordOf),
    ...read('minimumBadEvents', 'minimum-bad-events', numberOf),
    ...read('minimumEvents', 'minimum-events', numberOf),
    ...read('noData', 'no-data', oneOf(noDataWords)),
    ...read('absentFor', 'absent-for', parseDuration),
    ...read('furtherPeriods', 'periods', (text) => listFrom(text, (each) => readValue(readPeriod(each, zone)))),
    ...read('groupBy', 'group-by', (text) => listFrom(text, wordOf)),
    ...read('quantiles', 'quantiles', (text) => listFrom(text, (each) => readValue(readPercentile(each))?.ratio)),
    ...read('role', 'role', oneOf(roles)),
    ...read('category', 'category', oneOf(categories)),
    ...read('lifecycle', 'lifecycle', oneOf(lifecycles)),
    ...read('criticality', 'criticality', oneOf(criticalities)),
    ...read('family', 'family', wordOf),
    ...read('journey', 'journey', wordOf),
    ...read('customers', 'customers', (text) => listFrom(text, wordOf)),
    ...read('rationale', 'rationale', wordOf),
    ...read('impact', 'impact', (text) => listFrom(text, wordOf)),
    ...read('costs', 'costs', (text) => listFrom(text, wordOf)),
    ...read('dependsOn', 'depends-on', (text) => listFrom(text, wordOf)),
    ...read('aspiration', 'aspiration', (text) => readValue(readTarget(text))),
    ...read('evidence', 'evidence', wordOf),
    ...read('dashboard', 'dashboard', wordOf),
  };
}

function one<Key extends keyof Slo>(key: Key, value: Slo[Key]): Partial<Pick<Slo, Key>> {
  const part: Partial<Pick<Slo, Key>> = {};
  part[key] = value;
  return part;
}

function wordOf(text: string): string {
  return text;
}

function numberOf(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}

/** The one of some words that a text is. */
export function oneOf<Word extends string>(words: readonly Word[]): (text: string) => Word | undefined {
  return (text) => words.find((word) => word === text);
}

function readValue<T>(outcome: { readonly ok: true; readonly value: T } | { readonly ok: false }): T | undefined {
  return outcome.ok ? outcome.value : undefined;
}

/** The items of a JSON list of texts; undefined if it is none, or if one of them cannot be read. */
function listFrom<T>(text: string, parse: (item: string) => T | undefined): readonly T[] | undefined {
  const items = textsIn(text);
  if (items === undefined) return undefined;
  const values = items.flatMap((item) => parse(item) ?? []);
  return values.length < items.length ? undefined : values;
}

/** The texts of a JSON map by their names; undefined if it is none. */
export function textsByName(text: string): ReadonlyMap<string, string> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const entries = Object.entries(value);
    const texts = entries.flatMap(([name, each]: [string, unknown]) =>
      typeof each === 'string' ? [[name, each] as const] : [],
    );
    return texts.length === entries.length ? new Map(texts) : undefined;
  } catch {
    return undefined;
  }
}

function textsIn(text: string): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    const items = value.flatMap((item: unknown) => (typeof item === 'string' ? [item] : []));
    return items.length === value.length ? items : undefined;
  } catch {
    return undefined;
  }
}
