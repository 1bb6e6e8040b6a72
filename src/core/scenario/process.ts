import { unreachable } from '../base/index.ts';
import { Labels, labelsPredicate, metricName } from '../series/index.ts';
import { eventsAfter } from './arrivals.ts';
import { dailyClock, steadyClock, type TrafficClock } from './clock.ts';
import { logNormalBelow, meanWithin } from './log-normal.ts';
import type {
  AnchoredScenario,
  Arrivals,
  CounterFamily,
  Family,
  GaugeFamily,
  HistogramFamily,
  Incident,
  LabelShare,
} from './model.ts';
import { keyOf } from './random.ts';
import { layOut, type PlacedIncident, progress, type Timeline } from './timeline.ts';
import { touches, touchesReplica } from './touches.ts';

/** A scenario made ready to be asked what it counted at any time. */
export interface Process {
  readonly scenario: AnchoredScenario;
  readonly timeline: Timeline;
  /** In the order of the scenario's families; within a family by label set, then replica. */
  readonly groups: readonly Group[];
  readonly dailyClock: TrafficClock;
}

/** The series that one label set of a family has at one replica. */
export type Group = CounterGroup | HistogramGroup | GaugeGroup;

interface GroupBase {
  readonly replica: number;
  /** The family's name, the label set, job and instance; a histogram's name still without its suffix. */
  readonly labels: Labels;
}

export interface CounterGroup extends GroupBase {
  readonly kind: 'counter';
  readonly family: CounterFamily;
  readonly count: Count;
}

export interface HistogramGroup extends GroupBase {
  readonly kind: 'histogram';
  readonly family: HistogramFamily;
  /** One for each bucket and one for what lies above the last bound; observations of that range alone. */
  readonly counts: readonly Count[];
  /** What an observation of each range adds to the sum. */
  readonly means: readonly number[];
}

export interface GaugeGroup extends GroupBase {
  readonly kind: 'gauge';
  readonly family: GaugeFamily;
  readonly key: number;
  /** For each segment of the timeline the value that incidents set, or NaN. */
  readonly fixed: Float64Array;
}

/** A number of events that only grows, as a function of time. */
export interface Count {
  readonly key: number;
  /** Where in its random process this count starts. */
  readonly phase: number;
  readonly arrivals: Arrivals['arrivals'];
  /** Events a second of clock time, for each segment of the timeline. */
  readonly rates: Float64Array;
  /** Events to be expected up to the start of each segment. */
  readonly expected: Float64Array;
  /** What the clock shows at the start of each segment. */
  readonly clockAt: Float64Array;
}

const processes = new WeakMap<AnchoredScenario, Process>();

/** The process of a scenario; made once and kept with it. */
export function processOf(scenario: AnchoredScenario): Process {
  const known = processes.get(scenario);
  if (known !== undefined) return known;
  const timeline = layOut(scenario);
  const clock = dailyClock(scenario.traffic, scenario.seed);
  const setting: Setting = {
    scenario,
    timeline,
    dailyAt: timeline.boundaries.map(clock),
    steadyAt: timeline.boundaries.map(steadyClock),
    shares: replicaShares(timeline),
  };
  const process = {
    scenario,
    timeline,
    dailyClock: clock,
    groups: scenario.families.flatMap((family) => groupsOf(family, setting)),
  };
  processes.set(scenario, process);
  return process;
}

