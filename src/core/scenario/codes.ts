import type { DiagnosticCode } from '../base/index.ts';

/** The codes that reading a scenario file reports. */
export const scenarioCodes: readonly DiagnosticCode[] = [
  {
    code: 'scenario/version',
    severity: 'error',
    meaning: 'The file is not a scenario of a version that is read.',
    remedy: 'Write `apiVersion: nines-scenario/v1`.',
  },
  {
    code: 'scenario/key',
    severity: 'error',
    meaning: 'A key is unknown at its place.',
    remedy: 'Check the spelling; the reference lists the keys of each part.',
  },
  {
    code: 'scenario/missing',
    severity: 'error',
    meaning: 'Something that must be said is not.',
    remedy: 'Add the key that the message names.',
  },
  {
    code: 'scenario/value',
    severity: 'error',
    meaning: 'A value is not of the form, or outside the bounds, that its key asks for.',
    remedy: 'Write it as in the example of the help text.',
  },
  {
    code: 'scenario/regex',
    severity: 'error',
    meaning: 'A matcher is no regular expression in RE2 syntax.',
    remedy: 'Escape special characters with a backslash; RE2 has no look-around and no back references.',
  },
  {
    code: 'scenario/metric',
    severity: 'error',
    meaning: 'An incident names a metric that the scenario does not have.',
    remedy: 'Name a key of `metrics`.',
  },
  {
    code: 'scenario/no-effect',
    severity: 'warning',
    meaning: 'An incident changes nothing: it has no effect, or touches no series that could show it.',
    remedy: 'Give it an effect, and check its `metrics` and `match`.',
  },
];
