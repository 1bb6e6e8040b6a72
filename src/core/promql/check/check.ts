import { closest, type Diagnostic, type Span } from '../../base/index.ts';
import { aggregationTable } from '../syntax/aggregations.ts';
import type { PromqlCode } from '../syntax/codes.ts';
import { isUtf8, quoteGo } from '../syntax/string-literal.ts';
import type { Aggregation, Call, Expr, Grouping, Subquery, ValueType } from '../syntax/tree.ts';
import { checkBinary } from './check-binary.ts';
import { checkPositive } from './check-duration.ts';
import { checkSelector } from './check-selector.ts';
import { functionTable } from './functions.ts';
import { type Report, typeName } from './report.ts';

/**
 * Checks all that Prometheus checks before it evaluates: functions, arguments, types, vector matching, selectors and regular
 * expressions, grouping labels, durations. Gives every problem of the expression, children before their parents.
 * Source: prometheus, promql/parser/parse.go, checkAST.
 */
export function checkExpr(expr: Expr): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (code: PromqlCode, span: Span, message: string, help?: string) => {
    diagnostics.push({ severity: 'error', code, message, ...(help !== undefined && { help }), span });
  };
  check(expr, report);
  return diagnostics;
}

/** The type of an expression's value. An unknown function counts as giving a vector, as nearly all do. */
export function typeOf(expr: Expr): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
    case 'aggregation':
      return 'vector';
    case 'matrix':
    case 'subquery':
      return 'matrix';
    case 'call':
      return functionTable.get(expr.function)?.result ?? 'vector';
    case 'binary':
      return typeOf(expr.left) === 'scalar' && typeOf(expr.right) === 'scalar' ? 'scalar' : 'vector';
    case 'unary':
    case 'paren':
      return typeOf(expr.expr);
  }
}

/** Reports what is wrong with the expression and below, and gives its type. */
function check(expr: Expr, report: Report): ValueType {
  switch (expr.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'selector':
      checkSelector(expr, report);
      return 'vector';
    case 'matrix':
      checkSelector(expr.selector, report);
      checkPositive(expr.range, report);
      return 'matrix';
    case 'subquery':
      return checkSubquery(expr, report);
    case 'call':
      return checkCall(expr, report);
    case 'aggregation':
      return checkAggregation(expr, report);
    case 'binary':
      return checkBinary(expr, check(expr.left, report), check(expr.right, report), report);
    case 'unary': {
      const type = check(expr.expr, report);
      if (type !== 'scalar' && type !== 'vector') {
        const message = `unary expression only allowed on expressions of type scalar or instant vector, got "${typeName(type)}"`;
        report('promql/type', expr.span, message);
      }
      return type;
    }
    case 'paren':
      return check(expr.expr, report);
  }
}

function checkSubquery(expr: Subquery, report: Report): ValueType {
  const type = check(expr.expr, report);
  if (type !== 'vector') {
    report('promql/type', expr.span, `subquery is only allowed on instant vector, got ${type} instead`);
  }
  checkPositive(expr.range, report);
  if (expr.step !== undefined) checkPositive(expr.step, report);
  return 'matrix';
}

function checkAggregation(expr: Aggregation, report: Report): ValueType {
  checkType(expr.expr, 'vector', 'aggregation expression', report);
  const { param } = aggregationTable[expr.operator];
  if (param !== undefined && expr.param !== undefined) checkType(expr.param, param, 'aggregation parameter', report);
  if ((param === undefined) !== (expr.param === undefined)) {
    const [wanted, got] = param === undefined ? [1, 2] : [2, 1];
    const message = `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${got}`;
    report('promql/arguments', expr.span, message);
  }
  checkGrouping(expr.grouping, expr.span, report);
  return 'vector';
}

function checkGrouping({ labels }: Grouping, span: Span, report: Report): void {
  for (const label of labels) {
    if (label !== '' && isUtf8(label)) continue;
    report('promql/label', span, `invalid label name for grouping: ${quoteGo(label)}`);
  }
}

function checkType(expr: Expr, wanted: ValueType, context: string, report: Report): void {
  const type = check(expr, report);
  if (type === wanted) return;
  const message = `expected type ${typeName(wanted)} in ${context}, got ${typeName(type)}`;
  report('promql/type', expr.span, message, conversionHelp(expr, type, wanted));
}

/** What people usually forgot when they pass one type for another. */
function conversionHelp(expr: Expr, got: ValueType, wanted: ValueType): string | undefined {
  if (wanted === 'matrix' && got === 'vector') {
    return expr.kind === 'selector'
      ? 'add a range to the selector, such as [5m]'
      : 'make it a subquery, such as (...)[30m:1m]';
  }
  if (wanted === 'vector' && got === 'matrix')
    return 'apply a function over the range, such as rate() or avg_over_time()';
  if (wanted === 'vector' && got === 'scalar') return 'vector() makes a vector of a scalar';
  if (wanted === 'scalar' && got === 'vector') return 'scalar() takes the value of a vector that has one element';
  return undefined;
}

function checkCall(expr: Call, report: Report): ValueType {
  const signature = functionTable.get(expr.function);
  if (signature === undefined) {
    checkUnknown(expr, report);
    return 'vector';
  }
  checkArity(expr, signature.args.length, signature.variadic, report);
  const context = `call to function ${quoteGo(expr.function)}`;
  for (const [i, arg] of expr.args.entries()) {
    const wanted = signature.args[i] ?? (signature.variadic === 0 ? undefined : signature.args.at(-1));
    if (wanted === undefined) break;
    if (expr.function === 'info' && i === 1) checkInfoSelector(arg, report);
    else checkType(arg, wanted, context, report);
  }
  return signature.result;
}

function checkUnknown({ function: name, args, span }: Call, report: Report): void {
  const meant = closest(name, functionTable.keys());
  const nameSpan = span.end === span.start ? span : { start: span.start, end: span.start + name.length };
  const help = meant === undefined ? undefined : `did you mean ${meant}()?`;
  report('promql/function', nameSpan, `unknown function with name ${quoteGo(name)}`, help);
  for (const arg of args) check(arg, report);
}

function checkArity({ function: name, args, span }: Call, declared: number, variadic: number, report: Report): void {
  const given = args.length;
  const fewest = variadic === 0 ? declared : declared - 1;
  const most = variadic < 0 ? Number.POSITIVE_INFINITY : fewest + variadic;
  if (fewest <= given && given <= most) return;
  const bound = variadic === 0 ? '' : given < fewest ? 'at least ' : 'at most ';
  const count = given < fewest ? fewest : most;
  report('promql/arguments', span, `expected ${bound}${count} argument(s) in call to "${name}", got ${given}`);
}

/** The second argument of info() is a filter on info metrics: a selector without a name, which may well match the empty string. */
function checkInfoSelector(arg: Expr, report: Report): void {
  if (arg.kind !== 'selector') {
    check(arg, report);
    report('promql/type', arg.span, 'expected label selectors only');
    return;
  }
  if (arg.name !== '') report('promql/type', arg.span, 'expected label selectors only, got vector selector instead');
  checkSelector(arg, report, { mayMatchEverything: true });
}
