import { Labels, metricName } from '../../series/index.ts';
import type { Grouping } from '../syntax/tree.ts';
import type { Row } from './row.ts';

/** The rows that an aggregation puts together, and the labels of the result. */
export interface RowGroup {
  readonly labels: Labels;
  readonly rows: Row[];
}

/** Which labels of a series its group keeps. */
export function groupLabels({ without, labels }: Grouping): (of: Labels) => Labels {
  if (!without && labels.length === 0) return () => Labels.empty;
  const named = new Set(labels);
  if (without) return (of) => of.filter((name) => !named.has(name) && name !== metricName);
  return (of) => of.filter((name) => named.has(name));
}

/** Groups rows, in order of first appearance. */
export function groupRows(rows: readonly Row[], grouping: Grouping): readonly RowGroup[] {
  const labelsOf = groupLabels(grouping);
  const groups = new Map<string, RowGroup>();
  for (const row of rows) {
    const labels = labelsOf(row.labels);
    const known = groups.get(labels.key);
    if (known === undefined) groups.set(labels.key, { labels, rows: [row] });
    else known.rows.push(row);
  }
  return [...groups.values()];
}
