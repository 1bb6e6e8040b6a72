import { type Timestamp, timestamp } from '../base/index.ts';
import type { AnchoredScenario, Incident, Moment } from './model.ts';
import { touchesReplica } from './touches.ts';

/** A ramp rises in this many equal steps, so that rates are constant between two boundaries. */
const rampSteps = 30;

/** When everything happens. Between two neighbouring boundaries all rates follow the traffic clock times a constant. */
export interface Timeline {
  readonly start: Timestamp;
  /** Ascending; the first is the start. */
  readonly boundaries: Float64Array;
  readonly incidents: readonly PlacedIncident[];
  readonly replicas: readonly ReplicaLife[];
}

/** An incident whose place in time is known. */
export interface PlacedIncident {
  readonly incident: Incident;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** When a replica's process ran, and when nobody could see it. Stretches are half-open: the end is not part of them. */
export interface ReplicaLife {
  /** Ascending and apart: one for each process; counters start from zero in each. */
  readonly lives: readonly Stretch[];
  /** Stretches in which the process runs but cannot be scraped. */
  readonly unreachable: readonly Stretch[];
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** Lays a scenario out in time. */
export function layOut(scenario: AnchoredScenario): Timeline {
  const start = resolve(scenario.started, scenario.anchor);
  const incidents = scenario.incidents.map((incident) => {
    const from = resolve(incident.at, scenario.anchor);
    return { incident, from, to: from + incident.length };
  });
  const edges = new Set<number>([start]);
  for (const { incident, from, to } of incidents) {
    edges.add(from).add(to);
    if (0 < incident.ramp)
      for (let step = 1; step <= rampSteps; step += 1) edges.add(from + (incident.ramp * step) / rampSteps);
  }
  const boundaries = Float64Array.from([...edges].filter((edge) => start <= edge)).sort();
  const replicas = scenario.replicas.map((_, replica) => replicaLife(scenario, incidents, start, replica));
  return { start, boundaries, incidents, replicas };
}

/** The instant that a moment means. */
function resolve(moment: Moment, anchor: Timestamp): Timestamp {
  return moment.kind === 'absolute' ? moment.time : timestamp(anchor + moment.offset);
}

/** How far an incident has unfolded in the segment from `from` to `to`: 0 outside it, 1 once its ramp is over, in between on the ramp. */
export function progress({ incident, from, to }: PlacedIncident, segmentFrom: number, segmentTo: number): number {
  if (segmentFrom < from || to <= segmentFrom) return 0;
  if (incident.ramp === 0) return 1;
  // The middle of the segment stands for all of it; the last segment has no end.
  const middle = segmentTo === Number.POSITIVE_INFINITY ? segmentFrom : (segmentFrom + segmentTo) / 2;
  return Math.min(1, (middle - from) / incident.ramp);
}

function replicaLife(
  scenario: AnchoredScenario,
  incidents: readonly PlacedIncident[],
  start: number,
  replica: number,
): ReplicaLife {
  const mine = incidents.filter(({ incident }) => touchesReplica(incident, replica));
  const downs = merge(mine.filter(({ incident }) => incident.down));
  const unreachable = merge(mine.filter(({ incident }) => incident.unreachable));
  const lives: Stretch[] = [];
  let from = start;
  for (const down of [...downs, { from: Number.POSITIVE_INFINITY, to: Number.POSITIVE_INFINITY }]) {
    if (from < down.from) lives.push(...cut({ from, to: down.from }, mine, scenario, start, replica));
    from = Math.max(from, down.to);
  }
  return { lives, unreachable };
}

/** Cuts a stretch of running at the restarts within it. Endless repetition ends with the last incident and the anchor, plus a year. */
function cut(
  stretch: Stretch,
  incidents: readonly PlacedIncident[],
  { restartEvery, replicas, anchor }: AnchoredScenario,
  start: number,
  replica: number,
): readonly Stretch[] {
  const restarts = incidents.filter(({ incident }) => incident.restart).map(({ from }) => from);
  if (restartEvery !== undefined) {
    const horizon = Math.min(stretch.to, Math.max(anchor, ...incidents.map(({ to }) => to)) + 365 * 86_400_000);
    const first = start + (restartEvery * (replica + 1)) / replicas.length;
    const skipped = Math.max(0, Math.ceil((stretch.from - first) / restartEvery));
    for (let at = first + skipped * restartEvery; at < horizon; at += restartEvery) restarts.push(at);
  }
  const inside = [...new Set(restarts)].filter((at) => stretch.from < at && at < stretch.to).sort((a, b) => a - b);
  const edges = [stretch.from, ...inside, stretch.to];
  return edges.slice(1).map((to, i) => ({ from: edges[i] ?? 0, to }));
}

/** The same stretches ascending, those that touch joined. */
function merge(stretches: readonly Stretch[]): readonly Stretch[] {
  const merged: Stretch[] = [];
  for (const { from, to } of [...stretches].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && from <= last.to)
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, to) };
    else if (from < to) merged.push({ from, to });
  }
  return merged;
}
