import { type LabelPredicate, type Labels, labelPredicate, type Matcher } from '../core/series/index.ts';

/** Something that carries labels and can be found by them. */
export interface Labelled {
  readonly labels: Labels;
}

/** Finds series by their labels: for each label name and value, the series that have it, in the order they came. */
export class Postings<T extends Labelled> {
  readonly #all: T[] = [];
  readonly #byLabel: Map<string, Map<string, T[]>> = new Map();

  add(entry: T): void {
    this.#all.push(entry);
    for (const [name, value] of entry.labels.entries()) {
      let byValue = this.#byLabel.get(name);
      if (byValue === undefined) {
        byValue = new Map();
        this.#byLabel.set(name, byValue);
      }
      const list = byValue.get(value);
      if (list === undefined) byValue.set(value, [entry]);
      else list.push(entry);
    }
  }

  /** The entries that satisfy all matchers. The shortest list that an equality matcher pins is scanned; with none, all entries are. */
  find(matchers: readonly Matcher[]): readonly T[] {
    let candidates: readonly T[] = this.#all;
    let narrowest: Matcher | undefined;
    for (const matcher of matchers) {
      if (matcher.operator !== '=' || matcher.value === '') continue;
      const list = this.#byLabel.get(matcher.name)?.get(matcher.value) ?? [];
      if (candidates.length < list.length) continue;
      candidates = list;
      narrowest = matcher;
    }
    const tests = matchers.filter((matcher) => matcher !== narrowest).map(prepare);
    return tests.length === 0 ? candidates.slice() : candidates.filter((entry) => satisfies(entry.labels, tests));
  }

  get all(): readonly T[] {
    return this.#all;
  }

  /** Forgets the entries that `gone` names. Costs a pass over everything, so call it for many at once. */
  remove(gone: ReadonlySet<T>): void {
    const kept = this.#all.filter((entry) => !gone.has(entry));
    this.#all.length = 0;
    this.#byLabel.clear();
    for (const entry of kept) this.add(entry);
  }
}

interface LabelTest {
  readonly name: string;
  readonly matches: LabelPredicate;
}

function prepare(matcher: Matcher): LabelTest {
  return { name: matcher.name, matches: labelPredicate(matcher) };
}

function satisfies(labels: Labels, tests: readonly LabelTest[]): boolean {
  for (const { name, matches } of tests) if (!matches(labels.get(name))) return false;
  return true;
}
