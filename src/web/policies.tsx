import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { PolicyStatus, ServiceSummary } from '../core/api/index.ts';
import { fetchServices } from './api-client.ts';
import { servicesOf } from './services.tsx';

/** What the error budget policies ask for at the budgets as they stand, of the services that the filter leaves. */
export function Policies({ query }: { readonly query: string }): ReactNode {
  const { data } = useQuery({ queryKey: ['services'], queryFn: ({ signal }) => fetchServices(signal) });
  return <PolicyTable services={servicesOf(data?.services ?? [], query)} />;
}

/** What the policies of some services ask for. */
export function PolicyTable({ services }: { readonly services: readonly ServiceSummary[] }): ReactNode {
  const shown = services.filter(({ policies }) => 0 < policies.length);
  if (shown.length === 0) return null;
  return (
    <section>
      <h2>Error budget policies</h2>
      <table className="policies">
        <thead>
          <tr>
            <th scope="col">Policy</th>
            <th scope="col">State now</th>
            <th scope="col">What it asks for</th>
          </tr>
        </thead>
        <tbody>
          {shown.flatMap((service) =>
            service.policies.map((policy) => (
              <PolicyRow key={`${service.name} ${policy.name} ${policy.slo}`} service={service.name} policy={policy} />
            )),
          )}
        </tbody>
      </table>
    </section>
  );
}

function PolicyRow({ service, policy }: { readonly service: string; readonly policy: PolicyStatus }): ReactNode {
  return (
    <tr>
      <th scope="row">
        {policy.title}
        <span className="sub">
          {service}
          {policy.slo === null ? null : ` · ${policy.slo}`}
        </span>
      </th>
      <td>
        {policy.state ?? 'not known'}
        <span className="sub">{policy.reason}</span>
      </td>
      <td>{policy.actions.join(' ')}</td>
    </tr>
  );
}
