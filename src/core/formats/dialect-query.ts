import type { Span } from '../base/index.ts';
import { type Expr, type MatrixSelector, parseExpr, printExpr, unwrap, type VectorSelector } from '../promql/index.ts';
import type { Indicator } from '../slo/index.ts';
import type { YamlPath } from '../yaml/index.ts';
import { type Reading, type Remark, reportInside } from './definition/reading.ts';
import { nameOf, sumOf } from './definition/selectors.ts';
import { distributionOf } from './dialect-distribution.ts';
import { requiredText } from './dialect-reading.ts';

/** How a format writes the range that its tool fills in: `{{.window}}`, `[window]`. */
export interface QueryForm {
  /** Matches the word that stands for the window, within the brackets of a range. */
  readonly window: RegExp;
  /** The word as people write it. */
  readonly shown: string;
  /** Whether any other range is a mistake; otherwise it is replaced by the windows of the rules. */
  readonly windowRequired: boolean;
  /** Whether counters may stand by themselves, without a rate: the tool adds it. */
  readonly plain: boolean;
}

/** A query as what it adds up and takes off; each a selector of counters. */
interface Sum {
  readonly plus: readonly VectorSelector[];
  readonly minus: readonly VectorSelector[];
}

type Query =
  | { readonly kind: 'sum'; readonly sum: Sum }
  | { readonly kind: 'fraction'; readonly histogram: VectorSelector; readonly below: number; readonly rest: boolean }
  | { readonly kind: 'share'; readonly of: Sum; readonly total: Sum; readonly rest: boolean };

/** What queries measure. */
export interface Measured {
  readonly indicator: Indicator;
  /** The native histogram that it is about, which has to stand in the catalogue. */
  readonly native?: string;
}

/** Reads the indicator from a query of good or bad events and one of all events. */
export function readShare(
  reading: Reading,
  counts: 'good' | 'bad',
  events: YamlPath,
  total: YamlPath,
  form: QueryForm,
): Measured | undefined {
  const counted = readSum(reading, events, form);
  const all = readSum(reading, total, form);
  return counted === undefined || all === undefined ? undefined : measuredBy(reading, events, counts, counted, all);
}

function measuredBy(
  reading: Reading,
  path: YamlPath,
  counts: 'good' | 'bad',
  counted: Sum,
  total: Sum,
): Measured | undefined {
  const indicator = indicatorOf(reading, path, counts, counted, total);
  return indicator === undefined ? undefined : { indicator };
}

/** Reads the indicator from one query that gives the share of good or of bad events: `bad / total`, `1 - good / total`. */
export function readRatio(
  reading: Reading,
  counts: 'good' | 'bad',
  path: YamlPath,
  form: QueryForm,
): Measured | undefined {
  const query = readQuery(reading, path, form);
  if (query === undefined) return undefined;
  const other = counts === 'good' ? 'bad' : 'good';
  if (query.kind === 'share') return measuredBy(reading, path, query.rest ? other : counts, query.of, query.total);
  if (query.kind === 'fraction') return fractionOf(reading, path, query.rest ? other : counts, query);
  reportInside(
    reading,
    path,
    { start: 0, end: Number.MAX_SAFE_INTEGER },
    {
      severity: 'error',
      code: 'dialect/type',
      message: 'this is a number of events, where their share is asked for',
      help: 'write the rate of the counted events divided by the rate of all events',
    },
  );
  return undefined;
}

/** What a native histogram counts up to a bound is good; the rest of it is no indicator of ours. */
function fractionOf(
  reading: Reading,
  path: YamlPath,
  counts: 'good' | 'bad',
  { histogram, below }: Extract<Query, { kind: 'fraction' }>,
): Measured | undefined {
  const native = nameOf(histogram);
  if (counts === 'good') return { indicator: { kind: 'distribution', histogram: sumOf([histogram]), below }, native };
  reportInside(
    reading,
    path,
    { start: 0, end: Number.MAX_SAFE_INTEGER },
    {
      severity: 'error',
      code: 'dialect/expression',
      message: 'the observations below the bound count as bad',
      help: 'objectives on a distribution want observations below a bound',
    },
  );
  return undefined;
}

function readSum(reading: Reading, path: YamlPath, form: QueryForm): Sum | undefined {
  const query = readQuery(reading, path, form);
  if (query === undefined || query.kind === 'sum') return query?.sum;
  reportInside(
    reading,
    path,
    { start: 0, end: Number.MAX_SAFE_INTEGER },
    {
      severity: 'error',
      code: 'dialect/type',
      message: 'this is a share, where a number of events is asked for',
      help: 'write the two parts of the division as two queries',
    },
  );
  return undefined;
}

interface Walk {
  readonly form: QueryForm;
  /** Ends of the places where the window stood. */
  readonly windows: ReadonlySet<number>;
  readonly remarks: (Remark & { readonly span: Span })[];
}

