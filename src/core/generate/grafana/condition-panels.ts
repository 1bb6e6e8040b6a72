import { unreachable } from '../../base/index.ts';
import { metricNameOf, printExpr, selectorsOf } from '../../promql/index.ts';
import { type ComparisonCondition, type Condition, conditionText, metricOf, type Service } from '../../slo/index.ts';
import { underEveryName } from '../former-names.ts';
import { partLabel } from '../names.ts';
import type { PanelDraft } from './draft.ts';
import { holds, partsHold, type Subject } from './figures.ts';
import { groupLegend } from './objective-panels.ts';
import { booleanMapping, graph, steps, timeline } from './panels.ts';
import { boundText, grafanaUnit } from './units.ts';

/** What conditions show: whether they held, which part broke, and the values behind them. */
export function conditionPanels(subject: Subject, condition: Condition): readonly PanelDraft[] {
  const { service, slo } = subject;
  const parts = 'of' in condition ? condition.of : [];
  const told = parts.map((part, index) => `${index + 1}: ${conditionText(part)}`).join('; ');
  return [
    stripPanel([subject], `${slo.title}: held or broken`),
    ...(parts.length === 0
      ? []
      : [
          timeline({
            title: `${slo.title}: parts`,
            description: `Whether each part of the condition held (${told}).`,
            queries: [{ expr: partsHold(subject), legend: groupLegend(subject, `part {{${partLabel}}}`) }],
            width: 24,
            ...heldOrBroken,
          }),
        ]),
    ...comparisonPanels(service, condition, slo.title),
  ];
}

/** A strip for each condition. A gap is time of which nobody knows. */
export function stripPanel(subjects: readonly Subject[], title: string): PanelDraft {
  const told = subjects.flatMap(({ slo: { indicator } }) =>
    indicator.kind === 'condition' ? [conditionText(indicator.condition)] : [],
  );
  return timeline({
    title,
    description: `Green while the condition holds, red while it is broken, empty where nothing is known: ${told.join('; ')}.`,
    queries: subjects.map((subject) => ({ expr: holds(subject), legend: groupLegend(subject, subject.slo.title) })),
    width: 24,
    height: 3 + subjects.length,
    ...heldOrBroken,
  });
}

const heldOrBroken = {
  steps: steps('red', [1, 'green']),
  mappings: [booleanMapping('held', 'broken')],
};

/** The values behind a condition over time, each with its bounds as lines. */
export function comparisonPanels(service: Service, condition: Condition, name: string): readonly PanelDraft[] {
  const byValue = new Map<string, ComparisonCondition[]>();
  for (const part of comparisonsOf(condition)) {
    const key = printExpr(part.value);
    byValue.set(key, [...(byValue.get(key) ?? []), part]);
  }
  return [...byValue.values()].map((parts, index) => {
    const number = byValue.size === 1 ? '' : ` ${index + 1}`;
    return valuePanel(service, parts, `${name}: value${number}`);
  });
}

/** The comparisons in a condition: what has a value and a bound. */
function comparisonsOf(condition: Condition): readonly ComparisonCondition[] {
  switch (condition.kind) {
    case 'comparison':
      return [condition];
    case 'progress':
    case 'invariant':
      return [];
    case 'all':
    case 'any':
      return condition.of.flatMap(comparisonsOf);
    default:
      return unreachable(condition);
  }
}

/** One value, compared once or several times. */
function valuePanel(service: Service, parts: readonly ComparisonCondition[], title: string): PanelDraft {
  const value = parts[0]?.value;
  if (value === undefined) throw new RangeError('a value that nothing is compared with');
  const [only, ...more] = selectorsOf(value);
  // Of a plain gauge the unit is known; of a ratio or a rate it is not.
  const isPlain = value.kind === 'selector' && more.length === 0;
  const unit = isPlain && only !== undefined ? metricOf(metricNameOf(only) ?? '', service.metrics)?.unit : undefined;
  const bounds = parts.map(({ bound }) => bound);
  const told = parts.map(({ operator, bound }) => `${operator} ${boundText(bound, unit)}`).join(' and ');
  return graph(
    {
      title,
      description: `The value behind the condition ${parts.map(conditionText).join(' and ')}; a line is its bound, ${told}.`,
      queries: [{ expr: underEveryName(service, value) }],
      unit: grafanaUnit(unit),
      steps: steps('transparent', ...bounds.map((bound) => [bound, 'red'] as const)),
    },
    { atLeast: [Math.min(0, ...bounds), 1.1 * Math.max(0, ...bounds)] },
  );
}
