import { type Labels, metricName } from '../../series/index.ts';
import type { VectorMatching } from '../syntax/tree.ts';
import type { Row } from './row.ts';

/** All labels but the metric name, one to one (or, for set operators, many to many). */
export const defaultMatching: VectorMatching = { on: false, labels: [] };

/** Which labels two series must have in common to match. */
function matchesBy({ on, labels }: VectorMatching): (name: string) => boolean {
  const named = new Set(labels);
  return on ? (name) => named.has(name) : (name) => name !== metricName && !named.has(name);
}

/** The labels by which a series is matched. */
export function matchLabels(labels: Labels, matching: VectorMatching): Labels {
  return labels.filter(matchesBy(matching));
}

/** The rows of both sides that match each other, by their common signature; in order of first appearance, left side first. */
export interface MatchGroup {
  readonly left: Row[];
  readonly right: Row[];
}

export function matchGroups(
  left: readonly Row[],
  right: readonly Row[],
  matching: VectorMatching,
): readonly MatchGroup[] {
  const keep = matchesBy(matching);
  const groups = new Map<string, MatchGroup>();
  const groupOf = (row: Row): MatchGroup => {
    const key = row.labels.keyOf(keep);
    const known = groups.get(key);
    if (known !== undefined) return known;
    const group: MatchGroup = { left: [], right: [] };
    groups.set(key, group);
    return group;
  };
  for (const row of left) groupOf(row).left.push(row);
  for (const row of right) groupOf(row).right.push(row);
  return [...groups.values()];
}

/** At which steps any of the rows holds something. */
export function presence(rows: readonly Row[], steps: number): Uint8Array {
  const present = new Uint8Array(steps);
  for (const { from, cells } of rows) {
    for (let i = 0; i < cells.length; i += 1) if (cells[i] !== 0) present[from + i] = 1;
  }
  return present;
}
