import { metricNameOf, type VectorSelector } from '../promql/index.ts';
import type { Metric } from './model.ts';

/** The series of classic histograms and of summaries: the name of the metric with one of these. */
const suffixes = /_(?:bucket|count|sum)$/;

/** A metric of the catalogue, and what follows its name, or an alias of it, in the name of its series. */
interface NamedMetric {
  readonly metric: Metric;
  readonly suffix: string;
}

/** The entry of the catalogue for a name of series: the metric itself, or the histogram or summary whose series it is, by its own name or by an alias. */
export function metricOf(name: string, metrics: ReadonlyMap<string, Metric>): Metric | undefined {
  return namedMetric(name, metrics)?.metric;
}

/** Whether what is selected is a native histogram, whose series have no buckets by their bounds. */
export function isNativeHistogram(selector: VectorSelector, metrics: ReadonlyMap<string, Metric>): boolean {
  return metricOf(metricNameOf(selector) ?? '', metrics)?.native === true;
}

/** The other names under which the same series are counted, the metric's own before its aliases. */
export function namesBeside(name: string, metrics: ReadonlyMap<string, Metric>): readonly string[] {
  const named = namedMetric(name, metrics);
  if (named === undefined) return [];
  const { metric, suffix } = named;
  return [metric.name, ...(metric.aliases ?? [])].map((each) => each + suffix).filter((each) => each !== name);
}

function namedMetric(name: string, metrics: ReadonlyMap<string, Metric>): NamedMetric | undefined {
  const suffix = suffixes.exec(name)?.[0] ?? '';
  const base = name.slice(0, name.length - suffix.length);
  const whole = metrics.get(name);
  if (whole !== undefined) return { metric: whole, suffix: '' };
  const family = metrics.get(base);
  if (family !== undefined && hasSeries(family)) return { metric: family, suffix };
  const aliases = aliasesOf(metrics);
  const aliased = aliases.get(name);
  if (aliased !== undefined) return { metric: aliased, suffix: '' };
  const former = suffix === '' ? undefined : aliases.get(base);
  return former !== undefined && hasSeries(former) ? { metric: former, suffix } : undefined;
}

function hasSeries({ type }: Metric): boolean {
  return type === 'histogram' || type === 'summary';
}

/** The aliases of catalogues that were asked for: one look through a catalogue serves all selectors. */
const aliasMaps = new WeakMap<ReadonlyMap<string, Metric>, ReadonlyMap<string, Metric>>();

function aliasesOf(metrics: ReadonlyMap<string, Metric>): ReadonlyMap<string, Metric> {
  let aliases = aliasMaps.get(metrics);
  if (aliases === undefined) {
    aliases = new Map(
      [...metrics.values()].flatMap((metric) => (metric.aliases ?? []).map((alias) => [alias, metric])),
    );
    aliasMaps.set(metrics, aliases);
  }
  return aliases;
}
