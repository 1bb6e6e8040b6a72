import { namedObjectives } from '../document/policies.ts';
import type { DocumentCheck } from '../document-check.ts';

export const policyNotBound: DocumentCheck = {
  id: 'policy-not-bound',
  severity: 'warning',
  meaning: 'A policy speaks of "the error budget" in a document with several objectives.',
  remedy: 'name the objectives whose budgets drive it, and say which counts if they disagree',
  inspect: (document) => {
    const { policies, objectives } = document;
    if (objectives.length < 2) return [];
    const without = objectives.filter(({ hasBudget }) => !hasBudget).length;
    return policies.flatMap((policy) => {
      const [first] = policy.states;
      if (first === undefined || 0 < namedObjectives(document, policy).length) return [];
      const more = without === 0 ? '' : `, ${without} of them without a budget`;
      return [
        {
          message: `the policy does not say whose budget it is about: there are ${objectives.length} objectives${more}`,
          span: first.span,
        },
      ];
    });
  },
};
