/** A stretch of a counter's samples: how many, and by how much each is more than the one before. */
export interface Stretch {
  readonly samples: number;
  readonly growth: number;
}

/**
 * The values of a counter in the notation of rule tests: it starts at 0, and each stretch goes on from the one before. A stretch without
 * growth is written as such, `stale` ends the series, and after it nothing follows.
 */
export function counterValues(stretches: readonly Stretch[], ends: boolean): string {
  let value = 0;
  const parts = ['0'];
  for (const { samples, growth } of stretches) {
    if (samples <= 0) continue;
    const first = clean(value + growth);
    parts.push(samples === 1 ? `${first}` : `${first}+${clean(growth)}x${samples - 1}`);
    value = clean(value + growth * samples);
  }
  if (ends) parts.push('stale');
  return parts.join(' ');
}

/** Sums of decimals without the noise of binary fractions. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}
