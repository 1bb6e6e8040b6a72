import { describe, expect, test } from 'vitest';
import { type Metric, metricOf, namesBeside } from './index.ts';

const metric = (name: string, type: Metric['type'], aliases: readonly string[] = []): Metric => ({
  name,
  type,
  labels: new Map(),
  buckets: [],
  ...(0 < aliases.length && { aliases }),
});
const catalogue = new Map(
  [
    metric('latency_seconds', 'histogram', ['duration_seconds', 'old_seconds']),
    metric('rpc_seconds', 'summary', ['call_seconds']),
    metric('requests_total', 'counter', ['hits_total']),
    metric('depth', 'gauge', ['length', 'latency_seconds_count']),
    metric('queue_count', 'gauge'),
  ].map((each) => [each.name, each] as const),
);

describe('the metric of a name of series, and its other names', () => {
  test.each<[name: string, metric: string | undefined, beside: readonly string[]]>([
    ['requests_total', 'requests_total', ['hits_total']],
    ['hits_total', 'requests_total', ['requests_total']],
    ['latency_seconds', 'latency_seconds', ['duration_seconds', 'old_seconds']],
    ['latency_seconds_bucket', 'latency_seconds', ['duration_seconds_bucket', 'old_seconds_bucket']],
    ['duration_seconds_bucket', 'latency_seconds', ['latency_seconds_bucket', 'old_seconds_bucket']],
    ['old_seconds_sum', 'latency_seconds', ['latency_seconds_sum', 'duration_seconds_sum']],
    ['call_seconds_count', 'rpc_seconds', ['rpc_seconds_count']],
    // A metric of its own whose name ends so.
    ['queue_count', 'queue_count', []],
    // A counter has no series with suffixes, and neither has what goes by its alias.
    ['requests_total_count', undefined, []],
    ['hits_total_bucket', undefined, []],
    ['depth_sum', undefined, []],
    // The histogram itself comes before what somebody called like one of its series.
    ['latency_seconds_count', 'latency_seconds', ['duration_seconds_count', 'old_seconds_count']],
    ['unknown', undefined, []],
    ['_bucket', undefined, []],
  ])('%s', (name, expected, beside) => {
    expect(metricOf(name, catalogue)?.name).toBe(expected);
    expect(namesBeside(name, catalogue)).toEqual(beside);
  });
});
