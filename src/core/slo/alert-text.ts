import { formatDuration, unreachable } from '../base/index.ts';
import { type Expr, printExpr } from '../promql/index.ts';
import type { AlertCondition } from './model/alert.ts';

/** What an alert looks at in one line: `max(queue_depth) > 100`. */
export function alertConditionText(condition: AlertCondition): string {
  switch (condition.kind) {
    case 'threshold':
      return `${printExpr(condition.value)} ${condition.operator} ${condition.bound}`;
    case 'progress':
      return `${printExpr(condition.counter)} ${condition.fires} within ${formatDuration(condition.within)}`;
    case 'relative': {
      const { counter, window, baselineWindow, baselineOffset, factor, floor } = condition;
      const baseline = `${formatDuration(baselineWindow)} that ended ${formatDuration(baselineOffset)} ago`;
      return `rate of ${printExpr(counter)} over ${formatDuration(window)} above ${floor}/s and ${factor} times that over the ${baseline}`;
    }
    case 'absent':
      return `${printExpr(condition.series)} is missing`;
    case 'all':
      return condition.of.map(partText).join(' and ');
    case 'any':
      return condition.of.map(partText).join(' or ');
    default:
      return unreachable(condition);
  }
}

function partText(condition: AlertCondition): string {
  const text = alertConditionText(condition);
  return condition.kind === 'all' || condition.kind === 'any' ? `(${text})` : text;
}

/** The expressions that an alert looks at, in the order in which they are written. */
export function alertExpressions(condition: AlertCondition): readonly Expr[] {
  switch (condition.kind) {
    case 'threshold':
      return [condition.value];
    case 'progress':
    case 'relative':
      return [condition.counter];
    case 'absent':
      return [condition.series];
    case 'all':
    case 'any':
      return condition.of.flatMap(alertExpressions);
    default:
      return unreachable(condition);
  }
}