function readQuery(reading: Reading, path: YamlPath, form: QueryForm): Query | undefined {
  const written = requiredText(reading, path);
  if (written === undefined) return undefined;
  const windows = new Set<number>();
  // The word for the window becomes a length that takes the same room, so that places in the tree are places in the text.
  const text = written.replace(form.window, (word: string, ...rest: readonly unknown[]) => {
    const offset = rest.find((value) => typeof value === 'number') ?? 0;
    windows.add(offset + word.length);
    return `${' '.repeat(word.length - 2)}5m`;
  });
  const template = /\{\{[^}]*\}\}|\$\{?[a-zA-Z_]\w*\}?(?=\s*[\]:])/.exec(text);
  if (template !== null) {
    reportInside(
      reading,
      path,
      { start: template.index, end: template.index + template[0].length },
      {
        severity: 'error',
        code: 'dialect/expression',
        message: `\`${template[0]}\` is a template that is not known`,
        help: `write its value; only \`${form.shown}\` is filled in`,
      },
    );
    return undefined;
  }
  const parsed = parseExpr(text);
  if (!parsed.ok) {
    for (const { span, ...remark } of parsed.diagnostics) reportInside(reading, path, span, remark);
    return undefined;
  }
  const walk: Walk = { form, windows, remarks: [] };
  const query = queryOf(parsed.value, walk);
  for (const { span, ...remark } of walk.remarks) reportInside(reading, path, span, remark);
  return walk.remarks.some(({ severity }) => severity === 'error') ? undefined : query;
}

function queryOf(expr: Expr, walk: Walk): Query | undefined {
  if (expr.kind === 'paren') return queryOf(expr.expr, walk);
  if (expr.kind === 'binary' && expr.operator === '-' && isOne(expr.left)) {
    const rest = queryOf(expr.right, walk);
    if (rest?.kind === 'share' || rest?.kind === 'fraction') return { ...rest, rest: !rest.rest };
    return rest === undefined ? undefined : refuse(walk, expr, 'a number of events is taken from one');
  }
  if (expr.kind === 'binary' && expr.operator === '/') {
    const of = sumIn(expr.left, walk, false);
    const total = sumIn(expr.right, walk, false);
    return of === undefined || total === undefined ? undefined : { kind: 'share', of, total, rest: false };
  }
  if (expr.kind === 'call' && expr.function === 'histogram_fraction') return fractionIn(expr, walk);
  const sum = sumIn(expr, walk, false);
  return sum === undefined ? undefined : { kind: 'sum', sum };
}

/** `histogram_fraction(-Inf, 0.5, sum(rate(x[5m])))`, from nothing or from zero, below which no duration lies. */
function fractionIn(expr: Extract<Expr, { kind: 'call' }>, walk: Walk): Query | undefined {
  const [from, to, of] = expr.args.map((argument) => unwrap(argument));
  const lower = from === undefined ? undefined : numberOf(from);
  const below = to === undefined ? undefined : numberOf(to);
  if (of === undefined || below === undefined || !Number.isFinite(below) || !(lower === 0 || lower === -Infinity))
    return refuse(walk, expr, 'only the share of a histogram from 0 up to a bound can be told');
  const sum = sumIn(of, walk, false);
  const [histogram, second] = sum?.plus ?? [];
  if (histogram === undefined || second !== undefined || sum?.minus.length !== 0)
    return sum === undefined ? undefined : refuse(walk, of, 'this is not the rate of one histogram');
  return { kind: 'fraction', histogram, below, rest: false };
}

function numberOf(expr: Expr): number | undefined {
  if (expr.kind === 'number') return expr.value;
  if (expr.kind !== 'unary') return undefined;
  const value = numberOf(unwrap(expr.expr));
  return value === undefined || expr.operator === '+' ? value : -value;
}

function isOne(expr: Expr): boolean {
  return expr.kind === 'number' && expr.value === 1;
}

/** Why a sum by labels counts no events of an objective. */
export const aboutGroups = 'an objective is about all its events together, not about groups of them';

function groupsHelp(labels: readonly string[]): string {
  const example = labels.length === 0 ? 'groupBy' : `groupBy: [${labels.join(', ')}]`;
  return `leave the grouping out; \`${example}\` in a definition of Nines makes an objective of each group`;
}

/** The selectors that an expression adds up. `inside` tells whether a `sum` stands around it. */
function sumIn(expr: Expr, walk: Walk, inside: boolean): Sum | undefined {
  switch (expr.kind) {
    case 'paren':
      return sumIn(expr.expr, walk, inside);
    case 'aggregation':
      if (expr.operator !== 'sum') return refuse(walk, expr, `\`${expr.operator}\` does not count events`);
      if (expr.grouping.without || 0 < expr.grouping.labels.length) {
        return refuse(walk, expr, aboutGroups, groupsHelp(expr.grouping.without ? [] : expr.grouping.labels));
      }
      return sumIn(expr.expr, walk, true);
    case 'call':
      return rateIn(expr, walk, inside);
    case 'selector':
      if (walk.form.plain) return { plus: [expr], minus: [] };
      return refuse(
        walk,
        expr,
        'counters are summed without a rate',
        `write \`rate(${printExpr(expr)}[${shown(walk)}])\``,
      );
    case 'binary':
      return termsIn(expr, walk, inside);
    case 'matrix':
    case 'subquery':
    case 'unary':
    case 'number':
    case 'string':
      return refuse(walk, expr, 'this is no sum of rates of counters');
  }
}

