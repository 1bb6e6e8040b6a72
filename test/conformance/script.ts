import { RE2JS } from 're2js';
import { type Duration, duration, parseDuration } from '../../src/core/base/index.ts';
import {
  type NotatedSample,
  parseLoadLine,
  parseSeriesLine,
  type SeriesLine,
  type StartTimestampLine,
} from '../../src/core/promql/notation/series-line.ts';
import { unquoteString } from '../../src/core/promql/syntax/string-literal.ts';
import type { Labels } from '../../src/core/series/index.ts';

/** One command of a test script. Source: prometheus, promql/promqltest/README.md and test.go. */
export type Command = Clear | Load | Eval | Unreadable;

interface Clear {
  readonly kind: 'clear';
}

/** A command with a mistake. Those after it can be read all the same. */
interface Unreadable {
  readonly kind: 'unreadable';
  readonly line: number;
  readonly message: string;
}

export interface Load {
  readonly kind: 'load';
  readonly line: number;
  readonly step: Duration;
  /** Whether classic histograms are stored as native ones with custom buckets, too. */
  readonly withCustomBuckets: boolean;
  readonly series: readonly LoadedSeries[];
}

interface LoadedSeries {
  readonly samples: SeriesLine;
  readonly startTimestamps: StartTimestampLine | undefined;
}

export interface Eval {
  readonly kind: 'eval';
  readonly line: number;
  readonly expr: string;
  /** Milliseconds since the epoch; an instant evaluation has step 0. */
  readonly start: number;
  readonly end: number;
  readonly step: number;
  readonly isRange: boolean;
  readonly ordered: boolean;
  readonly annotations: readonly AnnotationExpectation[];
  /** Absent if the evaluation must succeed. */
  readonly failure?: TextExpectation;
  readonly expected: Expected;
}

type Expected =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  /** Series of a vector or, by steps from `start`, of a matrix. */
  | { readonly kind: 'series'; readonly series: readonly ExpectedSeries[]; readonly points?: Points };

