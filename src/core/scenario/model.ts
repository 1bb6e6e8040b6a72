import type { Duration, Ratio, Timestamp } from '../base/index.ts';
import type { Matcher } from '../series/index.ts';

/** A service under imagined traffic: what its replicas count and show at any time, incidents included. Every default has been filled in. */
export interface Scenario {
  readonly service: string;
  /** The scrape job, as in the definition; the service's name by default. */
  readonly job: string;
  /** How often the targets are scraped. */
  readonly interval: Duration;
  /** Two scenarios that differ in their seed alone differ in every random detail and in nothing else. */
  readonly seed: number;
  /** The `instance` labels of the targets. */
  readonly replicas: readonly string[];
  /** When the replicas were started: before that there are no samples. */
  readonly started: Moment;
  /** Each replica restarts this often (one after another, evenly spread), as with a rollout a day; absent: never. */
  readonly restartEvery?: Duration;
  /**
   * What relative moments count from: the instant at which history ends and live traffic begins. Absent until it is known; history
   * then takes its own end.
   */
  readonly anchor?: Timestamp;
  readonly traffic: Traffic;
  readonly families: readonly Family[];
  readonly incidents: readonly Incident[];
}

/** A scenario whose place in time is known. */
export type AnchoredScenario = Scenario & { readonly anchor: Timestamp };

/** An instant, or a distance from the scenario's anchor: `-3d` lies in its history, `+10m` is still to come. */
export type Moment =
  | { readonly kind: 'absolute'; readonly time: Timestamp }
  | { readonly kind: 'relative'; readonly offset: Duration };

/** How requests come in over a day, all families alike. */
export interface Traffic {
  /** The time of day in UTC with the most traffic. */
  readonly peakAt: Duration;
  /** How many times the quietest moment's rate the busiest one has; 1 for the same rate all day. The mean over a day is the family's rate. */
  readonly peakToTrough: number;
  /** By how much the rate strays from that curve at most, within minutes and hours; in [0, 1). */
  readonly noise: Ratio;
}

/** A metric and how it comes about. */
export type Family = CounterFamily | HistogramFamily | GaugeFamily;

interface FamilyBase {
  readonly name: string;
  readonly help?: string;
  /** The base unit: `seconds`, `bytes`. */
  readonly unit?: string;
  /** How its events spread over label sets; one empty set if it has no labels. */
  readonly labels: LabelMix;
}

/** How the events of a counter or histogram come in. */
export interface Arrivals {
  /** Mean events a second over a day, all replicas and label sets together. */
  readonly ratePerSecond: number;
  /** `daily` follows the service's traffic, `steady` has the same rate all day, `clockwork` also has even gaps, as a timer has. */
  readonly arrivals: 'daily' | 'steady' | 'clockwork';
  /** Whether a series exists only once its first event has happened, as in client libraries that make children on first use. */
  readonly newborn: boolean;
  /** How events end; the first whose matchers hold for a label set is its outcomes, none: every event is alike. */
  readonly outcomes: readonly Outcomes[];
}

export interface CounterFamily extends FamilyBase, Arrivals {
  readonly kind: 'counter';
}

/** How events end: what share is bad, and what further labels the good and the bad ones carry. */
export interface Outcomes {
  readonly match: readonly Matcher[];
  readonly good: LabelMix;
  readonly bad: LabelMix;
  /** The share of bad events outside incidents. */
  readonly errorRatio: Ratio;
}

export interface HistogramFamily extends FamilyBase, Arrivals {
  readonly kind: 'histogram';
  /** Upper bounds in the base unit, ascending, without +Inf. */
  readonly buckets: readonly number[];
  /** The first whose matchers hold for a label set is its distribution. */
  readonly latencies: readonly Latency[];
}

/** A log-normal distribution by its median and 99th percentile, in the base unit. */
export interface Latency {
  readonly match: readonly Matcher[];
  readonly median: number;
  readonly p99: number;
}

export interface GaugeFamily extends FamilyBase {
  readonly kind: 'gauge';
  /** The values at the quietest and at the busiest time of day; whole numbers give whole values. */
  readonly trough: number;
  readonly peak: number;
  /** By how much the value strays from that curve at most, as a share of it. */
  readonly noise: Ratio;
}

/** Label sets with the share of events that each has; the shares sum to 1. */
export type LabelMix = readonly LabelShare[];

export interface LabelShare {
  readonly labels: ReadonlyMap<string, string>;
  readonly share: number;
}

/** A stretch of time in which something is wrong; several effects may go together, and incidents may overlap. */
export interface Incident {
  /** What happened, for people. */
  readonly name: string;
  readonly at: Moment;
  /** Zero only for a lone restart. */
  readonly length: Duration;
  /** How long error ratio, latency, traffic and gauges take to reach what the incident says; zero: at once. */
  readonly ramp: Duration;
  /** The families it touches; absent: all. */
  readonly metrics?: readonly string[];
  /** The label sets it touches, by their labels without the outcome's; no matcher: all. */
  readonly match: readonly Matcher[];
  /** Indexes of the replicas it touches; absent: all. */
  readonly replicas?: readonly number[];
  /** The share of bad events; of several incidents the worst counts. */
  readonly errorRatio?: Ratio;
  /** The median and with it the whole distribution is multiplied by this. */
  readonly latencyFactor?: number;
  /** The rate of events is multiplied by this; 0 stops the traffic. */
  readonly trafficFactor?: number;
  /** What gauges show instead. */
  readonly gaugeValue?: number;
  /** The containers are gone: no samples, no events (the others take the traffic), counters from zero afterwards. */
  readonly down: boolean;
  /** The targets cannot be scraped, but go on working and counting. */
  readonly unreachable: boolean;
  /** The processes restart at the incident's start: counters from zero. */
  readonly restart: boolean;
}

/** The same scenario with its relative moments counted from `anchor`. */
export function anchorScenario(scenario: Scenario, anchor: Timestamp): AnchoredScenario {
  return { ...scenario, anchor };
}
