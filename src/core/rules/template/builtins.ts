import { byteLength, encodeUtf8, sliceBytes } from './bytes.ts';
import { FunctionError, type TemplateFunction } from './function.ts';
import { printArgument, printValue, sprint } from './print-value.ts';
import { sprintf } from './printf.ts';
import { isPrintable } from './quote.ts';
import { boolValue, intValue, isTrue, missing, textValue, typeName, type Value } from './value.ts';

/** The functions of Go's text/template; `and` and `or`, which may leave arguments unevaluated, are part of the executor. */
export const builtins: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['and', { parameters: ['value'], rest: 'value', call: lastArgument }],
  ['or', { parameters: ['value'], rest: 'value', call: lastArgument }],
  ['not', { parameters: ['value'], call: ([value = missing]) => boolValue(!isTrue(value)) }],
  ['len', { parameters: ['value'], call: ([value = missing]) => intValue(length(value)) }],
  [
    'index',
    {
      parameters: ['value'],
      rest: 'value',
      call: ([value = missing, ...indexes]) => indexes.reduce(indexInto, present(value, 'index')),
    },
  ],
  [
    'slice',
    {
      parameters: ['value'],
      rest: 'value',
      call: ([value = missing, ...indexes]) => slice(present(value, 'slice'), indexes),
    },
  ],
  ['call', { parameters: ['value'], rest: 'value', call: ([value = missing]) => refuseCall(value) }],
  ['print', { parameters: [], rest: 'any', call: (args) => textValue(sprint(args)) }],
  [
    'printf',
    {
      parameters: ['string'],
      rest: 'any',
      call: ([format = missing, ...args]) => textValue(sprintf(textOf(format), args)),
    },
  ],
  ['println', { parameters: [], rest: 'any', call: (args) => textValue(`${args.map(printArgument).join(' ')}\n`) }],
  ['html', { parameters: [], rest: 'any', call: (args) => textValue(escapeHtml(joined(args))) }],
  ['js', { parameters: [], rest: 'any', call: (args) => textValue(escapeJs(joined(args))) }],
  ['urlquery', { parameters: [], rest: 'any', call: (args) => textValue(queryEscape(joined(args))) }],
  [
    'eq',
    {
      parameters: ['value'],
      rest: 'value',
      call: ([first = missing, ...others]) => boolValue(equalsAny(first, others)),
    },
  ],
  ['ne', { parameters: ['value', 'value'], call: ([a = missing, b = missing]) => boolValue(!equals(a, b)) }],
  ['lt', { parameters: ['value', 'value'], call: ([a = missing, b = missing]) => boolValue(less(a, b)) }],
  [
    'le',
    { parameters: ['value', 'value'], call: ([a = missing, b = missing]) => boolValue(less(a, b) || equals(a, b)) },
  ],
  [
    'gt',
    { parameters: ['value', 'value'], call: ([a = missing, b = missing]) => boolValue(!(less(a, b) || equals(a, b))) },
  ],
  ['ge', { parameters: ['value', 'value'], call: ([a = missing, b = missing]) => boolValue(!less(a, b)) }],
]);

/** A text as part of a URL's query, as Go's url.QueryEscape writes it. */
export function queryEscape(text: string): string {
  let escaped = '';
  for (const byte of encodeUtf8(text)) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~]/.test(char)) escaped += char;
    else escaped += char === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return escaped;
}

/** The text of a value that has been checked to be one. */
export function textOf(value: Value): string {
  return value.kind === 'string' ? value.value : '';
}

function lastArgument(args: readonly Value[]): Value {
  return args.at(-1) ?? missing;
}

function present(value: Value, action: string): Value {
  if (value.kind === 'missing') throw new FunctionError(`${action} of untyped nil`);
  if (value.kind === 'nil') throw new FunctionError(`${action} of nil pointer`);
  return value;
}

function length(value: Value): number {
  switch (value.kind) {
    case 'string':
      return byteLength(value.value);
    case 'map':
      return value.entries.size;
    case 'samples':
      return value.samples.length;
    case 'nil':
      throw new FunctionError('len of nil pointer');
    case 'missing':
      throw new FunctionError('reflect: call of reflect.Value.Type on zero Value');
    default:
      throw new FunctionError(`len of type ${dereferenced(value)}`);
  }
}

function indexInto(item: Value, index: Value): Value {
  switch (item.kind) {
    case 'string': {
      const at = indexArgument(index, byteLength(item.value));
      const byte = encodeUtf8(item.value)[at];
      if (byte === undefined) throw new FunctionError('reflect: string index out of range');
      return { kind: 'int', value: BigInt(byte), type: 'uint8' };
    }
    case 'samples': {
      const sample = item.samples[indexArgument(index, item.samples.length)];
      if (sample === undefined) throw new FunctionError('reflect: slice index out of range');
      return { kind: 'sample', sample };
    }
    case 'map': {
      if (index.kind === 'missing') throw new FunctionError('value is nil; should be of type string');
      if (index.kind !== 'string' || index.type !== 'string') {
        throw new FunctionError(`value has type ${typeName(index)}; should be string`);
      }
      return item.entries.get(index.value) ?? (item.element === 'string' ? textValue('') : missing);
    }
    default:
      throw new FunctionError(`can't index item of type ${dereferenced(item)}`);
  }
}

