import type { Indicator } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import type { Reading } from '../definition/reading.ts';
import { type QueryForm, readRatio, readShare } from '../dialect-query.ts';
import { checkKeys, isThere, reportMissing, requiredText, say, textAt } from '../dialect-reading.ts';
import { sayUnsupported } from '../dialect-service.ts';
import { follow, type Objects, type OpensloObject, readInline } from './objects.ts';

const queries: QueryForm = {
  window: /\{\{-?\s*\.window\s*-?\}\}|\$window\b|\$\{window\}/g,
  shown: '{{.window}}',
  windowRequired: false,
  plain: true,
};

/** Reads what the objective measures, written out or by reference. */
export function readSli(objects: Objects, slo: OpensloObject): Indicator | undefined {
  const { reading, path, version } = slo;
  const [inline, reference] = version === 'v2alpha' ? ['sli', 'sliRef'] : ['indicator', 'indicatorRef'];
  const spec = [...path, 'spec'];
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
export function readMetric(objects: Objects, sli: OpensloObject): Indicator | undefined {
  const { reading, path } = sli;
  const at = [...path, 'spec', 'ratioMetric'];
  if (isThere(reading, [...path, 'spec', 'thresholdMetric'])) return refuseThreshold(objects, sli);
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
    return readRatio(reading, type === 'failure' ? 'bad' : 'good', query, queries);
  }
  const counts = isThere(reading, [...at, 'good']) ? 'good' : 'bad';
  if (!isThere(reading, [...at, counts]) || !isThere(reading, [...at, 'total'])) {
    reportMissing(reading, [...at, isThere(reading, [...at, counts]) ? 'total' : 'good']);
    return undefined;
  }
  const events = readSource(objects, sli, [...at, counts]);
  const total = readSource(objects, sli, [...at, 'total']);
  return events === undefined || total === undefined ? undefined : readShare(reading, counts, events, total, queries);
}

function refuseThreshold(objects: Objects, sli: OpensloObject): undefined {
  const at = [...sli.path, 'spec', 'thresholdMetric'];
  readSource(objects, sli, at);
  return sayUnsupported(
    sli.reading,
    at,
    'an indicator that compares a measured value with a threshold has no events to count',
    'write a `ratioMetric` of counters, or a histogram and its bound',
  );
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
export function readAlphaRatio(reading: Reading, path: YamlPath): Indicator | undefined {
  checkKeys(reading, path, ['incremental', 'counter', 'good', 'bad', 'total']);
  const counts = isThere(reading, [...path, 'good']) ? 'good' : 'bad';
  for (const key of [counts, 'total']) {
    const at = [...path, key];
    if (!checkKeys(reading, at, ['source', 'queryType', 'query'])) {
      reportMissing(reading, at);
      return undefined;
    }
    const source = textAt(reading, [...at, 'source']) ?? 'prometheus';
    if (source.toLowerCase() !== 'prometheus') {
      return sayUnsupported(
        reading,
        [...at, 'query'],
        `queries of ${source} are not understood`,
        'measure with Prometheus, and write the query as PromQL',
      );
    }
  }
  return readShare(reading, counts, [...path, counts, 'query'], [...path, 'total', 'query'], queries);
}
