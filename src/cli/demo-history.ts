import { type Duration, type Timestamp, timestamp } from '../core/base/index.ts';
import { defaultGenerateOptions, generateRules, statusQueries } from '../core/generate/index.ts';
import { selectorsOf } from '../core/promql/index.ts';
import { type RuleFile, recordHistory } from '../core/rules/index.ts';
import { anchorScenario, type Scenario, scenarioSeries } from '../core/scenario/index.ts';
import { firstAfter, Labels, labelsPredicate, memorySource, metricName, type Series } from '../core/series/index.ts';
import type { Service, Slo } from '../core/slo/index.ts';
import { firstCommonTick } from '../server/index.ts';

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
  const source = memorySource(raw);
  const recorded: Series[] = [];
  for (const slo of service.slos) {
    checkpoint();
    const rules = recordingOnly(
      generateRules({ ...alone(service), slos: [slo] }, { ...defaultGenerateOptions, interval }).file,
    );
    const first = firstCommonTick({ name: ruleFileName(service), file: rules }, from, interval);
    const to = timestamp(end - wish.unrecorded);
    const options = { from: first, to, interval, control: { checkpoint } };
    const { series } = await recordHistory(rules, source, options);
    const isShown = shownOverTime(service, slo, interval);
    recorded.push(...series.map((one) => (isShown(one) ? one : since(one, end - wish.details))));
  }
  return [...raw, ...recorded].filter(({ timestamps }) => 0 < timestamps.length);
}

/** What a service has beside its objectives has no history that is shown. */
function alone(service: Service): Service {
  return { ...service, indicators: [], thresholds: [], alerts: [] };
}

/** Alerts leave no history that is shown: those of the demo begin when its server does. */
function recordingOnly({ groups }: RuleFile): RuleFile {
  return {
    groups: groups.map((group) => ({ ...group, rules: group.rules.filter(({ kind }) => kind === 'recording') })),
  };
}

/** The name of a service's rule file; the ticks of its groups follow from it. */
export function ruleFileName({ name }: Service): string {
  return `${name}.rules.yaml`;
}

/** Whether a series is read far back: by charts, or, recorded every few minutes, by the sums over long windows. */
function shownOverTime(service: Service, slo: Slo, interval: Duration): (series: Series) => boolean {
  const { sli, budgetRemaining, currentErrorRatio, requestsPerSecond } = statusQueries(service, slo, { interval });
  const charts = [sli, budgetRemaining, currentErrorRatio, requestsPerSecond]
    .flatMap(selectorsOf)
    .map(({ name, matchers }) => labelsPredicate([{ name: metricName, operator: '=', value: name }, ...matchers]));
  return ({ labels, timestamps }) => {
    const [first = 0] = timestamps;
    const last = timestamps[timestamps.length - 1] ?? 0;
    const isSlow = timestamps.length * interval * 2 < last - first;
    return isSlow || charts.some((matches) => matches(labels));
  };
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
