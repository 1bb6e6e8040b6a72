import type { Histogram, Labels } from '../../series/index.ts';

/** One element of a query's answer inside a template. */
export interface TemplateSample {
  readonly labels: Labels;
  readonly value: number | Histogram;
}

/** What `.` is at the top of an alert's template. */
export interface TemplateData {
  /** Those of the query's result, before the rule's own labels. */
  readonly labels: Labels;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  readonly value: number | Histogram;
}

/**
 * A value inside a template, of one of the Go types that occur there. Template functions and error messages depend on the type:
 * `eq 1 1.0` is an error.
 */
export type Value =
  /** No value at all: the result of a missing entry. Prints `<no value>`. */
  | { readonly kind: 'missing' }
  /** A nil of some type, usually a literal `nil` given to a function. */
  | { readonly kind: 'nil'; readonly type: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int'; readonly value: bigint; readonly type: 'int' | 'int64' | 'uint8' }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string; readonly type: 'string' | 'template.HTML' }
  /** `.Labels` and the result of `args`, keys ascending. `element` is the type of the values. */
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, Value>; readonly element: 'string' | 'interface {}' }
  /** The result of `query`. */
  | { readonly kind: 'samples'; readonly samples: readonly TemplateSample[] }
  | { readonly kind: 'sample'; readonly sample: TemplateSample }
  | { readonly kind: 'data'; readonly data: TemplateData }
  | { readonly kind: 'histogram'; readonly histogram: Histogram }
  /** Milliseconds since the epoch, UTC. */
  | { readonly kind: 'time'; readonly ms: number }
  /** The names that Go prints for months and weekdays, which are numbers all the same. */
  | {
      readonly kind: 'named int';
      readonly value: bigint;
      readonly name: string;
      readonly type: 'time.Month' | 'time.Weekday';
    }
  | { readonly kind: 'duration'; readonly nanoseconds: bigint };

export const missing: Value = { kind: 'missing' };

export function textValue(value: string): Value {
  return { kind: 'string', value, type: 'string' };
}

export function intValue(value: number | bigint): Value {
  return { kind: 'int', value: BigInt(value), type: 'int' };
}

export function boolValue(value: boolean): Value {
  return { kind: 'bool', value };
}

export function floatValue(value: number): Value {
  return { kind: 'float', value };
}

/** A float or histogram sample's value. */
export function sampleValue(value: number | Histogram): Value {
  return typeof value === 'number' ? { kind: 'float', value } : { kind: 'histogram', histogram: value };
}

/** Labels as the map that templates index and range over. */
export function labelsValue(labels: Labels): Value {
  return {
    kind: 'map',
    entries: new Map([...labels.entries()].map(([name, value]) => [name, textValue(value)])),
    element: 'string',
  };
}

/** The name of a value's type as Go prints it in error messages. */
export function typeName(value: Value): string {
  switch (value.kind) {
    case 'missing':
      return '<nil>';
    case 'nil':
    case 'int':
    case 'string':
    case 'named int':
      return value.type;
    case 'bool':
      return 'bool';
    case 'float':
      return 'float64';
    case 'map':
      return `map[string]${value.element}`;
    case 'samples':
      return 'template.queryResult';
    case 'sample':
      return '*template.sample';
    case 'data':
      return 'struct { Labels map[string]string; ExternalLabels map[string]string; ExternalURL string; Value interface {} }';
    case 'histogram':
      return '*histogram.FloatHistogram';
    case 'time':
      return '*time.Time';
    case 'duration':
      return '*time.Duration';
  }
}

/** What `if`, `with`, `and`, `or` and `not` take for true: everything but zero, empty, nil and missing values. */
export function isTrue(value: Value): boolean {
  switch (value.kind) {
    case 'missing':
    case 'nil':
      return false;
    case 'bool':
      return value.value;
    case 'int':
    case 'named int':
      return value.value !== 0n;
    case 'float':
      return value.value !== 0;
    case 'string':
      return value.value !== '';
    case 'map':
      return 0 < value.entries.size;
    case 'samples':
      return 0 < value.samples.length;
    case 'sample':
    case 'data':
    case 'histogram':
    case 'time':
    case 'duration':
      return true;
  }
}
