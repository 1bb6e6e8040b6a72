/** How many objects are remembered: the selectors of one rule have fewer lists of conditions. */
const most = 16;

/**
 * Remembers what was made of the last few objects. A weak map would remember more, but each of its entries costs more than to make the thing
 * again: trees are built by the million, and every collection of garbage goes through all entries.
 */
export function recent<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const keys: K[] = [];
  const values: V[] = [];
  let next = 0;
  return (key) => {
    const at = keys.indexOf(key);
    const before = at === -1 ? undefined : values[at];
    if (before !== undefined) return before;
    const value = make(key);
    keys[next] = key;
    values[next] = value;
    next = (next + 1) % most;
    return value;
  };
}
