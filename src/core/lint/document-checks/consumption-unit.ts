import { type Expr, parseTree, unwrap, walk } from '../../promql/index.ts';
import { numberOf } from '../document/expressions.ts';
import { burnsOf } from '../document/facts.ts';
import type { Query } from '../document/model.ts';
import { about } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const consumptionUnit: DocumentCheck = {
  id: 'consumption-unit',
  severity: 'warning',
  meaning:
    'What is called the consumption of an error budget is minutes of failure: it grows with the period and is no share of the budget.',
  remedy:
    'divide the ratio of errors by 1 - target; minutes say nothing without the number of minutes that are allowed',
  inspect: ({ queries }) =>
    queries.flatMap((query) => {
      if (!/\bbudget\b/i.test(query.title) || !/\b(?:consum\w*|used|usage|spent)\b/i.test(query.title)) return [];
      if (/\b(?:minutes?|hours?|seconds?|time|downtime)\b/i.test(query.title)) return [];
      const expr = query.expr ?? closed(query);
      const unit = expr === undefined || 0 < burnsOf(expr).length ? undefined : periodFactor(expr);
      if (unit === undefined) return [];
      const message = `"${query.title}" multiplies a share of errors with the ${unit} of the period and never divides by the budget`;
      return [{ message, span: query.span }];
    }),
};

/** The expression with the brackets that its author forgot to close at the end. */
function closed({ text, problems }: Query): Expr | undefined {
  if (problems.length === 0) return undefined;
  const plain = text.replaceAll(/"(?:[^"\\]|\\.)*"|#.*$/gm, '');
  const missing = plain.split('(').length - plain.split(')').length;
  if (missing < 1 || 5 < missing) return undefined;
  const outcome = parseTree(text + ')'.repeat(missing));
  return outcome.ok ? outcome.value : undefined;
}

const days = [1, 7, 28, 30, 31, 90, 365];

const units: readonly (readonly [unit: string, perDay: number])[] = [
  ['hours', 24],
  ['minutes', 1440],
  ['seconds', 86_400],
];

/** The unit of time of which the expression is multiplied with a whole period. */
function periodFactor(expr: Expr): string | undefined {
  let found: string | undefined;
  walk(expr, (node) => {
    if (found !== undefined || node.kind !== 'binary' || node.operator !== '*') return;
    const product = factors(node)
      .flatMap((factor) => numberOf(factor) ?? [])
      .reduce((all, factor) => all * factor, 1);
    found = units.find(([, perDay]) => days.some((count) => about(product, count * perDay, 0.001)))?.[0];
  });
  return found;
}

function factors(expr: Expr): readonly Expr[] {
  const node = unwrap(expr);
  return node.kind === 'binary' && node.operator === '*' ? [...factors(node.left), ...factors(node.right)] : [node];
}
