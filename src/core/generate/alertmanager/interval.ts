import type { Duration } from '../../base/index.ts';

/** A part of a day on certain days, in the terms of Alertmanager. */
export interface TimeInterval {
  readonly start: Duration;
  readonly end: Duration;
  /** ISO numbers: 1 is Monday. */
  readonly weekdays?: readonly number[];
  readonly days?: readonly DayRange[];
  readonly months?: readonly number[];
  readonly years?: readonly number[];
  /** UTC if absent. */
  readonly timeZone?: string;
}

/** Days of a month, both ends included; negative ones count from its end. */
export interface DayRange {
  readonly start: number;
  readonly end: number;
}
