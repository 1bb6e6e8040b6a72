import { rangesOf } from '../document/expressions.ts';
import { burnsOf, isGenerated, meaningOf } from '../document/facts.ts';
import type { LintDocument, Query } from '../document/model.ts';
import type { DocumentCheck } from '../document-check.ts';

export const policyNotComputable: DocumentCheck = {
  id: 'policy-not-computable',
  severity: 'warning',
  meaning: 'A policy decides by how much of the error budget is left, and no query of the document gives that.',
  remedy: 'record it: `1 - (bad / total over the period) / (1 - target)`',
  inspect: (document) => {
    const { policies, queries } = document;
    if (isGenerated(document) || queries.length === 0 || queries.some((query) => givesBudget(document, query)))
      return [];
    return policies.flatMap(({ states, variable }) =>
      states.slice(0, 1).map(({ span }) => ({
        message: `no query of the document gives the share of the budget that is ${variable}`,
        span,
      })),
    );
  },
};

/** By its name, or by what it does: errors over a day or more, divided by a budget. */
function givesBudget(document: LintDocument, query: Query): boolean {
  const name = query.title.replaceAll(/[_:]/g, ' ');
  if (/\bbudget\b/i.test(name) && /\b(?:remain\w*|left|consum\w*|used|spent|usage)\b/i.test(name)) return true;
  const expr = meaningOf(query, document);
  return expr !== undefined && 0 < burnsOf(expr).length && rangesOf(expr).some((range) => 86_400 <= range);
}
