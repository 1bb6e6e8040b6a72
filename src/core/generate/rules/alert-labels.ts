import type { AlertProfile, Service, Severity, Slo } from '../../slo/index.ts';
import { identityLabels } from '../names.ts';

/** Who raises an alert: an objective, or the service as a whole. */
export interface AlertOwner {
  readonly service: Service;
  readonly slo?: Slo;
}

/** The labels by which the owner's series are known. */
export function ownLabels({ service, slo }: AlertOwner): Readonly<Record<string, string>> {
  return slo === undefined ? { service: service.name } : identityLabels(service, slo);
}

/** What an alert says besides its owner. */
export interface AlertFacts {
  readonly severity: Severity;
  readonly profile?: AlertProfile;
  /** Labels that the definition adds to this alert. */
  readonly added?: ReadonlyMap<string, string>;
  readonly more?: Readonly<Record<string, string>>;
}

/** The labels that routes and inhibitions go by; those of the definition come first, so that they cannot change what an alert is about. */
export function alertLabels(owner: AlertOwner, facts: AlertFacts): ReadonlyMap<string, string> {
  const { service, slo } = owner;
  const { severity, profile = 'standard', added, more = {} } = facts;
  const labels = new Map(slo?.labels);
  added?.forEach((value, name) => void labels.set(name, value));
  for (const [name, value] of Object.entries(ownLabels(owner))) labels.set(name, value);
  labels.set('owner', service.owner).set('severity', service.severityLabels[severity]);
  if (profile !== 'standard') labels.set('profile', profile);
  for (const [name, value] of Object.entries(more)) labels.set(name, value);
  return labels;
}
