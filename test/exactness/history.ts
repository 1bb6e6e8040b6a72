import { type Duration, minute, timestamp } from '../../src/core/base/index.ts';
import { eventsLabel } from '../../src/core/generate/index.ts';
import { type AlertHistory, type RuleFile, recordHistory } from '../../src/core/rules/index.ts';
import { memorySource, metricName, type Series } from '../../src/core/series/index.ts';

export interface Evaluated {
  /** The raw series and all that was recorded from them. */
  readonly series: readonly Series[];
  readonly alerts: readonly AlertHistory[];
}

/** Evaluates rules over a stretch of raw history; times are milliseconds since the epoch. */
export async function evaluateRules(
  file: RuleFile,
  raw: readonly Series[],
  from: number,
  to: number,
): Promise<Evaluated> {
  const options = { from: timestamp(from), to: timestamp(to), interval: minute };
  const { series, alerts, failures } = await recordHistory(file, memorySource(raw), options);
  const [failure] = failures;
  if (failure !== undefined) throw new Error(`${failure.group.name} failed: ${failure.message}`);
  return { series: [...raw, ...series], alerts };
}

/** The same with stretches in which no rule was evaluated, as while a Prometheus restarts. Each is shorter than what lies between two. */
export async function evaluateWithGaps(
  file: RuleFile,
  raw: readonly Series[],
  from: number,
  to: number,
  gaps: readonly { readonly from: number; readonly to: number }[],
  step: Duration,
): Promise<readonly Series[]> {
  let known: readonly Series[] = [];
  let start = from;
  for (const gap of [...gaps, { from: to, to }]) {
    const end = Math.min(gap.from, to);
    const { series } = await evaluateRules(file, [...raw, ...known], start, end);
    known = joined([...known, ...series.slice(raw.length + known.length)]);
    start = Math.ceil(gap.to / step) * step;
  }
  return [...raw, ...known];
}

/** Which events a series is about, if it is about any. */
export type EventKind = 'total' | 'bad' | '';

/** Whether a series has a name and is about events of a kind. */
export function isNamed({ labels }: Series, name: string, kind: EventKind = ''): boolean {
  return labels.get(metricName) === name && labels.get(eventsLabel) === kind;
}

/** The newest value of the only series with a name, of events of a kind. */
export function latest(series: readonly Series[], name: string, kind: EventKind = ''): number | undefined {
  const found = series.filter((one) => isNamed(one, name, kind));
  if (1 < found.length) throw new Error(`${name} has ${found.length} series`);
  return found[0]?.values.at(-1);
}

/** Later stretches of a series behind earlier ones. */
function joined(parts: readonly Series[]): readonly Series[] {
  const whole = new Map<string, Series>();
  for (const part of parts) {
    const before = whole.get(part.labels.key);
    whole.set(part.labels.key, before === undefined ? part : append(before, part));
  }
  return [...whole.values()];
}

/** A later stretch of a series behind an earlier one. */
export function append(before: Series, after: Series): Series {
  const stale = [
    ...(before.staleMarkers ?? []),
    ...[...(after.staleMarkers ?? [])].map((index) => index + before.timestamps.length),
  ];
  return {
    labels: before.labels,
    timestamps: Float64Array.from([...before.timestamps, ...after.timestamps]),
    values: Float64Array.from([...before.values, ...after.values]),
    ...(0 < stale.length && { staleMarkers: Int32Array.from(stale) }),
  };
}
