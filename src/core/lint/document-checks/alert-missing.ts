import { alertsOf, boundOf } from '../document/facts.ts';
import { about, lengthsIn, percentagesIn } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const alertMissing: DocumentCheck = {
  id: 'alert-missing',
  severity: 'warning',
  meaning: 'A sentence describes an alert for which the document has no rule.',
  remedy: 'write the rule, or remove the sentence',
  inspect: (document) => {
    const rules = alertsOf(document);
    return document.describedAlerts.flatMap(({ name, condition, span }) => {
      if (rules.length === 0 || rules.some((rule) => rule.name === name)) return [];
      if (name !== '') return [{ message: `there is no rule \`${name}\``, span }];
      const share = percentagesIn(condition)[0]?.share;
      const hold = lengthsIn(condition).at(-1)?.ms;
      if (share === undefined) return [];
      const found = rules.some((rule) => {
        const bound = boundOf(rule)?.value;
        return (
          bound !== undefined &&
          (about(bound, share) || about(bound, 1 - share)) &&
          (hold === undefined || rule.holdFor === hold)
        );
      });
      return found ? [] : [{ message: `no rule has the condition "${condition}"`, span }];
    });
  },
};
