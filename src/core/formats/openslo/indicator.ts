import { parseExpr } from '../../promql/index.ts';
import type { ExternalIndicator, ForeignMap, ForeignValue } from '../../slo/index.ts';
import { nodeAt, nodeToValue, type YamlPath } from '../../yaml/index.ts';
import { type Reading, reportKey, writtenAt } from '../definition/reading.ts';
import type { Measured, QueryForm } from '../dialect-query.ts';
import { checkKeys, flagAt, isThere, reportMissing, requiredText, say, textAt } from '../dialect-reading.ts';
import { sayUnsupported } from '../dialect-service.ts';
import { readRatioOrQuery, readShareOrQueries } from '../dialect-window-query.ts';
import { follow, type Objects, type OpensloObject, readInline } from './objects.ts';
import type { ReadSli } from './sli.ts';
import { readThreshold } from './threshold.ts';

const queries: QueryForm = {
  window: /\{\{-?\s*\.window\s*-?\}\}|\$window\b|\$\{window\}/g,
  shown: '{{.window}}',
  windowRequired: false,
  plain: true,
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
  if (sli === 'elsewhere') return undefined;
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
    const source = readSource(objects, sli, threshold);
    if (source?.kind !== 'foreign') return source === undefined ? undefined : readThreshold(sli, source.path);
    return comparedOf(reading, source);
  }
  if (!checkKeys(reading, at, ['counter', 'good', 'bad', 'total', 'rawType', 'raw'])) {
    reportMissing(reading, at);
    return undefined;
  }
  if (isThere(reading, [...at, 'raw'])) {
    const type = requiredText(reading, [...at, 'rawType']);
    const source = readSource(objects, sli, [...at, 'raw']);
    if (type !== undefined && type !== 'success' && type !== 'failure')
      say(
        reading,
        [...at, 'rawType'],
        'error',
        'dialect/type',
        `\`${type}\` is no type of ratio`,
        'write `success` or `failure`',
      );
    if (type === undefined || source === undefined) return undefined;
    if (source.kind === 'foreign') return externalOf(reading, at, { raw: source }, { rawType: type });
    return eventsOf(readRatioOrQuery(reading, type === 'failure' ? 'bad' : 'good', source.path, queries));
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
  if (events.kind === 'foreign' || total.kind === 'foreign')
    return externalOf(reading, at, { [counts]: events, total }, {});
  return eventsOf(readShareOrQueries(reading, counts, events.path, total.path, formFor(reading, at)));
}

function comparedOf(reading: Reading, { system, spec, path }: Extract<Source, { kind: 'foreign' }>): ReadSli {
  sayForeign(reading, path, system);
  return { kind: 'external', isCompared: true, system, measures: { thresholdMetric: spec } };
}

function externalOf(
  reading: Reading,
  at: YamlPath,
  sources: Readonly<Record<string, Source>>,
  more: ForeignMap,
): ReadSli | undefined {
  const counter = flagAt(reading, [...at, 'counter']);
  const foreign = foreignOf(reading, sources, { ...(counter === undefined ? {} : { counter }), ...more });
  if (foreign === undefined) return undefined;
  sayForeign(reading, at, foreign.system);
  return { kind: 'external', isCompared: false, system: foreign.system, measures: { ratioMetric: foreign.measures } };
}

function eventsOf(measured: Measured | undefined): ReadSli | undefined {
  return measured === undefined ? undefined : { kind: 'events', ...measured };
}

/** What is no counter goes up and down; only rates of counters among its queries count events. */
function formFor(reading: Reading, path: YamlPath): QueryForm {
  return flagAt(reading, [...path, 'counter']) === false ? { ...queries, plain: false } : queries;
}

/** Where a metric comes from: a query of Prometheus, or what another system understands. */
type Source =
  | { readonly kind: 'promql'; readonly path: YamlPath }
  | { readonly kind: 'foreign'; readonly system: string; readonly spec: ForeignValue; readonly path: YamlPath };

function readSource(objects: Objects, sli: OpensloObject, path: YamlPath): Source | undefined {
  return sli.version === 'v2alpha' ? readNewSource(objects, sli, path) : readMetricSource(objects, sli, path);
}

function readMetricSource(objects: Objects, { reading }: OpensloObject, path: YamlPath): Source | undefined {
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
  const reference = [...at, 'metricSourceRef'];
  if (!isThere(reading, reference)) return sourceOf(reading, at, type ?? 'Prometheus');
  if (type === undefined) return behind(objects, reading, reference, at);
  const isGiven = objects.get('DataSource', textAt(reading, reference) ?? '') !== undefined;
  return sourceOf(reading, at, type, isGiven ? undefined : reference);
}

function readNewSource(objects: Objects, { reading }: OpensloObject, path: YamlPath): Source | undefined {
  if (!checkKeys(reading, path, ['dataSourceRef', 'dataSourceSpec', 'spec'])) {
    reportMissing(reading, path);
    return undefined;
  }
  if (isThere(reading, [...path, 'dataSourceSpec'])) {
    checkKeys(reading, [...path, 'dataSourceSpec'], ['type', 'connectionDetails', 'description']);
    const type = requiredText(reading, [...path, 'dataSourceSpec', 'type']);
    return type === undefined ? undefined : sourceOf(reading, path, type, [...path, 'dataSourceSpec']);
  }
  if (!isThere(reading, [...path, 'dataSourceRef'])) return sourceOf(reading, path, 'Prometheus');
  return behind(objects, reading, [...path, 'dataSourceRef'], path);
}

