/** The label that holds the metric's name. */
export const metricName = '__name__';

/**
 * A set of labels: names in ascending order (by UTF-16 code unit), no name twice, no empty value (an empty value is an absent label).
 * Values of this class never change, so they may be shared; `key` identifies the set and is made once.
 */
export class Labels {
  static readonly empty: Labels = new Labels([], []);

  readonly names: readonly string[];
  readonly values: readonly string[];
  #key: string | undefined;

  private constructor(names: readonly string[], values: readonly string[]) {
    this.names = names;
    this.values = values;
  }

  /** Sorts, and drops labels with an empty value. Of two pairs with one name the later wins. */
  static from(pairs: Iterable<readonly [name: string, value: string]>): Labels {
    const byName = new Map(pairs);
    const names = [...byName.keys()].filter((name) => byName.get(name) !== '').sort();
    return names.length === 0
      ? Labels.empty
      : new Labels(
          names,
          names.map((name) => byName.get(name) ?? ''),
        );
  }

  static of(record: Readonly<Record<string, string>>): Labels {
    return Labels.from(Object.entries(record));
  }

  get size(): number {
    return this.names.length;
  }

  /** The value of a label; the empty string if it is absent, as in Prometheus. */
  get(name: string): string {
    const { names } = this;
    // Label sets are small: a scan beats a binary search and needs no map.
    for (let i = 0; i < names.length; i += 1) if (names[i] === name) return this.values[i] ?? '';
    return '';
  }

  /** Two label sets are equal exactly if their keys are. The key is opaque. */
  get key(): string {
    if (this.#key === undefined) {
      let key = '';
      for (let i = 0; i < this.names.length; i += 1) key += `${this.names[i]}\u0000${this.values[i]}\u0001`;
      this.#key = key;
    }
    return this.#key;
  }

  /** The key of the subset that `keep` names; what grouping and vector matching compare. */
  keyOf(keep: (name: string) => boolean): string {
    let key = '';
    for (let i = 0; i < this.names.length; i += 1) {
      const name = this.names[i] ?? '';
      if (keep(name)) key += `${name}\u0000${this.values[i]}\u0001`;
    }
    return key;
  }

  /** The labels that `keep` names. */
  filter(keep: (name: string) => boolean): Labels {
    const names: string[] = [];
    const values: string[] = [];
    for (let i = 0; i < this.names.length; i += 1) {
      const name = this.names[i] ?? '';
      if (!keep(name)) continue;
      names.push(name);
      values.push(this.values[i] ?? '');
    }
    if (names.length === this.names.length) return this;
    return names.length === 0 ? Labels.empty : new Labels(names, values);
  }

  without(...dropped: readonly string[]): Labels {
    return this.filter((name) => !dropped.includes(name));
  }

  /** The same labels with one set, replaced or (by an empty value) removed. */
  with(name: string, value: string): Labels {
    return Labels.from([...this.entries(), [name, value]]);
  }

  /** These labels, overridden by those of `other`; an empty value removes. */
  merge(pairs: Iterable<readonly [name: string, value: string]>): Labels {
    return Labels.from([...this.entries(), ...pairs]);
  }

  *entries(): IterableIterator<[name: string, value: string]> {
    for (let i = 0; i < this.names.length; i += 1) yield [this.names[i] ?? '', this.values[i] ?? ''];
  }

  toRecord(): Record<string, string> {
    return Object.fromEntries(this.entries());
  }

  /** `name{a="1"}`, or `{a="1"}` without a metric name; the form of error messages and test files. */
  toString(): string {
    const name = this.get(metricName);
    const plain = legacyMetricName.test(name);
    const pairs: string[] = [];
    if (name !== '' && !plain) pairs.push(quoteString(name));
    for (const [label, value] of this.entries()) {
      if (label === metricName) continue;
      pairs.push(`${legacyLabelName.test(label) ? label : quoteString(label)}=${quoteString(value)}`);
    }
    if (plain) return pairs.length === 0 ? name : `${name}{${pairs.join(', ')}}`;
    return `{${pairs.join(', ')}}`;
  }
}

/** Names that PromQL writes without quotes. Others have been legal since Prometheus 3 and stand in quotes. */
export const legacyMetricName: RegExp = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
export const legacyLabelName: RegExp = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** Compares label sets as Prometheus sorts them: pair by pair, then the shorter one first. */
export function compareLabels(a: Labels, b: Labels): number {
  const shared = Math.min(a.size, b.size);
  for (let i = 0; i < shared; i += 1) {
    const byName = compareText(a.names[i] ?? '', b.names[i] ?? '');
    if (byName !== 0) return byName;
    const byValue = compareText(a.values[i] ?? '', b.values[i] ?? '');
    if (byValue !== 0) return byValue;
  }
  return a.size - b.size;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : b < a ? 1 : 0;
}

/** A string in double quotes as Go's strconv.Quote writes it, which is how PromQL and the exposition formats show it. */
export function quoteString(text: string): string {
  let quoted = '"';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') quoted += `\\${char}`;
    else if (0x20 <= code && code !== 0x7f) quoted += char;
    else quoted += controlEscapes.get(code) ?? `\\x${code.toString(16).padStart(2, '0')}`;
  }
  return `${quoted}"`;
}

const controlEscapes: ReadonlyMap<number, string> = new Map([
  [7, '\\a'],
  [8, '\\b'],
  [9, '\\t'],
  [10, '\\n'],
  [11, '\\v'],
  [12, '\\f'],
  [13, '\\r'],
]);
