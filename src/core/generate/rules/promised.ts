import type { Duration } from '../../base/index.ts';
import type { Service, Slo } from '../../slo/index.ts';

/** All that such rules know of the service. */
export type Named = Pick<Service, 'name'>;

/**
 * What of an objective decides on the rules that sum up its recorded events. Objectives of a service that agree in it have the same such
 * rules but for the name, whatever their indicators: the type keeps those who build them from looking at anything else.
 */
export interface Promised extends Pick<Slo, 'name' | 'lifecycle' | 'target' | 'period' | 'furtherPeriods' | 'groupBy'> {
  readonly alerts: readonly { readonly longWindow: Duration }[];
}
