import { formatDuration, unreachable } from '../base/index.ts';
import { type Expr, printExpr } from '../promql/index.ts';
import type { Condition, ForeignValue, Indicator } from './model/indicator.ts';
import { overWindow, queryStep, windowQueryText } from './window-query.ts';

/** What an indicator measures in one line, by which two of them can be compared. */
export function indicatorText(indicator: Indicator): string {
  switch (indicator.kind) {
    case 'ratio':
      return `${indicator.counts} ${printExpr(indicator.events)} of ${printExpr(indicator.total)}`;
    case 'distribution':
      return `${printExpr(indicator.histogram)} below ${indicator.below}`;
    case 'condition':
      return conditionText(indicator.condition);
    case 'composite': {
      const members = indicator.members.map(({ service, slo, weight }) => `${service}/${slo}*${weight}`);
      return `${indicator.combine} of ${members.join(', ')}`;
    }
    case 'queries': {
      const text = windowQueryText(indicator.events);
      if (indicator.total === undefined) return `${indicator.counts} share ${text}`;
      return `${indicator.counts} ${text} of ${windowQueryText(indicator.total)}`;
    }
    case 'external':
      return `${indicator.system} ${JSON.stringify(inOrder(indicator.measures))}`;
    default:
      return unreachable(indicator);
  }
}

/** A plain value with the keys of its maps in the order of the alphabet, which means nothing. */
function inOrder(value: ForeignValue): ForeignValue {
  if (value === null || typeof value !== 'object') return value;
  if (isForeignList(value)) return value.map(inOrder);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, inOrder(item)]));
}

function isForeignList(value: object): value is readonly ForeignValue[] {
  return Array.isArray(value);
}

/** A condition in one line: `sum(queue_depth) < 50`. */
export function conditionText(condition: Condition): string {
  switch (condition.kind) {
    case 'comparison':
      return `${printExpr(condition.value)} ${condition.operator} ${condition.bound}`;
    case 'progress':
      return `${printExpr(condition.counter)} increases within ${formatDuration(condition.within)}`;
    case 'invariant':
      return `${printExpr(condition.counter)} does not increase within ${formatDuration(condition.within)}`;
    case 'all':
      return condition.of.map(conditionText).join(' and ');
    case 'any':
      return condition.of.map(conditionText).join(' or ');
    default:
      return unreachable(condition);
  }
}

/** The expressions of an indicator, in the order in which they are written. A composite has none of its own; a window to be filled in is five minutes. */
export function expressionsOf(indicator: Indicator): readonly Expr[] {
  switch (indicator.kind) {
    case 'ratio':
      return [indicator.events, indicator.total];
    case 'distribution':
      return [indicator.histogram];
    case 'condition':
      return conditionExpressions(indicator.condition);
    case 'queries':
      return [indicator.events, ...(indicator.total === undefined ? [] : [indicator.total])].map((query) =>
        overWindow(query, queryStep),
      );
    case 'composite':
    case 'external':
      return [];
    default:
      return unreachable(indicator);
  }
}

function conditionExpressions(condition: Condition): readonly Expr[] {
  switch (condition.kind) {
    case 'comparison':
      return [condition.value];
    case 'progress':
    case 'invariant':
      return [condition.counter];
    case 'all':
    case 'any':
      return condition.of.flatMap(conditionExpressions);
    default:
      return unreachable(condition);
  }
}
