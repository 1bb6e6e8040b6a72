import { day, duration, failure, hour, type Outcome, ratio, type Source, second, success } from '../base/index.ts';
import { firstLineOf, readYaml, type YamlEntry, type YamlNode } from '../yaml/index.ts';
import {
  complain,
  field,
  itemsOf,
  type Reading,
  readDuration,
  readEntries,
  readFields,
  readMoment,
  readNumber,
  readRatio,
  readText,
  readTimeOfDay,
  readWhole,
  required,
} from './fields.ts';
import type { Moment, Scenario, Traffic } from './model.ts';
import { readIncident } from './read-incidents.ts';
import { readFamily } from './read-metrics.ts';

/** The version of the scenario file that is read. */
const scenarioVersion = 'nines-scenario/v1';

const mostReplicas = 1000;
const mostSeed = 0xffffffff;
/** Long before any history that is asked for, so that counters do not start in sight. */
const defaultStart: Moment = { kind: 'relative', offset: duration(-400 * day) };
const defaultTraffic: Traffic = { peakAt: duration(14 * hour), peakToTrough: 1, noise: ratio(0) };

/** Reads a scenario file: one YAML document. */
export function readScenario(source: Source): Outcome<Scenario> {
  const yaml = readYaml(source.text);
  if (!yaml.ok) return yaml;
  const reading: Reading = { diagnostics: [...yaml.diagnostics] };
  const [document, another] = yaml.value;
  if (document === undefined)
    return failure({
      severity: 'error',
      code: 'scenario/missing',
      message: 'the file is empty',
      help: `begin with apiVersion: ${scenarioVersion}`,
      span: { start: 0, end: 0 },
    });
  if (another !== undefined)
    complain(
      reading,
      firstLineOf(another),
      'value',
      'a scenario file has one document',
      'write one file for each service',
    );
  const scenario = readDocument(reading, document);
  const { diagnostics } = reading;
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics };
  return success(scenario, diagnostics);
}

const keys = [
  'apiVersion',
  'service',
  'description',
  'job',
  'interval',
  'seed',
  'replicas',
  'started',
  'restartEvery',
  'traffic',
  'metrics',
  'incidents',
];

function readDocument(reading: Reading, node: YamlNode): Scenario {
  const fields = readFields(reading, node, 'a scenario', keys);
  const top = firstLineOf(node);
  const version = required(reading, fields, 'apiVersion', top, (at) => readText(reading, at));
  if (version !== undefined && version !== scenarioVersion) {
    const at = fields.get('apiVersion')?.value ?? node;
    complain(
      reading,
      firstLineOf(at),
      'version',
      `this is not a scenario of ${scenarioVersion}`,
      `write ${scenarioVersion}`,
    );
  }
  const service = required(reading, fields, 'service', top, (at) => readText(reading, at)) ?? '';
  const replicas = fields.has('replicas')
    ? field(fields, 'replicas', (at) => readReplicas(reading, at, service))
    : [`${service}-0`];
  const restartEvery = field(fields, 'restartEvery', (at) => readLength(reading, at));
  const families = (
    required(reading, fields, 'metrics', top, (at) => readEntries(reading, at, '`metrics`')) ?? []
  ).flatMap((entry) => readFamily(reading, entry) ?? []);
  const incidents = field(fields, 'incidents', (at) =>
    itemsOf(at).flatMap((item) => readIncident(reading, item, { families, replicas: replicas?.length }) ?? []),
  );
  return {
    service,
    job: field(fields, 'job', (at) => readText(reading, at)) ?? service,
    interval: field(fields, 'interval', (at) => readLength(reading, at)) ?? duration(15 * second),
    seed: field(fields, 'seed', (at) => readWhole(reading, at, 0, mostSeed)) ?? 1,
    replicas: replicas ?? [],
    started: field(fields, 'started', (at) => readMoment(reading, at)) ?? defaultStart,
    ...(restartEvery === undefined ? {} : { restartEvery }),
    traffic: field(fields, 'traffic', (at) => readTraffic(reading, at)) ?? defaultTraffic,
    families,
    incidents: incidents ?? [],
  };
}

/** A length of at least a second: zero would scrape, or restart, without end. */
function readLength(reading: Reading, node: YamlNode) {
  const length = readDuration(reading, node);
  if (length === undefined || second <= length) return length;
  return complain(reading, firstLineOf(node), 'value', 'expected at least a second');
}

/** replicas = how many, or a list of instance names */
function readReplicas(reading: Reading, node: YamlNode, service: string): readonly string[] | undefined {
  if (node.kind === 'list') {
    const names = node.items.flatMap((item) => readText(reading, item) ?? []);
    if (names.length === 0 || mostReplicas < names.length || new Set(names).size < names.length)
      return complain(reading, firstLineOf(node), 'value', `expected from 1 to ${mostReplicas} different names`);
    return names;
  }
  const count = readWhole(reading, node, 1, mostReplicas);
  return count === undefined ? undefined : Array.from({ length: count }, (_, i) => `${service}-${i}`);
}

function readTraffic(reading: Reading, node: YamlNode): Traffic {
  const fields = readFields(reading, node, '`traffic`', ['peakAt', 'peakToTrough', 'noise']);
  const noise = field(fields, 'noise', (at) => readRatio(reading, at)) ?? defaultTraffic.noise;
  const noiseAt: YamlEntry | undefined = fields.get('noise');
  // At 100 % traffic could come to a stand within a minute, and a counter's clock with it.
  if (0.9 < noise && noiseAt !== undefined)
    complain(reading, firstLineOf(noiseAt.value), 'value', 'traffic strays by at most 90%');
  return {
    peakAt: field(fields, 'peakAt', (at) => readTimeOfDay(reading, at)) ?? defaultTraffic.peakAt,
    peakToTrough:
      field(fields, 'peakToTrough', (at) => readNumber(reading, at, 1, 10_000)) ?? defaultTraffic.peakToTrough,
    noise,
  };
}
