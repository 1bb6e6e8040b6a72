import { unreachable } from '../../base/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import { conditionSource } from './condition-source.ts';
import type { Naming } from './event-series.ts';
import { eventSource } from './event-source.ts';
import { querySource } from './query-source.ts';
import type { ObjectiveSource } from './source.ts';

/** The source of an objective; a text says why there is none. */
export function sourceOf(service: Service, slo: Slo, levels: Levels, naming: Naming): ObjectiveSource | string {
  const { indicator } = slo;
  switch (indicator.kind) {
    case 'condition':
      return conditionSource(service, slo, indicator.condition, levels);
    case 'queries':
      return querySource(service, slo, indicator, levels);
    case 'ratio':
    case 'distribution':
      return eventSource(service, slo, levels, naming);
    case 'composite':
    case 'external':
      return 'it has no rules of its own';
    default:
      return unreachable(indicator);
  }
}
