import type { Duration } from '../../src/core/base/index.ts';
import { day, duration, hour, minute, second } from '../../src/core/base/index.ts';

/** One row of the table: a query over the last `length` of the data. */
export interface BenchQuery {
  readonly expr: string;
  readonly length: Duration;
  readonly step: Duration;
  /** How many times faster than Prometheus the query itself must be; 1 is "not slower". */
  readonly floor: number;
}

const days = (count: number): Duration => duration(count * day);
const hours = (count: number): Duration => duration(count * hour);
const minutes = (count: number): Duration => duration(count * minute);

const burnRate = (long: string, short: string): string =>
  `(sum(rate(errors_total[${long}])) / sum(rate(requests_total[${long}])) > 0.0001) and (sum(rate(errors_total[${short}])) / sum(rate(requests_total[${short}])) > 0.0001)`;

const overMonth = (name: string): BenchQuery => ({ expr: name, length: days(30), step: hour, floor: 100 });

/** What SLOs ask of an engine: short and long windows, aggregation, ratios, many series. */
export const queries: readonly BenchQuery[] = [
  { expr: 'rate(requests_total{instance="i0"}[5m])', length: day, step: duration(30 * second), floor: 1 },
  { expr: 'rate(requests_total{instance="i0"}[1h])', length: days(30), step: minutes(5), floor: 1 },
  { expr: 'rate(requests_total{instance="i0"}[1d])', length: days(30), step: minutes(5), floor: 1 },
  overMonth('rate(requests_total{instance="i0"}[30d])'),
  { expr: 'rate(requests_total{instance="i0"}[30d])', length: days(30), step: minutes(5), floor: 100 },
  overMonth('sum(rate(requests_total[30d]))'),
  overMonth('sum(increase(errors_total[30d])) / sum(increase(requests_total[30d]))'),
  { expr: burnRate('3d', '6h'), length: days(7), step: minute, floor: 1 },
  { expr: burnRate('1h', '5m'), length: days(7), step: minute, floor: 1 },
  overMonth('sum_over_time(queue_depth{instance="i0"}[30d])'),
  overMonth('avg_over_time(queue_depth{instance="i0"}[30d])'),
  overMonth('max_over_time(queue_depth{instance="i0"}[30d])'),
  overMonth('stddev_over_time(queue_depth{instance="i0"}[30d])'),
  overMonth('count_over_time(queue_depth{instance="i0"}[30d])'),
  overMonth('quantile_over_time(0.99, queue_depth{instance="i0"}[30d])'),
  { expr: 'avg_over_time(rate(requests_total{instance="i0"}[5m])[30d:5m])', length: days(30), step: hour, floor: 20 },
  { expr: 'http_requests_total', length: hour, step: duration(15 * second), floor: 1 },
  { expr: 'rate(http_requests_total[5m])', length: hour, step: duration(15 * second), floor: 1 },
  { expr: 'sum by (path) (rate(http_requests_total[5m]))', length: hours(6), step: minute, floor: 1 },
  { expr: 'sum(rate(http_requests_total[1h]))', length: hours(6), step: minute, floor: 1 },
  { expr: 'topk(5, rate(http_requests_total[5m]))', length: hour, step: minute, floor: 1 },
  {
    expr: 'sum(rate(http_requests_total{path="/p1"}[5m])) / sum(rate(http_requests_total[5m]))',
    length: hours(6),
    step: minute,
    floor: 1,
  },
];
