import { RE2JS } from 're2js';
import { parseDuration } from '../../base/index.ts';
import { builtins, queryEscape, textOf } from './builtins.ts';
import { formatFloat } from './float-text.ts';
import { AnswerNeeded, FunctionError, nilPointer, type TemplateContext, type TemplateFunction } from './function.ts';
import { fourDigits, humanize, humanize1024, humanizeDuration } from './humanize.ts';
import { joinHostPort, parseUrlPath, splitHostPort } from './network.ts';
import { parseGoFloat } from './number.ts';
import { goBackquote, goQuote } from './quote.ts';
import { timeText } from './time.ts';
import {
  boolValue,
  floatValue,
  missing,
  sampleValue,
  type TemplateSample,
  textValue,
  typeName,
  type Value,
} from './value.ts';

/** A function from one text to another. */
function textFunction(change: (text: string) => string): TemplateFunction {
  return { parameters: ['string'], call: ([text = missing]) => textValue(change(textOf(text))) };
}

/** A function of anything that can be taken for a number. */
function numberFunction(result: (value: number) => Value): TemplateFunction {
  return { parameters: ['any'], call: ([value = missing]) => result(toFloat(value)) };
}

/** The functions that Prometheus adds to Go's. Source: prometheus, template/template.go, version 3.14. */
export const prometheusFunctions: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['query', { parameters: ['string'], call: ([expr = missing], context) => query(textOf(expr), context) }],
  ['first', { parameters: ['samples'], call: ([samples = missing]) => ({ kind: 'sample', sample: first(samples) }) }],
  [
    'label',
    {
      parameters: ['string', 'sample'],
      call: ([name = missing, sample = missing]) => textValue(sampleOf(sample).labels.get(textOf(name))),
    },
  ],
  ['value', { parameters: ['sample'], call: ([sample = missing]) => sampleValue(sampleOf(sample).value) }],
  [
    'strvalue',
    { parameters: ['sample'], call: ([sample = missing]) => textValue(sampleOf(sample).labels.get('__value__')) },
  ],
  ['args', { parameters: [], rest: 'any', call: (args) => namedArguments(args) }],
  [
    'reReplaceAll',
    {
      parameters: ['string', 'string', 'string'],
      call: ([pattern = missing, replacement = missing, text = missing]) =>
        textValue(replaceAll(textOf(pattern), textOf(replacement), textOf(text))),
    },
  ],
  [
    'match',
    {
      parameters: ['string', 'string'],
      call: ([pattern = missing, text = missing]) => boolValue(matches(textOf(pattern), textOf(text))),
    },
  ],
  [
    'safeHtml',
    {
      parameters: ['string'],
      call: ([text = missing]) => ({ kind: 'string', value: textOf(text), type: 'template.HTML' }),
    },
  ],
  ['title', textFunction(title)],
  ['toUpper', textFunction((text) => text.toUpperCase())],
  ['toLower', textFunction((text) => text.toLowerCase())],
  ['graphLink', textFunction((expr) => `/graph?g0.expr=${queryEscape(expr)}&g0.tab=0`)],
  ['tableLink', textFunction((expr) => `/graph?g0.expr=${queryEscape(expr)}&g0.tab=1`)],
  [
    'sortByLabel',
    {
      parameters: ['string', 'samples'],
      call: ([name = missing, samples = missing]) => sortByLabel(textOf(name), samples),
    },
  ],
  ['stripPort', textFunction((hostPort) => splitHostPort(hostPort)?.host ?? hostPort)],
  ['stripDomain', textFunction(stripDomain)],
  ['humanize', numberFunction((value) => textValue(humanize(value)))],
  ['humanize1024', numberFunction((value) => textValue(humanize1024(value)))],
  ['humanizeDuration', numberFunction((value) => textValue(humanizeDuration(value)))],
  ['humanizePercentage', numberFunction((value) => textValue(`${fourDigits(value * 100)}%`))],
  [
    'humanizeTimestamp',
    numberFunction((value) => textValue(Number.isFinite(value) ? timeText(toMs(value)) : fourDigits(value))),
  ],
  ['toTime', numberFunction((value) => ({ kind: 'time', ms: toMs(value) }))],
  ['toDuration', numberFunction((value) => ({ kind: 'duration', nanoseconds: toNanoseconds(value) }))],
  ['now', { parameters: [], call: (_, { now }) => floatValue(now / 1000) }],
  ['pathPrefix', { parameters: [], call: (_, context) => textValue(parseUrlPath(serverUrl(context))) }],
  ['externalURL', { parameters: [], call: (_, context) => textValue(serverUrl(context)) }],
  ['parseDuration', { parameters: ['string'], call: ([text = missing]) => floatValue(durationSeconds(textOf(text))) }],
  ['urlQueryEscape', textFunction(queryEscape)],
]);

/** Everything a template may call. */
export const functionNames: ReadonlySet<string> = new Set([...builtins.keys(), ...prometheusFunctions.keys()]);

function query(expr: string, context: TemplateContext): Value {
  const answer = context.answer(expr);
  if (answer === undefined) throw new AnswerNeeded(expr);
  if (!answer.ok) throw new FunctionError(answer.message);
  return { kind: 'samples', samples: answer.samples };
}

function samplesOf(value: Value): readonly TemplateSample[] {
  return value.kind === 'samples' ? value.samples : [];
}