/** The index of the segment that a time lies in. The time is at or after the start. */
export function segmentAt(timeline: Timeline, time: number): number {
  const { boundaries } = timeline;
  let low = 0;
  let high = boundaries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((boundaries[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** How many events a count has seen by the time at which its clock shows `clock`, in the given segment; from an arbitrary origin. */
export function countAt(count: Count, segment: number, clock: number): number {
  const expected =
    (count.expected[segment] ?? 0) +
    (count.rates[segment] ?? 0) * (clock - (count.clockAt[segment] ?? 0)) +
    count.phase;
  return count.arrivals === 'clockwork' ? Math.floor(expected) : eventsAfter(count.key, expected);
}

/** The same at a time, for those who ask but once. */
export function countAtTime(process: Process, count: Count, time: number): number {
  const clock = count.arrivals === 'daily' ? process.dailyClock(time) : steadyClock(time);
  return countAt(count, segmentAt(process.timeline, time), clock);
}

interface Setting {
  readonly scenario: AnchoredScenario;
  readonly timeline: Timeline;
  readonly dailyAt: Float64Array;
  readonly steadyAt: Float64Array;
  /** For each replica, its share of the traffic in each segment. */
  readonly shares: readonly Float64Array[];
}

/** Replicas that run share the traffic evenly; while none runs there are no events. */
function replicaShares({ boundaries, replicas }: Timeline): readonly Float64Array[] {
  const running = replicas.map(({ lives }) =>
    boundaries.map((time) => (lives.some(({ from, to }) => from <= time && time < to) ? 1 : 0)),
  );
  return running.map((own) =>
    own.map((runs, i) => (runs === 0 ? 0 : 1 / running.reduce((sum, one) => sum + (one[i] ?? 0), 0))),
  );
}

function groupsOf(family: Family, setting: Setting): readonly Group[] {
  return family.labels.flatMap((set) =>
    setting.scenario.replicas.flatMap((instance, replica): readonly Group[] => {
      const incidents = setting.timeline.incidents.filter(
        ({ incident }) => touchesReplica(incident, replica) && touches(incident, family, set.labels),
      );
      const place: Place = { setting, instance, replica, set, incidents };
      switch (family.kind) {
        case 'counter':
          return counterGroups(family, place);
        case 'histogram':
          return histogramGroups(family, place);
        case 'gauge':
          return [gaugeGroup(family, place)];
        default:
          return unreachable(family);
      }
    }),
  );
}

/** One label set of a family at one replica, with the incidents that touch it. */
interface Place {
  readonly setting: Setting;
  readonly instance: string;
  readonly replica: number;
  readonly set: LabelShare;
  readonly incidents: readonly PlacedIncident[];
}

/** A part of a label set's events that end alike: all of them, or those with one outcome. */
interface Ending {
  readonly labels: ReadonlyMap<string, string>;
  /** Its share of the label set's events, for each segment of the timeline. */
  readonly shares: Float64Array;
}

function endingsOf(family: Arrivals, place: Place): readonly Ending[] {
  const own = Labels.from(place.set.labels);
  const outcomes = family.outcomes.find(({ match }) => labelsPredicate(match)(own));
  if (outcomes === undefined) return [{ labels: new Map(), shares: perSegment(place, () => 1) }];
  const errorRatio = perSegment(place, (unfolded) =>
    worst(outcomes.errorRatio, unfolded, (incident) => incident.errorRatio),
  );
  return [
    ...outcomes.good.map(({ labels, share }) => ({ labels, shares: errorRatio.map((e) => (1 - e) * share) })),
    ...outcomes.bad.map(({ labels, share }) => ({ labels, shares: errorRatio.map((e) => e * share) })),
  ];
}

function counterGroups(family: CounterFamily, place: Place): readonly Group[] {
  return endingsOf(family, place).map((ending): Group => {
    const labels = labelsOf(family, place, ending.labels);
    const count = countOf(family, place, labels, (segment) => ending.shares[segment] ?? 0);
    return { kind: 'counter', family, replica: place.replica, labels, count };
  });
}

function histogramGroups(family: HistogramFamily, place: Place): readonly Group[] {
  const own = Labels.from(place.set.labels);
  const latency = family.latencies.find(({ match }) => labelsPredicate(match)(own)) ?? family.latencies.at(-1);
  const { median, p99 } = latency ?? { median: 1, p99: 2 };
  const slowness = perSegment(place, (unfolded) => product(unfolded, (incident) => incident.latencyFactor));
  const bounds = [...family.buckets, Number.POSITIVE_INFINITY];
  const lowerOf = (i: number): number => (i === 0 ? 0 : (bounds[i - 1] ?? 0));
  const parts = bounds.map((upper, i) =>
    slowness.map((factor) => {
      const below = logNormalBelow(lowerOf(i) / factor, median, p99);
      return Math.max(0, logNormalBelow(upper / factor, median, p99) - below);
    }),
  );
  const means = bounds.map((upper, i) => meanWithin(lowerOf(i), upper, median, p99));
  return endingsOf(family, place).map((ending): Group => {
    const labels = labelsOf(family, place, ending.labels);
    const counts = bounds.map((upper, i) =>
      countOf(
        family,
        place,
        labels.with('le', String(upper)),
        (segment) => (ending.shares[segment] ?? 0) * (parts[i]?.[segment] ?? 0),
      ),
    );
    return { kind: 'histogram', family, replica: place.replica, labels, counts, means };
  });
}

function gaugeGroup(family: GaugeFamily, place: Place): Group {
  const labels = labelsOf(family, place, new Map());
  const fixed = perSegment(place, (unfolded) => {
    const last = unfolded.findLast(({ incident }) => incident.gaugeValue !== undefined);
    return last?.incident.gaugeValue ?? Number.NaN;
  });
  return { kind: 'gauge', family, replica: place.replica, labels, key: keyFor(place, labels), fixed };
}

function labelsOf(family: Family, { setting, instance, set }: Place, outcome: ReadonlyMap<string, string>): Labels {
  const { job } = setting.scenario;
  return Labels.from([...set.labels, ...outcome, [metricName, family.name], ['job', job], ['instance', instance]]);
}

/** A count whose rate in each segment is the family's, times the label set's and the replica's share, times `part`. */
function countOf(family: Arrivals, place: Place, labels: Labels, part: (segment: number) => number): Count {
  const { setting, replica, set } = place;
  const key = keyFor(place, labels);
  const clockAt = family.arrivals === 'daily' ? setting.dailyAt : setting.steadyAt;
  const traffic = perSegment(place, (unfolded) => product(unfolded, (incident) => incident.trafficFactor));
  const rates = clockAt.map((_, i) => {
    const share = set.share * (setting.shares[replica]?.[i] ?? 0);
    return family.ratePerSecond * share * (traffic[i] ?? 1) * part(i);
  });
  const expected = new Float64Array(rates.length);
  for (let i = 1; i < rates.length; i += 1)
    expected[i] = (expected[i - 1] ?? 0) + (rates[i - 1] ?? 0) * ((clockAt[i] ?? 0) - (clockAt[i - 1] ?? 0));
  // Clockwork starts at once; other counts at any place of their random process.
  const phase = family.arrivals === 'clockwork' ? 0 : (key >>> 0) / 2 ** 26;
  return { key, phase, arrivals: family.arrivals, rates, expected, clockAt };
}

function keyFor({ setting }: Place, labels: Labels): number {
  return keyOf(setting.scenario.seed, labels.key);
}

/** An incident that is under way, and how far its ramp has risen. */
interface Unfolded {
  readonly incident: Incident;
  readonly progress: number;
}

function perSegment({ setting, incidents }: Place, value: (unfolded: readonly Unfolded[]) => number): Float64Array {
  const { boundaries } = setting.timeline;
  return boundaries.map((from, i) => {
    const to = boundaries[i + 1] ?? Number.POSITIVE_INFINITY;
    const unfolded = incidents
      .map((placed) => ({ incident: placed.incident, progress: progress(placed, from, to) }))
      .filter((one) => one.progress !== 0);
    return value(unfolded);
  });
}

/** The incidents' factors multiplied, each risen from 1 as far as its ramp has. */
function product(unfolded: readonly Unfolded[], factor: (incident: Incident) => number | undefined): number {
  return unfolded.reduce((all, one) => all * (1 + ((factor(one.incident) ?? 1) - 1) * one.progress), 1);
}

/** The worst of the usual value and the incidents', each risen from the usual one as far as its ramp has. */
function worst(
  usual: number,
  unfolded: readonly Unfolded[],
  value: (incident: Incident) => number | undefined,
): number {
  return unfolded.reduce(
    (all, one) => Math.max(all, usual + ((value(one.incident) ?? usual) - usual) * one.progress),
    usual,
  );
}
