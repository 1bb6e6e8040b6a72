import type { AlertWords } from './model/alert.ts';

/** The labels and annotations that several alerts have alike, and the names of those in which they differ. */
export interface SharedWords extends Required<AlertWords> {
  readonly differing: readonly string[];
}

/** What alerts carry alike; nothing if there are none. */
export function sharedWords(alerts: readonly AlertWords[]): SharedWords {
  const labels = sharedOf(alerts.map((alert) => alert.labels));
  const annotations = sharedOf(alerts.map((alert) => alert.annotations));
  return {
    labels: labels.same,
    annotations: annotations.same,
    differing: [...labels.differing, ...annotations.differing],
  };
}

interface Shared {
  readonly same: ReadonlyMap<string, string>;
  readonly differing: readonly string[];
}

function sharedOf(all: readonly (ReadonlyMap<string, string> | undefined)[]): Shared {
  const [first = new Map<string, string>()] = all;
  const same = new Map([...first].filter(([name, value]) => all.every((each) => each?.get(name) === value)));
  const names = new Set(all.flatMap((each) => [...(each?.keys() ?? [])]));
  return { same, differing: [...names].filter((name) => !same.has(name)) };
}
