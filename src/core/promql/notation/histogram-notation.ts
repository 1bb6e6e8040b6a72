import {
  bucketsFrom,
  type CounterResetHint,
  customBucketsSchema,
  type Histogram,
  maxSchema,
  minSchema,
  noBounds,
} from '../../series/index.ts';
import { type Scanner, scanSigned } from './scanner.ts';

const hints: readonly CounterResetHint[] = ['unknown', 'reset', 'not_reset', 'gauge'];
const numberKeys = ['schema', 'sum', 'count', 'z_bucket', 'z_bucket_w', 'offset', 'n_offset'] as const;
const listKeys = ['buckets', 'n_buckets', 'custom_values'] as const;
const hintKey = 'counter_reset_hint';

type NumberKey = (typeof numberKeys)[number];
type ListKey = (typeof listKeys)[number];

/** A histogram, and whether its counter reset hint was written: one that was not is not expected of an answer either. */
export interface NotatedHistogram {
  readonly histogram: Histogram;
  readonly hintWritten: boolean;
}

/**
 * Reads a histogram; undefined if none is next. All keys are optional, in any order, each at most once.
 *
 *     histogram = "{{" { KEY ":" (NUMBER | "[" { NUMBER } "]" | HINT) } "}}"
 *
 * Source: prometheus, promql/parser/generated_parser.y.
 */
export function scanHistogram(scanner: Scanner): NotatedHistogram | undefined {
  const start = scanner.position;
  if (!scanner.accept('{{')) return undefined;
  const numbers = new Map<NumberKey, number>();
  const lists = new Map<ListKey, readonly number[]>();
  let hint: CounterResetHint | undefined;
  for (;;) {
    scanner.skipSpaces();
    if (scanner.accept('}}')) break;
    if (scanner.atEnd) throw scanner.errorSince(start, 'histogram without an end', 'close it with }}');
    const at = scanner.position;
    const key = scanner.match(/\w+/y);
    if (!scanner.accept(':')) throw scanner.unexpected('a key and ":" in the histogram');
    const numberKey = numberKeys.find((known) => known === key);
    const listKey = listKeys.find((known) => known === key);
    const again =
      (numberKey !== undefined && numbers.has(numberKey)) ||
      (listKey !== undefined && lists.has(listKey)) ||
      (key === hintKey && hint !== undefined);
    if (again) throw scanner.errorSince(at, `${key} set twice in the histogram`);
    if (numberKey !== undefined) numbers.set(numberKey, scanSigned(scanner, `a number for ${key}`));
    else if (listKey !== undefined) lists.set(listKey, scanList(scanner, key));
    else if (key === hintKey) hint = scanHint(scanner);
    else throw scanner.errorSince(at, `unknown key in the histogram: ${key}`, `known keys: ${allKeys}`);
  }
  return { histogram: build(scanner, start, numbers, lists, hint ?? 'unknown'), hintWritten: hint !== undefined };
}

const allKeys = [...numberKeys, ...listKeys, hintKey].join(', ');

function scanList(scanner: Scanner, key: string): readonly number[] {
  scanner.expect('[', `after ${key}:`);
  const list: number[] = [];
  for (;;) {
    scanner.skipSpaces();
    if (scanner.accept(']')) return list;
    list.push(scanSigned(scanner, `a number or "]" in ${key}`));
  }
}

function scanHint(scanner: Scanner): CounterResetHint {
  const at = scanner.position;
  const word = scanner.match(/\w+/y);
  const hint = hints.find((known) => known === word);
  if (hint === undefined)
    throw scanner.errorSince(at, `unknown counter reset hint: ${word}`, `one of ${hints.join(', ')}`);
  return hint;
}

function build(
  scanner: Scanner,
  start: number,
  numbers: ReadonlyMap<NumberKey, number>,
  lists: ReadonlyMap<ListKey, readonly number[]>,
  counterResetHint: CounterResetHint,
): Histogram {
  const schema = numbers.get('schema') ?? 0;
  const exponential = Number.isInteger(schema) && minSchema <= schema && schema <= maxSchema;
  if (!exponential && schema !== customBucketsSchema) {
    throw scanner.errorSince(
      start,
      `unknown histogram schema: ${schema}`,
      `${minSchema} to ${maxSchema}, or ${customBucketsSchema}`,
    );
  }
  for (const key of ['offset', 'n_offset'] as const) {
    if (!Number.isInteger(numbers.get(key) ?? 0)) throw scanner.errorSince(start, `${key} is not a whole number`);
  }
  return {
    schema,
    count: numbers.get('count') ?? 0,
    sum: numbers.get('sum') ?? 0,
    zeroThreshold: numbers.get('z_bucket_w') ?? 0,
    zeroCount: numbers.get('z_bucket') ?? 0,
    positive: bucketsFrom(numbers.get('offset') ?? 0, lists.get('buckets') ?? []),
    negative: bucketsFrom(numbers.get('n_offset') ?? 0, lists.get('n_buckets') ?? []),
    customBounds: lists.get('custom_values') ?? noBounds,
    counterResetHint,
  };
}
