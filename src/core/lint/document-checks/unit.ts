import { type Expr, walk } from '../../promql/index.ts';
import { numberOf } from '../document/expressions.ts';
import type { DocumentRule, LintDocument, Query } from '../document/model.ts';
import { about } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const unit: DocumentCheck = {
  id: 'unit',
  severity: 'info',
  meaning: 'The words say MB and the number is one of MiB (or the reverse): the two differ by 5 %, GB and GiB by 7 %.',
  remedy: 'write MiB for 1024 * 1024 bytes, MB for 1000 * 1000',
  inspect: (document) => {
    const ruleOf = new Map(document.rules.map((rule) => [rule.query, rule]));
    return document.queries.flatMap((query): readonly DocumentFinding[] => {
      if (query.expr === undefined) return [];
      const factor = powerIn(query.expr);
      if (factor === undefined) return [];
      const words = wordsOf(document, query, ruleOf.get(query));
      const decimal = /(?:\b|(?<=\d))([KMGT]B)\b/.exec(words)?.[1];
      const binary = /(?:\b|(?<=\d))([KMGT]iB)\b/.exec(words)?.[1];
      const wrong = factor.binary ? decimal : binary;
      if (wrong === undefined || (decimal !== undefined && binary !== undefined)) return [];
      const right = factor.binary ? wrong.replace('B', 'iB') : wrong.replace('i', '');
      const message = `the number is one of ${right}, and the words say ${wrong}`;
      return [{ message, span: spanIn(query, factor.node) }];
    });
  },
};

/** A power of 1024 or of 1000, from the second on, as a product of two factors or more. */
function powerIn(expr: Expr): { readonly binary: boolean; readonly node: Expr } | undefined {
  let found: { readonly binary: boolean; readonly node: Expr } | undefined;
  walk(expr, (node) => {
    if (found !== undefined || node.kind !== 'binary' || (node.operator !== '*' && node.operator !== '^')) return;
    const value = node.operator === '^' ? undefined : numberOf(node);
    if (value === undefined) return;
    const own = numbersIn(node);
    if (own.filter((one) => one === 1024).length >= 2) found = { binary: true, node };
    else if (own.filter((one) => one === 1000).length >= 2) found = { binary: false, node };
    else if (own.some((one) => [2 ** 20, 2 ** 30].some((power) => about(one, power, 0))))
      found = { binary: true, node };
  });
  return found;
}

function numbersIn(expr: Expr): readonly number[] {
  const found: number[] = [];
  walk(expr, (node) => {
    if (node.kind === 'number') found.push(node.value);
  });
  return found;
}

/** What is said about a query: its title, the comment behind it, the annotations of its rule, the objective that it measures. */
function wordsOf({ objectives }: LintDocument, query: Query, rule: DocumentRule | undefined): string {
  const comments = query.text.match(/#.*$/gm) ?? [];
  const measured = objectives.filter(({ queries }) => queries.includes(query)).map(({ statement }) => statement);
  const annotations = rule === undefined ? [] : [...rule.annotations.values()].map(({ text }) => text);
  return [query.title, ...comments, ...measured, ...annotations].join('\n');
}
