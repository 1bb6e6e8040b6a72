import type { Timestamp } from '../base/index.ts';
import type { Labels } from './labels.ts';

/** The two text formats in which targets show their metrics; protobuf is not read. */
export type ExpositionFormat = 'text' | 'openmetrics';

/** What a family's samples mean. The classic format knows the first five (and says `untyped` for `unknown`). */
export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'summary'
  | 'unknown'
  | 'info'
  | 'stateset'
  | 'gaugehistogram';

/** What a page says about a family: its HELP, TYPE and UNIT lines. */
export interface MetricFamily {
  /** As written after `# TYPE`: a counter's name ends in `_total` in the classic format and does not in OpenMetrics. */
  readonly name: string;
  readonly type: MetricType;
  readonly help?: string;
  readonly unit?: string;
}

/** One line of a page. */
export interface ExpositionSample {
  readonly labels: Labels;
  readonly value: number;
  /** Absent where the page leaves the time to the scraper, as it nearly always does. */
  readonly timestamp?: Timestamp;
}

/** A page of metrics: what a target shows at `/metrics`. */
export interface Exposition {
  /** In the order of the page. */
  readonly families: readonly MetricFamily[];
  /** In the order of the page. */
  readonly samples: readonly ExpositionSample[];
}

/** The content types that targets send and scrapers ask for. */
export const expositionContentTypes: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

/** Which of the two formats an `Accept` header prefers; the classic one unless OpenMetrics is named. */
export function negotiateExposition(accept: string): ExpositionFormat {
  return accept.includes('application/openmetrics-text') ? 'openmetrics' : 'text';
}

/** The suffixes that samples of a family carry after its name. Source: OpenMetrics 1.0, "Suffixes". */
const suffixes: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['_total', '_created', ''],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  summary: ['', '_count', '_sum', '_created'],
  unknown: [''],
  info: ['_info'],
  stateset: [''],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
};

/** Whether a sample of this name belongs to the family. */
export function isOfFamily(sampleName: string, family: MetricFamily): boolean {
  if (!sampleName.startsWith(family.name)) return false;
  return suffixes[family.type].includes(sampleName.slice(family.name.length));
}
