import { isStale, metricName, type Series } from '../../src/core/series/index.ts';

/**
 * Series with their history as OpenMetrics text, which promtool turns into blocks, series by series: months of history are more than one
 * string may hold. The format has no stale markers: what has ended lives on
 * for the five minutes that a server looks back.
 */
export function* openMetrics(series: readonly Series[]): Generator<string, void, undefined> {
  for (const one of series) {
    const pairs = [...one.labels.entries()].filter(([label]) => label !== metricName);
    const head = `${one.labels.get(metricName)}{${pairs.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}`;
    let text = '';
    for (const [i, time] of one.timestamps.entries()) {
      if (!isStale(one, i)) text += `${head} ${one.values[i]} ${time / 1000}\n`;
    }
    yield text;
  }
  yield '# EOF\n';
}

/** The same series as they come back from such text. */
export function withoutStaleMarkers(series: readonly Series[]): readonly Series[] {
  return series.map((one) => {
    if (one.staleMarkers === undefined) return one;
    const keep = (_: number, index: number): boolean => !isStale(one, index);
    return {
      labels: one.labels,
      timestamps: one.timestamps.filter(keep),
      values: one.values.filter(keep),
    };
  });
}
