import type { Diagnostic, Span } from '../../base/index.ts';
import type { Fence, InlineCode } from '../../formats/index.ts';
import { analyzeExpr, functionTable } from '../../promql/index.ts';
import { withoutVariables } from './grafana-variables.ts';
import type { Query, QueryRole, Section } from './model.ts';

type Context = Pick<Query, 'role' | 'title' | 'section'>;

/** Reads one expression that stands at a known place. */
export function readQuery(text: string, toSource: (offset: number) => number, context: Context): Query {
  const { expr, problems } = analyze(text);
  const start = text.length - text.trimStart().length;
  const span = { start: toSource(start), end: toSource(Math.max(start, text.trimEnd().length)) };
  return { text, expr, problems, toSource, span, ...context };
}

function analyze(text: string): Pick<Query, 'expr' | 'problems'> {
  // What a template of Helm, Jsonnet or Sloth will put in is not known here.
  if (text.includes('{{')) return { expr: undefined, problems: [] };
  if (!/\$\{?[a-zA-Z_]|\[\[/.test(text)) {
    const { expr, diagnostics } = analyzeExpr(text);
    return { expr, problems: diagnostics };
  }
  const replaced = withoutVariables(text);
  const { expr, diagnostics } = analyzeExpr(replaced.text);
  // Of which type the value of a variable is, its dashboard decides; what it names nobody knows here.
  const problems = diagnostics.filter(({ code }) => code === 'promql/syntax');
  return { expr: replaced.standsForName ? undefined : expr, problems };
}

/** Whether a block of code holds PromQL by what its fence says; blocks that say nothing are looked into. */
export function holdsPromql({ language, text }: Fence): boolean {
  if (/^(?:promql|prometheus|metricsql)$/.test(language)) return true;
  const first =
    /^\s*(?:#[^\n]*\n\s*)*\(*\s*(?:\d+\s*[-*/]\s*\(*\s*)?([a-z_:][\w:]*)\s*(?:by\b|without\b|[({])/i.exec(text)?.[1] ??
    '';
  if (!functionTable.has(first) && !aggregation.test(`${first}(`) && !/[_:]/.test(first)) return false;
  return language === '' && looksLikePromql(text.replaceAll(/^\s*#.*$/gm, '').trim());
}

const aggregation =
  /\b(?:sum|avg|min|max|count|topk|bottomk|quantile|stddev|group)\s*(?:by\s*\(.*?\)\s*|without\s*\(.*?\)\s*)?\(/;

/** Whether a text that nobody declared to be PromQL plainly is meant as such. */
export function looksLikePromql(text: string): boolean {
  if (isOtherCode(text)) return false;
  if (/^\s*[$>]|\n\s*[-*] |:\s*\n|\.\.\.|\w+:\/\/|;\s*$/m.test(text)) return false;
  if (/^[a-z_:][\w:]*\{[^{}]*(?:=|!=|=~|!~)\s*"[^{}]*\}$/i.test(text)) return true;
  const calls = [...text.matchAll(/\b([a-z_]\w*)\s*\(/g)].some(([, name = '']) => functionTable.has(name));
  if (!calls && !aggregation.test(text)) return /^[\w:\s./*+()-]+$/.test(text) && isArithmeticOfRecorded(text);
  // `clamp_max(v, max)` explains a function; a query names a metric, and no length of time is one letter.
  if (/<\w+>|\[[a-zA-Z]\w*\]/.test(text)) return false;
  return /[_:{[]/.test(text.replaceAll(/\b\w+\s*\(/g, '('));
}

/** Calls of methods, a key of YAML before the expression, a letter for an instant: PromQL has none of these. */
function isOtherCode(text: string): boolean {
  const plain = text.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  return /\b\w+\.\w+\s*\(|^\s*[a-zA-Z]\w*:\s|@\s*[a-z]\b/.test(plain);
}

/** `1 - job:errors:ratio_rate5m`: colons stand in recorded names only. */
function isArithmeticOfRecorded(text: string): boolean {
  return /(?:^|[\s(])[a-z_]\w*:[\w:]+(?:$|[\s)])/.test(text) && analyzeExpr(text).diagnostics.length === 0;
}

/** Of queries in the order of the text those that lie between two offsets, found without looking at the others. */
export function queriesBetween(sorted: readonly Query[], start: number, end: number): readonly Query[] {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((sorted[middle]?.span.start ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  const found: Query[] = [];
  for (let query = sorted[low]; query !== undefined && query.span.end <= end; query = sorted[low]) {
    found.push(query);
    low += 1;
  }
  return found;
}

/**
 * The query itself, or of one that is wrong as a whole the parts in parentheses that are expressions by themselves, the outermost ones: in
 * `max(0, 1 - (a / b))` what is divided can still be judged.
 */
export function readableParts(query: Query): readonly Query[] {
  const { text, role, title, section } = query;
  if (query.expr !== undefined || text.includes('{{') || longestSalvaged < text.length) return [query];
  const found: Query[] = [];
  let end = 0;
  let tries = 0;
  for (const { open, close } of parentheses(text)) {
    if (open < end || mostTries <= tries) continue;
    tries += 1;
    const start = open + 1;
    const part = readQuery(text.slice(start, close), (offset) => query.toSource(start + offset), {
      role,
      title,
      section,
    });
    if (part.expr === undefined) continue;
    found.push(part);
    end = close;
  }
  return found.length === 0 ? [query] : found;
}

/** Characters of a broken query beyond which it is not taken apart. */
const longestSalvaged = 2000;

/** Parts of a broken query that are tried. */
const mostTries = 20;

/** Pairs of parentheses in the order in which they open; what stands in quotes counts like the rest. */
function parentheses(text: string): readonly { readonly open: number; readonly close: number }[] {
  const found: { open: number; close: number }[] = [];
  const open: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') open.push(at);
    const start = text[at] === ')' ? open.pop() : undefined;
    if (start !== undefined) found.push({ open: start, close: at });
  }
  return found.toSorted((a, b) => a.open - b.open);
}

export function inlineQuery(code: InlineCode, role: QueryRole, title: string, section: Section): Query {
  return readQuery(code.text, (offset) => code.span.start + offset, { role, title, section });
}

interface Piece {
  readonly start: number;
  readonly end: number;
  readonly title: string;
}

/**
 * The expressions of a block of code. People write several in one block: with empty lines or comments between them, or simply one a
 * line. A stretch that reads as one expression is one; otherwise each of its lines that reads as an expression is; otherwise it is wrong.
 */
export function fenceQueries(fence: Fence, role: QueryRole, section: Section): readonly Query[] {
  return pieces(fence.text).flatMap((piece) => readPiece(fence, piece, role, section));
}

function readPiece(fence: Fence, piece: Piece, role: QueryRole, section: Section): readonly Query[] {
  const text = fence.text.slice(piece.start, piece.end);
  const context = { role, title: piece.title, section };
  const assignment = /^\s*([a-zA-Z_]\w*)\s*=(?![=~])\s*/.exec(text);
  if (assignment !== null) {
    const after = piece.start + assignment[0].length;
    const name = assignment[1] ?? '';
    const nameStart = piece.start + text.indexOf(name);
    const span: Span = { start: fence.toSource(nameStart), end: fence.toSource(nameStart + name.length) };
    const query = readQuery(fence.text.slice(after, piece.end), (at) => fence.toSource(after + at), context);
    return [{ ...query, assigned: { name, span } }];
  }
  const whole = readQuery(text, (at) => fence.toSource(piece.start + at), context);
  if (whole.problems.every(({ code }) => code !== 'promql/syntax')) return [whole];
  const single = splitLines(fence, piece, context);
  return single.length < 2 || single.some(isBroken) ? [whole] : single;
}

function isBroken({ expr }: Query): boolean {
  return expr === undefined;
}

/** Expressions of a line or several: a line is taken to the one before as long as that is no whole expression. */
function splitLines(fence: Fence, { start, end, title }: Piece, context: Context): readonly Query[] {
  const found: Query[] = [];
  let from = start;
  let tries = 0;
  while (from < end && tries < 100) {
    tries += 1;
    const lineEnd = fence.text.indexOf('\n', from);
    const to = lineEnd === -1 || end < lineEnd ? end : lineEnd;
    const base = from;
    const query = readQuery(fence.text.slice(from, to), (at) => fence.toSource(base + at), { ...context, title });
    if (query.text.trim() !== '') found.push(query);
    from = to + 1;
  }
  return found;
}

/** Stretches between empty lines and lines that hold only a comment; the comment above is the title. */
function pieces(text: string): readonly Piece[] {
  const found: Piece[] = [];
  let title = '';
  let start = -1;
  let depth = 0;
  let at = 0;
  const close = (end: number) => {
    if (start !== -1) found.push({ start, end, title });
    if (start !== -1) title = '';
    start = -1;
    depth = 0;
  };
  for (const line of text.split('\n')) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) {
      // Inside of brackets an empty line or a comment separates nothing, unless a bracket was forgotten.
      if (depth <= 0 || trimmed === '') close(Math.max(0, at - 1));
      if (trimmed.startsWith('#') && start === -1) title = trimmed.replace(/^#+\s*/, '');
    } else {
      if (start !== -1 && /^[a-zA-Z_]\w*\s*=(?![=~])/.test(line)) close(at - 1);
      if (start === -1) start = at;
      depth += balance(line);
    }
    at += line.length + 1;
  }
  close(text.length);
  return found;
}

function balance(line: string): number {
  const code = line.replace(/"(?:[^"\\]|\\.)*"|#.*$/g, '');
  return (code.match(/[([{]/g)?.length ?? 0) - (code.match(/[)\]}]/g)?.length ?? 0);
}

/** The problem of an expression at its place in the document. */
export function problemSpan(query: Query, { span }: Diagnostic): Span {
  const start = query.toSource(span.start);
  return { start, end: Math.max(start, query.toSource(Math.max(span.start, span.end))) };
}
