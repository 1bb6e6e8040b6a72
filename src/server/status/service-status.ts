import type {
  AlertStatus,
  ExclusionEntry,
  LabelledValue,
  ServiceDetail,
  ServiceSummary,
  ThresholdStatus,
} from '../../core/api/index.ts';
import type { Timestamp } from '../../core/base/index.ts';
import { exclusionWords } from '../../core/generate/index.ts';
import type { Exclusion, OperationalThreshold, Service } from '../../core/slo/index.ts';

/** What was read about a service beside its objectives at one instant. */
export interface ServiceFigures {
  readonly time: Timestamp;
  /** Of the alerts that belong to no single objective. */
  readonly alerts: readonly AlertStatus[];
  /** The series of each threshold and indicator, by its name. */
  readonly thresholds: ReadonlyMap<string, readonly LabelledValue[]>;
  readonly indicators: ReadonlyMap<string, readonly LabelledValue[]>;
  /** The source has stopped answering. */
  readonly outdated: boolean;
}

/** All that the server knows about a service itself. */
export function detailService(
  service: Service,
  summary: ServiceSummary,
  figures: ServiceFigures | undefined,
): ServiceDetail {
  const outdated = figures?.outdated ?? false;
  // Old figures of operations are worse than none: somebody acts on them.
  const values = (of: 'thresholds' | 'indicators', name: string): readonly LabelledValue[] =>
    figures === undefined || outdated ? [] : (figures[of].get(name) ?? []);
  return {
    ...summary,
    description: service.description ?? null,
    criticality: service.criticality ?? null,
    thresholds: service.thresholds.map((one) => thresholdStatus(one, values('thresholds', one.name))),
    indicators: service.indicators.map(({ name, title, description = null, unit = null }) => ({
      name,
      title,
      description,
      unit,
      values: values('indicators', name),
    })),
    contacts: service.contacts.map(({ title, role = null, email = null, slack = null, phone = null, url = null }) => ({
      title,
      role,
      email,
      slack,
      phone,
      url,
    })),
    exclusions: service.exclusions.map(exclusionEntry),
    evaluatedAt: figures?.time ?? null,
    outdated,
  };
}

/** An exclusion in words. */
export function exclusionEntry(exclusion: Exclusion): ExclusionEntry {
  const { name, reason, owner } = exclusion;
  return { name, reason, owner, when: exclusionWords(exclusion) };
}

function thresholdStatus(threshold: OperationalThreshold, known: readonly LabelledValue[]): ThresholdStatus {
  const { name, title, operator, warning, critical, unit = null, action, runbook = null } = threshold;
  const values = known.toSorted((a, b) => (operator === '>' ? b.value - a.value : a.value - b.value));
  const [worst] = values;
  const isBeyond = (bound: number): boolean =>
    worst !== undefined && (operator === '>' ? bound < worst.value : worst.value < bound);
  const level = worst === undefined ? null : isBeyond(critical) ? 'critical' : isBeyond(warning) ? 'warning' : 'ok';
  return { name, title, values, operator, warning, critical, unit, level, action, runbook };
}
