import type { Span } from '../../base/index.ts';
import {
  type BinaryExpr,
  build,
  type Expr,
  parseExpr,
  printExpr,
  selectorsOf,
  typeOf,
  unwrap,
  withoutPlaces,
} from '../../promql/index.ts';
import { type ComparisonOperator, metricOf, reachOf, valueRange } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { checkSelector } from './check-selector.ts';
import type { Catalogue } from './metrics.ts';
import { accept, type Reading, reportInside, reportValue, writtenAt } from './reading.ts';
import { nameOf, readSelectors, sumOf } from './selectors.ts';

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

/** What a comparison is for, in the words of its reports: it `holds` while all is well, or an alert `fires` while it does. */
type Purpose = 'holds' | 'fires';

/** A comparison of PromQL with a number on one side: `sum(queue_depth) < 50`. One that no value can change is an error. */
export function readComparison(
  reading: Reading,
  path: YamlPath,
  purpose: Purpose,
  catalogue: Catalogue,
): Comparison | undefined {
  const expr = readVector(reading, path, catalogue);
  if (expr === undefined) return undefined;
  const comparison = readCompared(reading, path, expr);
  if (comparison !== undefined) checkReach(reading, path, comparison, purpose, catalogue);
  return comparison;
}

function checkReach(
  reading: Reading,
  path: YamlPath,
  { value, operator, bound }: Comparison,
  purpose: Purpose,
  catalogue: Catalogue,
): void {
  const range = valueRange(value, (name) => {
    const metric = metricOf(name, catalogue.metrics);
    return metric === undefined || catalogue.withoutType.has(metric.name) ? undefined : metric;
  });
  const reach = reachOf(range, operator, bound);
  if (reach === 'depends') return;
  const { least, most } = range;
  const between =
    least === most
      ? `always ${least}`
      : Number.isFinite(most)
        ? Number.isFinite(least)
          ? `between ${least} and ${most}`
          : `at most ${most}`
        : `at least ${least}`;
  const isShare = least === 0 && most === 1 && 1 < bound && bound <= 100;
  // A gauge in ratio may go beyond one all the same: four processors can be used fourfold.
  const isByUnit = selectorsOf(value).some(
    (selector) => metricOf(nameOf(selector), catalogue.metrics)?.type === 'gauge',
  );
  reportValue(reading, path, {
    severity: isByUnit ? 'warning' : 'error',
    code: purpose === 'fires' && reach === 'never' ? 'alert/never-fires' : 'condition/comparison',
    message: `${purpose === 'fires' ? 'the alert' : 'it'} ${reach} ${purpose}: the value is ${between}`,
    help: isShare ? `for ${bound} % write ${Number(`${bound}e-2`)}` : 'write a bound that lies between',
  });
}

function readCompared(reading: Reading, path: YamlPath, expr: Expr): Comparison | undefined {
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
      : { value: comparable(left), operator, bound };
  const share = typeOf(left) === 'vector' ? shareOf(right) : undefined;
  if (share !== undefined)
    return {
      value: canonicalExpr(build.divide(unwrap(left), share.whole, compared.matching)),
      operator,
      bound: share.factor,
    };
  const other = constantOf(left);
  if (other !== undefined && typeOf(right) === 'vector')
    return { value: comparable(right), operator: mirrored[operator], bound: other };
  return typeOf(left) === 'vector' && typeOf(right) === 'vector'
    ? refuse(
        right.span,
        'the bound must be a number',
        `compare the difference or the quotient: \`${printExpr(left)} - ${printExpr(right)} ${operator} 0\``,
      )
    : refuse(compared.span, 'a number is compared with a number: it says nothing', 'compare a metric with a number');
}

/**
 * A bound that moves, `0.8 * container_memory_limit_bytes`: the value is held against that share of it by their quotient, which is the
 * same where the whole is positive, as limits are.
 */
function shareOf(bound: Expr): { readonly factor: number; readonly whole: Expr } | undefined {
  const product = unwrap(bound);
  if (product.kind !== 'binary' || product.operator !== '*') return undefined;
  for (const [one, whole] of [
    [product.left, product.right],
    [product.right, product.left],
  ] as const) {
    const factor = constantOf(one);
    if (factor !== undefined && 0 < factor && typeOf(whole) === 'vector') return { factor, whole };
  }
  return undefined;
}

/** A value as it stands before a comparison: in parentheses only where it needs them. */
function comparable(value: Expr): Expr {
  return canonicalExpr(build.compare('<', unwrap(value), 0).left);
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
