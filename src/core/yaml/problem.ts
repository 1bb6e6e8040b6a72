import type { YAMLParseError, YAMLWarning } from 'yaml';
import type { Diagnostic, Span } from '../base/index.ts';
import { yamlProblem } from './codes.ts';

/** A problem that the YAML library found, in our words. */
export function describeProblem(text: string, problem: YAMLParseError | YAMLWarning): Diagnostic {
  const span = problem.code === 'TAB_AS_INDENT' ? spanOf(problem, text) : wordAt(text, spanOf(problem, text));
  const { code, message, help } = wording(text, problem);
  return yamlProblem(code, message, span, help);
}

function spanOf(problem: YAMLParseError | YAMLWarning, text: string): Span {
  const start = Math.min(problem.pos[0], text.length);
  return { start, end: Math.min(Math.max(problem.pos[1], start), text.length) };
}

/** The library often points at a single character or at the white space before a word; the word is what a reader looks for. */
function wordAt(text: string, span: Span): Span {
  if (1 < span.end - span.start) return span;
  const rest = text.slice(span.start, span.start + 200);
  const blank = /^[ \t]*/.exec(rest)?.[0].length ?? 0;
  const word = /^[^\s]+/.exec(rest.slice(blank))?.[0].length ?? 0;
  if (0 < word) return { start: span.start + blank, end: span.start + blank + word };
  // Behind the end of a line there is nothing to show: what is missing belongs behind the last word before it.
  const before = text.slice(0, span.start).trimEnd().length;
  return { start: Math.max(0, before - 1), end: before };
}

interface Wording {
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

function wording(text: string, problem: YAMLParseError | YAMLWarning): Wording {
  // The library closes some messages with a code frame of its own after a blank line.
  const original = lowerFirst(problem.message.split('\n')[0] ?? '');
  switch (problem.code) {
    case 'TAB_AS_INDENT':
      return { code: 'yaml/tab', message: 'a tab is used as indentation', help: 'indent with spaces' };
    case 'BAD_INDENT':
      if (/^flow /.test(original)) {
        const [kind, bracket] = /^flow map/.test(original) ? ['map', '}'] : ['list', ']'];
        return { code: 'yaml/syntax', message: `a ${kind} in brackets is not closed`, help: `add \`${bracket}\`` };
      }
      return {
        code: 'yaml/indentation',
        message: /^all /.test(original)
          ? 'this line stands neither in the column of the keys above nor deeper'
          : original,
        help: 'give all keys of one block the same number of leading spaces',
      };
    case 'BAD_ALIAS':
    case 'ALIAS_PROPS':
    case 'MULTIPLE_ANCHORS':
      return { code: 'yaml/alias', message: original };
    case 'TAG_RESOLVE_FAILED':
    case 'MULTIPLE_TAGS':
    case 'BAD_COLLECTION_TYPE':
      return { code: 'yaml/tag', message: original, help: 'remove the tag' };
    case 'NON_STRING_KEY':
    case 'KEY_OVER_1024_CHARS':
      return { code: 'yaml/key', message: original };
    case 'MULTILINE_IMPLICIT_KEY':
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        code: 'yaml/syntax',
        message: /^nested mappings/.test(original)
          ? 'a second `:` on one line: a map cannot begin inside a value'
          : 'a key has no `:` after it, or a text goes on over several lines',
        help: 'write `key: value` with a space after the colon; quote a value that contains `: `',
      };
    case 'BAD_DQ_ESCAPE':
      return {
        code: 'yaml/syntax',
        message: `\`${text.slice(problem.pos[0], problem.pos[0] + 2)}\` is no escape sequence`,
        help: 'in double quotes write `\\\\` for a backslash, or use single quotes, which need no escapes',
      };
    case 'BAD_SCALAR_START':
      return { code: 'yaml/syntax', message: original, help: 'put the value in quotes' };
    case 'UNEXPECTED_TOKEN':
      return { code: 'yaml/syntax', ...unexpected(original) };
    default:
      return { code: 'yaml/syntax', message: original };
  }
}

/** The library names its tokens; people know what they wrote. */
function unexpected(original: string): Omit<Wording, 'code'> {
  if (/flow-(?:map|seq)-start at node end/.test(original)) {
    return {
      message: 'a bracket opens in the middle of a value',
      help: 'put the whole value in quotes, for example \'requests_total{code="500"}\'',
    };
  }
  if (/scalar at node end/.test(original))
    return { message: 'the value goes on behind its end', help: 'put the whole value in one pair of quotes' };
  if (/block-seq-ind on same line with key/.test(original)) {
    return {
      message: 'a list begins on the line of its key',
      help: 'begin it on the next line, or write it in brackets: [a, b]',
    };
  }
  return { message: original };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
