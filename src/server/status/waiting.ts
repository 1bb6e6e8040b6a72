import { pendingMetrics } from '../../core/generate/index.ts';
import { expressionsOf, type Service, type Slo } from '../../core/slo/index.ts';

/** What an objective waits for that has no data yet: what its metrics wait for, or else what it depends on. Null if nobody said. */
export function waitsFor(service: Service, slo: Slo): string | null {
  const metrics = pendingMetrics(service, expressionsOf(slo.indicator)).map(({ name, pendingOn }) => pendingOn ?? name);
  const reasons = metrics.length === 0 ? slo.dependsOn : metrics;
  return reasons.length === 0 ? null : [...new Set(reasons)].join(', ');
}
