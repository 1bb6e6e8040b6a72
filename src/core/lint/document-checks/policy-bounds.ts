import type { PolicyState } from '../document/model.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const policyBounds: DocumentCheck = {
  id: 'policy-bounds',
  severity: 'warning',
  meaning: 'The states of an error budget policy overlap, leave a gap, or have none for a budget that is used up.',
  remedy:
    'let each state include its lower bound and not its upper: [50, 100], [25, 50), (0, 25), and one for 0 and below',
  inspect: ({ policies }) =>
    policies.flatMap(({ states, variable }) => {
      const sorted = states.toSorted((a, b) => a.low - b.low || a.high - b.high);
      const between = sorted.flatMap((state, index) => {
        const next = sorted[index + 1];
        return next === undefined ? [] : problem(state, next);
      });
      const isExhausted = ({ low, high }: PolicyState) => (variable === 'remaining' ? high <= 0 : 100 <= low);
      const [worst] = variable === 'remaining' ? sorted : sorted.toReversed();
      const missing: readonly DocumentFinding[] =
        states.some(isExhausted) || worst === undefined
          ? []
          : [{ message: `no state for a budget that is used up: it falls under "${worst.text}"`, span: worst.span }];
      return [...between, ...missing];
    }),
};

function problem(a: PolicyState, b: PolicyState): readonly DocumentFinding[] {
  if (
    b.low < a.high &&
    !(a.low === Number.NEGATIVE_INFINITY && b.low === Number.NEGATIVE_INFINITY && b.high === a.high)
  ) {
    return [{ message: `"${a.text}" and "${b.text}" are true at once`, span: b.span }];
  }
  if (a.high < b.low) return [{ message: `no state between ${a.high} % and ${b.low} %`, span: b.span }];
  if (a.high === b.low && a.highIncluded && b.lowIncluded)
    return [{ message: `${a.high} % belongs to "${a.text}" and to "${b.text}"`, span: b.span }];
  if (a.high === b.low && !a.highIncluded && !b.lowIncluded)
    return [{ message: `${a.high} % belongs to no state`, span: b.span }];
  return [];
}
