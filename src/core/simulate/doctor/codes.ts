import type { DiagnosticCode } from '../../base/index.ts';

/** The codes that the doctor reports about an objective's live data. */
export const doctorCodes: readonly DiagnosticCode[] = [
  {
    code: 'doctor/no-data',
    severity: 'error',
    meaning: 'A selector of the objective has no series in the range looked at.',
    remedy: "Check the metric name and the conditions against the service's metrics page, and that it is scraped.",
  },
  {
    code: 'doctor/no-target',
    severity: 'warning',
    meaning: "No target has the scrape job of the service, so that missing samples can't be told from missing traffic.",
    remedy: 'Write the job as Prometheus has it: `job:` of the service.',
  },
  {
    code: 'doctor/label-missing',
    severity: 'error',
    meaning: 'A condition names a label that no series of its metric has.',
    remedy: 'Use a label that the metric has; its name may be spelt otherwise.',
  },
  {
    code: 'doctor/missing-bucket',
    severity: 'error',
    meaning: 'The bound of the objective is not among the buckets of the histogram, or is spelt in another way there.',
    remedy: 'Take a bound that is a bucket, or add the bucket to the histogram.',
  },
  {
    code: 'doctor/good-above-total',
    severity: 'error',
    meaning: 'More good events are counted than events in all.',
    remedy: 'Count both by the same metric, the good ones with a condition more.',
  },
  {
    code: 'doctor/errors-not-subset',
    severity: 'error',
    meaning: 'The counted events are not among all events.',
    remedy: 'Repeat the conditions of the total in the selector of the counted events.',
  },
  {
    code: 'doctor/duplicate-scrape',
    severity: 'error',
    meaning: 'An instance is scraped by several jobs, so that its events are counted more than once.',
    remedy: 'Name the job in the selectors, or scrape the instance once.',
  },
  {
    code: 'doctor/never-burns',
    severity: 'warning',
    meaning: 'There was no bad event although the target allows many in this traffic.',
    remedy: 'Make sure that the selector of bad events finds them: let one fail on purpose.',
  },
  {
    code: 'doctor/always-burns',
    severity: 'warning',
    meaning: 'The budget burns faster than the target allows nearly all the time.',
    remedy: 'Check what counts as bad, or promise what can be kept: `nines suggest` proposes a target.',
  },
  {
    code: 'doctor/low-traffic',
    severity: 'warning',
    meaning: "An alert's long window holds so few events that its burn rate means little or nothing.",
    remedy: 'Judge by a longer window or a lower target, count several services together, or send artificial traffic.',
  },
  {
    code: 'doctor/idle',
    severity: 'warning',
    meaning: 'For much of the time there is no event at all.',
    remedy: 'Nothing can fire in such times; add probes if an outage without traffic matters.',
  },
  {
    code: 'doctor/gaps',
    severity: 'warning',
    meaning: 'There are stretches without samples between others with samples.',
    remedy: 'Look for failed scrapes and restarts in these stretches: `up` and `scrape_duration_seconds`.',
  },
  {
    code: 'doctor/reset-storm',
    severity: 'warning',
    meaning: 'The counters start anew so often that what they count between two scrapes is lost.',
    remedy: 'Find out why the process restarts, or whether several processes answer under one address.',
  },
  {
    code: 'doctor/not-a-counter',
    severity: 'error',
    meaning: 'What should be a counter falls as often as it rises, or below zero: increases of it mean nothing.',
    remedy: 'Ask for a counter (`..._total`); the value of a gauge belongs into a comparison.',
  },
  {
    code: 'doctor/no-value',
    severity: 'error',
    meaning:
      'The series of an expression are there, but it has no value: its two sides have other labels, or nothing is left of it.',
    remedy:
      'Sum both sides by the labels that they share, or match them with `on(...)`; leave the comparison to the condition.',
  },
  {
    code: 'doctor/divides-by-nothing',
    severity: 'warning',
    meaning:
      'For much of the time a ratio is nothing divided by nothing, and nobody knows whether the condition holds.',
    remedy:
      'Make it an objective on events, which idle time does not touch, or say with `noData` what such time counts as.',
  },
  {
    code: 'doctor/absent',
    severity: 'warning',
    meaning:
      '`absent()` has a value only while its series are missing: a condition on it is known only then, and an alert on series that never were fires for ever.',
    remedy: 'Ask for what must be there: `count(up{job="x"} == 1) >= 1`, with `noData: bad`.',
  },
  {
    code: 'doctor/member-data',
    severity: 'error',
    meaning: 'A member of a composite has no data in the range: the others are all that its figures say.',
    remedy: 'Examine the member, or take it out until it has data.',
  },
  {
    code: 'doctor/member-period',
    severity: 'error',
    meaning: 'A member has no period like that of its composite, so that their figures can not be joined.',
    remedy: 'Give the member the period, as a further one if need be, or pool the events.',
  },
  {
    code: 'doctor/member-decides',
    severity: 'info',
    meaning: 'Which member makes most of what a composite shows as bad.',
    remedy: 'Look there first; if one member always decides, the others may need no composite.',
  },
  {
    code: 'doctor/cost',
    severity: 'info',
    meaning: 'How many samples an evaluation of the rules touches: a warning where it is many.',
    remedy: 'Aggregate the metric first if it has more series than anyone needs.',
  },
];
