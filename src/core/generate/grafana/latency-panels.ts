import { type Duration, day, duration, formatDuration, ratio } from '../../base/index.ts';
import { printExpr } from '../../promql/index.ts';
import { type DistributionIndicator, percentileText, type Service, type Slo } from '../../slo/index.ts';
import {
  type Band,
  bandsOf,
  bucketRates,
  type Distribution,
  distributionOf,
  quantileOf,
  quantilesWorthALine,
} from './distribution.ts';
import type { PanelDraft } from './draft.ts';
import { graph, heatmap, stat, steps } from './panels.ts';
import { boundText, grafanaUnit } from './units.ts';

/** The longest stretch of raw buckets that a panel reads. */
const longestRaw = duration(7 * day);

/** Objectives on one histogram: several bounds of the same observations belong into one picture. */
export interface LatencyFamily {
  readonly slos: readonly (Slo & { readonly indicator: DistributionIndicator })[];
  readonly distribution: Distribution;
}

/** The distributions of a service's objectives, each histogram once. */
export function latencyFamilies(service: Service, slos: readonly Slo[], interval: Duration): readonly LatencyFamily[] {
  const families = new Map<string, (Slo & { readonly indicator: DistributionIndicator })[]>();
  for (const slo of slos) {
    if (!isDistribution(slo)) continue;
    const key = printExpr(slo.indicator.histogram);
    families.set(key, [...(families.get(key) ?? []), slo]);
  }
  return [...families.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const bounds = members.map(({ indicator }) => indicator.below);
    return [{ slos: members, distribution: distributionOf(service, first.indicator, bounds, interval) }];
  });
}

function isDistribution(slo: Slo): slo is Slo & { readonly indicator: DistributionIndicator } {
  return slo.indicator.kind === 'distribution';
}

/** Percentiles over time, with a line at each bound that was promised. */
export function quantilePanel({ slos, distribution }: LatencyFamily, name: string): PanelDraft {
  const promised = slos.map(({ target }) => target.ratio);
  const shares = quantilesWorthALine(
    promised,
    slos.flatMap(({ quantiles }) => quantiles),
  );
  const bounds = slos
    .map(({ indicator, target }) => `${target.text} at most ${boundText(indicator.below, distribution.unit)}`)
    .join(', ');
  const highest = Math.max(...slos.map(({ indicator }) => indicator.below));
  return graph(
    {
      title: `${name}: percentiles`,
      description: `Percentiles of the last five minutes as the buckets tell them, with a line at each bound that is promised (${bounds}). Only what lies at a bucket's bound is exact.`,
      queries: shares.map((share) => ({
        expr: quantileOf(distribution, share),
        legend: percentileText(ratio(share)).toUpperCase(),
      })),
      unit: grafanaUnit(distribution.unit),
      decimals: 3,
      min: 0,
      steps: steps('transparent', ...slos.map(({ indicator }) => [indicator.below, 'red'] as const)),
    },
    { atLeast: [0, highest * 1.1] },
  );
}

/** The percentiles of all observations of the period, or of its last week: over more nobody would wait for the raw buckets. */
export function periodQuantilePanel({ distribution, slos }: LatencyFamily, slo: Slo): PanelDraft {
  const over = duration(Math.min(slo.period.length, longestRaw));
  const shares = quantilesWorthALine(
    [slo.target.ratio],
    slos.flatMap(({ quantiles }) => quantiles),
  );
  return stat({
    title: `${slo.title}: percentiles over ${formatDuration(over)}`,
    description: `Percentiles of all observations of the last ${formatDuration(over)}, as the buckets tell them; what is promised is the share below a bound.`,
    queries: shares.map((share) => ({
      expr: quantileOf(distribution, share, over),
      legend: percentileText(ratio(share)).toUpperCase(),
      instant: true,
    })),
    width: 24,
    unit: grafanaUnit(distribution.unit),
    decimals: 3,
  });
}

/** Observations a second between the bounds, stacked: how many are fast, slow, very slow. */
export function bandPanel({ slos, distribution }: LatencyFamily, name: string): PanelDraft {
  const good = Math.max(...slos.map(({ indicator }) => indicator.below));
  const bands = bandsOf(distribution);
  return graph(
    {
      title: `${name}: bands`,
      description: `Observations a second between each two bounds, stacked, over the last five minutes: the highest of the promised bounds is ${boundText(good, distribution.unit)}; what is stacked above it is bad for all objectives here.`,
      queries: bands.map((band) => ({ expr: band.rate, legend: bandText(band, distribution.unit) })),
      unit: 'cps',
      min: 0,
    },
    { stacked: true },
  );
}

/** All buckets as colours over time. */
export function heatPanel({ distribution }: LatencyFamily, name: string): PanelDraft {
  return heatmap({
    title: `${name}: heat map`,
    description: 'Observations a second in each bucket over time: two clouds are two kinds of requests.',
    queries: [{ expr: bucketRates(distribution), legend: '{{le}}', format: 'heatmap' }],
    unit: grafanaUnit(distribution.unit),
  });
}

/** A band in words: `at most 500 ms`, `500 ms to 1 s`, `above 1 s`. */
export function bandText({ from, to }: Pick<Band, 'from' | 'to'>, unit: string | undefined): string {
  if (from === Number.NEGATIVE_INFINITY) return `at most ${boundText(to, unit)}`;
  if (to === Number.POSITIVE_INFINITY) return `above ${boundText(from, unit)}`;
  return `${boundText(from, unit)} to ${boundText(to, unit)}`;
}
