import type { Objective } from '../document/model.ts';
import { sameClasses, showClasses } from '../document/status-classes.ts';
import type { DocumentCheck } from '../document-check.ts';

export const goodClass: DocumentCheck = {
  id: 'good-class',
  severity: 'info',
  meaning: 'Two objectives on availability count different classes of responses as good.',
  remedy: 'use one definition, or say why a redirect or a client error is bad for the one and good for the other',
  inspect: ({ objectives }) => {
    const named = objectives.filter(
      ({ good, target, statesErrors }) => good !== undefined && target !== undefined && !statesErrors,
    );
    const [first] = named;
    if (first?.good === undefined) return [];
    const { good } = first;
    return named.flatMap((objective) =>
      objective.good === undefined || sameClasses(objective.good, good) || (isStated(first) && isStated(objective))
        ? []
        : [
            {
              message: `"${objective.name}" counts ${showClasses(objective.good)} as good, "${first.name}" ${showClasses(good)}`,
              span: objective.span,
            },
          ],
    );
  },
};

/** Whether the words say that this class is meant, beside naming it. */
function isStated({ statement }: Objective): boolean {
  return /\bgood\s*=|\bcounts?\b[^.]*\bas\b|\btreated as\b|\bon purpose\b/i.test(statement);
}
