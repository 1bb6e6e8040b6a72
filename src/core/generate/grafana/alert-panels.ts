import type { build } from '../../promql/index.ts';
import { thresholdLabel, windowLabel } from '../names.ts';
import type { PanelDraft } from './draft.ts';
import { firing } from './figures.ts';
import { override, table } from './panels.ts';

/**
 * The alerts that fire now, as Prometheus records them: a table and not Grafana's list of alerts, which asks one data source by its name
 * and knows nothing of the choice made above the board.
 */
export function alertTable(
  title: string,
  about: string,
  selection: build.Conditions,
  width = 24,
  groups: readonly string[] = [],
): PanelDraft {
  return table(
    {
      title,
      description: `${about} An empty list is good news only while the objectives are not unknown.`,
      queries: [{ expr: firing(selection), instant: true, format: 'table' }],
      width,
      height: 6,
      overrides: [
        override('byName', 'Severity', {
          'custom.cellOptions': { type: 'color-text' },
          mappings: [
            {
              type: 'value',
              options: {
                page: { text: 'page', color: 'red', index: 0 },
                critical: { text: 'critical', color: 'red', index: 1 },
                ticket: { text: 'ticket', color: 'orange', index: 2 },
                warning: { text: 'warning', color: 'orange', index: 3 },
                info: { text: 'info', color: 'blue', index: 4 },
              },
            },
          ],
        }),
      ],
    },
    {
      names: {
        severity: 'Severity',
        alertname: 'Alert',
        service: 'Service',
        slo: 'Objective',
        ...Object.fromEntries(groups.map((label) => [label, `Group: ${label}`])),
        [windowLabel]: 'Window',
        [thresholdLabel]: 'Threshold',
        instance: 'Instance',
        reason: 'Reason',
        owner: 'Owner',
      },
      sortBy: { column: 'Severity', descending: false },
    },
  );
}
