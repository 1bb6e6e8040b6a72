import { type Expr, walk } from '../../promql/index.ts';
import { ratiosOf } from '../document/expressions.ts';
import { burnsOf, meaningOf } from '../document/facts.ts';
import { showLength } from '../document/quantities.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

/** A ratio over less than this says how things are, not what has been used up. */
const day = 86_400;

export const notABudget: DocumentCheck = {
  id: 'not-a-budget',
  severity: 'error',
  meaning:
    'What is called an error budget is the ratio of errors of this moment: it knows neither the target nor the period.',
  remedy: 'show `1 - (bad / total over the period) / (1 - target)`, or call it the error ratio',
  inspect: (document) =>
    document.queries.flatMap((query) => {
      const expr = meaningOf(query, document);
      const name = query.title.replaceAll(/[_:]/g, ' ');
      if (expr === undefined || !/\bbudget\b/i.test(name) || query.role === 'alert') return [];
      if (/\bburn/i.test(name) || 0 < burnsOf(expr).length) return [];
      const ratios = ratiosOf(expr);
      // What is divided once more is divided by a budget, be it a constant or a series.
      if (ratios.some(({ node }) => isDivided(expr, node))) return [];
      const ranges = ratios.flatMap(({ range }) => range ?? []);
      const [first] = ranges;
      if (first === undefined || query.expr === undefined || ranges.some((range) => day <= range)) return [];
      const message = `"${query.title.trim()}" is the ratio of the last ${showLength(first * 1000)}: it comes back as soon as errors stop, a spent budget does not`;
      return [{ message, span: spanIn(query, query.expr) }];
    }),
};

function isDivided(expr: Expr, ratio: Expr): boolean {
  let found = false;
  walk(expr, (node, parents) => {
    if (node !== ratio) return;
    found = parents.some((parent) => parent.kind === 'binary' && parent.operator === '/' && parent !== ratio);
  });
  return found;
}
