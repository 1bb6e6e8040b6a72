import { entryOf } from '../../yaml/index.ts';
import type { DocumentCheck } from '../document-check.ts';

export const rulesInPrometheusYml: DocumentCheck = {
  id: 'rules-in-prometheus-yml',
  severity: 'error',
  meaning:
    'Groups of rules are to go into `prometheus.yml`, which Prometheus refuses: they belong in files of their own.',
  remedy: 'put the groups into a file that `rule_files:` names',
  inspect: ({ kind, yaml, lines }) => [
    ...(kind === 'prometheus' ? yaml : []).flatMap((block) =>
      block.roots.flatMap((root) => {
        const groups = entryOf(root, 'groups');
        return groups === undefined
          ? []
          : [{ message: '`groups:` does not belong into prometheus.yml', span: groups.keySpan }];
      }),
    ),
    ...lines.flatMap(({ text, start, section }) => {
      const match = /\b(?:add|put|paste|place)\b.*`?prometheus\.yml`?/i.exec(text);
      const holdsRules = yaml.some(
        (block) => block.section === section && block.roots.some((root) => entryOf(root, 'groups') !== undefined),
      );
      if (match === null || !holdsRules) return [];
      const at = start + match.index;
      return [
        { message: 'Prometheus refuses `groups:` in prometheus.yml', span: { start: at, end: at + match[0].length } },
      ];
    }),
  ],
};
