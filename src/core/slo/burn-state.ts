/** What two windows say together: damage that goes on, that is over, that has just begun, or none. */
export type BurnState = 'critical' | 'recovering' | 'increasing' | 'acceptable';

/** Reads the burn rates of a long and a short window against a threshold (the labels are Kibana's, issue 195139). */
export function burnState(long: number, short: number, threshold: number): BurnState {
  if (threshold < long) return threshold < short ? 'critical' : 'recovering';
  return threshold < short ? 'increasing' : 'acceptable';
}
