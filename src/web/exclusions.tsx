import type { ReactNode } from 'react';
import type { ExclusionEntry } from '../core/api/index.ts';

/** Time that does not count, and why. */
export function Exclusions({ exclusions }: { readonly exclusions: readonly ExclusionEntry[] }): ReactNode {
  if (exclusions.length === 0) return null;
  return (
    <section>
      <h2>Does not count</h2>
      <ul>
        {exclusions.map(({ name, reason, owner, when }) => (
          <li key={name}>
            <strong>{name}</strong>: {reason}
            <span className="sub">
              {when} · {owner}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
