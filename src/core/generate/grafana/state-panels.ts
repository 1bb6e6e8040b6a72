import type { build } from '../../promql/index.ts';
import type { PanelDraft } from './draft.ts';
import { atRiskBelow, type ObjectiveState, objectiveStates } from './figures.ts';
import { override, stat, steps } from './panels.ts';

const colours: Readonly<Record<ObjectiveState, string>> = {
  met: 'green',
  'at risk': 'yellow',
  missed: 'red',
  unknown: 'purple',
};

/** How many objectives are met, at risk, missed and unknown. A zero is grey: that nothing is missed is no merit of its own. */
export function statePanel(selection: build.Conditions, width?: number): PanelDraft {
  const states = objectiveStates(selection);
  const order: readonly ObjectiveState[] = ['met', 'at risk', 'missed', 'unknown'];
  return stat({
    title: 'Objectives by state',
    description: `Met: the target is kept with at least ${100 * atRiskBelow} % of the error budget left. At risk: less is left. Missed: the budget is overspent. Unknown: the rules have no figures.`,
    queries: order.map((state) => ({ expr: states[state], legend: state, instant: true })),
    ...(width !== undefined && { width }),
    decimals: 0,
    steps: steps('text', [1, 'text']),
    overrides: order.map((state) =>
      override('byName', state, { thresholds: { mode: 'absolute', steps: steps('text', [1, colours[state]]) } }),
    ),
  });
}
