import type { Span } from '../../base/index.ts';
import {
  type BinaryExpr,
  type Expr,
  parseExpr,
  printExpr,
  selectorsOf,
  typeOf,
  unwrap,
  withoutPlaces,
} from '../../promql/index.ts';
import type { ComparisonOperator } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { checkSelector } from './check-selector.ts';
import type { Catalogue } from './metrics.ts';
import { accept, type Reading, reportInside, writtenAt } from './reading.ts';
import { readSelectors, sumOf } from './selectors.ts';

/** A value held against a number. */
export interface Comparison {
  readonly value: Expr;
  readonly operator: ComparisonOperator;
  readonly bound: number;
}

/** PromQL that gives a number for each series, in canonical form; its metrics and labels are checked against the catalogue. */
export function readQuery(reading: Reading, path: YamlPath, catalogue: Catalogue): Expr | undefined {
  const expr = readVector(reading, path, catalogue);
  return expr === undefined ? undefined : canonicalExpr(expr);
}

/** A comparison of PromQL with a number on one side: `sum(queue_depth) < 50`. */
export function readComparison(reading: Reading, path: YamlPath, catalogue: Catalogue): Comparison | undefined {
  const expr = readVector(reading, path, catalogue);
  if (expr === undefined) return undefined;
  const compared = unwrap(expr);
  const refuse = (span: Span, message: string, help: string): undefined => {
    reportInside(reading, path, span, { severity: 'error', code: 'condition/comparison', message, help });
  };
  if (compared.kind !== 'binary' || !isComparison(compared.operator)) {
    if (compared.kind === 'binary' && (compared.operator === 'and' || compared.operator === 'or')) {
      const list = compared.operator === 'and' ? 'all' : 'any';
      const help = `write \`${list}: ["${printExpr(compared.left)}", "${printExpr(compared.right)}"]\``;
      return refuse(expr.span, 'several comparisons are a list', help);
    }
    return refuse(expr.span, 'nothing is compared', `compare it with a number: \`${printExpr(expr)} < 50\``);
  }
  if (compared.bool) {
    const help = 'remove `bool`';
    return refuse(compared.span, 'with `bool` a comparison gives 0 or 1 and always holds', help);
  }
  return comparisonOf(compared, refuse);
}

function comparisonOf(
  compared: BinaryExpr,
  refuse: (span: Span, message: string, help: string) => undefined,
): Comparison | undefined {
  const { left, right, operator } = compared;
  if (!isComparison(operator)) return undefined;
  const bound = constantOf(right);
  if (bound !== undefined && typeOf(left) === 'vector')
    return Number.isNaN(bound)
      ? refuse(right.span, 'nothing is above or below NaN', 'write a number')
      : { value: canonicalExpr(left), operator, bound };
  const other = constantOf(left);
  if (other !== undefined && typeOf(right) === 'vector')
    return { value: canonicalExpr(right), operator: mirrored[operator], bound: other };
  return typeOf(left) === 'vector' && typeOf(right) === 'vector'
    ? refuse(
        right.span,
        'the bound must be a number',
        `compare the difference or the quotient: \`${printExpr(left)} - ${printExpr(right)} ${operator} 0\``,
      )
    : refuse(compared.span, 'a number is compared with a number: it says nothing', 'compare a metric with a number');
}

/** Counters, or a sum of them, whose increase is watched. */
export function readCounters(reading: Reading, path: YamlPath, text: string, catalogue: Catalogue): Expr | undefined {
  const selectors = accept(reading, path, readSelectors(text));
  for (const selector of selectors ?? []) checkSelector(reading, path, selector, 'events', catalogue);
  return selectors === undefined ? undefined : sumOf(selectors);
}

/** An expression as it reads once printed, without the places of its text, so that printing and reading again changes nothing. */
export function canonicalExpr(expr: Expr): Expr {
  const parsed = parseExpr(printExpr(expr));
  return withoutPlaces(parsed.ok ? parsed.value : expr);
}

function readVector(reading: Reading, path: YamlPath, catalogue: Catalogue): Expr | undefined {
  const expr = accept(reading, path, parseExpr(writtenAt(reading, path)));
  if (expr === undefined) return undefined;
  const type = typeOf(expr);
  if (type !== 'vector') {
    reportInside(reading, path, expr.span, {
      severity: 'error',
      code: 'definition/query',
      message: `the query gives a ${type}, not a number for each series`,
      help: type === 'matrix' ? 'take the rate or another function of the range' : 'ask for a metric',
    });
    return undefined;
  }
  for (const selector of selectorsOf(expr)) checkSelector(reading, path, selector, 'query', catalogue);
  return expr;
}

function isComparison(operator: BinaryExpr['operator']): operator is ComparisonOperator {
  return Object.hasOwn(mirrored, operator);
}

const mirrored: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '==': '==',
  '!=': '!=',
};

/** The value of an expression of numbers alone, such as `450 * 1024 ^ 2`. */
function constantOf(expr: Expr): number | undefined {
  switch (expr.kind) {
    case 'number':
      return expr.value;
    case 'paren':
      return constantOf(expr.expr);
    case 'unary': {
      const value = constantOf(expr.expr);
      return value === undefined || expr.operator === '+' ? value : -value;
    }
    case 'binary': {
      const left = constantOf(expr.left);
      const right = constantOf(expr.right);
      return left === undefined || right === undefined ? undefined : computed(expr.operator, left, right);
    }
    case 'string':
    case 'selector':
    case 'matrix':
    case 'subquery':
    case 'call':
    case 'aggregation':
      return undefined;
  }
}

function computed(operator: BinaryExpr['operator'], left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '^':
      return left ** right;
    default:
      return undefined;
  }
}
