import type { Context, Hono } from 'hono';
import {
  annotationTexts,
  type PrometheusErrorType,
  type PrometheusFailure,
  type PrometheusSuccess,
  queryData,
} from '../../core/api/index.ts';
import { duration, formatDuration, type Timestamp, timestamp } from '../../core/base/index.ts';
import {
  type Annotation,
  type EngineOptions,
  parseExpr,
  type QueryTime,
  type VectorSelector,
} from '../../core/promql/index.ts';
import { compareLabels, type Labels, type Matcher, metricName } from '../../core/series/index.ts';
import { shownUrl } from '../../sources/index.ts';
import type { EmbeddedServer } from '../embedded.ts';
import {
  BadRequest,
  durationParameter,
  limitParameter,
  type Parameters,
  textParameter,
  timeParameter,
} from './parameters.ts';
import { alertList, ruleGroups, wireTime } from './rule-data.ts';

/** Most points of a series in one answer. Source: prometheus, web/api/v1/api.go. */
const mostPoints = 11_000;

/** The version of Prometheus whose API this is: clients ask in order to know what they may use. */
const apiVersion = '3.0.0';

/** The routes of Prometheus's HTTP API that the embedded mode answers, so that Grafana and promtool can be pointed at it. */
export function prometheusRoutes(api: Hono, server: EmbeddedServer, version: string): void {
  const route = (
    path: string,
    answer: (parameters: Parameters, context: Context) => Promise<Answer> | Answer,
  ): void => {
    const handle = async (context: Context): Promise<Response> => {
      try {
        return send(context, await answer(await parametersOf(context), context));
      } catch (error) {
        if (error instanceof BadRequest) return send(context, refuse('bad_data', error.message));
        throw error;
      }
    };
    api.on(['GET', 'POST'], path, handle);
  };
  route('/query', (parameters) => instantQuery(parameters, server));
  route('/query_range', (parameters) => rangeQuery(parameters, server));
  route('/query_exemplars', () => give([]));
  route('/series', (parameters) => series(parameters, server));
  route('/labels', (parameters) => labelNames(parameters, server));
  route('/label/:name/values', (parameters, context) =>
    labelValues(parameters, context.req.param('name') ?? '', server),
  );
  route('/metadata', (parameters) => metadata(parameters, server));
  route('/rules', (parameters) => give({ groups: ruleGroups(server.rules.groups(), parameters) }));
  // Grafana tells a plain Prometheus from Mimir and Cortex by this text.
  api.get('/rules/*', (context) => context.text('404 page not found\n', 404));
  route('/alerts', () => give({ alerts: alertList(server.rules.groups()) }));
  route('/targets', () => give({ activeTargets: server.scrapers.map(targetData), droppedTargets: [] }));
  route('/status/buildinfo', () =>
    give({
      version: apiVersion,
      revision: version,
      branch: '',
      buildUser: '',
      buildDate: '',
      goVersion: '',
      application: 'Nines',
    }),
  );
}

type Answer = PrometheusSuccess | PrometheusFailure;

function give(data: unknown, warnings: readonly string[] = [], infos: readonly string[] = []): Answer {
  return {
    status: 'success',
    data,
    ...(0 < warnings.length ? { warnings } : {}),
    ...(0 < infos.length ? { infos } : {}),
  };
}

function refuse(errorType: PrometheusErrorType, error: string): Answer {
  return { status: 'error', errorType, error };
}

const statuses = {
  bad_data: 400,
  execution: 422,
  timeout: 503,
  canceled: 503,
  internal: 500,
  unavailable: 503,
  not_found: 404,
} as const satisfies Readonly<Record<PrometheusErrorType, number>>;

function send(context: Context, answer: Answer): Response {
  return context.json(answer, answer.status === 'success' ? 200 : statuses[answer.errorType]);
}

/** Parameters from the address and, for a POST, from the form in the body; the form's count first. */
async function parametersOf(context: Context): Promise<Parameters> {
  const inAddress = new URL(context.req.url).searchParams;
  const type = context.req.header('content-type') ?? '';
  if (context.req.method !== 'POST' || !type.startsWith('application/x-www-form-urlencoded')) return inAddress;
  const form = new URLSearchParams(await context.req.text());
  for (const [name, value] of inAddress) form.append(name, value);
  return form;
}

async function instantQuery(parameters: Parameters, server: EmbeddedServer): Promise<Answer> {
  const time = timeParameter(parameters, 'time', server.clock.now());
  return evaluate(parameters, { start: time, end: time, step: duration(0) }, server);
}

