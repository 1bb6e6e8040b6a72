import type { Outcome, Span } from '../../base/index.ts';
import { type Aggregation, type Expr, parseExpr, printExpr, type VectorSelector } from '../../promql/index.ts';

const nowhere: Span = { start: 0, end: 0 };

/**
 * Reads a selector, or several joined by `+`, from PromQL. Parentheses and an aggregating `sum()` are taken off: the sums, rates and
 * ranges around a selector belong to the rules that are generated from it. Spans count from the start of the text.
 */
export function readSelectors(text: string): Outcome<readonly VectorSelector[]> {
  const parsed = parseExpr(text);
  if (!parsed.ok) return parsed;
  const selectors: VectorSelector[] = [];
  const refused = collect(parsed.value, selectors);
  if (refused === undefined) return { ok: true, value: selectors, diagnostics: parsed.diagnostics };
  const { span, message, help } = refused;
  return { ok: false, diagnostics: [{ severity: 'error', code: 'indicator/expression', message, help, span }] };
}

/** The selectors as one tree in canonical form: conditions sorted, without the places of the text they came from. */
export function sumOf(selectors: readonly VectorSelector[]): Expr {
  const [first, ...rest] = selectors.map(canonical);
  if (first === undefined) throw new Error('a sum of no selectors');
  return rest.reduce<Expr>(
    (left, right) => ({ kind: 'binary', operator: '+', left, right, bool: false, span: nowhere }),
    first,
  );
}

/** The name a selector selects by, wherever it stands. */
export function nameOf(selector: VectorSelector): string {
  if (selector.name !== '') return selector.name;
  return selector.matchers.find(({ name, operator }) => name === '__name__' && operator === '=')?.value ?? '';
}

function withoutPlace(selector: VectorSelector): VectorSelector {
  const matchers = selector.matchers.map(({ name, operator, value }) => ({ name, operator, value }));
  return { kind: 'selector', name: selector.name, matchers, span: nowhere };
}

/** The selector as it reads once printed, so that printing a definition and reading it again changes nothing. */
function canonical(selector: VectorSelector): VectorSelector {
  const parsed = parseExpr(printExpr(withoutPlace(selector)));
  return parsed.ok && parsed.value.kind === 'selector' ? withoutPlace(parsed.value) : withoutPlace(selector);
}

interface Refusal {
  readonly span: Span;
  readonly message: string;
  readonly help: string;
}

/** Adds the selectors of an expression in order; gives a reason where there is something else than selectors and sums. */
function collect(expr: Expr, into: VectorSelector[]): Refusal | undefined {
  switch (expr.kind) {
    case 'selector':
      into.push(expr);
      return checkPlain(expr);
    case 'paren':
      return collect(expr.expr, into);
    case 'binary':
      if (expr.operator === '+' && expr.matching === undefined)
        return collect(expr.left, into) ?? collect(expr.right, into);
      return refuseBinary(expr.operator, expr.span);
    case 'aggregation':
      if (expr.operator === 'sum') return isGrouped(expr) ? refuseGrouping(expr.span) : collect(expr.expr, into);
      return { span: expr.span, message: `\`${expr.operator}\` does not count events`, help: plainHelp(expr) };
    case 'call':
      return {
        span: expr.span,
        message: `the function \`${expr.function}\` does not belong here`,
        help: expr.function.startsWith('histogram_')
          ? 'write the selector as `histogram:` and the bound as `below:`'
          : plainHelp(expr),
      };
    case 'matrix':
      return { span: expr.span, message: 'a range does not belong here', help: plainHelp(expr) };
    case 'subquery':
    case 'unary':
    case 'number':
    case 'string':
      return {
        span: expr.span,
        message: 'this is no selector of counters',
        help: 'write for example `http_requests_total{code=~"5.."}`',
      };
  }
}

function isGrouped({ grouping }: Aggregation): boolean {
  return grouping.without || 0 < grouping.labels.length;
}

function refuseGrouping(span: Span): Refusal {
  const help = 'write the selector alone, and make an objective for each group that matters by itself';
  return { span, message: 'an objective is about all its events together, not about groups of them', help };
}

function checkPlain(selector: VectorSelector): Refusal | undefined {
  if (nameOf(selector) === '') {
    return {
      span: selector.span,
      message: 'the selector names no metric',
      help: 'put the name of the metric before the braces',
    };
  }
  if (selector.offset === undefined && selector.at === undefined && selector.extended === undefined) return undefined;
  return {
    span: selector.span,
    message: 'a selector of events has no offset and no other modifier',
    help: plainHelp(selector),
  };
}

function refuseBinary(operator: string, span: Span): Refusal {
  const help =
    operator === '/'
      ? 'write the numerator as `good:` or `bad:` and the denominator as `total:`'
      : operator === '-'
        ? 'write what is left as matchers, for example `code!~"5.."`, or use `bad:` instead of `good:`'
        : operator === 'or'
          ? 'remove it: missing series count as zero wherever the total has data'
          : 'write one selector, or several joined by `+`';
  return { span, message: `\`${operator}\` does not belong here`, help };
}

/** Offers the first selector inside of what was written. */
function plainHelp(expr: Expr): string {
  const selector = firstSelector(expr);
  const rates = 'rates and windows are added when rules are generated';
  return selector === undefined
    ? `write a selector; ${rates}`
    : `write \`${printExpr(withoutPlace(selector))}\`; ${rates}`;
}

function firstSelector(expr: Expr): VectorSelector | undefined {
  switch (expr.kind) {
    case 'selector':
      return expr;
    case 'matrix':
      return expr.selector;
    case 'call':
      return expr.args.map(firstSelector).find((found) => found !== undefined);
    case 'aggregation':
    case 'subquery':
    case 'paren':
    case 'unary':
      return firstSelector(expr.expr);
    case 'binary':
      return firstSelector(expr.left) ?? firstSelector(expr.right);
    case 'number':
    case 'string':
      return undefined;
  }
}
