import { unreachable } from '../../base/index.ts';
import { metricNameOf, selectorsOf } from '../../promql/index.ts';
import { type ComparisonCondition, type Condition, conditionText, type Service } from '../../slo/index.ts';
import { underEveryName } from '../former-names.ts';
import { partLabel } from '../names.ts';
import type { PanelDraft } from './draft.ts';
import { holds, partsHold, type Subject } from './figures.ts';
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
            queries: [{ expr: partsHold(subject), legend: `part {{${partLabel}}}` }],
            width: 24,
            ...heldOrBroken,
          }),
        ]),
    ...comparisonsOf(condition).map((part) => comparisonPanel(service, part, slo.title)),
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
    queries: subjects.map((subject) => ({ expr: holds(subject), legend: subject.slo.title })),
    width: 24,
    height: 3 + subjects.length,
    ...heldOrBroken,
  });
}

const heldOrBroken = {
  steps: steps('red', [1, 'green']),
  mappings: [booleanMapping('held', 'broken')],
};

/** The comparisons in a condition: what has a value and a bound. */
export function comparisonsOf(condition: Condition): readonly ComparisonCondition[] {
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

/** The value of a comparison over time, with its bound as a line. */
export function comparisonPanel(service: Service, condition: ComparisonCondition, name: string): PanelDraft {
  const { value, operator, bound } = condition;
  const [only, ...more] = selectorsOf(value);
  // Of a plain gauge the unit is known; of a ratio or a rate it is not.
  const isPlain = value.kind === 'selector' && more.length === 0;
  const unit = isPlain && only !== undefined ? service.metrics.get(metricNameOf(only) ?? '')?.unit : undefined;
  return graph(
    {
      title: `${name}: value`,
      description: `The value behind the condition ${conditionText(condition)}; the line is its bound, ${operator} ${boundText(bound, unit)}.`,
      queries: [{ expr: underEveryName(service, value) }],
      unit: grafanaUnit(unit),
      steps: steps('transparent', [bound, 'red']),
    },
    { atLeast: [Math.min(0, 1.1 * bound), Math.max(0, 1.1 * bound)] },
  );
}
