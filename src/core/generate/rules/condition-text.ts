import { formatDuration, unreachable } from '../../base/index.ts';
import { printExpr } from '../../promql/index.ts';
import { humanize1024, humanizeDuration } from '../../rules/index.ts';
import type { AlertCondition, ConditionAlert, OperationalThreshold, Service } from '../../slo/index.ts';
import { literal } from '../literal.ts';
import type { AlertOwner } from './alert-labels.ts';
import { groupText } from './alert-text.ts';

/** What a person reads when a condition alert fires. Texts of the definition may hold templates of Prometheus, so they stay as they are. */
export function conditionTexts(
  { service, slo }: AlertOwner,
  alert: ConditionAlert,
  pendingOn: readonly string[],
): ReadonlyMap<string, string> {
  const whose =
    slo === undefined ? literal(service.title) : `${literal(service.title)}, ${literal(slo.title)}${groupText(slo)}`;
  const texts = {
    summary: alert.summary ?? `${whose}: ${literal(firingText(alert.when))}`,
    description: alert.description,
    steps:
      alert.steps.length === 0
        ? undefined
        : alert.steps.map((step, index) => `${index + 1}. ${literal(step)}`).join('\n'),
    dependencies: alert.dependsOn.length === 0 ? undefined : literal(alert.dependsOn.join(', ')),
    pending: pendingOn.length === 0 ? undefined : literal(`waits for ${pendingOn.join('; ')}`),
  };
  return new Map(Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [[key, text] as const])));
}

/** What a person reads when an operational figure passes a threshold. */
export function thresholdTexts(
  service: Service,
  threshold: OperationalThreshold,
  level: 'warning' | 'critical',
): ReadonlyMap<string, string> {
  const { title, operator, unit, action } = threshold;
  const { value, bound } = figureTexts(threshold[level], unit);
  return new Map([
    [
      'summary',
      `${literal(service.title)}: ${literal(title)} is ${value}, ${operator === '>' ? 'above' : 'below'} ${literal(bound)}`,
    ],
    ['description', literal(action)],
  ]);
}

/** How a figure is shown in an alert's text, as a template of Prometheus, and the bound that it is compared with in the same unit. */
function figureTexts(bound: number, unit = ''): { readonly value: string; readonly bound: string } {
  switch (unit) {
    case 'ratio':
      return { value: '{{ $value | humanizePercentage }}', bound: `${Number((bound * 100).toPrecision(12))}%` };
    case 's':
    case 'seconds':
      return { value: '{{ $value | humanizeDuration }}', bound: humanizeDuration(bound) };
    case 'bytes':
      return { value: '{{ $value | humanize1024 }}B', bound: `${humanize1024(bound)}B` };
    default: {
      // Prefixes suit large figures; of a small one they make 0.83 the puzzle 830m.
      const value = Math.abs(bound) < 10_000 ? '{{ $value | printf "%.4g" }}' : '{{ $value | humanize }}';
      return { value, bound: `${bound} ${unit}`.trimEnd() };
    }
  }
}

/** What is the case while an alert's condition fires, in one line. */
function firingText(when: AlertCondition): string {
  switch (when.kind) {
    case 'threshold':
      return `${printExpr(when.value)} ${when.operator} ${when.bound}`;
    case 'progress':
      return `${printExpr(when.counter)} has ${when.fires === 'stalled' ? 'not increased for' : 'increased within'} ${formatDuration(when.within)}`;
    case 'relative':
      return `the rate of ${printExpr(when.counter)} is more than ${when.factor} times what it was ${formatDuration(when.baselineOffset)} ago`;
    case 'absent':
      return `there is no ${printExpr(when.series)}`;
    case 'all':
      return when.of.map(firingText).join(', and ');
    case 'any':
      return when.of.map(firingText).join(', or ');
    default:
      return unreachable(when);
  }
}
