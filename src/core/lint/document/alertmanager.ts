import {
  type AlertmanagerConfiguration,
  type AlertmanagerRoute,
  alertmanagerOf,
  allRoutes,
} from '../../formats/index.ts';
import { entryOf } from '../../yaml/index.ts';
import type { YamlBlock } from './model.ts';

/** The configurations of Alertmanager among the documents of a block of YAML. */
export function configurationsOf({ roots }: YamlBlock): readonly AlertmanagerConfiguration[] {
  return roots.filter((root) => entryOf(root, 'route') !== undefined).map(alertmanagerOf);
}

/** Every route of a configuration, parents before children. */
export function routesIn({ route }: AlertmanagerConfiguration): readonly AlertmanagerRoute[] {
  return route === undefined ? [] : allRoutes(route);
}

/** The severities that routes of a configuration are made for. */
export function routedSeverities(configuration: AlertmanagerConfiguration): ReadonlySet<string> {
  return new Set(
    routesIn(configuration).flatMap(({ matchers }) =>
      matchers.flatMap(({ name, operator, value }) => {
        if (name !== 'severity') return [];
        if (operator === '=') return [value];
        return operator === '=~' && /^[\w|-]+$/.test(value) ? value.split('|') : [];
      }),
    ),
  );
}
