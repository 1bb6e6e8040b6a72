import { duration, unreachable } from '../base/index.ts';
import { conditionText } from './indicator-text.ts';
import type { AlertCondition, ConditionAlert } from './model/alert.ts';
import type { ComparisonOperator, Condition } from './model/indicator.ts';
import type { Slo } from './model.ts';

const opposite: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  '==': '!=',
  '!=': '==',
};

/** What an alert looks at that fires while a condition does not hold. */
export function breachOf(condition: Condition): AlertCondition {
  switch (condition.kind) {
    case 'comparison':
      return {
        kind: 'threshold',
        value: condition.value,
        operator: opposite[condition.operator],
        bound: condition.bound,
      };
    case 'progress':
      return { kind: 'progress', counter: condition.counter, within: condition.within, fires: 'stalled' };
    case 'invariant':
      return { kind: 'progress', counter: condition.counter, within: condition.within, fires: 'increased' };
    case 'all':
      return { kind: 'any', of: condition.of.map(breachOf) };
    case 'any':
      return { kind: 'all', of: condition.of.map(breachOf) };
    default:
      return unreachable(condition);
  }
}

/**
 * The alerts of an objective that may never be missed, where it names none of its own: it has no budget to burn, so the one alert fires as
 * soon as the condition is broken. Users feel it: a page; a resource behind them: a ticket.
 */
export function invariantAlerts(
  service: string,
  slo: Pick<Slo, 'name' | 'indicator' | 'period' | 'category'>,
): readonly ConditionAlert[] {
  if (slo.period.kind !== 'continuous' || slo.indicator.kind !== 'condition') return [];
  const { condition } = slo.indicator;
  return [
    {
      name: `${camelCase(service)}${camelCase(slo.name)}Broken`,
      severity: slo.category === 'user' ? 'page' : 'ticket',
      when: breachOf(condition),
      holdFor: duration(0),
      keepFiringFor: duration(0),
      profile: 'standard',
      summary: `${slo.name} of ${service} must always hold and does not: ${conditionText(condition)}`.replaceAll(
        '{{',
        '{ {',
      ),
      steps: [],
      dependsOn: [],
      labels: new Map(),
    },
  ];
}

function camelCase(name: string): string {
  return name
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
}