/** The metric of a data source by its name. Where the object is not given, what the query looks like has to tell. */
function behind(objects: Objects, reading: Reading, reference: YamlPath, at: YamlPath): Source | undefined {
  const name = requiredText(reading, reference);
  if (name === undefined) return undefined;
  const source = objects.get('DataSource', name);
  if (source !== undefined) {
    const type = textAt(source.reading, [...source.path, 'spec', 'type']);
    return type === undefined ? undefined : sourceOf(reading, at, type);
  }
  const isPromql = looksLikePromql(writtenAt(reading, [...at, 'spec', 'query']));
  const taken = isPromql
    ? 'its query is PromQL, so that it is taken for Prometheus'
    : 'its queries are kept as they are';
  const message = `there is no DataSource \`${name}\`; ${taken}`;
  say(reading, reference, 'warning', 'dialect/reference', message, 'give the file that has it as well');
  return sourceOf(reading, at, isPromql ? 'Prometheus' : name);
}

function looksLikePromql(text: string): boolean {
  return text !== '' && parseExpr(text.replace(queries.window, '5m')).ok;
}

/** The form of the query within `spec` is the source's own; Prometheus has `query`. What names the source beside its type is told as lost. */
function sourceOf(reading: Reading, path: YamlPath, type: string, named?: YamlPath): Source | undefined {
  const at = [...path, 'spec'];
  if (type.toLowerCase() !== 'prometheus') {
    const node = nodeAt(reading.root, at);
    if (node === undefined || node.kind === 'scalar') {
      reportMissing(reading, at);
      return undefined;
    }
    return { kind: 'foreign', system: type, spec: nodeToValue(node), path: at };
  }
  const query = [...at, 'query'];
  if (!isThere(reading, query)) {
    reportMissing(reading, query);
    return undefined;
  }
  sayUnkept(reading, at, named);
  return { kind: 'promql', path: query };
}

function sayForeign(reading: Reading, at: YamlPath, system: string): void {
  const message = `${system} is not Prometheus: what it measures is kept as it is, and no rules can be made of it`;
  const help = 'measure with Prometheus to generate rules';
  reportKey(reading, at, { severity: 'warning', code: 'dialect/assumed', message, help });
}

function sayUnkept(reading: Reading, at: YamlPath, named: YamlPath | undefined): void {
  const node = nodeAt(reading.root, at);
  const others = node?.kind === 'map' ? node.entries.map(({ key }) => key).filter((key) => key !== 'query') : [];
  const lost = [...others, ...(named === undefined ? [] : [String(named.at(-1))])];
  if (lost.length === 0) return;
  const message = `${lost.map((key) => `\`${key}\``).join(', ')} of the metric is not kept: a definition says what is asked, not whom`;
  const help = 'nothing of it changes what is promised';
  reportKey(reading, at, { severity: 'info', code: 'dialect/lost', message, help });
}

/** What another system measures, by the parts of its metric; all of them are asked of one system. */
function foreignOf(
  reading: Reading,
  sources: Readonly<Record<string, Source>>,
  more: ForeignMap,
): Omit<ExternalIndicator, 'kind'> | undefined {
  const measures: Record<string, ForeignValue> = { ...more };
  let system: string | undefined;
  for (const [part, source] of Object.entries(sources)) {
    const its = source.kind === 'promql' ? 'Prometheus' : source.system;
    system ??= its;
    if (its !== system) {
      const message = `one part is measured by ${system}, the other by ${its}`;
      return sayUnsupported(reading, source.path, message, 'measure both by one system');
    }
    if (source.kind === 'foreign') measures[part] = source.spec;
  }
  return system === undefined ? undefined : { system, measures };
}

/** Reads the indicator of an objective of v1alpha, where ratios stand in the objective. */
export function readAlphaRatio(reading: Reading, path: YamlPath): ReadSli | undefined {
  checkKeys(reading, path, ['incremental', 'counter', 'good', 'bad', 'total']);
  const counts = isThere(reading, [...path, 'good']) ? 'good' : 'bad';
  const events = readAlphaSource(reading, [...path, counts]);
  const total = readAlphaSource(reading, [...path, 'total']);
  if (events === undefined || total === undefined) return undefined;
  if (events.kind === 'foreign' || total.kind === 'foreign')
    return externalOf(reading, path, { [counts]: events, total }, {});
  return eventsOf(readShareOrQueries(reading, counts, events.path, total.path, queries));
}

/** Reads the measured value of v1alpha, where the indicator stands in the specification. */
export function readAlphaThreshold(slo: OpensloObject): ReadSli | undefined {
  const at = [...slo.path, 'spec', 'indicator', 'thresholdMetric'];
  checkKeys(slo.reading, at.slice(0, -1), ['thresholdMetric']);
  const source = readAlphaSource(slo.reading, at);
  if (source?.kind !== 'foreign') return source === undefined ? undefined : readThreshold(slo, source.path);
  return comparedOf(slo.reading, source);
}

/** In v1alpha the source stands beside its query, and so does what kind of query it is. */
function readAlphaSource(reading: Reading, at: YamlPath): Source | undefined {
  if (!checkKeys(reading, at, ['source', 'queryType', 'query'])) {
    reportMissing(reading, at);
    return undefined;
  }
  const system = textAt(reading, [...at, 'source']) ?? 'prometheus';
  const query = requiredText(reading, [...at, 'query']);
  if (query === undefined) return undefined;
  if (system.toLowerCase() === 'prometheus') return { kind: 'promql', path: [...at, 'query'] };
  const queryType = textAt(reading, [...at, 'queryType']);
  const spec = { query, ...(queryType === undefined ? {} : { queryType }) };
  return { kind: 'foreign', system, spec, path: [...at, 'query'] };
}