function termsIn(expr: Extract<Expr, { kind: 'binary' }>, walk: Walk, inside: boolean): Sum | undefined {
  // Where the total has data, a missing series counts as zero anyway.
  if (expr.operator === 'or' && isZero(expr.right)) return sumIn(expr.left, walk, inside);
  if (expr.operator !== '+' && expr.operator !== '-')
    return refuse(walk, expr, `\`${expr.operator}\` makes this no sum of rates of counters`);
  if (inside) {
    const help = 'write each of them in a `sum()` of its own';
    return refuse(walk, expr, 'series are matched label by label before they are summed', help);
  }
  const left = sumIn(expr.left, walk, inside);
  const right = sumIn(expr.right, walk, inside);
  if (left === undefined || right === undefined) return undefined;
  return expr.operator === '+'
    ? { plus: [...left.plus, ...right.plus], minus: [...left.minus, ...right.minus] }
    : { plus: [...left.plus, ...right.minus], minus: [...left.minus, ...right.plus] };
}

/** `vector(0)` or a plain zero. */
function isZero(expr: Expr): boolean {
  if (expr.kind === 'paren') return isZero(expr.expr);
  if (expr.kind === 'call' && expr.function === 'vector') return expr.args.every(isZero);
  return expr.kind === 'number' && expr.value === 0;
}

function rateIn(expr: Extract<Expr, { kind: 'call' }>, walk: Walk, inside: boolean): Sum | undefined {
  const [argument] = expr.args;
  if (expr.function !== 'rate' && expr.function !== 'increase') {
    return refuse(walk, expr, `\`${expr.function}\` does not count events`);
  }
  if (argument?.kind !== 'matrix')
    return refuse(walk, expr, 'a rate of something else than a selector counts no events');
  const { selector } = argument;
  if (selector.offset !== undefined || selector.at !== undefined || selector.extended !== undefined)
    return refuse(walk, selector, 'a selector of events has no offset and no other modifier');
  if (!inside) {
    walk.remarks.push({
      severity: 'info',
      code: 'dialect/assumed',
      message: 'the rates are not summed, which gives a result for each series; here all events are one objective',
      help: `write \`sum(${expr.function}(...))\` to say so`,
      span: expr.span,
    });
  }
  checkRange(argument, walk);
  return { plus: [selector], minus: [] };
}

function checkRange({ range, span }: MatrixSelector, walk: Walk): void {
  if (walk.windows.has(range.span.end)) return;
  const help = `write \`[${shown(walk)}]\``;
  const message = walk.form.windowRequired
    ? 'the range is always the same, but rules of several windows are made of the query'
    : 'the range is replaced by the windows of the objective and of its alerts';
  const severity = walk.form.windowRequired ? 'error' : 'info';
  walk.remarks.push({
    severity,
    code: walk.form.windowRequired ? 'dialect/expression' : 'dialect/assumed',
    message,
    help: walk.form.windowRequired ? help : 'nothing is to be done',
    span: range.span.end === 0 ? span : range.span,
  });
}

function shown(walk: Walk): string {
  return walk.form.shown;
}

function refuse(walk: Walk, { span }: Expr, message: string, help?: string): undefined {
  walk.remarks.push({
    severity: 'error',
    code: 'dialect/expression',
    message,
    help: help ?? `write sums of rates of counters, such as \`sum(rate(http_requests_total[${shown(walk)}]))\``,
    span,
  });
}

/** What the two sums measure. `total - good` are the bad events, and a bucket out of its histogram's count is a distribution. */
function indicatorOf(
  reading: Reading,
  path: YamlPath,
  counts: 'good' | 'bad',
  counted: Sum,
  total: Sum,
): Indicator | undefined {
  if (0 < total.minus.length) return refuseDifference(reading, path, 'the total is a difference');
  if (0 < counted.minus.length) {
    if (!sameSelectors(counted.plus, total.plus))
      return refuseDifference(reading, path, 'events are taken from something else than the total');
    return indicatorOf(reading, path, counts === 'good' ? 'bad' : 'good', { plus: counted.minus, minus: [] }, total);
  }
  const distribution = counts === 'good' ? distributionOf(counted.plus, total.plus) : undefined;
  return distribution ?? { kind: 'ratio', counts, events: sumOf(counted.plus), total: sumOf(total.plus) };
}

function refuseDifference(reading: Reading, path: YamlPath, message: string): undefined {
  reportInside(
    reading,
    path,
    { start: 0, end: Number.MAX_SAFE_INTEGER },
    {
      severity: 'error',
      code: 'dialect/expression',
      message,
      help: 'write the bad events as a selector of their own, or as the total less the good events',
    },
  );
}

function sameSelectors(a: readonly VectorSelector[], b: readonly VectorSelector[]): boolean {
  const left = a.map((selector) => printExpr(sumOf([selector]))).toSorted();
  const right = b.map((selector) => printExpr(sumOf([selector]))).toSorted();
  return left.length === right.length && left.every((text, index) => text === right[index]);
}
