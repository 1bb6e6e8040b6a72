import type { ReactNode } from 'react';
import type { SloState } from '../core/api/index.ts';
import { stateLabel } from './states.ts';

/** The state in a word, with a shape beside it: colour alone would not reach everyone. */
export function StateBadge(props: { readonly state: SloState; readonly invariant?: boolean }): ReactNode {
  const { state, invariant = false } = props;
  return (
    <span className={`badge state-${state}`}>
      <span className="shape" aria-hidden="true" />
      {stateLabel(state, invariant)}
    </span>
  );
}
