import { formatHistogramNotation, type Histogram, legacyLabelName, quoteString } from '../../series/index.ts';
import { formatFloat } from '../template/float-text.ts';

/** Labels or annotations by name, in the form that promtool shows them. */
export type NamedTexts = Iterable<readonly [name: string, value: string]>;

/** An alert as tests compare it. */
export interface ComparedAlert {
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
}

/** A sample as tests compare it; of a histogram its canonical text. */
export interface ComparedSample {
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  readonly histogram: string;
}

/** `{a="1", b="2"}`, names ascending. */
export function printTexts(texts: NamedTexts): string {
  const pairs = sorted(texts).map(([name, value]) => {
    return `${legacyLabelName.test(name) ? name : quoteString(name)}=${quoteString(value)}`;
  });
  return `{${pairs.join(', ')}}`;
}

/** Alerts in the form of promtool's failures. */
export function printAlerts(alerts: readonly ComparedAlert[]): string {
  if (alerts.length === 0) return '[]';
  const items = alerts.map(({ labels, annotations }, index) => {
    const text = `\nLabels:${printTexts(labels)}\nAnnotations:${printTexts(annotations)}`;
    return `${index}:${indentLines(text, '  ')}`;
  });
  return `[\n${items.join(',\n')}\n]`;
}

/** Samples in the form of promtool's failures. */
export function printSamples(samples: readonly ComparedSample[]): string {
  return samples.length === 0 ? 'nil' : samples.map(printSample).join(', ');
}

function printSample({ labels, value, histogram }: ComparedSample): string {
  return `${printTexts(labels)} ${histogram === '' ? formatFloat(value, 'e', undefined).replace('e', 'E') : histogram}`;
}

/** The text by which histograms are compared; empty for a float. */
export function histogramText(histogram: Histogram | undefined): string {
  return histogram === undefined ? '' : formatHistogramNotation(histogram);
}

/** Indents all lines but the first. */
export function indentLines(text: string, indent: string): string {
  return text.replaceAll('\n', `\n${indent}`);
}

/** Compares labels as Prometheus sorts them: pair by pair, then the shorter set first. */
export function compareTexts(a: NamedTexts, b: NamedTexts): number {
  const left = sorted(a).flat();
  const right = sorted(b).flat();
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const one = left[i] ?? '';
    const other = right[i] ?? '';
    if (one !== other) return one < other ? -1 : 1;
  }
  return left.length - right.length;
}

function sorted(texts: NamedTexts): readonly (readonly [name: string, value: string])[] {
  return [...texts].sort(([a], [b]) => (a < b ? -1 : b < a ? 1 : 0));
}
