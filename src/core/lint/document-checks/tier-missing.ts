import { alertsOf, boundOf, burnsOf, meaningOf } from '../document/facts.ts';
import { about, short } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const tierMissing: DocumentCheck = {
  id: 'tier-missing',
  severity: 'warning',
  meaning: 'The table of tiers has one for which there is no alert rule.',
  remedy: 'write the rule, or take the tier out of the table',
  inspect: (document) => {
    const burns = alertsOf(document).filter(({ query }) => {
      const expr = meaningOf(query, document);
      return expr !== undefined && 0 < burnsOf(expr).length;
    });
    if (burns.length === 0) return [];
    return document.tiers.flatMap(({ name, factor, span }) => {
      if (factor === undefined || burns.some((rule) => about(boundOf(rule)?.value ?? 0, factor))) return [];
      return [{ message: `no alert rule fires at burn ${short(factor)}, the tier "${name}"`, span }];
    });
  },
};
