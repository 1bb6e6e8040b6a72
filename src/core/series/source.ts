import type { Timestamp } from '../base/index.ts';
import type { Labels } from './labels.ts';
import type { Matcher } from './matcher.ts';
import type { Series } from './series.ts';

/** What a query needs of a source: the series that satisfy all matchers, with their samples from `from` to `to`, both included. */
export interface Selection {
  readonly matchers: readonly Matcher[];
  readonly from: Timestamp;
  readonly to: Timestamp;
}

/**
 * Port: a place that holds samples. Everything that evaluates PromQL reads through it: memory, the embedded store, a file,
 * a remote server.
 */
export interface SeriesSource {
  /**
   * Gives, for each selection in order, its series. A source may give more samples than asked for, never fewer; a series without any
   * sample in the stretch may be left out. Throws if the world fails or the signal aborts.
   */
  select(selections: readonly Selection[], signal?: AbortSignalLike): Promise<readonly (readonly Series[])[]>;
}

/** The part of an AbortSignal that the core may see; a real one fits. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason?: unknown;
}

/** One series of an instant query's answer. */
export interface InstantSample {
  readonly labels: Labels;
  readonly value: number;
}

/** One series of a range query's answer, at the steps where it has a value. */
export interface RangeSeries {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  readonly values: Float64Array;
}

/**
 * Port: a server that evaluates PromQL itself (Prometheus and its kin), or our own engine over a SeriesSource. A scalar answer is one
 * sample without labels. Throws if the world fails or the query is refused.
 */
export interface QueryBackend {
  query(expr: string, time: Timestamp, signal?: AbortSignalLike): Promise<readonly InstantSample[]>;
  queryRange(
    expr: string,
    from: Timestamp,
    to: Timestamp,
    stepMs: number,
    signal?: AbortSignalLike,
  ): Promise<readonly RangeSeries[]>;
}
