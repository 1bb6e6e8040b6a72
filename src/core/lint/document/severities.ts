/** How urgent a severity is, in whichever vocabulary: who wakes somebody, who waits for the morning, who only informs. */
export type Urgency = 'page' | 'ticket' | 'info';

/** The urgency of a severity; undefined for a word that says nothing to everybody. */
export function urgencyOf(severity: string): Urgency | undefined {
  const word = severity.trim().toLowerCase();
  if (/^(?:page|critical|crit|emergency|urgent|fatal|disaster|sev-?[01]|p[01])$/.test(word)) return 'page';
  if (/^(?:ticket|warning|warn|average|sev-?[23]|p[23])$/.test(word)) return 'ticket';
  return /^(?:info|informational|notice|none|debug)$/.test(word) ? 'info' : undefined;
}
