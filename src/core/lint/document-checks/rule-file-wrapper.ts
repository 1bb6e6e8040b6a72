import { entryOf } from '../../yaml/index.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck } from '../document-check.ts';

export const ruleFileWrapper: DocumentCheck = {
  id: 'rule-file-wrapper',
  severity: 'error',
  meaning: 'Rules stand in a bare list; Prometheus loads only groups of rules.',
  remedy: 'wrap the list: `groups: [{ name: ..., rules: [...] }]`',
  inspect: ({ yaml }) =>
    yaml.flatMap((block) =>
      block.roots.flatMap((root) => {
        const [first] = root.kind === 'list' ? root.items : [];
        const key = entryOf(first, 'alert') ?? entryOf(first, 'record');
        if (key === undefined || entryOf(first, 'expr') === undefined) return [];
        return [
          {
            message: 'a rule file needs `groups:`, a name and `rules:` round its rules',
            span: placed(block, key.keySpan),
          },
        ];
      }),
    ),
};
