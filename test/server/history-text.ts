import { timestamp } from '../../src/core/base/index.ts';
import {
  isStale,
  metricName,
  printSeries,
  type Series,
  type SeriesSource,
  sampleLine,
} from '../../src/core/series/index.ts';

/** Everything that a source holds. */
export async function allSeries(source: SeriesSource): Promise<readonly Series[]> {
  const matchers = [{ name: metricName, operator: '=~', value: '.+' }] as const;
  const [series = []] = await source.select([{ matchers, from: timestamp(0), to: timestamp(1e14) }]);
  return series;
}

/** Series in the form that `promtool tsdb create-blocks-from openmetrics` reads. It has no stale markers. */
export function historyText(all: readonly Series[]): string {
  const name = ({ labels }: Series): string => labels.get(metricName);
  const byName = all.toSorted((a, b) => (name(a) < name(b) ? -1 : name(b) < name(a) ? 1 : 0));
  const lines = byName.flatMap((series) => {
    const printed = printSeries(series.labels);
    return Array.from(series.timestamps, (time, i) =>
      isStale(series, i) ? '' : sampleLine(printed, series.values[i] ?? Number.NaN, time, 'openmetrics'),
    );
  });
  return `${lines.join('')}# EOF\n`;
}
