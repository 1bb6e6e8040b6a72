import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ServiceSummary } from '../core/api/index.ts';
import { fetchServices } from './api-client.ts';

/** What fires beside the objectives: alerts that belong to a service as a whole, and on its operations. */
export function Services({ query }: { readonly query: string }): ReactNode {
  const { data } = useQuery({ queryKey: ['services'], queryFn: ({ signal }) => fetchServices(signal) });
  const firing = servicesOf(data?.services ?? [], query).flatMap(({ name, title, alerts }) =>
    alerts.flatMap((alert) => (alert.state === 'firing' ? [{ name, title, alert }] : [])),
  );
  if (firing.length === 0) return null;
  return (
    <section>
      <h2>Firing beside the objectives</h2>
      <ul className="alerts">
        {firing.map(({ name, title, alert }) => (
          <li key={`${name} ${alert.name} ${alert.firesWhen}`} className="alert-firing">
            <strong>{alert.name}</strong> ({alert.severity}) of{' '}
            <Link to="/services/$service" params={{ service: name }}>
              {title}
            </Link>
            {alert.since === null ? null : <span className="sub">since {new Date(alert.since).toLocaleString()}</span>}
            <span className="alert-summary">{alert.summary === '' ? alert.firesWhen : alert.summary}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The services that contain every word of the query in name, title or owner. */
export function servicesOf(services: readonly ServiceSummary[], query: string): readonly ServiceSummary[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return services.filter(({ name, title, owner }) =>
    words.every((word) => `${name} ${title} ${owner}`.toLowerCase().includes(word)),
  );
}
