import { duration, formatDuration, minute, second } from '../../base/index.ts';
import { allowedTime } from '../../slo/index.ts';
import type { Check } from '../check.ts';

/** Rules are evaluated once or twice a minute, and a first evaluation must see the outage before anyone hears of it. */
const shortestUseful = duration(2 * minute);

/** A budget that is gone before the first evaluation cannot be defended by alerts (workbook, chapter 5, extreme availability goals). */
export const budgetTooSmall: Check = {
  id: 'budget-too-small',
  severity: 'warning',
  meaning: 'A full outage spends the whole budget faster than rules are evaluated: no alert can come in time.',
  remedy:
    'lower the target or lengthen the period; budgets this small are defended by rolling changes out in small steps',
  run: (service) =>
    service.slos.flatMap(({ name, target, period }) => {
      // What must always hold has no budget.
      if (period.kind === 'continuous') return [];
      const allowed = allowedTime(target.errorBudget, period.length);
      if (shortestUseful <= allowed) return [];
      const rounded = formatDuration(duration(Math.max(second, Math.round(allowed / second) * second)));
      return [
        {
          message: `the budget of \`${name}\` is spent by a full outage of ${rounded}`,
          path: ['slos', name, 'target'],
        },
      ];
    }),
};
