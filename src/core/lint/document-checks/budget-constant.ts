import { badClassesOf, baseName, ratiosOf } from '../document/expressions.ts';
import { type Burn, burnsOf, meaningOf, metricsOfObjective } from '../document/facts.ts';
import type { LintDocument, Objective } from '../document/model.ts';
import { about, short, showShare } from '../document/quantities.ts';
import { otherClasses, sameClasses } from '../document/status-classes.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const budgetConstant: DocumentCheck = {
  id: 'budget-constant',
  severity: 'error',
  meaning: 'A burn rate is computed with a budget that is not 1 - target of the objective on these events.',
  remedy: 'divide by 1 - target: 0.001 for 99.9 %',
  inspect: (document) =>
    document.queries.flatMap((query): readonly DocumentFinding[] => {
      const expr = meaningOf(query, document);
      if (expr === undefined) return [];
      return burnsOf(expr).flatMap((burn) => {
        const message = problemOf(document, burn);
        return message === undefined
          ? []
          : [{ message, span: spanIn(query, query.expr === expr ? burn.divisor : expr) }];
      });
    }),
};

function problemOf({ objectives }: LintDocument, { budget, ratio }: Burn): string | undefined {
  const own = objectives.filter(
    (one) => one.target !== undefined && metricsOfObjective(one).has(baseName(ratio.whole.name)),
  );
  const bad = badClassesOf(ratio);
  const exact = own.filter((one) => {
    const theirs = badOf(one);
    return bad === undefined || theirs === undefined || sameClasses(theirs, bad);
  });
  const budgets = exact.map(({ target = 1 }) => 1 - target);
  if (own.length === 0 || budgets.some((one) => about(one, budget))) return undefined;
  const [first] = exact;
  if (first !== undefined)
    return `the budget of "${first.name}" is ${short(1 - (first.target ?? 1))}, not ${short(budget)}`;
  const [strictest] = own.toSorted((a, b) => (b.target ?? 0) - (a.target ?? 0));
  const other = own.find(({ target = 1 }) => about(1 - target, budget));
  const whose =
    other === undefined ? 'of no objective on these requests' : `of "${other.name}", which counts other events as bad`;
  return `${showShare(budget)} is the budget ${whose}; that of "${strictest?.name}" is ${showShare(1 - (strictest?.target ?? 1))}`;
}

function badOf({ queries, good }: Objective): ReadonlySet<number> | undefined {
  const [first] = queries.flatMap(({ expr }) => (expr === undefined ? [] : ratiosOf(expr)));
  const measured = first === undefined ? undefined : badClassesOf(first);
  return measured ?? (good === undefined ? undefined : otherClasses(good));
}
