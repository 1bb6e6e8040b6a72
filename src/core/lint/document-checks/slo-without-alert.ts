import { alertsOf, isAbout, metricsOfObjective } from '../document/facts.ts';
import type { DocumentRule, Objective } from '../document/model.ts';
import type { DocumentCheck } from '../document-check.ts';
import { sloWithoutAlertText } from '../shared-checks.ts';

export const sloWithoutAlert: DocumentCheck = {
  ...sloWithoutAlertText,
  inspect: (document) => {
    const alerts = alertsOf(document);
    if (alerts.length === 0) return [];
    return document.objectives
      .filter((objective) => 0 < metricsOfObjective(objective).size)
      .filter(
        (objective) => !alerts.some((rule) => isAbout(document, rule, objective) || isBrokenAbout(rule, objective)),
      )
      .map(({ name, span }) => ({ message: `no alert is about "${name}"`, help: 'add burn rate alerts for it', span }));
  },
};

/** An expression that does not parse still names what it is about. */
function isBrokenAbout({ query: { expr, text } }: DocumentRule, objective: Objective): boolean {
  return expr === undefined && [...metricsOfObjective(objective)].some((name) => text.includes(name));
}
