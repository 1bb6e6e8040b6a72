import { formatDuration } from '../../base/index.ts';
import { budgetShareAt } from '../../slo/index.ts';
import type { Check } from '../check.ts';
import { isSliver, lowPrecisionText } from '../shared-checks.ts';

/** A page for a sliver of the budget: the first strategy of the workbook's chapter 5, up to 144 times a day. */
export const lowPrecision: Check = {
  ...lowPrecisionText,
  run: (service) =>
    service.slos.flatMap(({ name, alerts, period }) =>
      alerts
        .filter(
          ({ severity, burnRate, longWindow }) =>
            severity === 'page' && isSliver(budgetShareAt(burnRate, longWindow, period.length)),
        )
        .map(({ burnRate, longWindow }) => {
          const share = Number((100 * budgetShareAt(burnRate, longWindow, period.length)).toPrecision(2));
          const message = `in \`${name}\` the page over ${formatDuration(longWindow)} at ${burnRate} fires after ${share} % of the budget`;
          return { message, path: ['slos', name, 'alerts'] };
        }),
    ),
};
