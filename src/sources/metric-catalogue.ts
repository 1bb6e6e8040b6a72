import type { AbortSignalLike } from '../core/series/index.ts';
import type { PrometheusClient } from './prometheus.ts';
import { isList, isRecord, textsOf } from './prometheus-json.ts';

/** A metric that a server has samples of. */
export interface LiveMetric {
  readonly name: string;
  /** As the target says it: `counter`, `gauge`, `histogram`, `summary`; empty if no target says. */
  readonly type: string;
  /** As the target says it, `seconds`; empty if it says none. */
  readonly unit: string;
  /** The values of each label; undefined if the metric was not asked about. */
  readonly labels: ReadonlyMap<string, ReadonlySet<string>> | undefined;
  /** Upper bounds of the buckets of a histogram, in ascending order. */
  readonly buckets: readonly number[];
}

/** Names asked about in one request: their pattern must fit into an address. */
const namesInRequest = 20;

/**
 * What a server knows of metrics: all names, and of those that are asked about the type, the labels and the buckets. Three kinds of
 * requests, the last one for some names at a time, one after the other: a linter is nobody's load test.
 */
export async function liveMetrics(
  client: Pick<PrometheusClient, 'call'>,
  asked: readonly string[],
  signal?: AbortSignalLike,
): Promise<readonly LiveMetric[]> {
  const names = new Set(textsOf((await client.call('label/__name__/values', {}, signal)).data));
  const stated = readMetadata((await client.call('metadata', {}, signal)).data);
  const isHistogram = (base: string): boolean => names.has(`${base}_bucket`);
  const bases = new Map<string, { readonly labels: Map<string, Set<string>>; readonly buckets: Set<number> }>();
  const baseOf = (name: string): string => {
    const base = name.replace(/_(?:bucket|count|sum)$/, '');
    return isHistogram(base) || stated.get(base)?.type === 'summary' ? base : name;
  };
  for (const name of names) bases.set(baseOf(name), { labels: new Map(), buckets: new Set() });
  const wanted = [
    ...new Set(asked.map((name) => (isHistogram(baseOf(name)) ? `${baseOf(name)}_bucket` : name))),
  ].filter((name) => names.has(name));
  for (let start = 0; start < wanted.length; start += namesInRequest) {
    const pattern = wanted.slice(start, start + namesInRequest).join('|');
    const answer = await client.call('series', { 'match[]': `{__name__=~"${pattern}"}` }, signal);
    for (const series of isList(answer.data) ? answer.data : []) {
      if (!isRecord(series) || typeof series['__name__'] !== 'string') continue;
      const metric = bases.get(baseOf(series['__name__']));
      for (const [label, value] of Object.entries(series)) {
        if (label === 'le') metric?.buckets.add(Number(value));
        else if (label !== '__name__' && label !== 'quantile')
          metric?.labels.set(label, (metric.labels.get(label) ?? new Set()).add(String(value)));
      }
    }
  }
  const answered = new Set(wanted.map(baseOf));
  return [...bases].map(([name, { labels, buckets }]) => {
    const metadata = stated.get(name) ?? stated.get(name.replace(/_total$/, ''));
    return {
      name,
      type: isHistogram(name) ? 'histogram' : (metadata?.type ?? ''),
      unit: metadata?.unit ?? '',
      labels: answered.has(name) ? labels : undefined,
      buckets: [...buckets].filter(Number.isFinite).toSorted((a, b) => a - b),
    };
  });
}

/** The first type and unit that a target states for each metric. */
function readMetadata(data: unknown): ReadonlyMap<string, Pick<LiveMetric, 'type' | 'unit'>> {
  const found = new Map<string, Pick<LiveMetric, 'type' | 'unit'>>();
  if (!isRecord(data)) return found;
  for (const [name, entries] of Object.entries(data)) {
    const [first] = isList(entries) ? entries : [];
    if (!isRecord(first) || typeof first['type'] !== 'string') continue;
    found.set(name, { type: first['type'], unit: typeof first['unit'] === 'string' ? first['unit'] : '' });
  }
  return found;
}