async function rangeQuery(parameters: Parameters, server: EmbeddedServer): Promise<Answer> {
  for (const name of ['start', 'end', 'step']) textParameter(parameters, name);
  const start = timeParameter(parameters, 'start', timestamp(0));
  const end = timeParameter(parameters, 'end', timestamp(0));
  const step = durationParameter(parameters, 'step') ?? duration(0);
  if (end < start) throw new BadRequest('invalid parameter "end": end timestamp must not be before start time');
  if (step <= 0) {
    throw new BadRequest(
      'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if (mostPoints < (end - start) / step) {
    throw new BadRequest(
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  return evaluate(parameters, { start, end, step }, server);
}

async function evaluate(parameters: Parameters, time: QueryTime, server: EmbeddedServer): Promise<Answer> {
  const text = textParameter(parameters, 'query');
  const lookbackDelta = durationParameter(parameters, 'lookback_delta');
  const options: Partial<EngineOptions> = lookbackDelta === undefined ? {} : { lookbackDelta };
  const result = await server.query(text, time, options, durationParameter(parameters, 'timeout'));
  if (!result.ok) return refuse(result.errorType, result.message);
  const data = queryData(result.value);
  const limit = limitParameter(parameters);
  const warnings = [...texts(result.annotations, 'warning', text)];
  if ((data.resultType === 'vector' || data.resultType === 'matrix') && limit < data.result.length) {
    warnings.push('results truncated due to limit');
    return give({ ...data, result: data.result.slice(0, limit) }, warnings, texts(result.annotations, 'info', text));
  }
  return give(data, warnings, texts(result.annotations, 'info', text));
}

/** Most remarks of one kind in an answer. Source: prometheus, util/annotations. */
const mostRemarks = 10;

function texts(annotations: readonly Annotation[], level: Annotation['level'], expr: string): readonly string[] {
  const all = annotationTexts(annotations, level, expr);
  if (all.length <= mostRemarks) return all;
  return [
    ...all.slice(0, mostRemarks),
    `${all.length - mostRemarks} more ${level === 'info' ? 'info' : 'warning'} annotations omitted`,
  ];
}

interface LabelQuery {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly limit: number;
  readonly selectors: readonly (readonly Matcher[])[];
}

function labelQuery(parameters: Parameters): LabelQuery {
  return {
    from: timeParameter(parameters, 'start', timestamp(0)),
    to: timeParameter(parameters, 'end', timestamp(Number.MAX_SAFE_INTEGER)),
    limit: limitParameter(parameters),
    selectors: parameters.getAll('match[]').map(matchersOf),
  };
}

function matchersOf(text: string): readonly Matcher[] {
  const parsed = parseExpr(text);
  if (!parsed.ok) {
    const [first] = parsed.diagnostics;
    throw new BadRequest(`invalid parameter "match[]": ${first?.message ?? 'not a selector'}`);
  }
  if (parsed.value.kind !== 'selector') throw new BadRequest('invalid parameter "match[]": not a selector of series');
  return selectorMatchers(parsed.value);
}

function selectorMatchers({ name, matchers }: VectorSelector): readonly Matcher[] {
  return name === '' ? matchers : [{ name: metricName, operator: '=', value: name }, ...matchers];
}

/** The label sets that any of the selectors finds, all if there is none, sorted and without repetitions. */
function labelSets({ from, to, selectors }: LabelQuery, { store }: EmbeddedServer): readonly Labels[] {
  if (selectors.length === 0) return store.labelSets([], from, to);
  const found = new Map(
    selectors.flatMap((matchers) => store.labelSets(matchers, from, to)).map((labels) => [labels.key, labels]),
  );
  return [...found.values()].sort(compareLabels);
}

function series(parameters: Parameters, server: EmbeddedServer): Answer {
  const query = labelQuery(parameters);
  if (query.selectors.length === 0) throw new BadRequest('no match[] parameter provided');
  return limited(
    labelSets(query, server).map((labels) => labels.toRecord()),
    query.limit,
  );
}

function labelNames(parameters: Parameters, server: EmbeddedServer): Answer {
  const query = labelQuery(parameters);
  return limited([...new Set(labelSets(query, server).flatMap(({ names }) => names))].sort(), query.limit);
}

function labelValues(parameters: Parameters, name: string, server: EmbeddedServer): Answer {
  if (name === '') throw new BadRequest('invalid label name: ""');
  const query = labelQuery(parameters);
  const values = new Set(labelSets(query, server).map((labels) => labels.get(name)));
  values.delete('');
  return limited([...values].sort(), query.limit);
}

function limited(data: readonly unknown[], limit: number): Answer {
  return limit < data.length ? give(data.slice(0, limit), ['results truncated due to limit']) : give(data);
}

function metadata(parameters: Parameters, { scrapers }: EmbeddedServer): Answer {
  const wanted = parameters.get('metric') ?? '';
  const limit = limitParameter(parameters);
  const perMetric = limitParameter(parameters, 'limit_per_metric');
  const byName = new Map<string, Map<string, unknown>>();
  for (const family of scrapers.flatMap((scraper) => scraper.families())) {
    // OpenMetrics names a counter without its suffix; the series have it.
    const name = family.type === 'counter' && !family.name.endsWith('_total') ? `${family.name}_total` : family.name;
    if (wanted !== '' && name !== wanted) continue;
    const entry = { type: family.type, help: family.help ?? '', unit: family.unit ?? '' };
    const entries = byName.get(name) ?? new Map<string, unknown>();
    if (entries.size < perMetric) entries.set(JSON.stringify(entry), entry);
    byName.set(name, entries);
  }
  const chosen = [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, Number.isFinite(limit) ? limit : undefined);
  return give(Object.fromEntries(chosen.map(([name, entries]) => [name, [...entries.values()]])));
}

function targetData(scraper: EmbeddedServer['scrapers'][number]): unknown {
  const { target } = scraper;
  const { health, lastScrape, lastSeconds, lastError } = scraper.health();
  return {
    discoveredLabels: {},
    labels: target.labels.toRecord(),
    scrapePool: target.job.name,
    scrapeUrl: shownUrl(target.url),
    globalUrl: shownUrl(target.url),
    lastError,
    lastScrape: wireTime(lastScrape),
    lastScrapeDuration: lastSeconds,
    health,
    scrapeInterval: formatDuration(target.job.interval),
    scrapeTimeout: formatDuration(target.job.timeout),
  };
}
