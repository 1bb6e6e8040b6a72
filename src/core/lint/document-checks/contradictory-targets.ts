import { badClassesOf, ratiosOf } from '../document/expressions.ts';
import { metricsOfObjective } from '../document/facts.ts';
import type { Objective } from '../document/model.ts';
import { short } from '../document/quantities.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const contradictoryTargets: DocumentCheck = {
  id: 'contradictory-targets',
  severity: 'warning',
  meaning: 'Two objectives limit the same events, and who keeps just inside the one misses the other by far.',
  remedy: 'align the targets, tell the events apart, or say that the looser one is a limit for bursts',
  inspect: ({ objectives }) =>
    objectives.flatMap((loose) =>
      objectives.flatMap((strict): readonly DocumentFinding[] => {
        if (loose.target === undefined || strict.target === undefined || loose.statement.match(/\bburst\b/i)) return [];
        const factor = (1 - loose.target) / (1 - strict.target);
        if (factor < 2 || !limitsTheSame(strict, loose)) return [];
        const message = `just inside of "${loose.name}" the budget of "${strict.name}" burns at ${short(factor)} times the allowed rate`;
        return [{ message, span: loose.span }];
      }),
    ),
};

function limitsTheSame(strict: Objective, loose: Objective): boolean {
  const [a] = strict.queries.flatMap(({ expr }) => (expr === undefined ? [] : ratiosOf(expr)));
  const [b] = loose.queries.flatMap(({ expr }) => (expr === undefined ? [] : ratiosOf(expr)));
  if (a === undefined || b === undefined || a.whole.matchers.length !== b.whole.matchers.length) return false;
  if (a.whole.matchers.some((matcher, index) => matcher.value !== b.whole.matchers[index]?.value)) return false;
  const metrics = metricsOfObjective(loose);
  if (![...metricsOfObjective(strict)].some((name) => metrics.has(name))) return false;
  const [bad, looseBad] = [badClassesOf(a), badClassesOf(b)];
  return bad !== undefined && looseBad !== undefined && [...looseBad].every((one) => bad.has(one));
}
