import { badClassesOf, ratiosOf } from '../document/expressions.ts';
import { metricsOfObjective } from '../document/facts.ts';
import type { Objective } from '../document/model.ts';
import { about } from '../document/quantities.ts';
import { sameClasses } from '../document/status-classes.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';
import { duplicateSloText } from '../shared-checks.ts';

export const duplicateSlo: DocumentCheck = {
  ...duplicateSloText,
  inspect: ({ objectives }) =>
    objectives.flatMap((objective, index): readonly DocumentFinding[] => {
      const same = objectives.slice(0, index).find((other) => measureTheSame(objective, other));
      if (same === undefined) return [];
      const how = same.statesErrors === objective.statesErrors ? 'measures the same as' : 'is the complement of';
      return [
        { message: `"${objective.name}" ${how} "${same.name}": one incident spends two budgets`, span: objective.span },
      ];
    }),
};

function measureTheSame(a: Objective, b: Objective): boolean {
  if (a.target === undefined || b.target === undefined || !about(1 - a.target, 1 - b.target)) return false;
  if (a.period !== undefined && b.period !== undefined && a.period !== b.period) return false;
  const [first] = a.queries.flatMap(({ expr }) => (expr === undefined ? [] : ratiosOf(expr)));
  const [second] = b.queries.flatMap(({ expr }) => (expr === undefined ? [] : ratiosOf(expr)));
  if (first === undefined || second === undefined || a.quantile !== b.quantile) return false;
  const [x, y] = [badClassesOf(first), badClassesOf(second)];
  const metrics = metricsOfObjective(b);
  const others = (matchers: typeof first.whole.matchers) =>
    JSON.stringify(matchers.map(({ name, operator, value }) => [name, operator, value]).toSorted());
  return (
    x !== undefined &&
    y !== undefined &&
    sameClasses(x, y) &&
    [...metricsOfObjective(a)].every((name) => metrics.has(name)) &&
    others(first.whole.matchers) === others(second.whole.matchers)
  );
}
