import { entryOf, type YamlNode } from '../../yaml/index.ts';
import { configurationsOf, routesIn } from '../document/alertmanager.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck } from '../document-check.ts';

/** What each key has given way to. Source: the CHANGELOG of Alertmanager, 0.22 and 0.24. */
const successors: readonly (readonly [key: string, successor: string])[] = [
  ['match', 'matchers'],
  ['match_re', 'matchers'],
  ['source_match', 'source_matchers'],
  ['source_match_re', 'source_matchers'],
  ['target_match', 'target_matchers'],
  ['target_match_re', 'target_matchers'],
];

export const deprecated: DocumentCheck = {
  id: 'deprecated',
  severity: 'info',
  meaning: 'A configuration uses keys that Alertmanager has deprecated, such as `match` and `match_re` since 0.22.',
  remedy: 'write `matchers:` with a list of matchers',
  inspect: ({ yaml }) =>
    yaml.flatMap((block) =>
      configurationsOf(block).flatMap((configuration) => {
        const inhibit = entryOf(configuration.root, 'inhibit_rules')?.value;
        const rules: readonly YamlNode[] = inhibit?.kind === 'list' ? inhibit.items : [];
        const nodes = [...routesIn(configuration).map(({ node }) => node), ...rules];
        const old = nodes.flatMap((node) =>
          successors.flatMap(([key, successor]) => {
            const entry = entryOf(node, key);
            if (entry === undefined) return [];
            const message = `\`${key}\` is deprecated in favour of \`${successor}\``;
            return [{ message, help: `write \`${successor}:\` with a list`, span: placed(block, entry.keySpan) }];
          }),
        );
        const intervals = entryOf(configuration.root, 'mute_time_intervals');
        if (intervals === undefined) return old;
        const message = '`mute_time_intervals` is deprecated in favour of `time_intervals`';
        return [...old, { message, help: 'rename the key', span: placed(block, intervals.keySpan) }];
      }),
    ),
};
