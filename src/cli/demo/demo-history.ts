import { type Duration, hour, type Timestamp, timestamp } from '../../core/base/index.ts';
import { defaultGenerateOptions, generateRules, statusQueries } from '../../core/generate/index.ts';
import { selectorsOf } from '../../core/promql/index.ts';
import { type Rule, type RuleFile, recordHistory } from '../../core/rules/index.ts';
import { anchorScenario, type Scenario, scenarioSeries } from '../../core/scenario/index.ts';
import { firstAfter, Labels, labelsPredicate, memorySource, metricName, type Series } from '../../core/series/index.ts';
import type { Service, Slo } from '../../core/slo/index.ts';
import { firstCommonTick } from '../../server/index.ts';
import { coarseStep, recordPast } from './demo-past.ts';

/** Which history a demo wants of a service. */
export interface HistoryWish {
  readonly now: Timestamp;
  /** How far back it reaches, and how far apart samples and evaluations lie. */
  readonly length: Duration;
  readonly interval: Duration;
  /** How long before now the recorded part ends. */
  readonly unrecorded: Duration;
  /** How far back the figures reach that no page shows over more than that: of months of them one would see nothing but the memory they take. */
  readonly details: Duration;
}

/** What a server would hold that had scraped the service and evaluated its rules all that time. */
export async function historyOf(
  service: Service,
  scenario: Scenario,
  wish: HistoryWish,
  checkpoint: () => void,
): Promise<readonly Series[]> {
  const { now, interval } = wish;
  const end = timestamp(Math.floor(now / interval) * interval);
  const from = timestamp(end - wish.length);
  const raw = scenarioSeries(anchorScenario(scenario, now), { from, to: end, interval });
  const recorded: Series[] = [];
  for (const slo of service.slos) {
    checkpoint();
    const all = generateRules({ ...alone(service), slos: [slo] }, { ...defaultGenerateOptions, interval }).file;
    const rules = onlyOf('recording', all);
    const first = firstCommonTick({ name: ruleFileName(service), file: rules }, from, interval);
    const to = timestamp(end - wish.unrecorded);
    const isDrawn = drawnOverTime(service, slo, interval);
    const isShown = (one: Series): boolean => isDrawn(one) || isRare(one, interval);
    const kept = (series: readonly Series[], isKept: (one: Series) => boolean): readonly Series[] =>
      series.map((one) => (isKept(one) ? one : since(one, end - wish.details)));
    const steps = Math.floor((end - wish.details - settling - first) / coarseStep);
    const detailed = timestamp(first + Math.max(0, steps) * coarseStep);
    const span = { from: first, to: timestamp(detailed - interval), interval, checkpoint };
    const { sums, figures } = 0 < steps ? await recordPast(rules, raw, span) : { sums: [], figures: [] };
    const options = { from: detailed, to, interval, control: { checkpoint } };
    const { series } = await recordHistory(rules, memorySource([...raw, ...sums, ...figures]), options);
    const known = memorySource([...raw, ...sums, ...figures, ...series]);
    const alerts = await recordHistory(onlyOf('alerting', all, coarseStep), known, {
      ...options,
      interval: coarseStep,
    });
    const past = [...kept(sums, isShown), ...kept(figures, isDrawn)];
    recorded.push(...oneAfterAnother(past, kept(series, isShown)), ...alerts.series);
  }
  return [...raw, ...recorded].filter(({ timestamps }) => 0 < timestamps.length);
}

/** Before the details begin, rules have so long to come to know what is recorded for the details alone. */
const settling = hour;

/** What a service has beside its objectives has no history that is shown. */
function alone(service: Service): Service {
  return { ...service, indicators: [], thresholds: [], alerts: [] };
}

/** Alerts are looked for among the details alone, and seldom: all that is asked of them is since when they have been active. */
function onlyOf(kind: Rule['kind'], { groups }: RuleFile, interval?: Duration): RuleFile {
  const own = groups.map((group) => ({
    ...group,
    ...(interval !== undefined && { interval }),
    rules: group.rules.filter((rule) => rule.kind === kind),
  }));
  return { groups: own.filter(({ rules }) => 0 < rules.length) };
}

/** The name of a service's rule file; the ticks of its groups follow from it. */
export function ruleFileName({ name }: Service): string {
  return `${name}.rules.yaml`;
}

/** Whether a series is read far back by charts. */
function drawnOverTime(service: Service, slo: Slo, interval: Duration): (series: Series) => boolean {
  const { sli, budgetRemaining, currentErrorRatio, requestsPerSecond } = statusQueries(service, slo, { interval });
  const charts = [sli, budgetRemaining, currentErrorRatio, requestsPerSecond]
    .flatMap(selectorsOf)
    .map(({ name, matchers }) => labelsPredicate([{ name: metricName, operator: '=', value: name }, ...matchers]));
  return ({ labels }) => charts.some((matches) => matches(labels));
}

