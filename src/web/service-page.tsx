import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type {
  ContactEntry,
  IndicatorStatus,
  LabelledValue,
  ServiceDetail,
  ThresholdStatus,
} from '../core/api/index.ts';
import { Address, Alerts } from './alerts.tsx';
import { fetchService, fetchSlos } from './api-client.ts';
import { Exclusions } from './exclusions.tsx';
import { formatValue, unknownText } from './format.ts';
import { groupText } from './groups.ts';
import { LastKnown, LoadFailure, Loading, StaleBanner } from './messages.tsx';
import { PolicyTable } from './policies.tsx';
import { SloTable } from './slo-list.tsx';
import { StateBadge } from './state-badge.tsx';

/** One service: its promises, what fires beside them, its figures of operations, and whom to ask. */
export function ServicePage(): ReactNode {
  const { service: name } = useParams({ from: '/services/$service' });
  const { data, error, dataUpdatedAt, refetch } = useQuery({
    queryKey: ['service', name],
    queryFn: ({ signal }) => fetchService(name, signal),
  });
  const slos = useQuery({ queryKey: ['slos'], queryFn: ({ signal }) => fetchSlos(signal) });
  if (data === undefined)
    return error === null ? <Loading what="the service" /> : <LoadFailure error={error} retry={refetch} />;
  const own = (slos.data?.slos ?? []).filter(({ service }) => service === name);
  return (
    <>
      {error === null ? null : <StaleBanner error={error} updatedAt={dataUpdatedAt} />}
      <p className="crumbs">
        <Link to="/">All objectives</Link>
      </p>
      <div className="headline">
        <h1>{data.title}</h1>
        <StateBadge state={data.state} />
      </div>
      {data.outdated ? <LastKnown evaluatedAt={data.evaluatedAt} /> : null}
      <p className="sentence">
        Owner: {data.owner}.{data.criticality === null ? '' : ` Criticality: ${data.criticality}.`}
      </p>
      {data.description === null ? null : <p className="description">{data.description}</p>}
      {own.length === 0 ? null : <SloTable slos={own} />}
      {0 < data.alerts.length ? <Alerts alerts={data.alerts} none="" /> : null}
      <Thresholds service={data} />
      <Indicators service={data} />
      <PolicyTable services={[data]} />
      <Exclusions exclusions={data.exclusions} />
      <Contacts contacts={data.contacts} />
    </>
  );
}

function Thresholds({ service: { thresholds } }: { readonly service: ServiceDetail }): ReactNode {
  if (thresholds.length === 0) return null;
  return (
    <section>
      <h2>Operational thresholds</h2>
      <table className="stacking">
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">Now</th>
            <th scope="col">Warning</th>
            <th scope="col">Critical</th>
            <th scope="col">Then</th>
          </tr>
        </thead>
        <tbody>
          {thresholds.map((threshold) => (
            <ThresholdRow key={threshold.name} threshold={threshold} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ThresholdRow({ threshold }: { readonly threshold: ThresholdStatus }): ReactNode {
  const { title, values, operator, warning, critical, unit, level, action, runbook } = threshold;
  const bound = (value: number): string => `${operator === '>' ? 'above' : 'below'} ${formatValue(value, unit)}`;
  return (
    <tr>
      <th scope="row">{title}</th>
      <td data-label="Now" className={`level-${level ?? 'unknown'}`}>
        <Values values={values} unit={unit} />
        {level === 'warning' || level === 'critical' ? <span className="sub">{level}</span> : null}
      </td>
      <td data-label="Warning">{bound(warning)}</td>
      <td data-label="Critical">{bound(critical)}</td>
      <td data-label="Then">
        {action}
        {runbook === null ? null : (
          <span className="sub">
            <Address text={runbook} />
          </span>
        )}
      </td>
    </tr>
  );
}

function Indicators({ service: { indicators } }: { readonly service: ServiceDetail }): ReactNode {
  if (indicators.length === 0) return null;
  return (
    <section>
      <h2>Shown, not promised</h2>
      <dl className="figures">
        {indicators.map((indicator) => (
          <IndicatorFigure key={indicator.name} indicator={indicator} />
        ))}
      </dl>
    </section>
  );
}

function IndicatorFigure({ indicator }: { readonly indicator: IndicatorStatus }): ReactNode {
  const { title, description, unit, values } = indicator;
  return (
    <div title={description ?? undefined}>
      <dt>{title}</dt>
      <dd>
        <Values values={values} unit={unit} />
      </dd>
    </div>
  );
}

/** Of many series the first are shown: they are the worst. */
const mostShown = 3;

function Values(props: { readonly values: readonly LabelledValue[]; readonly unit: string | null }): ReactNode {
  const { values, unit } = props;
  const [only, ...more] = values;
  if (only === undefined) return unknownText;
  if (more.length === 0) return formatValue(only.value, unit);
  return (
    <>
      {values.slice(0, mostShown).map(({ labels, value }) => (
        <span key={groupText(labels)} className="labelled">
          {formatValue(value, unit)} <span className="sub">{groupText(labels)}</span>
        </span>
      ))}
      {mostShown < values.length ? <span className="sub">and {values.length - mostShown} more</span> : null}
    </>
  );
}

function Contacts({ contacts }: { readonly contacts: readonly ContactEntry[] }): ReactNode {
  if (contacts.length === 0) return null;
  return (
    <section>
      <h2>Whom to ask</h2>
      <ul>
        {contacts.map(({ title, role, email, slack, phone, url }) => (
          <li key={title}>
            <strong>{title}</strong>
            {role === null ? '' : `, ${role}`}
            {email === null ? null : (
              <>
                {' · '}
                <a href={`mailto:${email}`}>{email}</a>
              </>
            )}
            {slack === null ? '' : ` · ${slack}`}
            {phone === null ? '' : ` · ${phone}`}
            {url === null ? null : (
              <>
                {' · '}
                <Address text={url} />
              </>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
