import type { Span, Timestamp } from '../../base/index.ts';
import type { Histogram, Labels } from '../../series/index.ts';

/** What a query gives. A range query gives a matrix; an instant query any of the four. */
export type QueryValue =
  | { readonly kind: 'scalar'; readonly time: Timestamp; readonly value: number }
  | { readonly kind: 'string'; readonly time: Timestamp; readonly value: string }
  | { readonly kind: 'vector'; readonly samples: readonly VectorSample[] }
  | { readonly kind: 'matrix'; readonly series: readonly MatrixSeries[] };

export interface VectorSample {
  readonly labels: Labels;
  readonly time: Timestamp;
  /** NaN if the sample is a histogram. */
  readonly value: number;
  readonly histogram?: Histogram;
}

/** Only the steps at which the series has a value, ascending. */
export interface MatrixSeries {
  readonly labels: Labels;
  readonly timestamps: Float64Array;
  /** NaN where the point is a histogram. */
  readonly values: Float64Array;
  /** Histogram points by index; absent if all points are floats. */
  readonly histograms?: ReadonlyMap<number, Histogram>;
}

/** A remark on the answer, not a failure: upstream's warnings and infos. */
export interface Annotation {
  readonly level: 'warning' | 'info';
  /** Without the position, which is printed as ` (line:column)` after it. */
  readonly message: string;
  readonly span: Span;
}

export type QueryOutcome =
  | {
      readonly ok: true;
      readonly value: QueryValue;
      readonly annotations: readonly Annotation[];
      readonly stats: QueryStats;
    }
  | { readonly ok: false; readonly error: QueryError };

export interface QueryStats {
  /** Samples that the selectors touched. */
  readonly samples: number;
}

/** Why a valid query has no answer. `limit` names the limit and how to raise it in the message. */
export interface QueryError {
  readonly kind: 'execution' | 'limit' | 'cancelled';
  readonly message: string;
  readonly span?: Span;
}
