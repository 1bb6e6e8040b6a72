import { boundsOf, expanded } from '../document/expressions.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';
import { comparisonProblem } from '../quantile-ceiling.ts';
import { quantileBeyondBucketsText } from '../shared-checks.ts';

export const quantileBeyondBuckets: DocumentCheck = {
  ...quantileBeyondBucketsText,
  inspect: ({ queries, recorded, catalogue }) =>
    queries.flatMap((query): readonly DocumentFinding[] =>
      (query.expr === undefined ? [] : boundsOf(query.expr)).flatMap(({ left, operator, value, node }) => {
        const problem = comparisonProblem(
          expanded(left, recorded),
          operator,
          value,
          (name) => catalogue.get(name)?.buckets,
        );
        return problem === undefined ? [] : [{ message: problem, span: spanIn(query, node) }];
      }),
    ),
};
