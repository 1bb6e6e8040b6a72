import type { Expr } from '../../promql/index.ts';
import type { Condition } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import type { Reading } from '../definition/reading.ts';
import { type Measured, type QueryForm, readRatio, readShare } from '../dialect-query.ts';
import { checkKeys, flagAt, isThere, reportMissing, requiredText, say, textAt } from '../dialect-reading.ts';
import { sayUnsupported } from '../dialect-service.ts';
import { follow, type Objects, type OpensloObject, readInline } from './objects.ts';
import { readThreshold } from './threshold.ts';

const queries: QueryForm = {
  window: /\{\{-?\s*\.window\s*-?\}\}|\$window\b|\$\{window\}/g,
  shown: '{{.window}}',
  windowRequired: false,
  plain: true,
};

/** What an SLI measures: events, or a value that objectives compare with their bounds. */
export type ReadSli =
  | ({ readonly kind: 'events' } & Measured)
  | {
      readonly kind: 'threshold';
      readonly value: Expr;
      /** The condition that the value stands for, where it is 1 while that holds. */
      readonly condition?: Condition;
    };

/** The keys of an SLI that is written out and of one by reference. */
export function sliKeys({ version }: OpensloObject): readonly [inline: string, reference: string] {
  return version === 'v2alpha' ? ['sli', 'sliRef'] : ['indicator', 'indicatorRef'];
}

/** Reads what an objective measures, written out or by reference; `spec` is where it says so: the specification, or one of its objectives. */
export function readSli(objects: Objects, slo: OpensloObject, spec: YamlPath): ReadSli | undefined {
  const { reading, version } = slo;
  const [inline, reference] = sliKeys(slo);
  if (isThere(reading, [...spec, reference]) && isThere(reading, [...spec, inline])) {
    const message = `\`${inline}\` and \`${reference}\` are both given`;
    say(reading, [...spec, reference], 'error', 'dialect/type', message, 'keep one');
  }
  const sli = isThere(reading, [...spec, reference])
    ? follow(objects, reading, [...spec, reference], 'SLI')
    : isThere(reading, [...spec, inline])
      ? readInline(reading, [...spec, inline], version, 'SLI')
      : undefined;
  if (sli === undefined) {
    if (!isThere(reading, [...spec, reference]) && !isThere(reading, [...spec, inline]))
      reportMissing(reading, [...spec, inline]);
    return undefined;
  }
  return readMetric(objects, sli);
}

/** Reads an SLI object by itself. */
export function readMetric(objects: Objects, sli: OpensloObject): ReadSli | undefined {
  const { reading, path } = sli;
  const at = [...path, 'spec', 'ratioMetric'];
  const threshold = [...path, 'spec', 'thresholdMetric'];
  if (isThere(reading, threshold)) {
    if (isThere(reading, at)) {
      const message = '`thresholdMetric` and `ratioMetric` are both given';
      say(reading, at, 'error', 'dialect/type', message, 'keep one');
    }
    const query = readSource(objects, sli, threshold);
    return query === undefined ? undefined : readThreshold(sli, query);
  }
  if (!checkKeys(reading, at, ['counter', 'good', 'bad', 'total', 'rawType', 'raw'])) {
    reportMissing(reading, at);
    return undefined;
  }
  if (isThere(reading, [...at, 'raw'])) {
    const type = requiredText(reading, [...at, 'rawType']);
    const query = readSource(objects, sli, [...at, 'raw']);
    if (type !== undefined && type !== 'success' && type !== 'failure')
      say(
        reading,
        [...at, 'rawType'],
        'error',
        'dialect/type',
        `\`${type}\` is no type of ratio`,
        'write `success` or `failure`',
      );
    if (type === undefined || query === undefined) return undefined;
    return eventsOf(readRatio(reading, type === 'failure' ? 'bad' : 'good', query, queries));
  }
  if (isThere(reading, [...at, 'good']) && isThere(reading, [...at, 'bad'])) {
    const message = '`good` and `bad` are both given, beside `total`';
    say(reading, [...at, 'bad'], 'error', 'dialect/type', message, 'keep one');
    return undefined;
  }
  const counts = isThere(reading, [...at, 'good']) ? 'good' : 'bad';
  if (!isThere(reading, [...at, counts]) || !isThere(reading, [...at, 'total'])) {
    reportMissing(reading, [...at, isThere(reading, [...at, counts]) ? 'total' : 'good']);
    return undefined;
  }
  const events = readSource(objects, sli, [...at, counts]);
  const total = readSource(objects, sli, [...at, 'total']);
  if (events === undefined || total === undefined) return undefined;
  return eventsOf(readShare(reading, counts, events, total, formFor(reading, at)));
}

