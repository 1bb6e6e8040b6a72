import { type Duration, duration, minute } from '../../base/index.ts';

/** One failed request never pages: two more must fail in the same long window. */
export const defaultMinimumBadEvents = 3;

/** How long the series of an objective may be missing before that is an alert of its own, where nothing else is said. */
export const defaultAbsentFor: Duration = duration(5 * minute);
