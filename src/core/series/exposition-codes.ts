import type { DiagnosticCode } from '../base/index.ts';

const asThePageSays = 'Correct what the target prints; `promtool check metrics` reads the same page.';

/** The codes that reading a page of metrics reports. */
export const expositionCodes: readonly DiagnosticCode[] = [
  {
    code: 'exposition/not-metrics',
    severity: 'error',
    meaning: 'What was read is HTML, JSON, protobuf or binary instead of a page of metrics.',
    remedy: 'Check the path and the port; metrics usually stand at /metrics.',
  },
  {
    code: 'exposition/truncated',
    severity: 'error',
    meaning: 'An OpenMetrics page ends without `# EOF`: a part of it is missing.',
    remedy: 'Look for a timeout or a proxy that cuts the answer off.',
  },
  {
    code: 'exposition/after-eof',
    severity: 'error',
    meaning: 'Something follows `# EOF`.',
    remedy: 'Two pages were joined: print `# EOF` once, at the very end.',
  },
  {
    code: 'exposition/metadata',
    severity: 'error',
    meaning: 'A HELP, TYPE or UNIT line names no metric.',
    remedy: asThePageSays,
  },
  {
    code: 'exposition/type',
    severity: 'error',
    meaning: 'A TYPE line has a type that the formats do not know.',
    remedy: asThePageSays,
  },
  {
    code: 'exposition/sample',
    severity: 'error',
    meaning: 'A line is neither a sample, a comment nor empty.',
    remedy: asThePageSays,
  },
  {
    code: 'exposition/name',
    severity: 'error',
    meaning: 'A sample has no metric name, or two.',
    remedy: asThePageSays,
  },
  {
    code: 'exposition/labels',
    severity: 'error',
    meaning: 'A label set is malformed or has a label twice.',
    remedy: asThePageSays,
  },
  {
    code: 'exposition/quote',
    severity: 'error',
    meaning: 'A quoted text does not end on its line.',
    remedy: 'Escape quotes and line feeds in label values as `\\"` and `\\n`.',
  },
  {
    code: 'exposition/value',
    severity: 'error',
    meaning: 'A sample has no value, or one that is no number.',
    remedy: asThePageSays,
  },
  {
    code: 'exposition/timestamp',
    severity: 'error',
    meaning: 'A timestamp is no whole number of milliseconds.',
    remedy: 'Write milliseconds in the classic format, seconds in OpenMetrics; best leave timestamps out.',
  },
  {
    code: 'exposition/limit',
    severity: 'error',
    meaning: 'The page has more samples, or a sample more labels or a longer value, than the limit.',
    remedy: 'Find the label with too many values; raise the limit if they are meant.',
  },
];
