import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SloSummary } from '../core/api/index.ts';
import { BudgetBar } from './budget-bar.tsx';
import { formatBurnRate, formatPercent, formatWindow } from './format.ts';
import { groupText } from './groups.ts';
import { LastKnown, YoungPeriod } from './messages.tsx';
import { StateBadge } from './state-badge.tsx';
import { currentBurnRate } from './states.ts';
import { periodText, promiseText, unmeasuredText } from './words.ts';

/** Objectives in the order in which they are given. */
export function SloTable({ slos }: { readonly slos: readonly SloSummary[] }): ReactNode {
  return (
    <table className="slos">
      <thead>
        <tr>
          <th scope="col">Objective</th>
          <th scope="col">State</th>
          <th scope="col">Budget left</th>
          <th scope="col" className="number">
            Burn rate
          </th>
          <th scope="col" className="number">
            SLI
          </th>
          <th scope="col" className="number">
            Target
          </th>
        </tr>
      </thead>
      <tbody>
        {slos.map((slo) => (
          <SloRow key={`${slo.service}/${slo.name}`} slo={slo} />
        ))}
      </tbody>
    </table>
  );
}

function SloRow({ slo }: { readonly slo: SloSummary }): ReactNode {
  const burn = currentBurnRate(slo);
  const unmeasured = unmeasuredText(slo);
  return (
    <tr>
      <th scope="row">
        <Link
          to="/slos/$service/$slo"
          params={{ service: slo.service, slo: slo.name }}
          search={{ range: '7d' }}
          className="slo-link"
        >
          {slo.title}
        </Link>
        <span className="sub">
          <Link to="/services/$service" params={{ service: slo.service }}>
            {slo.service}
          </Link>
          {' · '}
          {slo.owner}
          {slo.group === null ? null : ` · worst: ${groupText(slo.group)}`}
        </span>
        {unmeasured === undefined ? null : <span className="sub">{unmeasured}</span>}
        <YoungPeriod seen={slo.periodSeen} />
        {slo.outdated ? <LastKnown evaluatedAt={slo.evaluatedAt} /> : null}
      </th>
      <td>
        <StateBadge state={slo.state} invariant={slo.invariant} />
      </td>
      <td>
        {slo.invariant || unmeasured !== undefined ? (
          <span className="sub">{slo.invariant ? 'has none' : '–'}</span>
        ) : (
          <BudgetBar remaining={slo.budget.remainingRatio} />
        )}
      </td>
      <td className="number" data-label="Burn rate">
        {burn === undefined ? (
          '–'
        ) : (
          <>
            <span className={1 < burn.burnRate ? 'hot' : ''}>{formatBurnRate(burn.burnRate)}</span>
            <span className="sub">over {formatWindow(burn.windowSeconds)}</span>
          </>
        )}
      </td>
      <td className="number" data-label="SLI">
        {formatPercent(slo.sli)}
      </td>
      <td className="number" data-label="Target">
        {promiseText(slo)}
        <span className="sub">
          {slo.invariant ? 'shown ' : ''}over {periodText(slo.period)}
        </span>
      </td>
    </tr>
  );
}
