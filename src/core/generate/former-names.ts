import { build, type Expr, mapExpr, metricNameOf, type VectorSelector } from '../promql/index.ts';
import { metricName } from '../series/index.ts';
import type { Service } from '../slo/index.ts';

/** Further names under which the same is counted, with the suffix that the name of a histogram's series has. */
export function namesBeside({ metrics }: Service, name: string): readonly string[] {
  const own = metrics.get(name)?.aliases;
  if (own !== undefined) return own;
  const suffix = /_(?:bucket|count|sum)$/.exec(name)?.[0] ?? '';
  const family = metrics.get(name.slice(0, name.length - suffix.length));
  return family?.type === 'histogram' ? (family.aliases ?? []).map((alias) => alias + suffix) : [];
}

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
    const others = namesBeside(service, name).map((other) => replaceSelector(node, renamedTo(selector, other)));
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
