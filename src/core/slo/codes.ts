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
    meaning: 'The period is no length of time from an hour to a year.',
    remedy: 'Write a rolling period such as `30d`, `4w` or `24h`.',
  },
];
