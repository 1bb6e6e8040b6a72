import { metricName } from './labels.ts';
import { labelsPredicate, pinnedName } from './matcher.ts';
import type { Series } from './series.ts';
import type { AbortSignalLike, Selection, SeriesSource } from './source.ts';

/** A source over series that are already in memory. Samples are not copied: a selection gives the whole series. */
export function memorySource(series: readonly Series[]): SeriesSource {
  const byName = new Map<string, Series[]>();
  for (const one of series) {
    const name = one.labels.get(metricName);
    const group = byName.get(name);
    if (group === undefined) byName.set(name, [one]);
    else group.push(one);
  }
  return {
    select(selections: readonly Selection[], _signal?: AbortSignalLike): Promise<readonly (readonly Series[])[]> {
      return Promise.resolve(
        selections.map(({ matchers, from, to }) => {
          const name = pinnedName(matchers);
          const candidates = name === undefined ? series : (byName.get(name) ?? []);
          const matches = labelsPredicate(matchers);
          return candidates.filter(({ labels, timestamps }) => {
            const first = timestamps[0];
            const last = timestamps[timestamps.length - 1];
            return first !== undefined && last !== undefined && first <= to && from <= last && matches(labels);
          });
        }),
      );
    },
  };
}
