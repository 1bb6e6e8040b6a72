import { type Duration, formatDuration, hour } from '../../base/index.ts';
import { build, type Expr, metricNameOf, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import { isNativeHistogram, metricOf, type Service, type Slo } from '../../slo/index.ts';
import { bucket, withSuffix } from '../counters.ts';
import { underEveryName } from '../former-names.ts';
import { sideBySide } from './distribution.ts';
import type { PanelDraft } from './draft.ts';
import type { Subject } from './figures.ts';
import { bars } from './panels.ts';

const { aggregate, binary, by, call, compare, multiply, on, range, subtract, sumBy } = build;

/** Long enough to hold an incident, short enough to be about now. */
const lookback: Duration = hour;
const shown = 10;
/** Of more labels nobody would look at the panels. */
const mostLabels = 3;

/** Where the bad events come from: a panel for each label that the selection leaves open. */
export function offenderPanels({ service, slo }: Subject): readonly PanelDraft[] {
  return openLabels(service, slo)
    .slice(0, mostLabels)
    .flatMap((label) => {
      const bad = badBy(service, slo, label);
      if (bad === undefined) return [];
      return [
        bars({
          title: `Most bad events by ${label}`,
          description: `The ${shown} values of \`${label}\` with the most bad events in the last ${formatDuration(lookback)}.`,
          queries: [
            {
              expr: aggregate('topk', by(), compare('>', bad, 0), shown),
              legend: `{{${label}}}`,
              instant: true,
            },
          ],
          unit: 'short',
          decimals: 0,
          min: 0,
        }),
      ];
    });
}

/** Labels of the counted metric that may have several values, in the order of the catalogue, and the instance. */
function openLabels(service: Service, { indicator }: Slo): readonly string[] {
  if (indicator.kind !== 'ratio' && indicator.kind !== 'distribution') return [];
  const counted = selectorsOf(indicator.kind === 'ratio' ? indicator.total : indicator.histogram);
  const pinned = new Set(
    counted.flatMap(({ matchers }) => matchers.flatMap(({ name, operator }) => (operator === '=' ? [name] : []))),
  );
  const known = counted.flatMap((one) => {
    const metric = metricOf(metricNameOf(one) ?? '', service.metrics);
    return [...(metric?.labels.keys() ?? [])];
  });
  return [...new Set([...known, 'instance'])].filter((label) => label !== 'le' && !pinned.has(label));
}

/** Bad events by a label, as `increase` sees them: good enough to know where to look. */
function badBy(service: Service, { indicator }: Slo, label: string): Expr | undefined {
  const increased = (selectors: readonly VectorSelector[]): Expr =>
    sumBy([label], sideBySide(selectors.map((one) => underEveryName(service, call('increase', range(one, lookback))))));
  const rest = (total: Expr, good: Expr): Expr =>
    // Where nothing was good there is no series of good events.
    subtract(total, binary('or', good, multiply(0, total), { matching: on(label) }));
  if (indicator.kind === 'ratio') {
    const events = increased(selectorsOf(indicator.events));
    return indicator.counts === 'bad' ? events : rest(increased(selectorsOf(indicator.total)), events);
  }
  if (indicator.kind !== 'distribution') return undefined;
  const histograms = selectorsOf(indicator.histogram);
  const isNative = histograms.every((one) => isNativeHistogram(one, service.metrics));
  if (isNative) {
    const all = increased(histograms);
    const slow = call('histogram_fraction', indicator.below, Number.POSITIVE_INFINITY, all);
    return multiply(slow, call('histogram_count', all));
  }
  return rest(
    increased(histograms.map((one) => withSuffix(one, '_count'))),
    increased(histograms.map((one) => bucket(one, indicator.below))),
  );
}
