import { alertsOf, boundOf } from '../document/facts.ts';
import { about, boundsIn, lengthsIn, percentagesIn } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const alertMissing: DocumentCheck = {
  id: 'alert-missing',
  severity: 'warning',
  meaning: 'A sentence describes an alert for which the document has no rule.',
  remedy: 'write the rule, or remove the sentence',
  inspect: (document) => {
    const rules = alertsOf(document);
    // Alerts that have names are written somewhere; of those that a sentence only wishes for, a document without rules has none.
    const isNamed = document.describedAlerts.some(({ name }) => name !== '');
    return document.describedAlerts.flatMap(({ name, condition, span }) => {
      if (rules.some((rule) => rule.name === name)) return [];
      if (rules.length === 0 && (isNamed || document.objectives.length === 0)) return [];
      if (name !== '') return [{ message: `there is no rule \`${name}\``, span }];
      const share = percentagesIn(condition)[0]?.share;
      const hold = lengthsIn(condition).at(-1)?.ms;
      if (share === undefined && (0 < rules.length || boundsIn(condition).length === 0)) return [];
      const found = rules.some((rule) => {
        const bound = boundOf(rule)?.value;
        return (
          bound !== undefined &&
          share !== undefined &&
          (about(bound, share) || about(bound, 1 - share)) &&
          (hold === undefined || rule.holdFor === hold)
        );
      });
      return found ? [] : [{ message: `no rule has the condition "${condition}"`, span }];
    });
  },
};
