import type { Policy } from '../document/model.ts';
import { namedObjectives } from '../document/policies.ts';
import type { DocumentCheck } from '../document-check.ts';

export const policyConflict: DocumentCheck = {
  id: 'policy-conflict',
  severity: 'warning',
  meaning: 'Two policies part the same error budget at other bounds: at one level they demand different things.',
  remedy: 'keep one policy, or say which objectives each is about',
  inspect: (document) =>
    document.policies.flatMap((policy, index) => {
      const own = namedObjectives(document, policy);
      const other = document.policies.slice(0, index).find((one) => {
        const theirs = namedObjectives(document, one);
        const apart = 0 < own.length && 0 < theirs.length && !own.some((objective) => theirs.includes(objective));
        return !apart && cuts(one) !== cuts(policy);
      });
      const [state] = policy.states;
      if (other === undefined || state === undefined) return [];
      const message = `this policy changes at ${cuts(policy)} remaining, that under "${other.section.path.at(-1) ?? ''}" at ${cuts(other)}`;
      return [{ message, span: state.span }];
    }),
};

/** The bounds between states, by what is left of the budget. */
function cuts({ states, variable }: Policy): string {
  const bounds = states.flatMap(({ low, high }) => [low, high]).filter((bound) => 0 < bound && bound < 100);
  const left = bounds.map((bound) => (variable === 'remaining' ? bound : 100 - bound));
  return [...new Set(left)]
    .toSorted((a, b) => b - a)
    .map((bound) => `${bound} %`)
    .join(', ');
}
