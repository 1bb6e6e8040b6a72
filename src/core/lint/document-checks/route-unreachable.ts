import { type AlertmanagerRoute, type LabelMatcher, matchesLabels } from '../../formats/index.ts';
import { firstLineOf } from '../../yaml/index.ts';
import { configurationsOf } from '../document/alertmanager.ts';
import { alertsOf } from '../document/facts.ts';
import type { LintDocument } from '../document/model.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck } from '../document-check.ts';

export const routeUnreachable: DocumentCheck = {
  id: 'route-unreachable',
  severity: 'warning',
  meaning:
    'No alert ever takes a route: an earlier sibling takes all that it would match, or its conditions exclude each other.',
  remedy: 'put the narrower route before the wider one, or give the earlier one `continue: true`',
  inspect: (document) => {
    const alerts = labelsOfAlerts(document);
    return document.yaml.flatMap((block) =>
      configurationsOf(block).flatMap(({ route }) =>
        route === undefined
          ? []
          : problems(route, [], alerts).map(({ message, at }) => ({
              message,
              span: placed(block, firstLineOf(at.node)),
            })),
      ),
    );
  },
};

type LabelSet = ReadonlyMap<string, string>;

interface Problem {
  readonly message: string;
  readonly at: AlertmanagerRoute;
}

function problems(
  parent: AlertmanagerRoute,
  above: readonly LabelMatcher[],
  alerts: readonly LabelSet[],
): readonly Problem[] {
  return parent.routes.flatMap((route, index): readonly Problem[] => {
    const all = [...above, ...route.matchers];
    const earlier = parent.routes.slice(0, index).filter(({ continues }) => !continues);
    const conflict = exclusive(all);
    if (conflict !== undefined) return [{ message: `no alert has ${conflict}`, at: route }];
    const shadow = earlier.find((other) => other.matchers.every((matcher) => implied(matcher, all)));
    if (shadow !== undefined)
      return [{ message: `the route for ${shown(shadow)} above takes every alert that this one matches`, at: route }];
    const meant = alerts.filter((labels) => matchesLabels(all.map(withoutGlob), labels));
    const taken = meant.filter((labels) => earlier.some((other) => matchesLabels(other.matchers, labels)));
    if (0 < meant.length && meant.length === taken.length) {
      const message = `the routes above take all ${meant.length} alerts of this document that are meant for it`;
      return [{ message, at: route }];
    }
    return problems(route, all, alerts);
  });
}

/** Two conditions that no value meets both. */
function exclusive(matchers: readonly LabelMatcher[]): string | undefined {
  for (const { name, operator, value } of matchers) {
    const against = operator === '=' && matchers.find((one) => one.name === name && !holds(one, value));
    if (against) return `${name}="${value}" and ${name}${against.operator}"${against.value}"`;
  }
  return undefined;
}

/** Whether each alert that meets the conditions meets this one too, as far as can be told from values that are written out. */
function implied(matcher: LabelMatcher, conditions: readonly LabelMatcher[]): boolean {
  return conditions.some(({ name, operator, value }) => {
    if (name !== matcher.name) return false;
    if (operator === matcher.operator && value === matcher.value) return true;
    if (operator === '=') return holds(matcher, value);
    return operator === '=~' && /^[\w\-/: |]+$/.test(value) && value.split('|').every((one) => holds(matcher, one));
  });
}

function holds(matcher: LabelMatcher, value: string): boolean {
  return matchesLabels([matcher], new Map([[matcher.name, value]]));
}

/** What was meant by a star in an exact value, of which `glob-vs-regex` tells. */
function withoutGlob(matcher: LabelMatcher): LabelMatcher {
  return matcher.operator === '=' && matcher.value.includes('*')
    ? { ...matcher, operator: '=~', value: matcher.value.replaceAll('*', '.*') }
    : matcher;
}

function shown({ matchers }: AlertmanagerRoute): string {
  if (matchers.length === 0) return 'all alerts';
  return `\`${matchers.map(({ name, operator, value }) => `${name}${operator}"${value}"`).join(', ')}\``;
}

/** Labels that templates fill in are not known here. */
function labelsOfAlerts(document: LintDocument): readonly LabelSet[] {
  return alertsOf(document).map(
    ({ name, labels }) => new Map([...[...labels].filter(([, value]) => !value.includes('{{')), ['alertname', name]]),
  );
}
