import type { DiagnosticCode } from '../base/index.ts';

/** The codes that reading rule files and rule tests reports, besides those of YAML and PromQL. */
export const rulesCodes: readonly DiagnosticCode[] = [
  {
    code: 'rules/shape',
    severity: 'error',
    meaning: 'A map stands where a list or a text belongs, or the other way round.',
    remedy: 'Compare the indentation and dashes with the example in the documentation of rule files.',
  },
  {
    code: 'rules/unknown-key',
    severity: 'error',
    meaning: 'A key is not one of those that Prometheus knows in this place.',
    remedy: 'Correct the spelling, or remove the key; `--ignore-unknown-fields` lets it pass.',
  },
  {
    code: 'rules/missing-key',
    severity: 'error',
    meaning:
      'Something that cannot be left out is missing or empty: the name of a group, the expression, `record` or `alert`.',
    remedy: 'Add the key.',
  },
  {
    code: 'rules/duplicate-group',
    severity: 'error',
    meaning: 'Two groups of one file have the same name.',
    remedy: 'Rename one of them; the name says who the rules belong to, as in `checkout-slo-alerts`.',
  },
  {
    code: 'rules/kind',
    severity: 'error',
    meaning: 'A rule has both `record` and `alert`.',
    remedy: 'Make two rules of it.',
  },
  {
    code: 'rules/recording-field',
    severity: 'error',
    meaning: 'A recording rule has `for`, `keep_firing_for` or `annotations`, which only alerts have.',
    remedy: 'Remove the key, or make the rule an alert.',
  },
  {
    code: 'rules/record-name',
    severity: 'error',
    meaning: 'The name under which a rule records is no metric name, or has braces.',
    remedy: 'Write a name such as `job:requests:rate5m`; labels go under `labels`, PromQL under `expr`.',
  },
  {
    code: 'rules/label-name',
    severity: 'error',
    meaning: 'A label or annotation has a name that Prometheus does not allow here.',
    remedy: 'Use letters, digits and underscores; the metric name `__name__` is set by `record`.',
  },
  {
    code: 'rules/duration',
    severity: 'error',
    meaning: 'A length of time is not in the form that Prometheus reads.',
    remedy: 'Write a number with a unit, the longest unit first: `30s`, `5m`, `1h30m`.',
  },
  {
    code: 'rules/number',
    severity: 'error',
    meaning: 'A number is not in the form that belongs here.',
    remedy: 'Write digits without quotes.',
  },
  {
    code: 'rules/template',
    severity: 'error',
    meaning: 'The template in a label or annotation does not parse.',
    remedy: 'Correct the place shown; `{{ $labels.name }}` and `{{ $value }}` are the variables.',
  },
  {
    code: 'rules/documents',
    severity: 'warning',
    meaning: 'A file has several YAML documents, of which Prometheus reads only the first.',
    remedy: 'Put all groups under one `groups` key, or use one file each.',
  },
  {
    code: 'rules/test-value',
    severity: 'error',
    meaning: 'Something in a rule test is not in its form: a series, its values, a time, an expected sample.',
    remedy: 'Compare it with the reference page of rule tests.',
  },
];
