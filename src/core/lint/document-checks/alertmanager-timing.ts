import { parseDuration } from '../../base/index.ts';
import { entryOf, type YamlNode } from '../../yaml/index.ts';
import { routesOf } from '../document/alertmanager.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck } from '../document-check.ts';

export const alertmanagerTiming: DocumentCheck = {
  id: 'alertmanager-timing',
  severity: 'warning',
  meaning: "A route's lengths of time do not fit each other.",
  remedy: 'group_interval of some minutes, repeat_interval of hours and a multiple of group_interval',
  inspect: ({ yaml }) =>
    yaml.flatMap((block) =>
      routesOf(block).flatMap(({ node }) => {
        const interval = entryOf(node, 'group_interval');
        const ms = lengthOf(interval?.value);
        if (interval === undefined || ms === undefined || 60_000 <= ms) return [];
        const message = `group_interval is ${ms / 1000} s: each change of a group notifies again within a minute`;
        return [{ message, span: placed(block, interval.value.span) }];
      }),
    ),
};

function lengthOf(node: YamlNode | undefined): number | undefined {
  return node?.kind === 'scalar' ? parseDuration(node.text) : undefined;
}
