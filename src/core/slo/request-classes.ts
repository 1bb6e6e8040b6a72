import { type Duration, duration, type Ratio, ratio } from '../base/index.ts';

/** A class of requests that share an objective; what is not promised is missing. */
export interface RequestClass {
  readonly name: string;
  readonly availability?: Ratio;
  /** The latency that 90 % of the requests stay below. */
  readonly latency90?: Duration;
  /** The latency that 99 % of the requests stay below. */
  readonly latency99?: Duration;
}

/**
 * The classes by which the workbook sets objectives for services with many kinds of requests, instead of one for each (chapter 5, table
 * 5-10): a request is put in a class, and the classes have the targets.
 */
export const requestClasses: readonly RequestClass[] = [
  { name: 'CRITICAL', availability: ratio(0.9999), latency90: duration(100), latency99: duration(200) },
  { name: 'HIGH_FAST', availability: ratio(0.999), latency90: duration(100), latency99: duration(200) },
  { name: 'HIGH_SLOW', availability: ratio(0.999), latency90: duration(1000), latency99: duration(5000) },
  { name: 'LOW', availability: ratio(0.99) },
  { name: 'NO_SLO' },
];
