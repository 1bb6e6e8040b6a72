import { type Duration, duration, minute, type Timestamp } from '../../base/index.ts';

/** When to evaluate: at `start`, `start + step`, ... up to `end`. An instant query has `start` = `end`. */
export interface QueryTime {
  readonly start: Timestamp;
  readonly end: Timestamp;
  /** Zero for an instant query, which then answers with a vector, scalar or string instead of a matrix. */
  readonly step: Duration;
}

export interface EngineOptions {
  /** How old a sample an instant selector may take. Prometheus: --query.lookback-delta. */
  readonly lookbackDelta: Duration;
  /** The step of a subquery that names none; Prometheus takes the global evaluation interval. */
  readonly defaultSubqueryStep: Duration;
  /** Drop metric names at the very end of the query instead of at each operator (feature promql-delayed-name-removal). */
  readonly delayedNameRemoval: boolean;
  /** Let rate and its kin use the samples' start timestamps (experimental). */
  readonly useStartTimestamps: boolean;
  /** Most samples in memory at once, counted as upstream does. */
  readonly maxSamples: number;
  /** Most series that a selector, or any intermediate result, may have. */
  readonly maxSeries: number;
  /** Most steps of a range query or a subquery. */
  readonly maxSteps: number;
  /** Most bytes that intermediate results may take at once, estimated before they are allocated. */
  readonly maxMemory: number;
}

/** The defaults of a Prometheus 3 server; its HTTP layer's limit of 11,000 steps is a matter of the HTTP layer. */
export const defaultEngineOptions: EngineOptions = {
  lookbackDelta: duration(5 * minute),
  defaultSubqueryStep: minute,
  delayedNameRemoval: false,
  useStartTimestamps: false,
  maxSamples: 50_000_000,
  maxSeries: 1_000_000,
  maxSteps: 10_000_000,
  maxMemory: 2 ** 30,
};