/** Whether a series is recorded every few minutes: the sums over long windows read those far back. */
function isRare({ timestamps }: Series, interval: Duration): boolean {
  const [first = 0] = timestamps;
  return timestamps.length * interval * 2 < (timestamps[timestamps.length - 1] ?? 0) - first;
}

/** Each series of the past with what came after it. Series that had one array of timestamps go on sharing one. */
function oneAfterAnother(past: readonly Series[], details: readonly Series[]): readonly Series[] {
  const later = new Map(details.map((one) => [one.labels.key, one]));
  const joined = new Map<Float64Array, Map<Float64Array, Float64Array>>();
  const timesOf = (a: Float64Array, b: Float64Array): Float64Array => {
    const known = joined.get(a) ?? new Map<Float64Array, Float64Array>();
    joined.set(a, known);
    const times = known.get(b) ?? concatenated(a, b);
    known.set(b, times);
    return times;
  };
  const whole = past.map((before): Series => {
    const after = later.get(before.labels.key);
    if (after === undefined) return before;
    later.delete(before.labels.key);
    const moved = (after.staleMarkers ?? new Int32Array(0)).map((index) => index + before.timestamps.length);
    const stale = Int32Array.of(...(before.staleMarkers ?? []), ...moved);
    return {
      labels: before.labels,
      timestamps: timesOf(before.timestamps, after.timestamps),
      values: concatenated(before.values, after.values),
      ...(stale.length === 0 ? {} : { staleMarkers: stale }),
    };
  });
  return [...whole, ...later.values()];
}

function concatenated(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** A copy of what a series has from a time on. */
function since(series: Series, time: number): Series {
  const { labels, timestamps, values, staleMarkers } = series;
  const start = firstAfter(timestamps, time - 1);
  const stale = (staleMarkers ?? new Int32Array(0)).filter((index) => start <= index).map((index) => index - start);
  return {
    labels,
    timestamps: timestamps.slice(start),
    values: values.slice(start),
    ...(stale.length === 0 ? {} : { staleMarkers: stale }),
  };
}

/** Series in a form that can be sent between threads: without classes, each column once. */
export interface PackedSeries {
  readonly columns: readonly Float64Array<ArrayBuffer>[];
  readonly series: readonly {
    readonly labels: readonly (readonly [name: string, value: string])[];
    /** Positions in `columns`. */
    readonly timestamps: number;
    readonly values: number;
    readonly staleMarkers: Int32Array | undefined;
  }[];
}

/**
 * Packs series. Columns that are views into something larger are copied, for a thread gives a whole buffer away. Timestamps that are
 * equal become one column: most rules begin to give a value at the same few times.
 */
export function packSeries(all: readonly Series[]): PackedSeries {
  const columns: Float64Array<ArrayBuffer>[] = [];
  const positions = new Map<Float64Array, number>();
  const position = (column: Float64Array): number => {
    const known = positions.get(column);
    if (known !== undefined) return known;
    const { buffer } = column;
    const whole = buffer instanceof ArrayBuffer && buffer.byteLength === column.byteLength;
    columns.push(whole ? new Float64Array(buffer) : Float64Array.from(column));
    positions.set(column, columns.length - 1);
    return columns.length - 1;
  };
  const alike = new Map<string, Float64Array[]>();
  const shared = (timestamps: Float64Array): Float64Array => {
    const key = `${timestamps.length} ${timestamps[0]} ${timestamps[timestamps.length - 1]}`;
    const known = alike.get(key) ?? [];
    alike.set(key, known);
    const same = known.find((other) => other === timestamps || other.every((time, i) => time === timestamps[i]));
    if (same === undefined) known.push(timestamps);
    return same ?? timestamps;
  };
  const series = all.map(({ labels, timestamps, values, staleMarkers }) => ({
    labels: [...labels.entries()],
    timestamps: position(shared(timestamps)),
    values: position(values),
    staleMarkers,
  }));
  return { columns, series };
}

/** The series that were packed, their columns shared as before. */
export function unpackSeries({ columns, series }: PackedSeries): readonly Series[] {
  const none = new Float64Array(0);
  return series.map(({ labels, timestamps, values, staleMarkers }) => ({
    labels: Labels.from(labels),
    timestamps: columns[timestamps] ?? none,
    values: columns[values] ?? none,
    ...(staleMarkers === undefined ? {} : { staleMarkers }),
  }));
}
