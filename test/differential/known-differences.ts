/**
 * The rules by which Prometheus 2.42 and 3 differ and that random expressions cannot avoid; docs/promql-differences.md explains each.
 * Nothing else may differ.
 */
const rules: readonly { readonly name: string; readonly matches: RegExp }[] = [
  // timestamp() forgets the offset of a selector that `@` pins.
  {
    name: 'timestamp of a pinned and shifted selector',
    matches: /timestamp\(\w+(?:\{[^}]*\})?(?: @ \S+ offset| offset \S+ @)/,
  },
];

/** The name of the rule by which both sides may answer differently, if there is one. */
export function knownDifference(expression: string): string | undefined {
  return rules.find(({ matches }) => matches.test(expression))?.name;
}

/** Whether a failure of ours is one that Prometheus shows since 3.9: matching is checked before a filter drops elements, not after. */
export function failsSince3(message: string): boolean {
  return message.startsWith('multiple matches for labels');
}

/** The expression as Prometheus 2.42 writes it: functions that were renamed in 3.0 have their old names. */
export function serverText(expression: string): string {
  return expression.replaceAll('double_exponential_smoothing(', 'holt_winters(');
}
