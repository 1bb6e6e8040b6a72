import type { AbortSignalLike } from '../core/series/index.ts';
import type { PrometheusClient } from './prometheus.ts';
import { isList, isRecord, textsOf } from './prometheus-json.ts';

/** A metric that a server has samples of. */
export interface LiveMetric {
  readonly name: string;
  /** As the target says it: `counter`, `gauge`, `histogram`, `summary`; empty if no target says. */
  readonly type: string;
  readonly labels: readonly string[];
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
  const types = readTypes((await client.call('metadata', {}, signal)).data);
  const isHistogram = (base: string): boolean => names.has(`${base}_bucket`);
  const bases = new Map<string, { readonly labels: Set<string>; readonly buckets: Set<number> }>();
  const baseOf = (name: string): string => {
    const base = name.replace(/_(?:bucket|count|sum)$/, '');
    return isHistogram(base) || types.get(base) === 'summary' ? base : name;
  };
  for (const name of names) bases.set(baseOf(name), { labels: new Set(), buckets: new Set() });
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
        else if (label !== '__name__') metric?.labels.add(label);
      }
    }
  }
  return [...bases].map(([name, { labels, buckets }]) => ({
    name,
    type: isHistogram(name) ? 'histogram' : (types.get(name) ?? types.get(name.replace(/_total$/, '')) ?? ''),
    labels: [...labels].toSorted(),
    buckets: [...buckets].filter(Number.isFinite).toSorted((a, b) => a - b),
  }));
}

/** The first type that a target states for each metric. */
function readTypes(data: unknown): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  if (!isRecord(data)) return found;
  for (const [name, entries] of Object.entries(data)) {
    const [first] = isList(entries) ? entries : [];
    if (isRecord(first) && typeof first['type'] === 'string') found.set(name, first['type']);
  }
  return found;
}