function first(value: Value): TemplateSample {
  const [sample] = samplesOf(value);
  if (sample === undefined) throw new FunctionError('first() called on vector with no elements');
  return sample;
}

function sampleOf(value: Value): TemplateSample {
  if (value.kind !== 'sample') throw new FunctionError(nilPointer);
  return value.sample;
}

function namedArguments(args: readonly Value[]): Value {
  return { kind: 'map', entries: new Map(args.map((value, index) => [`arg${index}`, value])), element: 'interface {}' };
}

function sortByLabel(name: string, value: Value): Value {
  const samples = [...samplesOf(value)].sort((a, b) => {
    const left = a.labels.get(name);
    const right = b.labels.get(name);
    return left < right ? -1 : right < left ? 1 : 0;
  });
  return { kind: 'samples', samples };
}

/** What the humanizing functions take for a number. Source: prometheus/common, helpers/templates/convert.go. */
function toFloat(value: Value): number {
  switch (value.kind) {
    case 'float':
      return value.value;
    case 'int':
      if (value.type === 'uint8') break;
      return Number(value.value);
    case 'string': {
      if (value.type !== 'string') break;
      const number = parseGoFloat(value.value);
      if (number !== undefined) return number;
      throw new FunctionError(`strconv.ParseFloat: parsing ${goQuote(value.value)}: invalid syntax`);
    }
    default:
      break;
  }
  throw new FunctionError(`can't convert ${typeName(value)} to float`);
}

function toMs(seconds: number): number {
  if (!Number.isFinite(seconds)) throw new FunctionError('value is NaN or Inf');
  const nanoseconds = seconds * 1e9;
  if (2 ** 63 <= nanoseconds || nanoseconds < -(2 ** 63)) {
    const shown = formatFloat(seconds, 'g', undefined);
    throw new FunctionError(`${shown} cannot be represented as a nanoseconds timestamp since it overflows int64`);
  }
  return Math.trunc(Math.trunc(nanoseconds) / 1e6);
}

/** Go converts a float beyond int64 to the least integer on amd64, and so does this. */
function toNanoseconds(seconds: number): bigint {
  const nanoseconds = Math.trunc(seconds * 1e9);
  const fits = -(2 ** 63) <= nanoseconds && nanoseconds < 2 ** 63;
  return fits ? BigInt(nanoseconds) : -(2n ** 63n);
}

function serverUrl({ serverUrl: url }: TemplateContext): string {
  if (url === undefined) throw new FunctionError(nilPointer);
  return url;
}

function durationSeconds(text: string): number {
  if (text === '') throw new FunctionError('empty duration string');
  const negative = text.startsWith('-');
  const length = parseDuration(negative ? text.slice(1) : text);
  if (length === undefined) throw new FunctionError(`not a valid duration string: ${goQuote(text)}`);
  return (negative ? -length : length) / 1000;
}

/** Capitalises each word and leaves the other letters alone. Dots and apostrophes between letters do not divide words. */
function title(text: string): string {
  return text.replaceAll(/[\p{L}\p{N}\p{M}_]+(?:['’.:·][\p{L}\p{M}]+)*/gu, (word) =>
    word.replace(/^([^\p{L}]*)(\p{L})/u, (_, before: string, letter: string) => before + letter.toUpperCase()),
  );
}

function stripDomain(hostPort: string): string {
  const parts = splitHostPort(hostPort);
  const host = parts?.host ?? hostPort;
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host) || /^[\da-fA-F:.]*:[\da-fA-F:.]*$/.test(host)) return hostPort;
  const [name = ''] = host.split('.');
  return parts === undefined || parts.port === '' ? name : joinHostPort(name, parts.port);
}

function compile(pattern: string): RE2JS {
  return RE2JS.compile(pattern);
}

function matches(pattern: string, text: string): boolean {
  try {
    return compile(pattern).matcher(text).find();
  } catch (error) {
    throw new FunctionError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** Go's Regexp.ReplaceAllString: `$1`, `${1}` and `${name}` stand for groups, `$$` for a dollar sign. */
function replaceAll(pattern: string, replacement: string, text: string): string {
  const regex = compileOrPanic(pattern);
  const matcher = regex.matcher(text);
  let replaced = '';
  let end = 0;
  while (matcher.find()) {
    // An empty match right behind another match does not count in Go.
    if (matcher.start() === matcher.end() && matcher.start() === end && end !== 0) continue;
    replaced += text.slice(end, matcher.start());
    replaced += replacement.replaceAll(
      /\$(?:\$|(\w+)|\{(\w+)\})/g,
      (whole: string, plain?: string, braced?: string) => {
        const name = plain ?? braced;
        return name === undefined ? whole.slice(1) : group(regex, matcher, name);
      },
    );
    end = matcher.end();
  }
  return replaced + text.slice(end);
}

function group(regex: RE2JS, matcher: ReturnType<RE2JS['matcher']>, name: string): string {
  const number = /^\d+$/.test(name) ? Number(name) : regex.namedGroups()[name];
  if (number === undefined || regex.groupCount() < number) return '';
  return matcher.group(number) ?? '';
}

function compileOrPanic(pattern: string): RE2JS {
  try {
    return compile(pattern);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new FunctionError(`regexp: Compile(${goBackquote(pattern)}): ${message}`, { cause: error });
  }
}