/** The type behind a pointer, which is what indexing sees. */
function dereferenced(value: Value): string {
  return typeName(value).replace(/^\*/, '');
}

function indexArgument(index: Value, most: number): number {
  if (index.kind === 'missing') throw new FunctionError('cannot index slice/array with nil');
  if (index.kind !== 'int' && index.kind !== 'named int') {
    throw new FunctionError(`cannot index slice/array with type ${typeName(index)}`);
  }
  if (index.value < 0n || BigInt(most) < index.value) throw new FunctionError(`index out of range: ${index.value}`);
  return Number(index.value);
}

function slice(item: Value, indexes: readonly Value[]): Value {
  if (3 < indexes.length) throw new FunctionError(`too many slice indexes: ${indexes.length}`);
  if (item.kind === 'string' && indexes.length === 3) throw new FunctionError('cannot 3-index slice a string');
  if (item.kind !== 'string' && item.kind !== 'samples') {
    throw new FunctionError(`can't slice item of type ${dereferenced(item)}`);
  }
  const size = item.kind === 'string' ? byteLength(item.value) : item.samples.length;
  const [from = 0, to = size, most = size] = indexes.map((index) => indexArgument(index, size));
  if (to < from) throw new FunctionError(`invalid slice index: ${from} > ${to}`);
  if (most < to) throw new FunctionError(`invalid slice index: ${to} > ${most}`);
  if (item.kind === 'samples') return { kind: 'samples', samples: item.samples.slice(from, to) };
  return { ...item, value: sliceBytes(item.value, from, to) };
}

function refuseCall(value: Value): Value {
  if (value.kind === 'missing') throw new FunctionError('call of nil');
  throw new FunctionError(`non-function ${printValue(value)} of type ${typeName(value)}`);
}

/** The arguments of the escaping functions as one text. */
function joined(args: readonly Value[]): string {
  return sprint(args.map((value) => (value.kind === 'missing' ? textValue('<no value>') : value)));
}

type BasicKind = 'bool' | 'int' | 'float' | 'string';

function basicKind(value: Value): BasicKind | undefined {
  switch (value.kind) {
    case 'bool':
    case 'float':
    case 'string':
    case 'int':
      return value.kind;
    case 'named int':
      return 'int';
    default:
      return undefined;
  }
}

function equalsAny(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new FunctionError('missing argument for comparison');
  return others.some((other) => equals(first, other));
}

function equals(a: Value, b: Value): boolean {
  const kind = basicKind(a);
  if (kind !== basicKind(b)) {
    if (a.kind === 'missing' || b.kind === 'missing') return false;
    throw new FunctionError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
  }
  if (kind !== undefined) return basicValue(a) === basicValue(b);
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (b.kind === 'map' || b.kind === 'samples' || b.kind === 'data') {
    throw new FunctionError(`non-comparable type ${printValue(b)}: ${typeName(b)}`);
  }
  if (a.kind === 'sample' && b.kind === 'sample') return a.sample === b.sample;
  return a === b;
}

function isNil(value: Value): boolean {
  return value.kind === 'missing' || value.kind === 'nil';
}

function basicValue(value: Value): string | number | bigint | boolean | undefined {
  switch (value.kind) {
    case 'bool':
    case 'int':
    case 'named int':
    case 'float':
    case 'string':
      return value.value;
    default:
      return undefined;
  }
}

function less(a: Value, b: Value): boolean {
  const kind = basicKind(a);
  const other = basicKind(b);
  if (kind === undefined || other === undefined) throw new FunctionError('invalid type for comparison');
  if (kind !== other) throw new FunctionError(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
  if (kind === 'bool') throw new FunctionError('invalid type for comparison');
  const left = basicValue(a);
  const right = basicValue(b);
  return left !== undefined && right !== undefined && left < right;
}

const htmlEscapes: ReadonlyMap<string, string> = new Map([
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\0', '\ufffd'],
]);

function escapeHtml(text: string): string {
  let escaped = '';
  for (const char of text) escaped += htmlEscapes.get(char) ?? char;
  return escaped;
}

function escapeJs(text: string): string {
  let escaped = '';
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '\\' || char === "'" || char === '"') escaped += `\\${char}`;
    else if ('<>&='.includes(char) || code < 0x20 || (0x80 <= code && !isPrintable(char))) {
      escaped += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`;
    } else escaped += char;
  }
  return escaped;
}
