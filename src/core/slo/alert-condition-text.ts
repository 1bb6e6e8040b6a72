import { formatDuration, unreachable } from '../base/index.ts';
import { printExpr } from '../promql/index.ts';
import type { AlertCondition } from './model/alert.ts';

/** What a condition alert looks at, in one line: `sum(queue_depth) > 50`. */
export function conditionAlertText(when: AlertCondition): string {
  switch (when.kind) {
    case 'threshold':
      return `${printExpr(when.value)} ${when.operator} ${when.bound}`;
    case 'progress': {
      const verb = when.fires === 'stalled' ? 'does not increase' : 'increases';
      return `${printExpr(when.counter)} ${verb} within ${formatDuration(when.within)}`;
    }
    case 'relative': {
      const { counter, window, baselineWindow, baselineOffset, factor, floor } = when;
      const baseline = `${formatDuration(baselineWindow)} that ended ${formatDuration(baselineOffset)} ago`;
      return `the rate of ${printExpr(counter)} over ${formatDuration(window)} is more than ${factor} times that of the ${baseline}, and above ${floor} a second`;
    }
    case 'absent':
      return `${printExpr(when.series)} is not there`;
    case 'all':
      return when.of.map(conditionAlertText).join(', and ');
    case 'any':
      return when.of.map(conditionAlertText).join(', or ');
    default:
      return unreachable(when);
  }
}
