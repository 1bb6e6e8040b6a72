import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import { legacyLabelName } from '../../series/index.ts';
import { expressionsOf, type Indicator, type Metric, metricOf } from '../../slo/index.ts';
import type { MetricInput } from './input.ts';
import { type Reading, reportKey, reportValue } from './reading.ts';
import type { Loose, PartialDefinition } from './schema.ts';
import { unitName, unitOfName } from './units.ts';

/** The metric catalogue, and what of it cannot be checked against: metrics that do not say their labels or, by mistake, their type. */
export interface Catalogue {
  readonly metrics: ReadonlyMap<string, Metric>;
  readonly withoutLabels: ReadonlySet<string>;
  readonly withoutType: ReadonlySet<string>;
}

/** Reads the catalogue. */
export function readCatalogue(reading: Reading, inputs: PartialDefinition['metrics']): Catalogue {
  const metrics = new Map<string, Metric>();
  const withoutLabels = new Set<string>();
  const withoutType = new Set<string>();
  for (const [name, input] of Object.entries(inputs ?? {})) {
    metrics.set(name, readMetric(reading, name, input));
    if (input.labels === undefined) withoutLabels.add(name);
    if (input.type === undefined) withoutType.add(name);
  }
  return { metrics, withoutLabels, withoutType };
}

/** The first metric of an indicator that is not there yet. */
export function pendingMetric(indicator: Indicator, metrics: ReadonlyMap<string, Metric>): Metric | undefined {
  for (const selector of expressionsOf(indicator).flatMap(selectorsOf)) {
    const metric = metricOf(metricNameOf(selector) ?? '', metrics);
    if (metric?.pendingOn !== undefined) return metric;
  }
  return undefined;
}

function readMetric(reading: Reading, name: string, input: Loose<MetricInput>): Metric {
  const type = input.type ?? 'counter';
  const unit = input.unit === undefined ? unitOfName(name) : unitName(input.unit);
  checkName(reading, name, type);
  return {
    name,
    type,
    ...(input.help === undefined ? {} : { help: input.help }),
    ...(unit === undefined ? {} : { unit }),
    labels: readLabels(reading, name, input.labels),
    buckets: readBuckets(reading, name, type, input.buckets),
    ...readOrigin(reading, name, type, input),
  };
}

/** What is said about where the metric comes from, or will come from. */
function readOrigin(
  reading: Reading,
  name: string,
  type: Metric['type'],
  { native, aliases, pendingOn, exporter, rows }: Loose<MetricInput>,
): Pick<Metric, 'native' | 'aliases' | 'pendingOn' | 'exporter' | 'rows'> {
  if (native === true && type !== 'histogram') {
    reportKey(reading, ['metrics', name, 'native'], {
      severity: 'error',
      code: 'metric/buckets',
      message: `a ${type} is no native histogram`,
      help: 'write `type: histogram`, or remove the line',
    });
  }
  for (const [index, alias] of (aliases ?? []).entries()) checkAlias(reading, name, alias, index);
  return {
    ...(native === true ? { native } : {}),
    ...(aliases === undefined || aliases.length === 0 ? {} : { aliases }),
    ...(pendingOn === undefined ? {} : { pendingOn }),
    ...(exporter === undefined ? {} : { exporter }),
    ...(rows === undefined ? {} : { rows }),
  };
}

function checkAlias(reading: Reading, name: string, alias: string, index: number): void {
  const isName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(alias);
  if (isName && alias !== name) return;
  reportValue(reading, ['metrics', name, 'aliases', index], {
    severity: 'error',
    code: 'metric/name',
    message: isName ? 'a metric is no alias of itself' : `\`${alias}\` is no name of a metric`,
    help: isName ? 'remove it' : 'write the name alone, without conditions',
  });
}

/** A histogram or summary goes by its base name; what it exposes has a suffix. */
function checkName(reading: Reading, name: string, type: Metric['type']): void {
  const suffix = /_(?:bucket|count|sum)$/.exec(name)?.[0];
  if (suffix === undefined || (type !== 'histogram' && type !== 'summary')) return;
  reportKey(reading, ['metrics', name], {
    severity: 'error',
    code: 'metric/name',
    message: `\`${name}\` is one of the series of a ${type}, not its name`,
    help: `write \`${name.slice(0, -suffix.length)}\``,
  });
}

function readLabels(reading: Reading, metric: string, labels: MetricInput['labels']): Metric['labels'] {
  const entries: [string, readonly string[]][] = Array.isArray(labels)
    ? labels.map((label) => [String(label), []])
    : Object.entries(labels ?? {}).map(([label, values]) => [label, (values ?? []).map(String)]);
  for (const [index, [label]] of entries.entries()) {
    const path = ['metrics', metric, 'labels', Array.isArray(labels) ? index : label];
    if (legacyLabelName.test(label) && !label.startsWith('__')) continue;
    const report = Array.isArray(labels) ? reportValue : reportKey;
    report(reading, path, {
      severity: 'error',
      code: 'metric/label-name',
      message: `\`${label}\` is no label name`,
      help: 'label names have letters, digits and underscores, and do not begin with two underscores',
    });
  }
  return new Map(entries);
}

function readBuckets(
  reading: Reading,
  name: string,
  type: Metric['type'],
  buckets: MetricInput['buckets'],
): readonly number[] {
  const path = ['metrics', name, 'buckets'];
  if (buckets === undefined) return [];
  if (type !== 'histogram') {
    reportKey(reading, path, {
      severity: 'error',
      code: 'metric/buckets',
      message: `a ${type} has no buckets`,
      help: 'write `type: histogram`, or remove the buckets',
    });
    return [];
  }
  // The bucket of +Inf is part of every histogram and says nothing.
  const finite = buckets.filter((bound) => bound !== Number.POSITIVE_INFINITY);
  const unordered = finite.findIndex(
    (bound, index) => !(index === 0 || (finite[index - 1] ?? bound) < bound) || Number.isNaN(bound),
  );
  if (unordered === -1) return finite;
  reportValue(reading, [...path, unordered], {
    severity: 'error',
    code: 'metric/buckets',
    message: 'the bounds of buckets must ascend',
    help: `write [${[...new Set(finite)].toSorted((a, b) => a - b).join(', ')}]`,
  });
  return [];
}
