import { matchesLabels } from './matchers.ts';
import type { AlertmanagerRoute } from './model.ts';

/**
 * The routes that an alert with these labels takes, in the order in which Alertmanager finds them: a node takes it if none of its
 * children does, and the first child that does ends the search unless it says `continue`. The top takes everything, whatever conditions
 * it has (Alertmanager refuses conditions there). Source: alertmanager, dispatch/route.go, Route.Match.
 */
export function routesOf(
  top: AlertmanagerRoute,
  labels: ReadonlyMap<string, string>,
): readonly [AlertmanagerRoute, ...AlertmanagerRoute[]] {
  const found: AlertmanagerRoute[] = [];
  for (const child of top.routes) {
    if (!matchesLabels(child.matchers, labels)) continue;
    found.push(...routesOf(child, labels));
    if (!child.continues) break;
  }
  const [first, ...rest] = found;
  return first === undefined ? [top] : [first, ...rest];
}

/** The names of the receivers that are told of an alert with these labels, as `amtool config routes test` prints them. */
export function receiversOf(top: AlertmanagerRoute, labels: ReadonlyMap<string, string>): readonly string[] {
  return routesOf(top, labels).map(({ receiver }) => receiver);
}

/** Every node of the tree, parents before children. */
export function allRoutes(top: AlertmanagerRoute): readonly AlertmanagerRoute[] {
  return [top, ...top.routes.flatMap(allRoutes)];
}
