import type { CSSProperties, ReactNode } from 'react';
import { formatShare } from './format.ts';

/** The budget left as a bar; an overspent one fills in the colour of a breach, to the extent of the overspending. */
export function BudgetBar({ remaining }: { readonly remaining: number | null }): ReactNode {
  const share = remaining === null ? 0 : Math.min(1, Math.abs(remaining));
  const tone = remaining === null ? 'unknown' : remaining <= 0 ? 'spent' : remaining < 0.25 ? 'low' : 'good';
  const style: CSSProperties = { width: `${share * 100}%` };
  return (
    <span className="budget">
      <span className="budget-track" aria-hidden="true">
        <span className={`budget-fill tone-${tone}`} style={style} />
      </span>
      <span className="budget-figure">{formatShare(remaining)}</span>
    </span>
  );
}
