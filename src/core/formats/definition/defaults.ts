import { type Duration, duration, minute } from '../../base/index.ts';
import type { Indicator } from '../../slo/index.ts';

/** One failed request never pages: two more must fail in the same long window. */
export const defaultMinimumBadEvents = 3;

/** The fewest bad events for an alert where nothing is said. Of the shares that queries give no request is known: one bad slice is minutes of trouble. */
export function minimumBadEventsOf({ kind }: Indicator): number {
  return kind === 'queries' ? 1 : defaultMinimumBadEvents;
}

/** How long the series of an objective may be missing before that is an alert of its own, where nothing else is said. */
export const defaultAbsentFor: Duration = duration(5 * minute);
