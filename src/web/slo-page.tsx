import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AlertStatus, SloDetail } from '../core/api/index.ts';
import { fetchHistory, fetchSlo } from './api-client.ts';
import { BudgetBar } from './budget-bar.tsx';
import { formatBurnRate, formatCount, formatPercent, formatSeconds, formatTarget, formatWindow } from './format.ts';
import { groupText, readGroup } from './groups.ts';
import { LastKnown, LoadFailure, Loading, StaleBanner, YoungPeriod } from './messages.tsx';
import { chartStep, rangeNames, ranges } from './ranges.ts';
import { FurtherPeriods, Groups } from './slo-tables.tsx';
import { StateBadge } from './state-badge.tsx';
import { TimeChart } from './time-chart.tsx';

/** One objective: how it stands, what burns, and how it came to that. */
export function SloPage(): ReactNode {
  const { service, slo: name } = useParams({ from: '/slos/$service/$slo' });
  const { data, error, dataUpdatedAt, refetch } = useQuery({
    queryKey: ['slo', service, name],
    queryFn: ({ signal }) => fetchSlo(service, name, signal),
  });
  if (data === undefined)
    return error === null ? <Loading what="the objective" /> : <LoadFailure error={error} retry={refetch} />;
  return (
    <>
      {error === null ? null : <StaleBanner error={error} updatedAt={dataUpdatedAt} />}
      <p className="crumbs">
        <Link to="/">All objectives</Link> / {data.service}
      </p>
      <div className="headline">
        <h1>{data.title}</h1>
        <StateBadge state={data.state} />
      </div>
      <YoungPeriod seen={data.periodSeen} />
      {data.group === null ? null : <p className="description">Shown is the worst group: {groupText(data.group)}.</p>}
      {data.outdated ? <LastKnown evaluatedAt={data.evaluatedAt} /> : null}
      <p className="sentence">{sentence(data)}</p>
      {data.description === null ? null : <p className="description">{data.description}</p>}
      <Figures slo={data} />
      <Groups slo={data} />
      <Charts slo={data} />
      <FurtherPeriods slo={data} />
      <div className="columns">
        <BurnRates slo={data} />
        <Alerts alerts={data.alerts} runbook={data.runbook} />
      </div>
      <Indicator slo={data} />
    </>
  );
}

/** The objective as one would say it. */
function sentence(slo: SloDetail): string {
  const what = slo.indicator.kind === 'ratio' ? 'of events are good' : 'of observations are fast enough';
  const [, unit] = /^calendar-(\w+)/.exec(slo.period) ?? [];
  const when = unit === undefined ? `over any ${formatWindow(slo.periodSeconds)}` : `in each calendar ${unit}`;
  return `${formatTarget(slo.target)} ${what}, ${when}. Owner: ${slo.owner}.`;
}

function Figures({ slo }: { readonly slo: SloDetail }): ReactNode {
  const { budget } = slo;
  return (
    <dl className="figures">
      <div>
        <dt>Budget left</dt>
        <dd>
          <BudgetBar remaining={budget.remainingRatio} />
        </dd>
      </div>
      {slo.raw === null ? null : (
        <div>
          <dt>With nothing excluded</dt>
          <dd>
            <BudgetBar remaining={slo.raw.budgetRemaining} />
          </dd>
        </div>
      )}
      <div>
        <dt>As bad events</dt>
        <dd>{formatCount(budget.remainingEvents)}</dd>
      </div>
      <div>
        <dt>As an outage at average traffic</dt>
        <dd>{formatSeconds(budget.remainingSeconds)}</dd>
      </div>
      <div>
        <dt>Good events</dt>
        <dd>{formatPercent(slo.sli)}</dd>
      </div>
      <div>
        <dt>Bad of all</dt>
        <dd>
          {formatCount(slo.badEvents)} of {formatCount(slo.totalEvents)}
        </dd>
      </div>
    </dl>
  );
}

function Charts({ slo }: { readonly slo: SloDetail }): ReactNode {
  const { range, group = '' } = useSearch({ from: '/slos/$service/$slo' });
  const seconds = ranges[range];
  const { data, error, refetch } = useQuery({
    queryKey: ['history', slo.service, slo.name, range, group],
    queryFn: ({ signal }) => fetchHistory(slo.service, slo.name, seconds, chartStep(seconds), readGroup(group), signal),
    refetchInterval: 60_000,
  });
  return (
    <section aria-label="History">
      {group === '' ? null : <h2>{groupText(readGroup(group))}</h2>}
      <nav className="ranges" aria-label="Range">
        {rangeNames.map((name) => (
          <Link
            key={name}
            to="/slos/$service/$slo"
            params={{ service: slo.service, slo: slo.name }}
            search={group === '' ? { range: name } : { range: name, group }}
          >
            {name}
          </Link>
        ))}
      </nav>
      {data === undefined ? (
        error === null ? (
          <Loading what="its history" />
        ) : (
          <LoadFailure error={error} retry={refetch} />
        )
      ) : (
        <div className="charts">
          <TimeChart
            title="Error budget left"
            timestamps={data.timestamps}
            lines={[{ label: 'Budget left', values: data.budgetRemaining, color: '--line', fill: true }]}
            reference={{ label: 'Spent', value: 0 }}
            format={formatPercent}
          />
          <TimeChart
            title={`Good events over ${formatWindow(slo.periodSeconds)}`}
            timestamps={data.timestamps}
            lines={[{ label: 'SLI', values: data.sli, color: '--line' }]}
            reference={{ label: 'Target', value: slo.targetRatio }}
            format={formatPercent}
          />
          <TimeChart
            title="Error ratio"
            timestamps={data.timestamps}
            lines={[{ label: 'Errors', values: data.errorRatio, color: '--line-bad' }]}
            format={formatPercent}
          />
          <TimeChart
            title="Events per second"
            timestamps={data.timestamps}
            lines={[{ label: 'Events/s', values: data.requestsPerSecond, color: '--line' }]}
            format={formatCount}
          />
        </div>
      )}
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

function Alerts({
  alerts,
  runbook,
}: {
  readonly alerts: readonly AlertStatus[];
  readonly runbook: string | null;
}): ReactNode {
  return (
    <section>
      <h2>Alerts</h2>
      {alerts.length === 0 ? <p>This objective pages nobody.</p> : null}
      <ul className="alerts">
        {alerts.map((alert) => (
          <li key={`${alert.name} ${alert.severity} ${alert.summary}`} className={`alert-${alert.state}`}>
            <span className="alert-state">{alert.state}</span> <strong>{alert.name}</strong> ({alert.severity})
            {alert.since === null ? null : <span className="sub">since {new Date(alert.since).toLocaleString()}</span>}
            {alert.summary === '' ? null : <span className="sub">{alert.summary}</span>}
          </li>
        ))}
      </ul>
      {runbook === null ? null : (
        <p>Runbook: {/^https?:\/\//.test(runbook) ? <a href={runbook}>{runbook}</a> : runbook}</p>
      )}
    </section>
  );
}

function Indicator({ slo }: { readonly slo: SloDetail }): ReactNode {
  const { good, bad, total } = slo.indicator;
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