/** The times of an expected range vector. */
export interface Points {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

export interface ExpectedSeries {
  readonly labels: Labels;
  readonly samples: readonly NotatedSample[];
}

/** A text that must be met exactly or by a regular expression; neither means any text. */
export type TextExpectation =
  | { readonly kind: 'any' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regex'; readonly regex: RE2JS };

interface AnnotationExpectation {
  readonly level: 'warn' | 'no_warn' | 'info' | 'no_info';
  readonly text: TextExpectation;
}

/** What is wrong with a script, and where. */
class ScriptError extends Error {
  override readonly name: string = 'ScriptError';
}

/** Reads a script. What follows a mistake is read on from the next block. */
export function parseScript(text: string): readonly Command[] {
  // A comment becomes an empty line, which ends a block.
  const lines = text.split('\n').map((line) => {
    const trimmed = line.trim();
    return trimmed.startsWith('#') ? '' : trimmed;
  });
  const commands: Command[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (line === '') continue;
    const word = line.split(/\s+/, 1)[0]?.toLowerCase() ?? '';
    if (word === 'clear') {
      commands.push({ kind: 'clear' });
      continue;
    }
    const block = blockFrom(lines, at + 1);
    try {
      const { command, used } = parseBlock(word, line, at + 1, block);
      commands.push(command);
      at += used;
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      commands.push({ kind: 'unreadable', line: at + 1, message: error.message });
      at += block.length;
    }
  }
  return commands;
}

/** Reads a command that goes on over several lines, and tells how many of them belong to it. */
function parseBlock(
  word: string,
  line: string,
  number: number,
  block: readonly string[],
): { readonly command: Command; readonly used: number } {
  if (word.startsWith('load')) return { command: parseLoad(line, number, block), used: block.length };
  if (word.startsWith('eval')) return parseEval(line, number, block);
  throw new ScriptError(`line ${number}: unknown command: ${line}`);
}

function blockFrom(lines: readonly string[], from: number): readonly string[] {
  const end = lines.indexOf('', from);
  return lines.slice(from, end === -1 ? lines.length : end);
}

function parseLoad(heading: string, line: number, block: readonly string[]): Load {
  const match = /^load(_with_nhcb)?\s+(.+)$/.exec(heading);
  if (match === null) throw new ScriptError(`line ${line}: load[_with_nhcb] <step> expected: ${heading}`);
  const series: LoadedSeries[] = [];
  let startTimestamps: StartTimestampLine | undefined;
  for (const [i, text] of block.entries()) {
    const parsed = parseLoadLine(text);
    if (!parsed.ok) throw new ScriptError(`line ${line + 1 + i}: ${parsed.diagnostics[0]?.message ?? ''}: ${text}`);
    if (parsed.value.kind === 'start timestamps') {
      startTimestamps = parsed.value;
      continue;
    }
    const samples = parsed.value;
    if (startTimestamps !== undefined && !fits(startTimestamps, samples)) {
      throw new ScriptError(`line ${line + 1 + i}: the @st line before it is for other samples: ${text}`);
    }
    series.push({ samples, startTimestamps });
    startTimestamps = undefined;
  }
  if (startTimestamps !== undefined) throw new ScriptError(`line ${line}: an @st line without samples after it`);
  return {
    kind: 'load',
    line,
    step: readDuration(match[2] ?? '', line),
    withCustomBuckets: match[1] !== undefined,
    series,
  };
}

function fits(line: StartTimestampLine, samples: SeriesLine): boolean {
  return line.labels.key === samples.labels.key && line.offsets.length === samples.samples.length;
}

const instantPattern = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+at\s+(\S+)\s+(.+)$/;
const rangePattern = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/;

function parseEval(heading: string, line: number, block: readonly string[]): { command: Eval; used: number } {
  const instant = instantPattern.exec(heading);
  const range = rangePattern.exec(heading);
  const modifier = instant?.[1] ?? range?.[1];
  const expectations = parseExpectations(line, block, modifier, instant !== null);
  const rest = { kind: 'eval', line, ...expectations.value } as const;
  if (instant !== null) {
    const at = readDuration(instant[2] ?? '', line);
    const command = { ...rest, expr: instant[3] ?? '', start: at, end: at, step: 0, isRange: false };
    return { command, used: expectations.used };
  }
  if (range === null) throw new ScriptError(`line ${line}: not an evaluation: ${heading}`);
  const [, , from = '', to = '', step = '', expr = ''] = range;
  const times = { start: readDuration(from, line), end: readDuration(to, line), step: readDuration(step, line) };
  return { command: { ...rest, expr, ...times, isRange: true }, used: expectations.used };
}

type Expectations = Pick<Eval, 'ordered' | 'annotations' | 'failure' | 'expected'>;

function parseExpectations(
  line: number,
  block: readonly string[],
  modifier: string | undefined,
  isInstant: boolean,
): { readonly value: Expectations; readonly used: number } {
  let ordered = modifier === 'ordered';
  let failure: TextExpectation | undefined = modifier === 'fail' ? { kind: 'any' } : undefined;
  const annotations: AnnotationExpectation[] = [];
  if (modifier === 'warn' || modifier === 'info') annotations.push({ level: modifier, text: { kind: 'any' } });
  let expected: Expected = { kind: 'series', series: [] };
  let points: Points | undefined;
  let used = 0;
  for (const text of block) {
    used += 1;
    const at = line + used;
    const old = /^expected_fail_(message|regexp)\s+(.*)$/.exec(text);
    if (old !== null) {
      failure = old[1] === 'message' ? { kind: 'text', text: old[2] ?? '' } : regexExpectation(old[2] ?? '', at);
      break;
    }
    if (text.startsWith('expect range vector')) {
      const match = /^expect range vector\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)$/.exec(text);
      if (match === null) throw new ScriptError(`line ${at}: not a range vector definition: ${text}`);
      const [start, end, step] = [match[1], match[2], match[3]].map((part) => readDuration(part ?? '', at));
      points = { start: start ?? 0, end: end ?? 0, step: step ?? 0 };
      continue;
    }
    if (text.startsWith('expect string')) {
      expected = { kind: 'string', value: readString(text.slice('expect string'.length).trim(), at) };
      continue;
    }
    if (/^expect(?: |$)/.test(text)) {
      const expectation = parseExpect(text, at);
      if (expectation === 'ordered') ordered = true;
      else if (expectation.kind === 'fail') failure = expectation.text;
      else annotations.push({ level: expectation.level, text: expectation.text });
      continue;
    }
    const scalar = readScalar(text);
    if (scalar !== undefined) {
      expected = { kind: 'scalar', value: scalar };
      break;
    }
    const parsed = parseSeriesLine(text);
    if (!parsed.ok) throw new ScriptError(`line ${at}: ${parsed.diagnostics[0]?.message ?? ''}: ${text}`);
    const { labels, samples } = parsed.value;
    if (isInstant && points === undefined && 1 < samples.length) {
      throw new ScriptError(`line ${at}: several values expected of an instant query without "expect range vector"`);
    }
    const before: readonly ExpectedSeries[] = expected.kind === 'series' ? expected.series : [];
    expected = { kind: 'series', series: [...before, { labels, samples }] };
  }
  if (expected.kind === 'series' && points !== undefined) expected = { ...expected, points };
  const value = { ordered, annotations, expected };
  return { value: failure === undefined ? value : { ...value, failure }, used };
}

type ParsedExpect =
  | 'ordered'
  | { readonly kind: 'fail'; readonly text: TextExpectation }
  | { readonly kind: 'annotation'; readonly level: AnnotationExpectation['level']; readonly text: TextExpectation };

function parseExpect(line: string, at: number): ParsedExpect {
  const match = /^expect\s+(ordered|fail|warn|no_warn|info|no_info)(?:\s+(regex|msg):(.+))?$/.exec(line);
  if (match === null) throw new ScriptError(`line ${at}: not an expectation: ${line}`);
  const [, what, kind, rest = ''] = match;
  let text: TextExpectation = { kind: 'any' };
  if (kind === 'msg') text = { kind: 'text', text: rest.trim() };
  if (kind === 'regex') text = regexExpectation(rest.trim(), at);
  switch (what) {
    case 'warn':
    case 'no_warn':
    case 'info':
    case 'no_info':
      return { kind: 'annotation', level: what, text };
    case 'fail':
      return { kind: 'fail', text };
    default:
      return 'ordered';
  }
}

function regexExpectation(pattern: string, at: number): TextExpectation {
  try {
    return { kind: 'regex', regex: RE2JS.compile(pattern) };
  } catch (cause) {
    throw new ScriptError(`line ${at}: not a regular expression: ${pattern}`, { cause });
  }
}

function readDuration(text: string, line: number): Duration {
  const sign = text.startsWith('-') ? -1 : 1;
  const length = parseDuration(sign === -1 ? text.slice(1) : text);
  if (length === undefined) throw new ScriptError(`line ${line}: not a duration: ${text}`);
  return duration(sign * length);
}

/** An expected scalar stands alone on its line: a Go integer or float. */
function readScalar(text: string): number | undefined {
  const word = /^([+-]?)(inf(?:inity)?|nan)$/i.exec(text);
  if (word !== null) {
    if (/nan/i.test(text)) return Number.NaN;
    return word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const digits = text.replaceAll('_', '');
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(digits)) return Number(digits);
  const hex = /^([+-]?)(0x[\da-f]+|0b[01]+|0o[0-7]+)$/i.exec(digits);
  return hex === null ? undefined : (hex[1] === '-' ? -1 : 1) * Number(hex[2]);
}

function readString(literal: string, line: number): string {
  const unquoted = /^(["'`])[\s\S]*\1$/.test(literal) ? unquoteString(literal) : undefined;
  if (unquoted?.ok !== true) throw new ScriptError(`line ${line}: a quoted string expected: ${literal}`);
  return unquoted.value;
}
