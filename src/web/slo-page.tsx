import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { SloDetail } from '../core/api/index.ts';
import { Alerts } from './alerts.tsx';
import { fetchSlo } from './api-client.ts';
import { Exclusions } from './exclusions.tsx';
import { formatBurnRate, formatWindow } from './format.ts';
import { groupText } from './groups.ts';
import { LastKnown, LoadFailure, Loading, StaleBanner, YoungPeriod } from './messages.tsx';
import { Charts } from './slo-charts.tsx';
import { Figures } from './slo-figures.tsx';
import { FurtherPeriods, Groups, Members } from './slo-tables.tsx';
import { StateBadge } from './state-badge.tsx';
import { sentence, unmeasuredText } from './words.ts';

/** One objective: how it stands, what burns, and how it came to that. */
export function SloPage(): ReactNode {
  const { service, slo: name } = useParams({ from: '/slos/$service/$slo' });
  const { data, error, dataUpdatedAt, refetch } = useQuery({
    queryKey: ['slo', service, name],
    queryFn: ({ signal }) => fetchSlo(service, name, signal),
  });
  if (data === undefined)
    return error === null ? <Loading what="the objective" /> : <LoadFailure error={error} retry={refetch} />;
  const unmeasured = unmeasuredText(data);
  return (
    <>
      {error === null ? null : <StaleBanner error={error} updatedAt={dataUpdatedAt} />}
      <p className="crumbs">
        <Link to="/">All objectives</Link> /{' '}
        <Link to="/services/$service" params={{ service: data.service }}>
          {data.service}
        </Link>
      </p>
      <div className="headline">
        <h1>{data.title}</h1>
        <StateBadge state={data.state} invariant={data.invariant} />
      </div>
      <YoungPeriod seen={data.periodSeen} />
      {data.group === null ? null : <p className="description">Shown is the worst group: {groupText(data.group)}.</p>}
      {data.outdated ? <LastKnown evaluatedAt={data.evaluatedAt} /> : null}
      <p className="sentence">{sentence(data)}</p>
      {data.description === null ? null : <p className="description">{data.description}</p>}
      {data.excludedNow ? <p className="banner">What happens now does not count: an exclusion holds.</p> : null}
      {unmeasured === undefined ? (
        <>
          <Figures slo={data} />
          <Groups slo={data} />
          <Members slo={data} />
          <Charts slo={data} />
          <FurtherPeriods slo={data} />
        </>
      ) : (
        <p className="unmeasured">{unmeasured}</p>
      )}
      <div className="columns">
        {unmeasured === undefined && 1 < data.burnRates.length ? <BurnRates slo={data} /> : null}
        <Alerts alerts={data.alerts} runbook={data.runbook} none="It has no alerts." />
      </div>
      <Indicator slo={data} />
      <Exclusions exclusions={data.exclusions} />
      <Reasons slo={data} />
    </>
  );
}

/** Why it is promised, and what happens if it is not kept. */
function Reasons({ slo }: { readonly slo: SloDetail }): ReactNode {
  const { rationale, impact } = slo;
  if (rationale === null && impact.length === 0) return null;
  return (
    <section>
      <h2>Why</h2>
      {rationale === null ? null : <p>{rationale}</p>}
      {impact.length === 0 ? null : <p>If it is missed: {impact.join(' ')}</p>}
    </section>
  );
}

function BurnRates({ slo }: { readonly slo: SloDetail }): ReactNode {
  return (
    <section>
      <h2>Burn rates</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Window</th>
            <th scope="col" className="number">
              Burn rate
            </th>
            <th scope="col">Alerts above</th>
          </tr>
        </thead>
        <tbody>
          {slo.burnRates.map(({ windowSeconds, burnRate }) => {
            const tiers = slo.alertTiers.filter(
              (tier) => tier.longWindowSeconds === windowSeconds || tier.shortWindowSeconds === windowSeconds,
            );
            const hot = burnRate !== null && tiers.some((tier) => tier.burnRate < burnRate);
            return (
              <tr key={windowSeconds}>
                <th scope="row">{formatWindow(windowSeconds)}</th>
                <td className={hot ? 'number hot' : 'number'}>{formatBurnRate(burnRate)}</td>
                <td>{tiers.map((tier) => `${formatBurnRate(tier.burnRate)} (${tier.severity})`).join(', ')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Indicator({ slo }: { readonly slo: SloDetail }): ReactNode {
  const { kind, good, bad, total } = slo.indicator;
  if (kind === 'composite') return null;
  if (kind === 'condition')
    return (
      <section>
        <h2>What must hold</h2>
        <dl className="queries">
          <Query name="Condition" text={good ?? ''} />
        </dl>
      </section>
    );
  return (
    <section>
      <h2>What is measured</h2>
      <dl className="queries">
        {good === null ? null : <Query name="Good" text={good} />}
        {bad === null ? null : <Query name="Bad" text={bad} />}
        <Query name="Total" text={total} />
      </dl>
    </section>
  );
}

function Query({ name, text }: { readonly name: string; readonly text: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <code>{text}</code>
      </dd>
    </div>
  );
}
