import { metricName } from '../../series/index.ts';
import { children, type DurationExpr, type Expr, type MatrixSelector, type VectorSelector } from './tree.ts';

/** Visits the expression and all below it, parents first, in source order. */
export function walk(expr: Expr, visit: (expr: Expr, parents: readonly Expr[]) => void): void {
  walkBelow(expr, [], visit);
}

function walkBelow(expr: Expr, parents: Expr[], visit: (expr: Expr, parents: readonly Expr[]) => void): void {
  visit(expr, parents);
  parents.push(expr);
  for (const child of children(expr)) walkBelow(child, parents, visit);
  parents.pop();
}

/**
 * Makes a new tree by replacing nodes, from the leaves up: `replace` sees each node with its children already replaced. Nodes that do
 * not change are shared. A range selector must keep a vector selector inside; anything else is left out.
 */
export function mapExpr(expr: Expr, replace: (expr: Expr) => Expr): Expr {
  return replace(mapChildren(expr, (child) => mapExpr(child, replace)));
}

/** The vector selectors of an expression in source order, those of ranges included. */
export function selectorsOf(expr: Expr): readonly VectorSelector[] {
  const selectors: VectorSelector[] = [];
  walk(expr, (node) => {
    if (node.kind === 'selector') selectors.push(node);
  });
  return selectors;
}

/** The metric that a selector names, before or inside its braces; undefined if it names none or matches names by a pattern. */
export function metricNameOf(selector: VectorSelector): string | undefined {
  if (selector.name !== '') return selector.name;
  return selector.matchers.find(({ name, operator }) => name === metricName && operator === '=')?.value;
}

/** The expression inside any parentheses around it. */
export function unwrap(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === 'paren') inner = inner.expr;
  return inner;
}

/** Whether two expressions are the same apart from where they stand in a text. */
export function equalExpr(a: Expr, b: Expr): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'number':
      return b.kind === a.kind && Object.is(a.value, b.value) && a.asDuration === b.asDuration;
    case 'string':
      return b.kind === a.kind && a.value === b.value;
    case 'selector':
      return b.kind === a.kind && equalSelector(a, b);
    case 'matrix':
      return b.kind === a.kind && equalSelector(a.selector, b.selector) && equalDuration(a.range, b.range);
    case 'subquery':
      return (
        b.kind === a.kind &&
        equalDuration(a.range, b.range) &&
        equalDuration(a.step, b.step) &&
        equalTiming(a, b) &&
        equalExpr(a.expr, b.expr)
      );
    case 'call':
      return b.kind === a.kind && a.function === b.function && equalList(a.args, b.args, equalExpr);
    case 'aggregation':
      return (
        b.kind === a.kind &&
        a.operator === b.operator &&
        a.grouping.without === b.grouping.without &&
        equalList(a.grouping.labels, b.grouping.labels, Object.is) &&
        equalOptional(a.param, b.param, equalExpr) &&
        equalExpr(a.expr, b.expr)
      );
    case 'binary':
      return (
        b.kind === a.kind &&
        a.operator === b.operator &&
        a.bool === b.bool &&
        equalMatching(a, b) &&
        equalExpr(a.left, b.left) &&
        equalExpr(a.right, b.right)
      );
    case 'unary':
      return b.kind === a.kind && a.operator === b.operator && equalExpr(a.expr, b.expr);
    case 'paren':
      return b.kind === a.kind && equalExpr(a.expr, b.expr);
  }
}

/** Whether two durations are written the same. */
export function equalDuration(a: DurationExpr | undefined, b: DurationExpr | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  switch (a.kind) {
    case 'literal':
      return b.kind === a.kind && a.seconds === b.seconds && a.asDuration === b.asDuration;
    case 'step':
    case 'range':
      return b.kind === a.kind;
    case 'extreme':
      return b.kind === a.kind && a.function === b.function && equalDurations(a, b);
    case 'arithmetic':
      return b.kind === a.kind && a.operator === b.operator && equalDurations(a, b);
    case 'negation':
      return b.kind === a.kind && a.operator === b.operator && equalDuration(a.expr, b.expr);
    case 'group':
      return b.kind === a.kind && equalDuration(a.expr, b.expr);
  }
}

function mapChildren(expr: Expr, replace: (expr: Expr) => Expr): Expr {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return expr;
    case 'matrix':
      return mapMatrix(expr, replace(expr.selector));
    case 'subquery':
    case 'unary':
    case 'paren': {
      const inner = replace(expr.expr);
      return inner === expr.expr ? expr : { ...expr, expr: inner };
    }
    case 'call': {
      const args = expr.args.map(replace);
      return args.every((arg, i) => arg === expr.args[i]) ? expr : { ...expr, args };
    }
    case 'aggregation': {
      const param = expr.param === undefined ? undefined : replace(expr.param);
      const inner = replace(expr.expr);
      if (param === expr.param && inner === expr.expr) return expr;
      return { ...expr, ...(param !== undefined && { param }), expr: inner };
    }
    case 'binary': {
      const left = replace(expr.left);
      const right = replace(expr.right);
      return left === expr.left && right === expr.right ? expr : { ...expr, left, right };
    }
  }
}

function mapMatrix(expr: MatrixSelector, selector: Expr): MatrixSelector {
  return selector.kind !== 'selector' || selector === expr.selector ? expr : { ...expr, selector };
}

type Timed = Pick<VectorSelector, 'at' | 'offset'>;

function equalTiming(a: Timed, b: Timed): boolean {
  return equalAt(a.at, b.at) && equalDuration(a.offset, b.offset);
}

function equalAt(a: VectorSelector['at'], b: VectorSelector['at']): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.kind === 'time' ? b.kind === 'time' && a.seconds === b.seconds : a.kind === b.kind;
}

/** The order of conditions means nothing, and printing sorts them. */
function equalSelector(a: VectorSelector, b: VectorSelector): boolean {
  return (
    a.name === b.name &&
    a.extended === b.extended &&
    equalTiming(a, b) &&
    equalList(matcherKeys(a), matcherKeys(b), Object.is)
  );
}

function matcherKeys(selector: VectorSelector): readonly string[] {
  return selector.matchers.map(({ name, operator, value }) => `${name}\u0000${operator}\u0000${value}`).sort();
}

type Operands = Extract<DurationExpr, { kind: 'extreme' | 'arithmetic' }>;

function equalDurations(a: Operands, b: Operands): boolean {
  return equalDuration(a.left, b.left) && equalDuration(a.right, b.right);
}

type Matched = Extract<Expr, { kind: 'binary' }>;

function equalMatching({ matching: a }: Matched, { matching: b }: Matched): boolean {
  return (
    (a?.on ?? false) === (b?.on ?? false) &&
    equalList(a?.labels ?? [], b?.labels ?? [], Object.is) &&
    a?.group?.side === b?.group?.side &&
    equalList(a?.group?.include ?? [], b?.group?.include ?? [], Object.is) &&
    Object.is(a?.fill?.left, b?.fill?.left) &&
    Object.is(a?.fill?.right, b?.fill?.right)
  );
}

function equalOptional<T>(a: T | undefined, b: T | undefined, equal: (a: T, b: T) => boolean): boolean {
  return a === undefined || b === undefined ? a === b : equal(a, b);
}

function equalList<T>(a: readonly T[], b: readonly T[], equal: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((item, i) => equalOptional(item, b[i], equal));
}
