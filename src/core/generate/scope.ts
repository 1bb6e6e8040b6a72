import type { build } from '../promql/index.ts';
import { identityLabels, periodLabel } from './names.ts';
import type { PeriodLevels } from './period-levels.ts';
import type { Named, Promised } from './rules/promised.ts';

/** Labels by which series are recorded and selected. */
export type OwnLabels = Readonly<Record<string, string>>;

/** What the series about one period of an objective are labelled with, and by what they are found again. */
export interface Scope {
  readonly labels: OwnLabels;
  readonly conditions: build.Conditions;
}

/** The main period has no label of its own, so that history goes on when further ones are added; they must then be kept apart from it. */
export function periodScope(service: Named, slo: Promised, { label }: Pick<PeriodLevels, 'label'> = {}): Scope {
  const own = identityLabels(service, slo);
  if (label !== undefined) {
    const labels = { ...own, [periodLabel]: label };
    return { labels, conditions: labels };
  }
  return { labels: own, conditions: mainConditions(own, slo.furtherPeriods) };
}

/** By what series about the main period of an objective are found. */
export function mainConditions(own: OwnLabels, furtherPeriods: Promised['furtherPeriods']): build.Conditions {
  return furtherPeriods.length === 0 ? own : { ...own, [periodLabel]: '' };
}
