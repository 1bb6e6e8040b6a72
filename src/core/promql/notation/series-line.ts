import { type Duration, failure, type Outcome, success } from '../../base/index.ts';
import type { Labels } from '../../series/index.ts';
import { scanMetric } from './metric.ts';
import { NotationError, Scanner } from './scanner.ts';
import { scanStartTimestamps } from './start-timestamps.ts';
import { type NotatedSample, scanValues } from './values.ts';

export type { NotatedSample } from './values.ts';

/** A line like `up{job="api"} 1 1 0 _ 1x5`: a series, and what it has at each step. */
export interface SeriesLine {
  readonly kind: 'samples';
  readonly labels: Labels;
  readonly samples: readonly NotatedSample[];
}

/** A line like `requests@st _ -30s-1mx2`: when the counting behind each sample of the next line began, relative to the sample. */
export interface StartTimestampLine {
  readonly kind: 'start timestamps';
  readonly labels: Labels;
  readonly offsets: readonly (Duration | undefined)[];
}

/** Reads a line of samples, as test scripts and promtool's unit tests (`series` and `values`, joined by a space) write them. */
export function parseSeriesLine(text: string): Outcome<SeriesLine> {
  return reading(text, (scanner) => {
    const labels = scanMetric(scanner);
    requireSpace(scanner);
    return { kind: 'samples', labels, samples: scanValues(scanner) };
  });
}

/** Reads a line of a test script's `load` block, which may give start timestamps instead of samples. */
export function parseLoadLine(text: string): Outcome<SeriesLine | StartTimestampLine> {
  return reading(text, (scanner) => {
    const labels = scanMetric(scanner);
    if (scanner.match(/\s*@st(?=\s|$)/y) !== '') {
      return { kind: 'start timestamps', labels, offsets: scanStartTimestamps(scanner) };
    }
    requireSpace(scanner);
    return { kind: 'samples', labels, samples: scanValues(scanner) };
  });
}

/** Reads the values alone: `1 1 0 _ 1x5`. */
export function parseSeriesValues(text: string): Outcome<readonly NotatedSample[]> {
  return reading(text, scanValues);
}

/** Reads one series' labels: `up{job="api"}`, `{job="api"}`. */
export function parseMetric(text: string): Outcome<Labels> {
  return reading(text, (scanner) => {
    scanner.skipSpaces();
    const labels = scanMetric(scanner);
    scanner.skipSpaces();
    if (!scanner.atEnd) throw scanner.unexpected('nothing after the metric');
    return labels;
  });
}

function requireSpace(scanner: Scanner): void {
  if (!scanner.atEnd && !/\s/.test(scanner.next)) {
    throw scanner.unexpected('a space after the metric');
  }
}

function reading<T>(text: string, read: (scanner: Scanner) => T): Outcome<T> {
  try {
    return success(read(new Scanner(text)));
  } catch (error) {
    if (error instanceof NotationError) return failure(error.toDiagnostic());
    throw error;
  }
}
