import { formatDuration } from '../../base/index.ts';
import { budgetShareAt } from '../../slo/index.ts';
import type { Check } from '../check.ts';

/** The workbook pages at 2 %. A quarter of that is the least for which anyone should get up. */
const leastForPage = 0.005;

/** A page for a sliver of the budget: the first strategy of the workbook's chapter 5, up to 144 times a day. */
export const lowPrecision: Check = {
  id: 'low-precision',
  severity: 'warning',
  meaning: 'A page fires when next to nothing of the budget is spent: most of its pages will be about nothing.',
  remedy: 'lengthen the window, raise the burn rate, or make it a ticket',
  run: (service) =>
    service.slos.flatMap(({ name, alerts, period }) =>
      alerts
        .filter(
          ({ severity, burnRate, longWindow }) =>
            severity === 'page' && budgetShareAt(burnRate, longWindow, period.length) < leastForPage,
        )
        .map(({ burnRate, longWindow }) => {
          const share = Number((100 * budgetShareAt(burnRate, longWindow, period.length)).toPrecision(2));
          const message = `in \`${name}\` the page over ${formatDuration(longWindow)} at ${burnRate} fires after ${share} % of the budget`;
          return { message, path: ['slos', name, 'alerts'] };
        }),
    ),
};
