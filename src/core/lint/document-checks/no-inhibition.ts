import { type AlertmanagerConfiguration, type LabelMatcher, matchesLabels } from '../../formats/index.ts';
import { configurationsOf, routedSeverities } from '../document/alertmanager.ts';
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
      configurationsOf(block).flatMap((configuration) => {
        const severities = [...routedSeverities(configuration)];
        if (severities.length < 2 || inhibitsAmong(configuration, severities)) return [];
        const none =
          configuration.inhibitRules.length === 0 ? 'no `inhibit_rules`' : 'no inhibit rule between severities';
        const message = `${none}: an outage that raises ${severities.join(' and ')} notifies for each`;
        return [{ message, span: placed(block, configuration.routeSpan) }];
      }),
    ),
};

/** Whether a rule lets an alert of one of the severities silence one of another. */
function inhibitsAmong({ inhibitRules }: AlertmanagerConfiguration, severities: readonly string[]): boolean {
  return inhibitRules.some(({ source, target }) =>
    severities.some((one) => takes(source, one) && severities.some((other) => other !== one && takes(target, other))),
  );
}

/** Conditions on other labels than the severity may be met by some alert. */
function takes(matchers: readonly LabelMatcher[], severity: string): boolean {
  const own = matchers.filter(({ name }) => name === 'severity');
  return matchesLabels(own, new Map([['severity', severity]]));
}
