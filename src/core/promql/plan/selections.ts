import { timestamp } from '../../base/index.ts';
import type { Matcher, Selection } from '../../series/index.ts';

/** Gathers what the selectors of a query need. Selectors with equal matchers whose times overlap share one selection. */
export interface SelectionList {
  /** Asks for samples from `from` to `to`, both included; gives the index of the selection that will hold them. */
  add(matchers: readonly Matcher[], from: number, to: number): number;
  /** The same, but never shared: what `info()` reads may be narrowed later. */
  addOwn(matchers: readonly Matcher[], from: number, to: number): number;
  finish(): readonly Selection[];
}

export function selectionList(): SelectionList {
  const wanted: { readonly matchers: readonly Matcher[]; from: number; to: number }[] = [];
  const byMatchers = new Map<string, number[]>();
  return {
    add(matchers, from, to) {
      const key = JSON.stringify(matchers);
      const same = byMatchers.get(key);
      for (const index of same ?? []) {
        const other = wanted[index];
        if (other === undefined || other.to < from || to < other.from) continue;
        other.from = Math.min(other.from, from);
        other.to = Math.max(other.to, to);
        return index;
      }
      wanted.push({ matchers, from, to });
      const index = wanted.length - 1;
      if (same === undefined) byMatchers.set(key, [index]);
      else same.push(index);
      return index;
    },
    addOwn(matchers, from, to) {
      wanted.push({ matchers, from, to });
      return wanted.length - 1;
    },
    finish: () => wanted.map(({ matchers, from, to }) => ({ matchers, from: timestamp(from), to: timestamp(to) })),
  };
}
