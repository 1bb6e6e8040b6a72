import { type Duration, duration, second } from '../core/base/index.ts';
import {
  type AbortSignalLike,
  type InstantSample,
  Labels,
  type QueryBackend,
  type RangeSeries,
} from '../core/series/index.ts';
import { fetchText, type HttpAnswer, shownUrl } from './http-client.ts';
import { isList, isRecord, readInstant, readRange, textsOf } from './prometheus-json.ts';

/** Most points of a series that one range query of a Prometheus gives. Source: prometheus, web/api/v1/api.go. */
const mostPoints = 11_000;

export interface PrometheusOptions {
  /** For each request; the server is asked to give up then as well. */
  readonly timeout: Duration;
  /** Most bytes of an answer. */
  readonly bodyLimit: number;
}

export const defaultPrometheusOptions: PrometheusOptions = {
  timeout: duration(30 * second),
  bodyLimit: 256 * 1024 * 1024,
};

/** What a call of the HTTP API gave: `data` as it stood in the answer. */
export interface PrometheusAnswer {
  readonly data: unknown;
  readonly warnings: readonly string[];
  readonly infos: readonly string[];
}

/** An alerting rule of the server with its active alerts. */
export interface PrometheusAlert {
  readonly name: string;
  readonly labels: Labels;
  readonly annotations: ReadonlyMap<string, string>;
  readonly state: 'pending' | 'firing';
  readonly activeAt: number | undefined;
}

/** A server that speaks Prometheus's HTTP API: Prometheus, Thanos, Mimir, VictoriaMetrics, another Nines. */
export interface PrometheusClient extends QueryBackend {
  /** The address without credentials. */
  readonly address: string;
  /** Calls `api/v1/PATH` with the parameters as a form. Throws a PrometheusError. */
  call(path: string, parameters: Readonly<Record<string, string>>, signal?: AbortSignalLike): Promise<PrometheusAnswer>;
  /** The active alerts of all rules; undefined if the server evaluates no rules itself. */
  alerts(signal?: AbortSignalLike): Promise<readonly PrometheusAlert[] | undefined>;
}

/** The server did not answer, or refused. `kind` is `unreachable` or Prometheus's own errorType: `bad_data`, `execution`, `timeout`. */
export class PrometheusError extends Error {
  override readonly name: string = 'PrometheusError';
  readonly kind: string;

  constructor(kind: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

export function prometheusClient(base: URL, options: PrometheusOptions = defaultPrometheusOptions): PrometheusClient {
  const address = shownUrl(base).replace(/\/$/, '');

  async function call(
    path: string,
    parameters: Readonly<Record<string, string>>,
    signal?: AbortSignalLike,
  ): Promise<PrometheusAnswer> {
    const url = new URL(base);
    url.pathname = `${url.pathname.replace(/\/$/, '')}/api/v1/${path}`;
    const asForm = path === 'query' || path === 'query_range';
    const form = new URLSearchParams(parameters).toString();
    if (!asForm) url.search = form;
    const answer = await fetchText({
      url,
      ...options,
      ...(asForm
        ? { method: 'POST', body: form, headers: { 'content-type': 'application/x-www-form-urlencoded' } }
        : { method: 'GET' }),
      signal: signal instanceof AbortSignal ? signal : undefined,
    }).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new PrometheusError('unreachable', `${address} gave no answer: ${reason}`, { cause: error });
    });
    return readAnswer(answer, address);
  }

  return {
    address,
    call,
    async query(expr, time, signal): Promise<readonly InstantSample[]> {
      const parameters = { query: expr, time: seconds(time), timeout: `${options.timeout}ms` };
      return readInstant((await call('query', parameters, signal)).data);
    },
    async queryRange(expr, from, to, stepMs, signal): Promise<readonly RangeSeries[]> {
      const parts: RangeSeries[] = [];
      for (let start: number = from; start <= to; start += mostPoints * stepMs) {
        const end = Math.min(to, start + (mostPoints - 1) * stepMs);
        const times = { start: seconds(start), end: seconds(end), step: `${stepMs}ms` };
        const answer = await call('query_range', { query: expr, ...times, timeout: `${options.timeout}ms` }, signal);
        parts.push(...readRange(answer.data));
      }
      return joinParts(parts);
    },
    async alerts(signal): Promise<readonly PrometheusAlert[] | undefined> {
      try {
        return readAlerts((await call('alerts', {}, signal)).data);
      } catch (error) {
        if (error instanceof PrometheusError && error.kind === 'not_found') return undefined;
        throw error;
      }
    },
  };
}

function readAnswer({ status, contentType, body }: HttpAnswer, address: string): PrometheusAnswer {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch (error) {
    if (status === 404) throw new PrometheusError('not_found', `${address} does not have this part of the API (404)`);
    const kind = contentType === '' ? 'no content type' : contentType;
    const message = `${address} answered with status ${status} and ${kind}, which is not Prometheus's API`;
    throw new PrometheusError(status === 401 || status === 403 ? 'unauthorized' : 'unreachable', message, {
      cause: error,
    });
  }
  if (!isRecord(json)) throw new PrometheusError('unreachable', `${address} gave an answer that is not Prometheus's`);
  if (json['status'] === 'success') {
    return { data: json['data'], warnings: textsOf(json['warnings']), infos: textsOf(json['infos']) };
  }
  const kind = typeof json['errorType'] === 'string' ? json['errorType'] : status === 404 ? 'not_found' : 'unreachable';
  const reason = typeof json['error'] === 'string' ? json['error'] : `status ${status}`;
  throw new PrometheusError(kind, `${address} refused: ${reason}`);
}

/** Puts the stretches of a long range query together again, series by series. */
function joinParts(parts: readonly RangeSeries[]): readonly RangeSeries[] {
  const byKey = new Map<string, RangeSeries[]>();
  for (const part of parts) {
    const same = byKey.get(part.labels.key);
    if (same === undefined) byKey.set(part.labels.key, [part]);
    else same.push(part);
  }
  return [...byKey.values()].map((same) => {
    const [first] = same;
    if (first !== undefined && same.length === 1) return first;
    return {
      labels: first?.labels ?? Labels.empty,
      timestamps: Float64Array.from(same.flatMap(({ timestamps }) => Array.from(timestamps))),
      values: Float64Array.from(same.flatMap(({ values }) => Array.from(values))),
    };
  });
}

function readAlerts(data: unknown): readonly PrometheusAlert[] {
  const alerts = isRecord(data) && isList(data['alerts']) ? data['alerts'] : [];
  return alerts.filter(isRecord).flatMap((alert): PrometheusAlert[] => {
    const { state, activeAt } = alert;
    if (state !== 'pending' && state !== 'firing') return [];
    const labels = labelPairs(alert['labels']);
    const since = typeof activeAt === 'string' ? Date.parse(activeAt) : Number.NaN;
    return [
      {
        name: labels.get('alertname') ?? '',
        labels: Labels.from(labels),
        annotations: labelPairs(alert['annotations']),
        state,
        activeAt: Number.isNaN(since) ? undefined : since,
      },
    ];
  });
}

function labelPairs(value: unknown): ReadonlyMap<string, string> {
  const pairs = isRecord(value) ? Object.entries(value) : [];
  return new Map(pairs.map(([name, text]) => [name, String(text)]));
}

function seconds(time: number): string {
  return (time / 1000).toFixed(3);
}
