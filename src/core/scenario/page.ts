import { type Timestamp, unreachable } from '../base/index.ts';
import {
  type Exposition,
  type ExpositionFormat,
  type ExpositionSample,
  type Labels,
  type MetricFamily,
  printExposition,
} from '../series/index.ts';
import type { AnchoredScenario, Family } from './model.ts';
import { type Group, processOf, segmentAt } from './process.ts';
import { counterAt, gaugeAt, histogramLabels, lifeAt } from './values.ts';

/**
 * What a replica's `/metrics` shows at a time: the numbers of the history at that time, without `job` and `instance`, which belong to
 * the scraper. Undefined where nobody answers: the container is down, unreachable, or not yet started.
 */
export function scrapePage(
  scenario: AnchoredScenario,
  replica: number,
  time: Timestamp,
  format: ExpositionFormat = 'text',
): string | undefined {
  const page = scrapeExposition(scenario, replica, time, format);
  return page === undefined ? undefined : printExposition(page, format);
}

/** The same before it is printed. */
function scrapeExposition(
  scenario: AnchoredScenario,
  replica: number,
  time: Timestamp,
  format: ExpositionFormat = 'text',
): Exposition | undefined {
  const process = processOf(scenario);
  const replicaLife = process.timeline.replicas[replica];
  if (replicaLife === undefined || time < process.timeline.start) return undefined;
  const life = lifeAt(replicaLife, time);
  if (life < 0) return undefined;
  const segment = segmentAt(process.timeline, time);
  const samplesOf = (group: Group): readonly ExpositionSample[] => {
    switch (group.kind) {
      case 'counter': {
        const value = counterAt(process, group.count, replicaLife, life, time);
        return group.family.newborn && value === 0 ? [] : [{ labels: group.labels, value }];
      }
      case 'gauge':
        return [{ labels: group.labels, value: gaugeAt(process, group, segment, time) }];
      case 'histogram': {
        const names = histogramLabels(group);
        let count = 0;
        let sum = 0;
        const buckets = group.counts.map((one, i) => {
          const own = counterAt(process, one, replicaLife, life, time);
          count += own;
          sum += own * (group.means[i] ?? 0);
          return { labels: names.buckets[i] ?? group.labels, value: count };
        });
        if (group.family.newborn && count === 0) return [];
        return [...buckets, { labels: names.count, value: count }, { labels: names.sum, value: sum }];
      }
      default:
        return unreachable(group);
    }
  };
  const samples = process.groups.filter((group) => group.replica === replica).flatMap(samplesOf);
  return {
    families: scenario.families.map((family) => describeFamily(family, format)),
    samples: samples.map((sample) => ({ ...sample, labels: shown(sample.labels) })),
  };
}

/** A family's metadata; OpenMetrics names a counter's family without `_total`. */
export function describeFamily(family: Family, format: ExpositionFormat): MetricFamily {
  const { name, kind, help, unit } = family;
  const bare = format === 'openmetrics' && kind === 'counter' ? name.replace(/_total$/, '') : name;
  // OpenMetrics has no counters without the suffix.
  const type = format === 'openmetrics' && kind === 'counter' && bare === name ? 'unknown' : kind;
  const described: MetricFamily = help === undefined ? { name: bare, type } : { name: bare, type, help };
  // A unit is declared only where the name ends in it, as OpenMetrics asks.
  return unit !== undefined && bare.endsWith(`_${unit}`) ? { ...described, unit } : described;
}

function shown(labels: Labels): Labels {
  return labels.without('job', 'instance');
}
