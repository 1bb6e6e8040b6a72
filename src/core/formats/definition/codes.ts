import type { DiagnosticCode, Severity } from '../../base/index.ts';

/** The codes that reading definitions reports, besides those of YAML, PromQL, targets and periods. */
export const definitionCodes: readonly DiagnosticCode[] = [
  entry('definition/empty', 'The file has no definition.', 'Begin it with `apiVersion: nines/v1` and `service:`.'),
  entry(
    'definition/version',
    'The file is of another format, or of a version that is not known.',
    'Write `apiVersion: nines/v1`.',
  ),
  entry(
    'definition/unknown-key',
    'A key is misspelt or stands in the wrong place; ignored, it would change what was meant.',
    'Take the key that is suggested, or remove it.',
  ),
  entry('definition/missing-key', 'A key that every definition needs is missing or has no value.', 'Add it.'),
  entry(
    'definition/type',
    'A value has another type than its key asks for, or is not one of the allowed words.',
    'Write what the message asks for.',
  ),
  entry(
    'definition/name',
    'The name of a service or objective is not made of lower-case words joined by hyphens, as labels and file names need it.',
    'Take the name that is suggested.',
  ),
  entry(
    'definition/duplicate',
    'Two services have the same name, so that their series could not be told apart.',
    'Rename one of them.',
  ),
  entry(
    'definition/duration',
    'A window or waiting time is not a length of time.',
    'Write for example `30s`, `5m` or `1h30m`.',
  ),
  entry(
    'definition/label',
    'A label is set by generated rules, or its name is not one that Prometheus allows.',
    'Choose another name.',
  ),
  entry(
    'metric/name',
    'The catalogue lists one of the series of a histogram or summary (`_bucket`, `_count`, `_sum`) instead of its name.',
    'Write the name without the suffix.',
  ),
  entry('metric/label-name', 'The catalogue lists a label whose name Prometheus does not allow.', 'Correct the name.'),
  entry(
    'metric/buckets',
    'The buckets are not in ascending order, or the metric is no histogram.',
    'List the upper bounds from the lowest to the highest.',
  ),
  entry(
    'metric/unknown',
    'A selector names a metric that the catalogue does not have.',
    'Take the name that is suggested, or add the metric to the catalogue.',
  ),
  entry(
    'metric/type',
    'A metric has the wrong type for its use: a gauge does not count events, and a bound needs a histogram.',
    'Use a counter for `good`, `bad` and `total`, and a histogram by its base name for `histogram`.',
  ),
  entry(
    'metric/label',
    'A condition is on a label that the metric does not have, so that it selects nothing or everything.',
    'Take the label that is suggested, or add the label to the catalogue.',
  ),
  entry(
    'metric/label-value',
    'A condition asks for a value that is not among the known values of the label.',
    'Take the value that is suggested, or add the value to the catalogue.',
    'warning',
  ),
  entry(
    'indicator/kind',
    'An objective says nothing about what it measures, or says it in two ways.',
    'Give `good` or `bad` with `total`, or `histogram` with `below`.',
  ),
  entry(
    'indicator/expression',
    'An expression is more than a selector of counters or a sum of selectors; rates, ranges and sums belong to the generated rules.',
    'Write the selector alone: `http_requests_total{code=~"5.."}`.',
  ),
  entry(
    'indicator/subset',
    'Good or bad events are not shown to be among those of the total, so that the share of them means nothing.',
    'Use the same metric, and repeat the conditions of the total.',
  ),
  entry(
    'indicator/bound',
    'The bound cannot be read, or is in another unit than the metric.',
    'Write a number with a unit that fits the metric: `500ms`.',
  ),
  entry(
    'indicator/bucket',
    'The bound is no upper bound of a bucket: how many observations are below it is not known.',
    'Take one of the nearest bounds, or add a bucket to the metric.',
  ),
  entry(
    'alert/window',
    'The windows of an alert contradict each other or the period.',
    'Make the short window about a twelfth of the long one, and both shorter than the period.',
  ),
  entry(
    'alert/duplicate',
    'Two alerts have the same severity and long window, so that nobody could tell them apart.',
    'Remove one of them.',
  ),
  entry(
    'alert/inside-budget',
    'The burn rate is below 1, so that the alert fires while the promise is kept.',
    'Write a burn rate of at least 1.',
  ),
  entry(
    'alert/never-fires',
    'The burn rate is at or above that of a full outage: the alert can never fire.',
    'Lower the burn rate or raise the target.',
  ),
  entry(
    'alert/after-exhaustion',
    'When the alert fires, all or most of the budget is spent.',
    'Lower the burn rate or shorten the window.',
  ),
  entry(
    'alert/left-out',
    'Some of the default alerts make no sense for this target or period and are left out.',
    'Nothing, if another alert still pages; otherwise write `alerts:` with burn rates that an outage can reach.',
    'info',
  ),
  entry(
    'alert/single-event',
    'A single bad event can fire an alert when traffic is low.',
    'Write `minimumBadEvents: 3`, or remove the line.',
    'warning',
  ),
];

function entry(code: string, meaning: string, remedy: string, severity: Severity = 'error'): DiagnosticCode {
  return { code, severity, meaning, remedy };
}
