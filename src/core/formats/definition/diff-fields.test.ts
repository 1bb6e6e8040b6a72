import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { diffServices, type Service, type Slo } from '../../slo/index.ts';
import { readDefinitions } from '../index.ts';

// Every value of the model is changed once, wherever a definition says it: the difference has to be told.

const root = resolve(import.meta.dirname, '../../../..');
const files = [
  ...readdirSync(join(root, 'examples'), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join(root, 'examples', entry.name, 'slo.yaml')] : [],
  ),
  ...readdirSync(join(import.meta.dirname, '../testdata')).flatMap((name) =>
    name.startsWith('valid-') ? [join(import.meta.dirname, '../testdata', name, 'slo.yaml')] : [],
  ),
];
const services = files.flatMap((name) => {
  const outcome = readDefinitions({ name, text: readFileSync(name, 'utf8') });
  return outcome.ok ? outcome.value : [];
});

/** All parts of a service and of an objective: the compiler asks for new ones, and the test for a definition that says them. */
const ofService = keysOf<Service>({
  name: 1,
  title: 1,
  description: 1,
  owner: 1,
  job: 1,
  metrics: 1,
  slos: 1,
  criticality: 1,
  severityLabels: 1,
  indicators: 1,
  alerts: 1,
  policies: 1,
  thresholds: 1,
  slas: 1,
  exclusions: 1,
  goals: 1,
  notifications: 1,
  panels: 1,
  environments: 1,
  contacts: 1,
  reviews: 1,
  changeProcess: 1,
  proposals: 1,
  actionItems: 1,
  document: 1,
  outOfScope: 1,
  glossary: 1,
  resources: 1,
});
const ofSlo = keysOf<Slo>({
  name: 1,
  title: 1,
  description: 1,
  indicator: 1,
  target: 1,
  period: 1,
  alerts: 1,
  minimumBadEvents: 1,
  noData: 1,
  absentFor: 1,
  runbook: 1,
  labels: 1,
  measure: 1,
  furtherPeriods: 1,
  groupBy: 1,
  conditionAlerts: 1,
  minimumEvents: 1,
  quantiles: 1,
  role: 1,
  category: 1,
  lifecycle: 1,
  criticality: 1,
  family: 1,
  journey: 1,
  customers: 1,
  rationale: 1,
  impact: 1,
  costs: 1,
  dependsOn: 1,
  aspiration: 1,
  evidence: 1,
  targetHistory: 1,
  dashboard: 1,
});

function keysOf<Whole>(keys: Readonly<Record<keyof Whole, 1>>): readonly string[] {
  return Object.keys(keys);
}

/**
 * What follows from other values, is where something stands in a text, tells kinds apart, or cannot be another: a metric is called by its key,
 * and terms are added up.
 */
const derived =
  /\/(?:span|operatorSpan|matcherSpans|errorBudget|kind)\b|\/target\/ratio$|\/aspiration\/ratio$|\/native$|\/metrics\/\*\/name$|<binary>\/(?:bool|operator)$/;

test('a change of any value is a difference', () => {
  const tried = new Set<string>();
  const silent: string[] = [];
  for (const service of services) {
    for (const { place, path } of leavesOf(service)) {
      if (tried.has(place) || derived.test(place)) continue;
      // The usual length of a unit of the calendar follows from the unit.
      if (place.endsWith('furtherPeriods/#/length') && JSON.stringify(service.slos).includes('"calendar"')) continue;
      tried.add(place);
      const changed = withChange(service, path);
      if (diffServices([service], [changed]).length === 0) silent.push(place);
    }
  }
  expect(silent).toEqual([]);
  const isTried = (start: string): boolean => [...tried].some((place) => place.startsWith(start));
  expect(ofService.filter((key) => !isTried(`/${key}`))).toEqual([]);
  expect(ofSlo.filter((key) => !isTried(`/slos/#/${key}`))).toEqual([]);
});

type Step = string | number | { readonly key: unknown };

interface Leaf {
  /** Without the positions in lists and the keys of maps, so that each kind of value is tried once. */
  readonly place: string;
  readonly path: readonly Step[];
}

function leavesOf(value: unknown, place = '', path: readonly Step[] = []): readonly Leaf[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object') return [{ place, path }];
  if (value instanceof Map)
    return [...value].flatMap(([key, item]) => leavesOf(item, `${place}/*`, [...path, { key }]));
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, `${place}/#`, [...path, index]));
  // Expressions hold expressions: which one was changed does not matter.
  const kind =
    'kind' in value && 'span' in value ? `${place.replace(/(?:<\w+>).*$/, '')}<${String(value.kind)}>` : place;
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, `${kind}/${key}`, [...path, key]));
}

/** A copy in which the value at a path is another one of its type. */
function withChange(service: Service, path: readonly Step[]): Service {
  const copy = structuredClone(service);
  let holder: unknown = copy;
  for (const step of path.slice(0, -1)) holder = childOf(holder, step);
  const last = path.at(-1);
  if (last === undefined) throw new Error('a service is no value');
  const before = childOf(holder, last);
  const after = typeof before === 'number' ? before * 2 + 1 : typeof before === 'boolean' ? !before : `${before}x`;
  if (holder instanceof Map && typeof last === 'object') holder.set(last.key, after);
  else Object.assign(Object(holder), { [String(last)]: after });
  return copy;
}

function childOf(holder: unknown, step: Step): unknown {
  if (holder instanceof Map) return holder.get(typeof step === 'object' ? step.key : step);
  return Object(holder)[String(step)];
}
