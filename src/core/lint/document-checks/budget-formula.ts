import { type Expr, equalExpr } from '../../promql/index.ts';
import { baseName, countsGood, ratiosOf, resultOf } from '../document/expressions.ts';
import { meaningOf, metricsOfObjective } from '../document/facts.ts';
import { about, short, showShare } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const budgetFormula: DocumentCheck = {
  id: 'budget-formula',
  severity: 'error',
  meaning:
    'What is called the remaining budget is not 1 - errors / (1 - target): it reaches zero at another share of errors.',
  remedy: 'write `1 - (bad / total) / (1 - target)`, times 100 for percent, once',
  inspect: (document) =>
    document.queries.flatMap((query): readonly DocumentFinding[] => {
      const expr = meaningOf(query, document);
      if (expr === undefined || !/budget/i.test(query.title) || !/remain|left/i.test(query.title)) return [];
      const [ratio] = ratiosOf(expr);
      if (ratio === undefined) return [];
      const good = countsGood(ratio) === true;
      const at = (errors: number) => valueWith(expr, ratio.node, good ? 1 - errors : errors);
      const [full, less] = [at(0), at(1e-6)];
      if (full === undefined || less === undefined || full === less) return [];
      const zero = (full * 1e-6) / (full - less);
      const budgets = document.objectives
        .filter((one) => one.target !== undefined && metricsOfObjective(one).has(baseName(ratio.whole.name)))
        .map(({ target = 1 }) => 1 - target);
      const isWhole = about(full, 1) || about(full, 100);
      if (budgets.length === 0 || (isWhole && budgets.some((one) => about(one, zero)))) return [];
      const message = isWhole
        ? `this is 0 when ${showShare(zero)} of the requests fail; the budget is ${showShare(Math.min(...budgets))}`
        : `without errors this is ${short(full)}, not 1 or 100`;
      return [{ message, span: spanIn(query, query.expr ?? expr) }];
    }),
};

/** The value of a formula if a ratio of events inside it has the value that is given. */
function valueWith(expr: Expr, node: Expr, value: number): number | undefined {
  const ratio = node.kind === 'binary' ? node : undefined;
  if (ratio === undefined) return undefined;
  return resultOf(expr, (part) => {
    if (part === ratio.left || equalExpr(part, ratio.left)) return value;
    return part.kind === 'aggregation' ? 1 : undefined;
  });
}
