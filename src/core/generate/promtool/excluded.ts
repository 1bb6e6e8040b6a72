import type { Timestamp } from '../../base/index.ts';
import { timestamp } from '../../base/index.ts';
import { exclusionsOf, isExcluded, type Service, type Slo } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import type { Counted } from './counted.ts';

// What exclusions leave of a case, by their meaning (docs/explanation/exclusions.md): an evaluation counts the events since the one before, and
// none of them if an exclusion held when these began.

/** Whether what an evaluation counts is excluded. */
export type Excluded = (evaluation: number) => boolean;

/** The evaluations of an objective whose events are excluded; undefined if it has no exclusions. */
export function excludedIn({
  service,
  slo,
  levels,
  begins,
}: {
  readonly service: Service;
  readonly slo: Slo;
  readonly levels: Levels;
  readonly begins: Timestamp;
}): Excluded | undefined {
  const exclusions = exclusionsOf(service, slo);
  if (exclusions.length === 0) return undefined;
  const known = new Map<number, boolean>();
  return (evaluation) => {
    const before = known.get(evaluation);
    if (before !== undefined) return before;
    const start = timestamp(begins + (evaluation - 1) * levels.interval);
    const isOut = exclusions.some(({ when }) => isExcluded(when, start));
    known.set(evaluation, isOut);
    return isOut;
  };
}

/** What counts: no events of excluded evaluations, though their time counts as seen. */
export function withoutExcluded({ total, bad }: Counted, excluded: Excluded | undefined): Counted {
  if (excluded === undefined) return { total, bad };
  const kept = (values: Counted['total']): Counted['total'] =>
    values.map((value, evaluation) => (value !== undefined && excluded(evaluation) ? 0 : value));
  return { total: kept(total), bad: kept(bad) };
}
