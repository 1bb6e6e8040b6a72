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
    'definition/annotation',
    'An annotation is one that generated alerts have of their own, or its name is not one that Prometheus allows.',
    'Choose another name, or write the key that the message names.',
  ),
  entry(
    'definition/template',
    'The template in a label, an annotation or the words of an alert does not parse, so that Prometheus would refuse all rules beside it.',
    'Correct it as the message says.',
  ),
  entry(
    'definition/reference',
    'A name refers to something that the definition does not have.',
    'Take the name that is suggested, or add what is meant.',
  ),
  entry('definition/share', 'A share of the budget is not between 0 and 100 %.', 'Write for example `50%`.'),
  entry('definition/date', 'A date is not one of the calendar.', 'Write a date such as `2026-03-01`.'),
  entry('definition/time-zone', 'The time zone is not known.', 'Write a name of the IANA database: `Europe/Berlin`.'),
  entry(
    'definition/query',
    'A query gives no figures but a range or a text.',
    'Aggregate it: rates of ranges, sums of series.',
  ),
  entry(
    'policy/states',
    'The states of a policy leave a gap, overlap, or hold one that is never reached.',
    'Order them from the fullest budget to the emptiest; all but the last have a bound.',
  ),
  entry('policy/unbound', 'A policy watches no objective, so that nothing ever changes its state.', 'List objectives.'),
  entry(
    'threshold/order',
    'The warning and the critical level are the same, so that nothing says which side is bad.',
    'Make the critical level the worse one.',
  ),
  entry(
    'sla/not-looser',
    'Customers are promised as much as the objective, or more: when the objective warns, the promise is broken already.',
    'Promise less than the objective, or raise the objective.',
    'warning',
  ),
  entry('sla/empty', 'An SLA promises nothing, or does not say of what.', 'Name an objective and a target.'),
  entry('goal/kind', 'A goal says nothing, or two things.', 'Write one of the kinds.'),
  entry(
    'exclusion/time',
    'An exclusion does not say when it is, or ends before it begins.',
    'Write `every`, `start` and `for`, or `from` and `to`.',
  ),
  entry(
    'exclusion/rule',
    'The rule of an exclusion is not one of RFC 5545.',
    'Write for example `FREQ=WEEKLY;BYDAY=SU`.',
  ),
  entry('review/cadence', 'Nothing says when a review is.', 'Write `every:` or `on:`.'),
  entry('panel/query', 'A panel shows nothing, or says twice what it shows.', 'Write `query:` or `queries:`.'),
  entry('notification/channel', 'A channel says no way to reach somebody, or two.', 'Make an item of each.'),
  entry('notification/matcher', 'A condition of a route cannot be read.', 'Write for example `severity="page"`.'),
  entry(
    'notification/secret',
    'An address holds a secret, which everybody with the definition could read.',
    'Put the address into a file.',
  ),
  entry(
    'notification/smtp',
    'A receiver sends mail, and no mail server is named.',
    'Add `smtp:`, or set the server globally in Alertmanager.',
    'warning',
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
    'indicator/classes',
    'Conditions on the events of the total cannot be read.',
    'Write values by label, such as `{ status: [2xx, 3xx] }`, or conditions in braces.',
  ),
  entry(
    'metric/pending',
    'An objective is called active although one of its metrics does not exist yet.',
    'Remove the line: the objective is pending until the metric is there.',
    'warning',
  ),
  entry(
    'condition/comparison',
    'A condition is no comparison with a number, or its bound is one that the values can never pass.',
    'Write for example `max(queue_depth) < 50`.',
  ),
  entry(
    'condition/form',
    'A condition says nothing, two things, or one that does not fit what stands beside it.',
    'Keep one of the keys that the message names.',
  ),
  entry(
    'condition/window',
    'A stretch is too short to see an increase in.',
    'Make it at least four scrape intervals long.',
    'warning',
  ),
  entry(
    'composite/member',
    'A member of a composite does not exist, has no figures, stands there twice, or has a weight that means nothing.',
    'Name objectives that exist and are in use, each once.',
  ),
  entry('composite/circle', 'A composite is a part of its own parts.', 'Take one of the members out.'),
  entry(
    'alert/name',
    'The name of an alert has other characters than letters, digits and underscores, or there are more or fewer names than alerts.',
    'Write a name such as `QueueDepthHigh`, and as many names as there are alerts.',
  ),
  entry(
    'alert/words',
    'Labels or annotations are written for alerts of a severity that the objective has none of.',
    'Remove them, or add the alert.',
    'warning',
  ),
  entry(
    'alert/spike',
    'An alert on a spike compares a rate with itself, fires for a single event, or for no spike.',
    'Write a factor above 1, a floor above 0 and an offset of at least the window.',
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
    'A single bad event can fire an alert when traffic is low, or a single bad slice of time at any traffic.',
    'Write `minimumBadEvents: 3`, or remove the line.',
    'warning',
  ),
];

function entry(code: string, meaning: string, remedy: string, severity: Severity = 'error'): DiagnosticCode {
  return { code, severity, meaning, remedy };
}
