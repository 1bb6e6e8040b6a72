import type { DiagnosticCode } from '../base/index.ts';

/** The codes that reading targets and periods reports. */
export const sloCodes: readonly DiagnosticCode[] = [
  {
    code: 'slo/target',
    severity: 'error',
    meaning: 'The target is no share of events between 0 and 100 %, both excluded.',
    remedy: 'Write a percentage such as `99.9%`, or a fraction such as `0.999`.',
  },
  {
    code: 'slo/target-low',
    severity: 'warning',
    meaning: 'The target is below one percent: probably a fraction with a percent sign too many.',
    remedy: 'Write `99.9%` for the fraction 0.999.',
  },
  {
    code: 'slo/period',
    severity: 'error',
    meaning:
      'The period is no length of time from an hour to a year, no unit of the calendar, or does not fit what is measured.',
    remedy:
      'Write a rolling period such as `30d`, `calendar month`, or `continuous` for a condition that must always hold.',
  },
  {
    code: 'slo/measure',
    severity: 'error',
    meaning: 'What the target is a share of cannot be read, does not fit what is measured, or is not said in full.',
    remedy: 'Write `99% of 1m slices`, for slices of events with `sliceTarget: 95%`, or `99% of 5m ratios`.',
  },
  {
    code: 'slo/percentiles',
    severity: 'error',
    meaning: 'Beside `percentiles`, which makes an objective for each of them, stands a bound or a target.',
    remedy: 'Remove what the message names.',
  },
  {
    code: 'slo/group',
    severity: 'error',
    meaning: 'A label to group by is not there, has one value only, or belongs to the generated rules.',
    remedy: 'Group by a label that every metric of the objective has.',
  },
];
