import { entryOf } from '../../yaml/index.ts';
import { configurationsOf, routesOf } from '../document/alertmanager.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck } from '../document-check.ts';

export const noInhibition: DocumentCheck = {
  id: 'no-inhibition',
  severity: 'warning',
  meaning: 'Alerts of several severities are sent and none silences another: one outage notifies once for each tier.',
  remedy:
    'add `inhibit_rules` in which the more severe alert inhibits the less severe of the same service and objective',
  inspect: ({ yaml }) =>
    yaml.flatMap((block) =>
      configurationsOf(block).flatMap(({ root, route }) => {
        const severities = new Set(
          routesOf(block).flatMap(({ matchers }) =>
            matchers.filter(({ name }) => name === 'severity').map(({ value }) => value),
          ),
        );
        if (severities.size < 2 || entryOf(root, 'inhibit_rules') !== undefined) return [];
        const message = `no \`inhibit_rules\`: an outage that raises ${[...severities].join(' and ')} notifies for each`;
        return [{ message, span: placed(block, route.keySpan) }];
      }),
    ),
};
