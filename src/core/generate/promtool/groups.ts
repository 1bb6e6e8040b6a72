import type { VectorSelector } from '../../promql/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import { valuesOfLabel } from './label-values.ts';
import type { LabelSet } from './made-series.ts';

/** A group of an objective, and what was found for it. */
export interface Found<T> {
  readonly group: LabelSet;
  readonly found: T;
}

/** More combinations of values of the grouping labels than this are not tried. */
const mostTried = 200;

/**
 * The groups that are tested: two of a grouped objective, of which the first fails while the other goes on; one without labels of one that is
 * not grouped. Undefined if there are too few for which something can be found.
 */
export function groupsOf<T>(
  service: Service,
  { groupBy }: Slo,
  selectors: readonly VectorSelector[],
  find: (group: LabelSet) => T | undefined,
): readonly Found<T>[] | undefined {
  const needed = groupBy.length === 0 ? 1 : 2;
  const values = groupBy.map((label) => valuesOfLabel(service, selectors, label));
  const total = values.reduce((product, { length }) => product * length, 1);
  const groups: Found<T>[] = [];
  for (let index = 0; index < Math.min(total, mostTried); index += 1) {
    let rest = index;
    const group: Record<string, string> = {};
    for (const [position, label] of groupBy.entries()) {
      const known = values[position] ?? [];
      group[label] = known[rest % known.length] ?? '';
      rest = Math.floor(rest / known.length);
    }
    const found = find(group);
    if (found !== undefined) groups.push({ group, found });
    if (groups.length === needed) return groups;
  }
  return undefined;
}
