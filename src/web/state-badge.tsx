import type { ReactNode } from 'react';
import type { SloState } from '../core/api/index.ts';
import { stateLabel } from './states.ts';

/** The state in a word, with a shape beside it: colour alone would not reach everyone. */
export function StateBadge({ state }: { readonly state: SloState }): ReactNode {
  return (
    <span className={`badge state-${state}`}>
      <span className="shape" aria-hidden="true" />
      {stateLabel(state)}
    </span>
  );
}
