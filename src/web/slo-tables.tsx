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
    <TableSection
      title="Other periods"
      words={['Period', 'Budget left']}
      numbers={[sliText(slo), 'Bad of all', 'Seen']}
    >
      {slo.furtherPeriods.map((period) => (
        <tr key={period.name}>
          <th scope="row">{periodText(period.name)}</th>
          <BudgetCell remaining={period.budgetRemaining} />
          <NumberCell>{formatPercent(period.sli)}</NumberCell>
          <NumberCell>{countsOf(period)}</NumberCell>
          <NumberCell>{formatWholeShare(period.periodSeen)}</NumberCell>
        </tr>
      ))}
    </TableSection>
  );
}

/** The members of a composite, in the order of the definition. */
export function Members({ slo }: { readonly slo: SloDetail }): ReactNode {
  if (slo.members.length === 0) return null;
  const numbers = slo.combine === 'weighted' ? ['SLI', 'Weight'] : ['SLI'];
  return (
    <TableSection title="Members" words={['Objective', 'State', 'Budget left']} numbers={numbers}>
      {slo.members.map((member) => (
        <MemberRow key={`${member.service}/${member.slo}`} member={member} />
      ))}
    </TableSection>
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
      {state === null ? <td>{unknownText}</td> : <BudgetCell remaining={member.budgetRemaining} />}
      <NumberCell>{formatPercent(member.sli)}</NumberCell>
      {member.weight === null ? null : <NumberCell>{member.weight}</NumberCell>}
    </tr>
  );
}

/** The groups of a grouped objective, the worst first; each leads to its history. */
export function Groups({ slo }: { readonly slo: SloDetail }): ReactNode {
  if (slo.groups.length === 0) return null;
  return (
    <TableSection title="Groups" words={['Group', 'State', 'Budget left']} numbers={[sliText(slo), 'Bad of all']}>
      {slo.groups.map((group) => (
        <GroupRow key={writeGroup(group.labels)} slo={slo} group={group} />
      ))}
    </TableSection>
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
      <BudgetCell remaining={group.budgetRemaining} />
      <NumberCell>{formatPercent(group.sli)}</NumberCell>
      <NumberCell>{countsOf(group)}</NumberCell>
    </tr>
  );
}

interface TableSectionProps {
  readonly title: string;
  /** The headings of the columns, those of numbers behind the others. */
  readonly words: readonly string[];
  readonly numbers: readonly string[];
  /** The rows. */
  readonly children: ReactNode;
}

function TableSection({ title, words, numbers, children }: TableSectionProps): ReactNode {
  return (
    <section>
      <h2>{title}</h2>
      <table>
        <thead>
          <tr>
            {words.map((word) => (
              <th key={word} scope="col">
                {word}
              </th>
            ))}
            {numbers.map((word) => (
              <th key={word} scope="col" className="number">
                {word}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}

function BudgetCell({ remaining }: Parameters<typeof BudgetBar>[0]): ReactNode {
  return (
    <td>
      <BudgetBar remaining={remaining} />
    </td>
  );
}

function NumberCell({ children }: { readonly children: ReactNode }): ReactNode {
  return <td className="number">{children}</td>;
}
