import type { Service, Slo } from '../../slo/index.ts';
import { fingerprint } from '../fingerprint.ts';

/** Grafana's limit. Source: `util.ValidateUID`. */
const longestUid = 40;

/** The board of all services. */
export const overviewUid = 'nines';

/** The `uid` of a service's board, or of an objective's: it never changes while the names stay. Names have no `_`, so no two are alike. */
export function boardUid(service: Pick<Service, 'name'>, slo?: Pick<Slo, 'name'>): string {
  const uid = [overviewUid, service.name, ...(slo === undefined ? [] : [slo.name])].join('_');
  return uid.length <= longestUid ? uid : `${uid.slice(0, longestUid - 9)}_${fingerprint(uid)}`;
}

/** The path of a board within Grafana. */
export function boardPath(uid: string): string {
  return `/d/${uid}`;
}

/** The files of the boards. The dots keep a service called `overview` apart from the overview. */
export const overviewFile = 'overview.json';

export function boardFile(service: Service, slo?: Slo): string {
  return slo === undefined ? `service.${service.name}.json` : `slo.${service.name}.${slo.name}.json`;
}
