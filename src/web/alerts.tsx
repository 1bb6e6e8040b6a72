import type { ReactNode } from 'react';
import type { AlertStatus } from '../core/api/index.ts';

/** Alerts with what they wait for; those that fire stand first. */
export function Alerts(props: {
  readonly alerts: readonly AlertStatus[];
  readonly runbook?: string | null;
  readonly none: string;
}): ReactNode {
  const { alerts, runbook = null, none } = props;
  return (
    <section>
      <h2>Alerts</h2>
      {alerts.length === 0 ? <p>{none}</p> : null}
      <ul className="alerts">
        {firingFirst(alerts).map((alert) => (
          <li key={`${alert.name} ${alert.severity} ${alert.firesWhen}`} className={`alert-${alert.state}`}>
            <span className="alert-state">{alert.state}</span> <strong>{alert.name}</strong> ({alert.severity})
            {alert.since === null ? null : <span className="sub">since {new Date(alert.since).toLocaleString()}</span>}
            {alert.summary === '' ? null : <span className="alert-summary">{alert.summary}</span>}
            <span className="sub">Fires: {alert.firesWhen}</span>
          </li>
        ))}
      </ul>
      {runbook === null ? null : (
        <p>
          Runbook: <Address text={runbook} />
        </p>
      )}
    </section>
  );
}

/** An address as a link, if it can be one; a definition may hold anything. */
export function Address({ text }: { readonly text: string }): ReactNode {
  return /^https?:\/\//.test(text) ? <a href={text}>{text}</a> : text;
}

const order = { firing: 0, pending: 1, inactive: 2 } as const;

function firingFirst(alerts: readonly AlertStatus[]): readonly AlertStatus[] {
  return alerts.toSorted((a, b) => order[a.state] - order[b.state]);
}
