import { Link, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { GroupStatus, MemberStatus, SloDetail } from '../core/api/index.ts';
import { BudgetBar } from './budget-bar.tsx';
import { formatPercent, formatWholeShare, unknownText } from './format.ts';
import { groupText, writeGroup } from './groups.ts';
import { countsOf } from './slo-figures.tsx';
import { StateBadge } from './state-badge.tsx';
import { periodText, sliText } from './words.ts';

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
              {sliText(slo)}
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
              <th scope="row">{periodText(period.name)}</th>
              <td>
                <BudgetBar remaining={period.budgetRemaining} />
              </td>
              <td className="number">{formatPercent(period.sli)}</td>
              <td className="number">{countsOf(period)}</td>
              <td className="number">{formatWholeShare(period.periodSeen)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The members of a composite, in the order of the definition. */
export function Members({ slo }: { readonly slo: SloDetail }): ReactNode {
  if (slo.members.length === 0) return null;
  return (
    <section>
      <h2>Members</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Objective</th>
            <th scope="col">State</th>
            <th scope="col">Budget left</th>
            <th scope="col" className="number">
              SLI
            </th>
            {slo.combine === 'weighted' ? (
              <th scope="col" className="number">
                Weight
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {slo.members.map((member) => (
            <MemberRow key={`${member.service}/${member.slo}`} member={member} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function MemberRow({ member }: { readonly member: MemberStatus }): ReactNode {
  const { service, slo, title, state } = member;
  return (
    <tr>
      <th scope="row">
        {title === null ? (
          `${service}/${slo}`
        ) : (
          <Link to="/slos/$service/$slo" params={{ service, slo }} search={{ range: '7d' }}>
            {title}
          </Link>
        )}
        <span className="sub">{service}</span>
      </th>
      <td>{state === null ? 'not on this server' : <StateBadge state={state} />}</td>
      <td>{state === null ? unknownText : <BudgetBar remaining={member.budgetRemaining} />}</td>
      <td className="number">{formatPercent(member.sli)}</td>
      {member.weight === null ? null : <td className="number">{member.weight}</td>}
    </tr>
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
              {sliText(slo)}
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
      <td className="number">{countsOf(group)}</td>
    </tr>
  );
}
