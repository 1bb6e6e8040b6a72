import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { GroupStatus, SloDetail } from '../core/api/index.ts';
import { BudgetBar } from './budget-bar.tsx';
import { formatCount, formatPercent } from './format.ts';
import { groupText, writeGroup } from './groups.ts';
import { StateBadge } from './state-badge.tsx';

/** How the objective stands over other periods than its main one. */
export function FurtherPeriods({ slo }: { readonly slo: SloDetail }): ReactNode {
  if (slo.furtherPeriods.length === 0) return null;
  return (
    <section>
      <h2>Other periods</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Period</th>
            <th scope="col">Budget left</th>
            <th scope="col" className="number">
              Good events
            </th>
            <th scope="col" className="number">
              Bad of all
            </th>
            <th scope="col" className="number">
              Seen
            </th>
          </tr>
        </thead>
        <tbody>
          {slo.furtherPeriods.map((period) => (
            <tr key={period.name}>
              <th scope="row">{period.name}</th>
              <td>
                <BudgetBar remaining={period.budgetRemaining} />
              </td>
              <td className="number">{formatPercent(period.sli)}</td>
              <td className="number">
                {formatCount(period.badEvents)} of {formatCount(period.totalEvents)}
              </td>
              <td className="number">{formatPercent(period.periodSeen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The groups of a grouped objective, the worst first; each leads to its history. */
export function Groups({ slo }: { readonly slo: SloDetail }): ReactNode {
  if (slo.groups.length === 0) return null;
  return (
    <section>
      <h2>Groups</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Group</th>
            <th scope="col">State</th>
            <th scope="col">Budget left</th>
            <th scope="col" className="number">
              Good events
            </th>
            <th scope="col" className="number">
              Bad of all
            </th>
          </tr>
        </thead>
        <tbody>
          {slo.groups.map((group) => (
            <GroupRow key={writeGroup(group.labels)} slo={slo} group={group} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function GroupRow({ slo, group }: { readonly slo: SloDetail; readonly group: GroupStatus }): ReactNode {
  const { range } = useSearch({ from: '/slos/$service/$slo' });
  return (
    <tr>
      <th scope="row">
        <Link
          to="/slos/$service/$slo"
          params={{ service: slo.service, slo: slo.name }}
          search={{ range, group: writeGroup(group.labels) }}
        >
          {groupText(group.labels)}
        </Link>
      </th>
      <td>
        <StateBadge state={group.state} />
      </td>
      <td>
        <BudgetBar remaining={group.budgetRemaining} />
      </td>
      <td className="number">{formatPercent(group.sli)}</td>
      <td className="number">
        {formatCount(group.badEvents)} of {formatCount(group.totalEvents)}
      </td>
    </tr>
  );
}
