import { formatDuration } from '../../base/index.ts';
import type { BurnRateTier } from '../../slo/index.ts';
import type { Check } from '../check.ts';

/** A longer window is there to see slower burns; at the same or a higher rate it can only fire after the shorter one. */
export const alertOrder: Check = {
  id: 'alert-order',
  severity: 'warning',
  meaning: 'An alert has a longer window than another one without a lower burn rate: it only repeats the other, later.',
  remedy: 'give the longer window a lower burn rate',
  run: (service) =>
    service.slos.flatMap(({ name, alerts }) =>
      alerts.flatMap((tier, index) => {
        // A higher profile repeats what a lower one sees on purpose.
        const next = alerts.slice(index + 1).find(({ profile }) => profile === tier.profile);
        if (next === undefined || next.burnRate < tier.burnRate) return [];
        return [
          {
            message: `in \`${name}\` the alert over ${described(next)} adds nothing to the one over ${described(tier)}`,
            path: ['slos', name, 'alerts'],
          },
        ];
      }),
    ),
};

function described({ longWindow, burnRate }: BurnRateTier): string {
  return `${formatDuration(longWindow)} at ${burnRate}`;
}
