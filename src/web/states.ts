import type { SloState, SloSummary } from '../core/api/index.ts';

/** States from the worst to the best, with the words that people read. */
export const states: readonly { readonly state: SloState; readonly label: string }[] = [
  { state: 'breached', label: 'Budget spent' },
  { state: 'burning', label: 'Burning' },
  { state: 'noData', label: 'No data' },
  { state: 'ok', label: 'On target' },
  { state: 'pending', label: 'Not measured yet' },
  { state: 'draft', label: 'Draft' },
];

/** The word for a state. What must always hold has no budget: it is kept or broken. */
export function stateLabel(state: SloState, invariant = false): string {
  if (invariant && state === 'breached') return 'Broken';
  if (invariant && state === 'ok') return 'Kept';
  if (invariant && state === 'burning') return 'Alert fires';
  return states.find((one) => one.state === state)?.label ?? state;
}

export function countStates(slos: readonly SloSummary[]): ReadonlyMap<SloState, number> {
  return new Map(states.map(({ state }) => [state, slos.filter((slo) => slo.state === state).length]));
}

/** The objectives that contain every word of the query in service, name, title or owner, and have the state if one is chosen. */
export function filterSlos(
  slos: readonly SloSummary[],
  query: string,
  state: string | undefined,
): readonly SloSummary[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return slos.filter((slo) => {
    const text = `${slo.service} ${slo.name} ${slo.title} ${slo.owner}`.toLowerCase();
    return (state === undefined || slo.state === state) && words.every((word) => text.includes(word));
  });
}

/** The burn rate worth showing in a list: the highest over the alerts' windows, which says what is going wrong now. */
export function currentBurnRate(
  slo: SloSummary,
): { readonly windowSeconds: number; readonly burnRate: number } | undefined {
  const known = slo.burnRates.flatMap(({ windowSeconds, burnRate }) =>
    burnRate === null || slo.periodSeconds <= windowSeconds ? [] : [{ windowSeconds, burnRate }],
  );
  return known.find(({ windowSeconds }) => windowSeconds === 3600) ?? known[0];
}
