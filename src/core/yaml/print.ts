import { Document, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import type { YamlValue } from './node.ts';

export interface YamlPrintOptions {
  /** Comments by place, a JSON pointer (`/groups/0/rules`); the empty pointer heads the document. Lines are separated by line feeds. */
  readonly comments?: ReadonlyMap<string, string>;
}

/**
 * Prints a value as block-style YAML: the same value, the same bytes. Keys keep their order, long lines are never folded, texts of several
 * lines become literal blocks, and what YAML 1.1 readers (Prometheus's is one) would take for another type is quoted.
 *
 * Generated rules are large, and the library makes a tree of objects first. So the nesting is written here, and the library is asked
 * only for what is not obvious: each scalar that may need quotes, and any map or list with a comment in an uncommon place.
 */
export function printYaml(value: YamlValue, options: YamlPrintOptions = {}): string {
  const { comments = new Map<string, string>() } = options;
  const header = comments.get('');
  const printer: Printer = { comments, scalars: new Map(), keys: new Map(), isCommon: true };
  const lines = printDocument(value, printer);
  const body = printer.isCommon ? lines : printWithLibrary(value, comments);
  return header === undefined ? body : `${header.split('\n').map(commentLine).join('\n')}\n${body}`;
}

/** Prints a text as it stands behind the key of a map; the lines of a block stand at `indent`, deeper than the key. */
export function printYamlText(text: string, indent: string): string {
  if (!text.includes('\n')) return oneLine(text) ?? alone(text);
  if (plainBlock.test(text) && !control.test(text)) return block(text, indent);
  return alone(text).replaceAll('\n  ', `\n${indent}`);
}

interface Printer {
  readonly comments: ReadonlyMap<string, string>;
  /** Scalars and keys that the library has printed. */
  readonly scalars: Map<string | number | boolean | null, string>;
  readonly keys: Map<string, string>;
  /** Whether everything met so far is of the common kind that is written here. */
  isCommon: boolean;
}

function printDocument(value: YamlValue, printer: Printer): string {
  if (value === null || typeof value !== 'object' || isEmpty(value)) {
    printer.isCommon = false;
    return '';
  }
  return isList(value) ? printList(value, '', '', printer) : printMap(value, '', '', printer, '');
}

/** The items of a list, each on lines of its own at `indent`. */
function printList(list: readonly YamlValue[], indent: string, pointer: string, printer: Printer): string {
  if (isShort(list)) {
    printer.isCommon = false;
    return '';
  }
  const inner = `${indent}  `;
  let text = '';
  for (let index = 0; index < list.length; index += 1) {
    const item = list[index] ?? null;
    const place = `${pointer}/${index}`;
    const comment = printer.comments.size === 0 ? undefined : printer.comments.get(place);
    if (comment !== undefined) text += `${indent}${comment.split('\n').map(commentLine).join(`\n${indent}`)}\n`;
    if (item !== null && typeof item === 'object' && !isEmpty(item)) {
      if (isList(item)) printer.isCommon = false;
      else text += printMap(item, inner, place, printer, `${indent}- `);
    } else text += `${indent}- ${printScalar(item, inner, printer)}\n`;
  }
  return text;
}

/** The entries of a map, each on lines of its own at `indent`; `first` begins the first line instead, where a map is an item of a list. */
function printMap(map: YamlMapping, indent: string, pointer: string, printer: Printer, first: string = indent): string {
  const { comments, keys } = printer;
  let text = '';
  let before = first;
  for (const [key, item] of isMap(map) ? map : Object.entries(map)) {
    if (item === undefined) continue;
    const place = comments.size === 0 ? '' : `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (comments.size !== 0 && comments.has(place)) printer.isCommon = false;
    let shown = keys.get(key);
    if (shown === undefined) {
      shown = printKey(key);
      keys.set(key, shown);
    }
    text += `${before}${shown}:`;
    before = indent;
    if (item === null || typeof item !== 'object' || isEmpty(item)) {
      text += ` ${printScalar(item, indent === '' && first === '' ? '  ' : `${indent}  `, printer)}\n`;
    } else if (isList(item)) {
      text += isShort(item) ? ` ${printFlow(item, printer)}\n` : `\n${printList(item, `${indent}  `, place, printer)}`;
    } else text += `\n${printMap(item, `${indent}  `, place, printer)}`;
  }
  return text;
}

/** A scalar, or an empty map or list, behind a key or a dash; the lines of a block stand at `indent`. */
function printScalar(value: YamlValue, indent: string, printer: Printer): string {
  if (value !== null && typeof value === 'object') return isList(value) ? '[]' : '{}';
  if (typeof value === 'string') {
    if (value.includes('\n')) {
      if (!plainBlock.test(value) || control.test(value)) printer.isCommon = false;
      return block(value, indent);
    }
    const obvious = oneLine(value);
    if (obvious !== undefined) return obvious;
  }
  // A map would not tell -0 from 0.
  if (value === 0) return alone(value);
  const { scalars } = printer;
  let shown = scalars.get(value);
  if (shown === undefined) {
    shown = alone(value);
    // The values that recur, such as windows, are few; texts of all kinds are not worth the memory.
    if (scalars.size < 10_000) scalars.set(value, shown);
  }
  return shown;
}

function block(text: string, indent: string): string {
  const lines = `\n${indent}`;
  const body = text.includes('\n\n') ? text.replaceAll(/\n+/g, `$&${indent}`) : text.replaceAll('\n', lines);
  return `|-${lines}${body}`;
}

/** A text of one line where it is obvious how to write it: as it is, or in quotes that leave most characters alone. */
function oneLine(text: string): string | undefined {
  if (isPlain(text)) return text;
  if (wholeNumber.test(text)) return `'${text}'`;
  if (!wordsThatNeedQuotes.test(text) || otherType.test(text)) return undefined;
  return text.includes("'") && !text.includes('"') ? JSON.stringify(text) : `'${text.replaceAll("'", "''")}'`;
}

function isPlain(text: string): boolean {
  return (!hasSeparator(text) && plainScalar.test(text) && !otherType.test(text)) || plainWithDigits.test(text);
}

/** Whether a text holds what ends a word for some reader: the end of a key, a comment, more than one space. */
function hasSeparator(text: string): boolean {
  return separator.test(text);
}

const separator = /: | #| {2}/;

/** `30s`, `1h30m`, `99.9%`, fingerprints in hexadecimal: no reader takes them for numbers (`0b11` is one in YAML 1.1). */
const plainWithDigits = /^(?:(?:\d{1,9}(?:ms|[smhdwy]))+|\d+(?:\.\d+)?%|(?!0b)[0-9a-f]*[a-df][0-9a-f]*)$/;
/** `60166837` would be read as a number. */
const wholeNumber = /^(?:0|[1-9]\d*)$/;
/**
 * A word or words, maybe behind a number and a sign (`1 - errors`), that no reader takes for anything else; `hasSeparator` and `otherType`
 * sort out the rest.
 */
const plainScalar = /^(?:\d{1,9} [-+*/] )?[A-Za-z_(/](?:[ -~]*[!-9;-~])?$/;
/** Printable ASCII that begins like a word and holds or ends with what would end it: a colon, a comment, a space. */
const wordsThatNeedQuotes = /^[A-Za-z_(/](?:[ -~]*(?:: | #)[ -~]*|[ -~]*[ :])$/;
/** Words that YAML 1.1 or 1.2 takes for truth values, null or numbers (`e5` is one without digits before the exponent). */
const otherType = /^(?:y|n|yes|no|on|off|true|false|null|inf|nan|e[-+]?\d+)$/i;
/** Several lines of which neither the first nor the last needs a remark in the header of the block. */
const plainBlock = /^\S[\s\S]*\S$/;
/** Characters that YAML can only write as escapes, and halves of those outside the basic plane. */
const control = /[^\n\t -~\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]/;
/** Those that readers of YAML 1.1 take for the end of a line, or refuse. */
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;
const allUnprintable = new RegExp(unprintable, 'g');
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const notInComments = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function escapeUnprintable(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function printKey(key: string): string {
  const obvious = oneLine(key);
  if (obvious !== undefined) return obvious;
  const text = printWithLibrary({ [key]: 0 }, new Map());
  return text.slice(0, text.lastIndexOf(':'));
}

/** A list of words and numbers on one line. */
function printFlow(list: readonly YamlValue[], printer: Printer): string {
  const text = list.length === 0 ? '[]' : alone(list);
  if (text.includes('\n')) printer.isCommon = false;
  return text;
}

/** A value of one line as the library prints it behind a key. */
function alone(value: YamlValue): string {
  return printWithLibrary({ a: value }, new Map()).slice('a: '.length, -1);
}

/** The whole document by the library, which knows all of YAML. */
export function printWithLibrary(value: YamlValue, comments: ReadonlyMap<string, string>): string {
  const document = new Document(null, { version: '1.2', schema: 'core', compat: 'yaml-1.1' });
  document.contents = toNode(value, '', comments);
  const text = document.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: false });
  return text.replaceAll(allUnprintable, escapeUnprintable);
}

/** A line of text as it may stand in a comment, where there are no escapes. */
function readable(line: string): string {
  return line.replaceAll(notInComments, ' ');
}

/** A line of text as a comment. */
export function commentLine(line: string): string {
  return line === '' ? '#' : `# ${readable(line)}`;
}

function toScalar(value: string | number | boolean | null): Scalar {
  const scalar = new Scalar(value);
  if (typeof value === 'string' && unprintable.test(value)) scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

function toNode(value: YamlValue, pointer: string, comments: ReadonlyMap<string, string>): Node {
  if (value === null || typeof value !== 'object') return toScalar(value);
  if (isList(value)) {
    const list = new YAMLSeq<Node>();
    for (const [index, item] of value.entries()) {
      const place = `${pointer}/${index}`;
      list.items.push(withComment(toNode(item, place, comments), comments.get(place)));
    }
    list.flow = isShort(value);
    return list;
  }
  const map = new YAMLMap<Node, Node>();
  for (const [key, item] of isMap(value) ? value : Object.entries(value)) {
    if (item === undefined) continue;
    const place = `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    map.items.push(new Pair(withComment(toScalar(key), comments.get(place)), toNode(item, place, comments)));
  }
  map.flow = map.items.length === 0;
  return map;
}

/** Short lists of words and numbers stand on one line: `[1, 5, 10]`. */
function isShort(list: readonly YamlValue[]): boolean {
  let width = 0;
  for (const item of list) {
    if (typeof item === 'object' && item !== null) return false;
    width += String(item).length + 2;
  }
  return width <= 80;
}

function withComment(node: Node, comment: string | undefined): Node {
  if (comment !== undefined)
    node.commentBefore = comment
      .split('\n')
      .map((line) => ` ${readable(line)}`)
      .join('\n');
  return node;
}

type YamlMapping = ReadonlyMap<string, YamlValue | undefined> | { readonly [key: string]: YamlValue | undefined };

function isEmpty(value: YamlMapping | readonly YamlValue[]): boolean {
  if (isList(value)) return value.length === 0;
  if (isMap(value)) return ![...value.values()].some((item) => item !== undefined);
  return !Object.values(value).some((item) => item !== undefined);
}

function isList(value: object): value is readonly YamlValue[] {
  return Array.isArray(value);
}

function isMap(value: object): value is ReadonlyMap<string, YamlValue | undefined> {
  return value instanceof Map;
}
