import type { Timestamp } from '../../base/index.ts';
import { build, type Call, calendarFunctions, type Expr, mapExpr } from '../../promql/index.ts';
import type { RuleFile } from '../../rules/index.ts';

/**
 * Rules whose clock is put forward: what they do at the beginning of the year 1970, at which unit tests begin, is what the rules do so much later.
 * Nothing is changed but the moments of evaluations and samples as expressions know them.
 */
export function movedRules({ groups }: RuleFile, to: Timestamp): RuleFile {
  const move = (expr: Expr): Expr =>
    mapExpr(expr, (node) => (node.kind === 'call' ? movedCall(node, to / 1000) : node));
  return {
    groups: groups.map((group) => ({
      ...group,
      rules: group.rules.map((rule) => ({ ...rule, expr: move(rule.expr) })),
    })),
  };
}

function movedCall(node: Call, seconds: number): Expr {
  if (node.function === 'time' || node.function === 'timestamp') return later(node, seconds);
  // These look at the time of the evaluation if they are given none.
  if (!calendarFunctions.has(node.function) || 0 < node.args.length) return node;
  return build.call(node.function, build.call('vector', later(build.call('time'), seconds)));
}

function later(time: Expr, seconds: number): Expr {
  return build.paren(build.add(time, seconds));
}
