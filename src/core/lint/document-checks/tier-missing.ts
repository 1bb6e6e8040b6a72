import { routesOf } from '../../formats/index.ts';
import { configurationsOf, routedSeverities } from '../document/alertmanager.ts';
import { alertsOf, boundOf, burnsOf, meaningOf } from '../document/facts.ts';
import type { LintDocument } from '../document/model.ts';
import { about, short } from '../document/quantities.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const tierMissing: DocumentCheck = {
  id: 'tier-missing',
  severity: 'warning',
  meaning: 'A tier of the table of tiers has no alert rule, or alerts of a severity have no route.',
  remedy: 'write the rule or the route, or take the tier out of the table',
  inspect: (document) => [...withoutRule(document), ...withoutRoute(document)],
};

function withoutRule(document: LintDocument): readonly DocumentFinding[] {
  const burns = alertsOf(document).filter(({ query }) => {
    const expr = meaningOf(query, document);
    return expr !== undefined && 0 < burnsOf(expr).length;
  });
  if (burns.length === 0) return [];
  return document.tiers.flatMap(({ name, factor, span }) => {
    if (factor === undefined || burns.some((rule) => about(boundOf(rule)?.value ?? 0, factor))) return [];
    return [{ message: `no alert rule fires at burn ${short(factor)}, the tier "${name}"`, span }];
  });
}

/** Severities beside those that have routes of their own, which fall to the receiver at the top. */
function withoutRoute(document: LintDocument): readonly DocumentFinding[] {
  const used = new Set(
    [
      ...alertsOf(document).map(({ labels }) => labels.get('severity') ?? ''),
      ...document.tiers.map(({ severity }) => severity.toLowerCase()),
      ...document.describedAlerts.map(({ severity }) => severity.toLowerCase()),
    ].filter((severity) => /^[\w-]+$/.test(severity)),
  );
  return document.yaml.flatMap((block) =>
    configurationsOf(block).flatMap((configuration) => {
      const { route, receivers } = configuration;
      if (route === undefined || routedSeverities(configuration).size < 2) return [];
      const isDefined = receivers === undefined || receivers.some(({ name }) => name === route.receiver);
      return [...used].flatMap((severity) => {
        const [first] = routesOf(route, new Map([['severity', severity]]));
        if (first !== route) return [];
        const where = isDefined
          ? `the top receiver \`${route.receiver}\``
          : `\`${route.receiver}\`, which is not defined`;
        return [
          {
            message: `no route is for severity \`${severity}\`: it falls to ${where}`,
            span: placed(block, configuration.routeSpan),
          },
        ];
      });
    }),
  );
}
