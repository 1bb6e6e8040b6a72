import { selectorsOf } from '../../promql/index.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

/** Words behind `for` that do not narrow anything. */
const wide = /^(?:all|the|any|every|http|api|user|users|server|a|an|its|these|those|each|total)$/i;

export const scopeMissing: DocumentCheck = {
  id: 'scope-missing',
  severity: 'warning',
  meaning: 'The objective is about a part of the traffic, and its query about all of it.',
  remedy: 'add the matcher that selects the part',
  inspect: ({ objectives }) =>
    objectives.flatMap(({ statement, queries, span, section }): readonly DocumentFinding[] => {
      const scope = /\bfor\s+([\w/-]+)\s+(?:operations|requests|endpoints|calls|routes|traffic)\b/i.exec(statement);
      const selectors = queries.flatMap(({ expr }) => (expr === undefined ? [] : selectorsOf(expr)));
      if (scope === null || wide.test(scope[1] ?? '') || selectors.length === 0) return [];
      if (selectors.some(({ matchers }) => matchers.some(({ name }) => !/^(?:le|job|instance|__name__)$/.test(name))))
        return [];
      return [
        { message: `nothing in the query of "${section.title}" selects "${scope[0].replace(/^for\s+/i, '')}"`, span },
      ];
    }),
};
