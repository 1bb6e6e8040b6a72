import { closest, type Severity } from '../../base/index.ts';
import { selectorsOf } from '../../promql/index.ts';
import { labelPredicate } from '../../series/index.ts';
import { expressionsOf, type Indicator, metricOf } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { isTargetLabel } from './check-selector.ts';
import type { Catalogue } from './metrics.ts';
import { alternatives, type Reading, reportKey, reportValue } from './reading.ts';
import { nameOf } from './selectors.ts';

/** Labels by which the rules themselves tell objectives apart. */
const reserved: ReadonlySet<string> = new Set(['service', 'slo', 'owner', 'severity', 'window', 'alertname', 'le']);

/** Checks the labels of which every value has an objective of its own: every metric has them, and no condition leaves just one value. */
export function checkGroups(
  reading: Reading,
  path: YamlPath,
  labels: readonly string[],
  indicator: Indicator,
  catalogue: Catalogue,
): void {
  const fault = labels.length === 0 ? undefined : ungroupable(indicator);
  if (fault !== undefined) {
    const [message, help] = fault;
    reportKey(reading, path, { severity: 'error', code: 'slo/group', message, help });
    return;
  }
  for (const [index, label] of labels.entries()) {
    const refuse = (message: string, help: string, severity: Severity = 'error'): void =>
      reportValue(reading, [...path, index], { severity, code: 'slo/group', message, help });
    if (labels.indexOf(label) < index) refuse(`\`${label}\` stands there twice`, 'remove one');
    else if (reserved.has(label))
      // It means something, and other tools have such groups; only rules have no place for it.
      refuse(
        `the label \`${label}\` is set by the generated rules: none can be made of such groups`,
        'relabel the metric, and group by the new label',
        'warning',
      );
    else {
      const [message, help] = groupFault(label, indicator, catalogue) ?? [];
      if (message !== undefined && help !== undefined) refuse(message, help);
    }
  }
}

/** Why an indicator has no groups. */
function ungroupable({ kind }: Indicator): readonly [message: string, help: string] | undefined {
  if (kind === 'composite') return ['a composite has no labels of its own', 'group its members'];
  if (kind === 'queries' || kind === 'external')
    return ['queries are taken as they are, and say nothing of labels', 'write an objective for each group'];
  return undefined;
}

function groupFault(
  label: string,
  indicator: Indicator,
  catalogue: Catalogue,
): readonly [message: string, help: string] | undefined {
  for (const selector of expressionsOf(indicator).flatMap(selectorsOf)) {
    const name = nameOf(selector);
    const metric = metricOf(name, catalogue.metrics);
    const fixed = selector.matchers.find(
      (matcher) => matcher.name === label && (matcher.operator === '=' || isOneWord(matcher)),
    );
    if (fixed !== undefined) {
      return [
        `\`${label}\` has the one value \`${fixed.value}\` in \`${name}\`: there is nothing to group`,
        'remove the condition or the group',
      ];
    }
    if (metric === undefined || catalogue.withoutLabels.has(metric.name) || metric.labels.has(label)) continue;
    if (isTargetLabel(label)) continue;
    const meant = closest(label, metric.labels.keys());
    const names = [...metric.labels.keys()];
    return [
      `\`${metric.name}\` has no label \`${label}\``,
      meant !== undefined
        ? `did you mean \`${meant}\`?`
        : names.length === 0
          ? 'it has no labels'
          : `its labels are ${alternatives(names).replace(' or ', ' and ')}`,
    ];
  }
  return undefined;
}

function isOneWord({ operator, value }: { readonly operator: string; readonly value: string }): boolean {
  return operator === '=~' && /^[\w-]+$/.test(value) && labelPredicate({ name: 'x', operator: '=~', value })(value);
}