function eventsOf(measured: Measured | undefined): ReadSli | undefined {
  return measured === undefined ? undefined : { kind: 'events', ...measured };
}

/** What is no counter goes up and down; only rates of counters among its queries count events. */
function formFor(reading: Reading, path: YamlPath): QueryForm {
  return flagAt(reading, [...path, 'counter']) === false ? { ...queries, plain: false } : queries;
}

/** The path of the PromQL query of a metric; refuses the languages of other systems. */
function readSource(objects: Objects, sli: OpensloObject, path: YamlPath): YamlPath | undefined {
  return sli.version === 'v2alpha' ? readNewSource(objects, sli, path) : readMetricSource(objects, sli, path);
}

function readMetricSource(objects: Objects, { reading }: OpensloObject, path: YamlPath): YamlPath | undefined {
  if (!checkKeys(reading, path, ['metricSource'])) {
    reportMissing(reading, path);
    return undefined;
  }
  const at = [...path, 'metricSource'];
  if (!checkKeys(reading, at, ['metricSourceRef', 'type', 'spec'])) {
    reportMissing(reading, at);
    return undefined;
  }
  const type = textAt(reading, [...at, 'type']);
  if (type !== undefined) return queryOf(reading, at, type);
  if (!isThere(reading, [...at, 'metricSourceRef'])) return queryOf(reading, at, 'Prometheus');
  return behind(objects, reading, [...at, 'metricSourceRef'], at);
}

function readNewSource(objects: Objects, { reading }: OpensloObject, path: YamlPath): YamlPath | undefined {
  if (!checkKeys(reading, path, ['dataSourceRef', 'dataSourceSpec', 'spec'])) {
    reportMissing(reading, path);
    return undefined;
  }
  if (isThere(reading, [...path, 'dataSourceSpec'])) {
    checkKeys(reading, [...path, 'dataSourceSpec'], ['type', 'connectionDetails', 'description']);
    const type = requiredText(reading, [...path, 'dataSourceSpec', 'type']);
    return type === undefined ? undefined : queryOf(reading, path, type);
  }
  if (!isThere(reading, [...path, 'dataSourceRef'])) return queryOf(reading, path, 'Prometheus');
  return behind(objects, reading, [...path, 'dataSourceRef'], path);
}

function behind(objects: Objects, reading: Reading, reference: YamlPath, at: YamlPath): YamlPath | undefined {
  const source = follow(objects, reading, reference, 'DataSource');
  const type = source === undefined ? undefined : textAt(source.reading, [...source.path, 'spec', 'type']);
  return type === undefined ? undefined : queryOf(reading, at, type);
}

/** The form of the query within `spec` is the source's own; Prometheus has `query`. */
function queryOf(reading: Reading, path: YamlPath, type: string): YamlPath | undefined {
  if (type.toLowerCase() !== 'prometheus') {
    return sayUnsupported(
      reading,
      [...path, 'spec'],
      `queries of ${type} are not understood`,
      'measure with Prometheus, and write the query as PromQL',
    );
  }
  const query = [...path, 'spec', 'query'];
  if (isThere(reading, query)) return query;
  reportMissing(reading, query);
  return undefined;
}

/** Reads the indicator of an objective of v1alpha, where ratios stand in the objective. */
export function readAlphaRatio(reading: Reading, path: YamlPath): ReadSli | undefined {
  checkKeys(reading, path, ['incremental', 'counter', 'good', 'bad', 'total']);
  const counts = isThere(reading, [...path, 'good']) ? 'good' : 'bad';
  for (const key of [counts, 'total']) {
    if (!isPrometheus(reading, [...path, key])) return undefined;
  }
  return eventsOf(readShare(reading, counts, [...path, counts, 'query'], [...path, 'total', 'query'], queries));
}

/** Reads the measured value of v1alpha, where the indicator stands in the specification. */
export function readAlphaThreshold(slo: OpensloObject): ReadSli | undefined {
  const at = [...slo.path, 'spec', 'indicator', 'thresholdMetric'];
  checkKeys(slo.reading, at.slice(0, -1), ['thresholdMetric']);
  return isPrometheus(slo.reading, at) ? readThreshold(slo, [...at, 'query']) : undefined;
}

function isPrometheus(reading: Reading, at: YamlPath): boolean {
  if (!checkKeys(reading, at, ['source', 'queryType', 'query'])) {
    reportMissing(reading, at);
    return false;
  }
  const source = textAt(reading, [...at, 'source']) ?? 'prometheus';
  if (source.toLowerCase() === 'prometheus') return true;
  const help = 'measure with Prometheus, and write the query as PromQL';
  sayUnsupported(reading, [...at, 'query'], `queries of ${source} are not understood`, help);
  return false;
}
