/**
 * Remembers what was made for a text, as thousands of objectives promise the same. All of it is forgotten once it is too much to keep: what is
 * made again is the same again.
 */
export function remembered<T>(): (text: string, make: () => T) => T {
  const made = new Map<string, T>();
  return (text, make) => {
    const before = made.get(text);
    if (before !== undefined) return before;
    if (most <= made.size) made.clear();
    const now = make();
    made.set(text, now);
    return now;
  };
}

/** The sums of so many kinds of promises have tens of megabytes. */
const most = 200;
