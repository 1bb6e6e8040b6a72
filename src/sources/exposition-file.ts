import { type Outcome, type Source, success, type Timestamp } from '../core/base/index.ts';
import {
  type ExpositionSample,
  type Labels,
  memorySource,
  parseExposition,
  type Series,
  type SeriesSource,
} from '../core/series/index.ts';

/** A page of metrics as a place to query. */
export interface ExpositionFile {
  readonly source: SeriesSource;
  /** The time of the newest sample: where an instant query looks unless told otherwise. */
  readonly newest: Timestamp;
}

/**
 * Reads a page of metrics, or a history in the same form as `promtool tsdb create-blocks-from openmetrics` takes it, with a time behind
 * each sample. A text that ends in `# EOF` is OpenMetrics (times in seconds), any other the classic format (milliseconds). Samples
 * without a time get `defaultTime`. Of two samples of a series at one instant the first counts, as in a scrape.
 */
export function readExpositionFile(file: Source, defaultTime: Timestamp): Outcome<ExpositionFile> {
  const type = /(?:^|\n)# EOF\n?$/.test(file.text) ? 'application/openmetrics-text' : 'text/plain';
  const page = parseExposition(file.text, type, { maxSamples: Number.MAX_SAFE_INTEGER });
  if (!page.ok) return page;
  const bySeries = new Map<string, { readonly labels: Labels; readonly samples: ExpositionSample[] }>();
  let newest: Timestamp | undefined;
  for (const sample of page.value.samples) {
    const { labels } = sample;
    const known = bySeries.get(labels.key);
    if (known === undefined) bySeries.set(labels.key, { labels, samples: [sample] });
    else known.samples.push(sample);
    const time = sample.timestamp ?? defaultTime;
    if (newest === undefined || newest < time) newest = time;
  }
  const series = [...bySeries.values()].map(({ labels, samples }) => toSeries(labels, samples, defaultTime));
  return success({ source: memorySource(series), newest: newest ?? defaultTime }, page.diagnostics);
}

function toSeries(labels: Labels, samples: readonly ExpositionSample[], defaultTime: Timestamp): Series {
  const ordered = samples
    .map(({ timestamp, value }) => ({ time: timestamp ?? defaultTime, value }))
    .sort((a, b) => a.time - b.time)
    .filter(({ time }, i, all) => i === 0 || all[i - 1]?.time !== time);
  return {
    labels,
    timestamps: Float64Array.from(ordered, ({ time }) => time),
    values: Float64Array.from(ordered, ({ value }) => value),
  };
}
