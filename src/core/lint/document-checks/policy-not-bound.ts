import type { LintDocument, Policy } from '../document/model.ts';
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
      if (first === undefined || names(document, policy)) return [];
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

/** Whether the words round a policy name an objective, by its name or by its target. */
function names({ lines, objectives }: LintDocument, { section }: Policy): boolean {
  const parent = section.path.slice(0, -1).join('\n');
  const words = lines
    .filter((line) => line.section === section || (section.depth > 3 && line.section.path.join('\n') === parent))
    .map(({ text }) => text)
    .join('\n')
    .toLowerCase();
  return objectives.some(({ name, target }) => {
    const percent = target === undefined ? undefined : `${Number((target * 100).toPrecision(8))}%`;
    return (
      (3 < name.length && words.includes(name.toLowerCase())) ||
      (percent !== undefined && words.replaceAll(' %', '%').includes(percent))
    );
  });
}
