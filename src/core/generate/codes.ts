import type { Diagnostic, DiagnosticCode, Subject } from '../base/index.ts';
import { build } from '../promql/index.ts';
import type { Service, Slo } from '../slo/index.ts';

/** The codes that generation reports. */
export const generateCodes: readonly DiagnosticCode[] = [
  {
    code: 'generate/selector',
    severity: 'error',
    meaning: 'The counters of an SLI are selected in a way that no exact rules can be made of.',
    remedy: 'Name the metric, and leave out offsets, `@` and ranges: the rules bring their own.',
  },
  {
    code: 'generate/external',
    severity: 'warning',
    meaning:
      'An objective has no rules and no alerts, because another system measures it, which Prometheus cannot ask.',
    remedy:
      'Let the other system watch it and give the objective `lifecycle: draft`, or measure it with Prometheus and write the indicator in PromQL.',
  },
  {
    code: 'generate/interval',
    severity: 'error',
    meaning: 'The evaluation interval does not fit the windows of the alerts, or the turns of the calendar.',
    remedy:
      'Evaluate at least every five minutes, twice in the shortest window, and for calendar periods at a divisor of 15 minutes.',
  },
  {
    code: 'generate/cannot-fire',
    severity: 'warning',
    meaning: 'An alert asks for a burn rate that even a total outage does not reach, so it is left out.',
    remedy: 'Lower the burn rate below 1 / error budget, or raise the target.',
  },
  {
    code: 'generate/sql-exporter',
    severity: 'warning',
    meaning: 'A metric that is counted from rows is of a kind that sql_exporter does not make.',
    remedy: 'Use counters and gauges for what comes from rows.',
  },
  {
    code: 'generate/one-error',
    severity: 'warning',
    meaning: 'A single failed request could raise an alert, so a minimum of two is put in.',
    remedy: 'Set `minimumBadEvents` to 2 or more.',
  },
  {
    code: 'generate/no-alert',
    severity: 'warning',
    meaning: 'All alerts of an SLO had to be left out, so nothing will tell that its budget burns.',
    remedy: 'Give it an alert whose burn rate an outage reaches.',
  },
  {
    code: 'generate/after-exhaustion',
    severity: 'warning',
    meaning: 'An alert fires only when the whole budget is spent already.',
    remedy:
      'Lower its burn rate or shorten its long window: burn rate x window / period is the share spent when it fires.',
  },
  {
    code: 'generate/duplicate-alert',
    severity: 'error',
    meaning: 'Two alerts of an SLO have the same severity and long window, so nobody could tell them apart.',
    remedy: 'Remove one of them.',
  },
  {
    code: 'generate/mute',
    severity: 'warning',
    meaning:
      'An exclusion cannot be written as a time interval of Alertmanager, so alerts about missing data and on conditions notify in it.',
    remedy: 'Write a daily, weekly or monthly rule in whole minutes, without an end, or set a silence.',
  },
  {
    code: 'generate/exclusion',
    severity: 'error',
    meaning: 'An exclusion recurs in a way that rules can neither compute nor list.',
    remedy:
      'Write a daily, weekly or monthly rule without BYSETPOS and the like, of at most a day (a week if weekly), or one with an end.',
  },
  {
    code: 'generate/group',
    severity: 'error',
    meaning: 'An objective is grouped in a way that no rules can be made of.',
    remedy: 'Group by labels of the metrics that are none of `service`, `slo`, `window` and their like.',
  },
  {
    code: 'generate/many-groups',
    severity: 'warning',
    meaning: 'An objective is grouped by labels that have very many values: each group records dozens of series.',
    remedy: 'Group by fewer labels, or select the values that matter.',
  },
  {
    code: 'generate/no-data-bad',
    severity: 'warning',
    meaning:
      'Time without data cannot count as bad in an objective on events: there is no number of events that were not counted.',
    remedy: 'Rely on the alert about missing data, or measure from outside with a probe.',
  },
  {
    code: 'generate/alertmanager-version',
    severity: 'error',
    meaning: 'A receiver uses what the version of Alertmanager that is written for does not know.',
    remedy: 'Write for a newer one with `--alertmanager-version`, or reach these people in another way.',
  },
  {
    code: 'generate/unrouted',
    severity: 'warning',
    meaning: 'Some alerts of a service reach nobody.',
    remedy: 'Add `default:` to its `notifications:`, or a route for their severity.',
  },
  {
    code: 'generate/kubernetes-name',
    severity: 'error',
    meaning: 'A name is none that an object of Kubernetes can have.',
    remedy: 'Rename the service or the objective: lower-case letters, digits and hyphens, at most 63 characters.',
  },
  {
    code: 'generate/secret',
    severity: 'warning',
    meaning:
      'A receiver reads its secret from a file that no Secret of Kubernetes stands for, so its service has no AlertmanagerConfig.',
    remedy: 'Name the file as the operator mounts it: `/etc/alertmanager/secrets/NAME/KEY`.',
  },
  {
    code: 'generate/vmalert',
    severity: 'info',
    meaning:
      'Rules for vmalert speak of the past, because it shows what a rule records only to the rules of the next evaluation: counts are exact, and alerts come later.',
    remedy:
      'Evaluate more often, at most as often as vmalert writes (`-remoteWrite.flushInterval` and two seconds), if it is too late.',
  },
  {
    code: 'generate/vmalert-version',
    severity: 'info',
    meaning:
      'Rules for vmalert are without a field that the oldest vmalert they are written for does not know: it would refuse the whole file.',
    remedy: 'If yours is at least as new as the one that is named, say so with `--vmalert-version`.',
  },
  {
    code: 'generate/too-large',
    severity: 'error',
    meaning: 'An object is larger than the Prometheus operator takes, even with a single group of rules in it.',
    remedy: 'Split the service into two definitions, or load its rules from files.',
  },
  {
    code: 'generate/untested',
    severity: 'info',
    meaning:
      'An objective or an alert has no generated unit tests: no series were found for which it is well and others for which it is not, or its form is not worked out.',
    remedy:
      'See that it can fire at all; then write a test by hand for `nines test` or promtool, or simulate a scenario.',
  },
  {
    code: 'generate/keep-names',
    severity: 'error',
    meaning: 'An objective is more than the other tool, whose names are to be kept, could have said.',
    remedy: 'Generate its rules without `--keep-names`, from a definition of its own.',
  },
  {
    code: 'generate/kept-rules',
    severity: 'warning',
    meaning: 'Rules under the names of another tool do less than those that Nines makes.',
    remedy: 'Ask for recorded events with `--window-source recorded`, and move to the names of Nines in time.',
  },
  {
    code: 'generate/slice',
    severity: 'error',
    meaning: 'Time slices are no whole number of evaluations, or too long to be looked back over.',
    remedy: 'Make the slice a multiple of `--interval`, at most a day, or evaluate at another interval.',
  },
  {
    code: 'generate/slice-window',
    severity: 'warning',
    meaning:
      "An alert's window is shorter than a time slice, so most of the time it would hold none; it is made as long as one.",
    remedy: 'Write windows of at least one slice, or make the slices shorter.',
  },
  {
    code: 'generate/measure',
    severity: 'error',
    meaning: 'A condition is no event: only its time slices can be counted.',
    remedy: 'Write the target as a share of slices: `99% of 1m slices`.',
  },
  {
    code: 'generate/profile',
    severity: 'warning',
    meaning: 'An alert belongs to a profile that no state of an error budget policy turns on, so it is left out.',
    remedy: 'Give a state of a policy on the objective that profile, or the alert the profile `standard`.',
  },
  {
    code: 'generate/composite',
    severity: 'error',
    meaning:
      'Members can not be joined: one is missing, or lacks a period or an exclusion of the composite, or has no events for a pot.',
    remedy:
      'Give the members the periods of the composite, as further ones if need be, in the same time zone, and its exclusions; or pool their events.',
  },
  {
    code: 'generate/foreign-member',
    severity: 'info',
    meaning: 'A member of another service is read as its own rules record it, which can not be seen from here.',
    remedy:
      "Give it alerts with the composite's windows, the same periods and exclusions, and load both on one Prometheus.",
  },
  {
    code: 'generate/indicator',
    severity: 'error',
    meaning: 'An indicator without a target has no figure that could be shown.',
    remedy: 'Show a query, a ratio, a distribution or a comparison, or make it an objective.',
  },
];

/** A diagnostic about an SLO as a whole, or about what a service has beside its SLOs; generation knows no place in a text. */
export function about(
  service: Pick<Service, 'name'>,
  slo: Pick<Slo, 'name'> | undefined,
  code: string,
  message: string,
): Diagnostic {
  return aboutSubject({ service: service.name, ...(slo === undefined ? {} : { slo: slo.name }) }, code, message);
}

/** A diagnostic about a service as a whole. */
export function aboutService(service: Service, code: string, message: string): Diagnostic {
  return aboutSubject({ service: service.name }, code, message);
}

function aboutSubject(subject: Subject, code: string, message: string): Diagnostic {
  const known = generateCodes.find((entry) => entry.code === code);
  if (known === undefined) throw new RangeError(`unregistered code ${code}`);
  return {
    severity: known.severity,
    code,
    message: `${subject.slo === undefined ? subject.service : `${subject.service}/${subject.slo}`}: ${message}`,
    help: known.remedy,
    span: build.emptySpan,
    subject,
  };
}
