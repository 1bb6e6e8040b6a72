import { RE2JS } from 're2js';

/** A regular expression that RE2 refuses. */
export class RegexError extends Error {
  override readonly name: string = 'RegexError';
}

type Predicate = (text: string) => boolean;

const compiled = new Map<string, Predicate>();
const mostCompiled = 1000;

/**
 * Compiles a label regular expression as Prometheus does: RE2 syntax, matched against the whole value, `.` matches a line feed too.
 * It runs in time linear in the value's length, whatever the expression. Throws RegexError if the expression is not valid.
 * Source: prometheus, model/labels/regexp.go.
 */
export function compileRegex(pattern: string): Predicate {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const predicate = compile(pattern);
  if (mostCompiled <= compiled.size) compiled.clear();
  compiled.set(pattern, predicate);
  return predicate;
}

function compile(pattern: string): Predicate {
  // Most matchers in the wild are alternatives of plain words, `a|b|c`, or a plain prefix: no need to run an automaton for those.
  if (/^[\w\-/: ]*(?:\|[\w\-/: ]*)*$/.test(pattern)) {
    const words = new Set(pattern.split('|'));
    return (text) => words.has(text);
  }
  if (/^[\w\-/: ]+\.\*$/.test(pattern)) {
    const prefix = pattern.slice(0, -2);
    return (text) => text.startsWith(prefix);
  }
  const regex = parseRegex(pattern);
  return (text) => regex.testExact(text);
}

/** Parses a regular expression in RE2 syntax with `.` matching line feeds. Throws RegexError with RE2's reason. */
export function parseRegex(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL);
  } catch (error) {
    throw new RegexError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
