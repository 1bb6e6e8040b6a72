import { Labels, labelsPredicate } from '../series/index.ts';
import type { Family, Incident } from './model.ts';

/** Whether an incident touches a family's label set (whatever the outcome). */
export function touches(incident: Incident, family: Family, labels: ReadonlyMap<string, string>): boolean {
  if (incident.metrics !== undefined && !incident.metrics.includes(family.name)) return false;
  return incident.match.length === 0 || labelsPredicate(incident.match)(Labels.from(labels));
}

/** Whether an incident touches a replica. */
export function touchesReplica(incident: Incident, replica: number): boolean {
  return incident.replicas?.includes(replica) ?? true;
}
