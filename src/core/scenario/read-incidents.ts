import { closest, duration } from '../base/index.ts';
import { firstLineOf, type YamlEntry, type YamlNode } from '../yaml/index.ts';
import {
  complain,
  field,
  itemsOf,
  type Reading,
  readDuration,
  readFields,
  readFlag,
  readMatch,
  readMoment,
  readNumber,
  readRatio,
  readText,
  readWhole,
  required,
} from './fields.ts';
import type { Family, Incident } from './model.ts';
import { touches } from './touches.ts';

const effects = [
  'errorRatio',
  'latencyFactor',
  'trafficFactor',
  'gaugeValue',
  'down',
  'unreachable',
  'restart',
] as const;
const keys = ['name', 'at', 'for', 'ramp', 'metrics', 'match', 'replicas', ...effects];
const mostFactor = 10_000;

/** What incidents may refer to. */
export interface Subjects {
  readonly families: readonly Family[];
  /** How many there are; undefined if that could not be read. */
  readonly replicas: number | undefined;
}

/** Reads one item of `incidents`, and says so if it can have no effect. */
export function readIncident(reading: Reading, node: YamlNode, subjects: Subjects): Incident | undefined {
  const fields = readFields(reading, node, 'an incident', keys);
  const at = firstLineOf(node);
  const moment = required(reading, fields, 'at', at, (value) => readMoment(reading, value));
  const flag = (key: string): boolean => field(fields, key, (value) => readFlag(reading, value)) ?? false;
  const factor = (key: string): number | undefined =>
    field(fields, key, (value) => readNumber(reading, value, 0, mostFactor));
  const metrics = field(fields, 'metrics', (value) => readMetrics(reading, value, subjects.families));
  const replicas = field(fields, 'replicas', (value) => readReplicas(reading, value, subjects.replicas));
  const optional = {
    metrics,
    replicas,
    errorRatio: field(fields, 'errorRatio', (value) => readRatio(reading, value)),
    latencyFactor: factor('latencyFactor'),
    trafficFactor: factor('trafficFactor'),
    gaugeValue: field(fields, 'gaugeValue', (value) => readNumber(reading, value)),
  };
  const flags = { down: flag('down'), unreachable: flag('unreachable'), restart: flag('restart') };
  const length = field(fields, 'for', (value) => readDuration(reading, value)) ?? duration(0);
  const ramp = field(fields, 'ramp', (value) => readDuration(reading, value)) ?? duration(0);
  if (!effects.some((key) => fields.has(key)))
    return complain(reading, at, 'no-effect', 'the incident changes nothing', `it needs one of ${effects.join(', ')}`);
  const lasting = effects.filter((key) => key !== 'restart' && fields.has(key));
  if (length === 0 && lasting.length !== 0)
    return complain(reading, at, 'missing', '`for` is missing: how long does it last?');
  if (length < ramp) complain(reading, at, 'value', 'the ramp is longer than the incident');
  if (moment === undefined) return undefined;
  const incident: Incident = {
    name: field(fields, 'name', (value) => readText(reading, value)) ?? lasting.join(' and '),
    at: moment,
    length,
    ramp,
    match: field(fields, 'match', (value) => readMatch(reading, value)) ?? [],
    ...flags,
    ...defined(optional),
  };
  warnIfIdle(reading, fields, incident, subjects.families);
  return incident;
}

/** The entries that have a value; absent ones stay absent. */
function defined<T extends object>(record: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> };
function defined(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function readMetrics(reading: Reading, node: YamlNode, families: readonly Family[]): readonly string[] {
  const known = families.map(({ name }) => name);
  return itemsOf(node).flatMap((item) => {
    const name = readText(reading, item);
    if (name === undefined || known.includes(name)) return name ?? [];
    const meant = closest(name, known);
    const help = meant === undefined ? 'name a key of `metrics`' : `did you mean \`${meant}\`?`;
    return complain(reading, firstLineOf(item), 'metric', `the scenario has no metric \`${name}\``, help) ?? [];
  });
}

function readReplicas(reading: Reading, node: YamlNode, count = Number.MAX_SAFE_INTEGER): readonly number[] {
  return itemsOf(node).flatMap((item) => {
    const index = readWhole(reading, item, 0, Number.MAX_SAFE_INTEGER);
    if (index === undefined || index < count) return index ?? [];
    const last = count === 1 ? 'the only one is 0' : `they are 0 to ${count - 1}`;
    return complain(reading, firstLineOf(item), 'value', `there is no replica ${index}: ${last}`) ?? [];
  });
}

/** An error ratio without outcomes, a latency without histograms, a matcher that nothing matches: most likely a slip. */
function warnIfIdle(
  reading: Reading,
  fields: ReadonlyMap<string, YamlEntry>,
  incident: Incident,
  families: readonly Family[],
): void {
  const touched = families.filter((family) => family.labels.some(({ labels }) => touches(incident, family, labels)));
  const able: readonly (readonly [key: string, needs: string, able: (family: Family) => boolean])[] = [
    ['errorRatio', 'metric with outcomes', (family) => family.kind !== 'gauge' && 0 < family.outcomes.length],
    ['latencyFactor', 'histogram', (family) => family.kind === 'histogram'],
    ['trafficFactor', 'counter or histogram', (family) => family.kind !== 'gauge'],
    ['gaugeValue', 'gauge', (family) => family.kind === 'gauge'],
  ];
  for (const [key, needs, isAble] of able) {
    const entry = fields.get(key);
    if (entry === undefined || touched.some(isAble)) continue;
    const message = `\`${key}\` touches no ${needs}`;
    complain(reading, entry.keySpan, 'no-effect', message, 'check `metrics` and `match`', 'warning');
  }
}
