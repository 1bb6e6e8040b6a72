import { showLength } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const objectiveWithoutBudget: DocumentCheck = {
  id: 'objective-without-budget',
  severity: 'info',
  prose: true,
  meaning:
    'An objective gives the range of its query as the time over which it is judged: it is missed or met anew every few minutes.',
  remedy: 'say over how long the bound must hold, and for which share of that: `in 99 % of the minutes of 30 days`',
  inspect: ({ objectives }) =>
    objectives.flatMap(({ name, period, statement, span }) => {
      if (period === undefined || longest <= period || !/\brolling\b/i.test(statement)) return [];
      return [{ message: `"${name}" is judged over ${showLength(period)}, which leaves no budget to spend`, span }];
    }),
};

/** An hour and more may be meant. */
const longest = 3_600_000;
