import { entryOf } from '../../yaml/index.ts';
import { routesOf } from '../document/alertmanager.ts';
import { placed } from '../document/rules.ts';
import type { DocumentCheck } from '../document-check.ts';

export const deprecated: DocumentCheck = {
  id: 'deprecated',
  severity: 'info',
  meaning: 'A route uses `match` or `match_re`, which Alertmanager has deprecated since 0.22.',
  remedy: 'write `matchers:` with a list of matchers',
  inspect: ({ yaml }) =>
    yaml.flatMap((block) =>
      routesOf(block).flatMap(({ node }) =>
        ['match', 'match_re'].flatMap((key) => {
          const entry = entryOf(node, key);
          if (entry === undefined) return [];
          return [
            { message: `\`${key}\` is deprecated in favour of \`matchers\``, span: placed(block, entry.keySpan) },
          ];
        }),
      ),
    ),
};
