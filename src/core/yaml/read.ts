import { Composer, type CST, Lexer, Parser, type YAMLParseError, type YAMLWarning } from 'yaml';
import { type Diagnostic, failure, type Outcome, success } from '../base/index.ts';
import { yamlProblem } from './codes.ts';
import { convertDocument } from './convert.ts';
import type { YamlNode } from './node.ts';
import { describeProblem } from './problem.ts';

/** What a text may cost to read. */
export interface YamlLimits {
  /** Longest text, in UTF-16 code units. */
  readonly maxLength: number;
  /** Deepest nesting of lists and maps, aliases followed. */
  readonly maxDepth: number;
  /** Most nodes of all documents, each counted as often as aliases repeat it. */
  readonly maxNodes: number;
}

/** Ample for people and generators: rule files of ten megabytes, which take a few seconds, and half a gigabyte of memory, to read. */
export const defaultYamlLimits: YamlLimits = { maxLength: 10_000_000, maxDepth: 100, maxNodes: 500_000 };

/**
 * Reads YAML 1.2 with its core schema (no `yes` for true, no dates), one node for each document; an empty text has none.
 * Merge keys (`<<`) work as Prometheus's own reader takes them. Every problem of the text is reported in one go.
 */
export function readYaml(text: string, limits: Partial<YamlLimits> = {}): Outcome<readonly YamlNode[]> {
  const bounds = { ...defaultYamlLimits, ...limits };
  const refused = refuse(text, bounds);
  if (refused !== undefined) return failure(refused);
  const parsed = parseTokens(text, bounds.maxNodes);
  if (!parsed.ok) return parsed;
  const tokens = parsed.value;
  const deep = tooDeep(tokens, bounds.maxDepth);
  if (deep !== undefined) return failure(deep);
  // Keys are compared while converting: the library's own check takes quadratic time.
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const nodes: YamlNode[] = [];
  const diagnostics: Diagnostic[] = [];
  const budget = { nodes: bounds.maxNodes, depth: bounds.maxDepth };
  for (const document of composer.compose(tokens)) {
    const problems = describeAll(text, [...document.errors, ...document.warnings]);
    const converted = convertDocument(text, document.contents, budget);
    // Where the syntax is broken, what the library made of it would only be complained about a second time.
    const lines = new Set(problems.map(({ span }) => lineStart(text, span.start)));
    const kept = converted.diagnostics.filter(
      ({ code, span }) => !lines.has(lineStart(text, span.start)) && (code !== 'yaml/key' || problems.length === 0),
    );
    diagnostics.push(...problems, ...kept);
    if (converted.ok) nodes.push(converted.value);
  }
  return diagnostics.length === 0 ? success(nodes) : { ok: false, diagnostics: inOrder(diagnostics) };
}

/** What can be refused before any parsing: it must cost nothing. */
function refuse(text: string, limits: YamlLimits): Diagnostic | undefined {
  if (limits.maxLength < text.length) {
    return {
      severity: 'error',
      code: 'yaml/too-large',
      message: `the text has ${text.length} characters; the limit is ${limits.maxLength}`,
      help: 'split the file, or check that it is the one you meant',
      span: { start: 0, end: 0 },
    };
  }
  // Searching for each character in turn is faster than a regular expression and needs none with control characters.
  const nul = text.indexOf('\0');
  if (nul === -1) return undefined;
  const wide = text.startsWith('\ufeff') || /^(?:\0.|.\0)/s.test(text);
  return {
    severity: 'error',
    code: 'yaml/binary',
    message: 'the text has NUL bytes: this is no YAML file',
    help: wide ? 'the file looks like UTF-16; save it as UTF-8' : 'check the path',
    span: { start: nul, end: nul + 1 },
  };
}

/**
 * The lexemes by which a text is measured before anything is made of it: the mark that the library's lexer puts before each scalar, and
 * what opens a list or an item. A value has at most two of them, its own and that of its key or item.
 */
const measured: ReadonlySet<string> = new Set(['\u001f', '[', '{', '-']);

/** Parses the text into the library's tokens, and stops as soon as there are more than the limit allows: they take much memory. */
function parseTokens(text: string, maxNodes: number): Outcome<readonly CST.Token[]> {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let left = 2 * maxNodes;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (measured.has(lexeme)) left -= 1;
    if (left < 0) {
      const message = `the text has more than ${maxNodes} values`;
      return failure({
        severity: 'error',
        code: 'yaml/too-large',
        message,
        help: 'split the file',
        span: { start: 0, end: 0 },
      });
    }
  }
  tokens.push(...parser.end());
  return success(tokens);
}

/** The first token nested too deep. The library composes recursively and would exhaust the stack, so this looks at its tokens first. */
function tooDeep(tokens: readonly CST.Token[], limit: number): Diagnostic | undefined {
  const open: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (limit < depth) {
      const span = { start: token.offset, end: token.offset + 1 };
      return yamlProblem('yaml/too-deep', `lists and maps are nested more than ${limit} deep`, span);
    }
    if (token.type === 'document' && token.value !== undefined) open.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items) {
      if (key) open.push({ token: key, depth: depth + 1 });
      if (value) open.push({ token: value, depth: depth + 1 });
    }
  }
  return undefined;
}

/** One mistake often makes the library complain several times about one line; the first complaint is the useful one. */
function describeAll(text: string, problems: readonly (YAMLParseError | YAMLWarning)[]): readonly Diagnostic[] {
  const lines = new Set<number>();
  const found: Diagnostic[] = [];
  for (const problem of [...problems].sort((a, b) => a.pos[0] - b.pos[0])) {
    const line = lineStart(text, problem.pos[0]);
    if (lines.has(line)) continue;
    lines.add(line);
    found.push(describeProblem(text, problem));
  }
  return found;
}

function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => a.span.start - b.span.start);
}
