import { build, type Expr, mapExpr, metricNameOf, type VectorSelector } from '../promql/index.ts';
import { metricName } from '../series/index.ts';
import { namesBeside, type Service } from '../slo/index.ts';

/** The same selection of a metric under another name. */
export function renamedTo(selector: VectorSelector, name: string): VectorSelector {
  const matchers = selector.matchers.filter((matcher) => matcher.name !== metricName);
  return { ...selector, ...build.selector(name, matchers) };
}

/** An expression that reads the series under a metric's former names where there are none with the same labels under its own. */
export function underEveryName(service: Service, expr: Expr): Expr {
  return mapExpr(expr, (node) => {
    const selector = selectorIn(node);
    const name = selector === undefined ? undefined : metricNameOf(selector);
    if (selector === undefined || name === undefined) return node;
    const others = namesBeside(name, service.metrics).map((other) => replaceSelector(node, renamedTo(selector, other)));
    return others.length === 0 ? node : build.paren(build.or(node, ...others));
  });
}

/** The selector of an instant selection or of a function over a range: what can stand side by side under two names. */
function selectorIn(node: Expr): VectorSelector | undefined {
  if (node.kind === 'selector') return node;
  if (node.kind !== 'call') return undefined;
  for (const arg of node.args) if (arg.kind === 'matrix') return arg.selector;
  return undefined;
}

function replaceSelector(node: Expr, selector: VectorSelector): Expr {
  if (node.kind !== 'call') return selector;
  return { ...node, args: node.args.map((arg) => (arg.kind === 'matrix' ? { ...arg, selector } : arg)) };
}
