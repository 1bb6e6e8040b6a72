import { boundsOf } from '../document/expressions.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const sliContainsComparison: DocumentCheck = {
  id: 'sli-contains-comparison',
  severity: 'error',
  meaning:
    'What is meant as a measurement is a comparison: it filters, so that the value is gone exactly when the objective is missed.',
  remedy: 'measure without the comparison, and put the bound into the objective; an alert compares the other way round',
  inspect: ({ queries, objectives }) => {
    const measured = new Set(objectives.flatMap((objective) => objective.queries));
    return queries.flatMap((query) => {
      if (query.expr === undefined || (query.role !== 'panel' && !measured.has(query))) return [];
      const [bound] = boundsOf(query.expr);
      if (bound === undefined || bound.operator === '==' || bound.operator === '!=') return [];
      const below = bound.operator === '<' || bound.operator === '<=';
      const violated = bound.value === 0 && !below;
      if (violated || /\balert/i.test(query.title)) return [];
      return [
        {
          message: `the comparison \`${bound.operator} ${bound.value}\` is a filter: the value disappears when the objective is missed, and an alert on it fires while all is well`,
          span: spanIn(query, bound.node),
        },
      ];
    });
  },
};
