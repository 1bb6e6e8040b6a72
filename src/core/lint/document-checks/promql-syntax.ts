import { problemSpan } from '../document/queries.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const promqlSyntax: DocumentCheck = {
  id: 'promql-syntax',
  severity: 'error',
  meaning:
    'An expression does not parse, or a function gets what it does not take: Prometheus refuses the whole query.',
  remedy: 'correct the expression at the place shown and run it once',
  inspect: ({ queries }) =>
    queries.flatMap((query): readonly DocumentFinding[] => {
      const assigned =
        query.assigned === undefined
          ? []
          : [
              {
                message: `PromQL has no variables: \`${query.assigned.name} =\` cannot be run`,
                help: 'write the whole expression, or record the value by a rule and use its name',
                span: query.assigned.span,
              },
            ];
      const problems = query.problems.map((problem) => ({
        message: problem.message,
        ...(problem.help === undefined ? {} : { help: problem.help }),
        span: problemSpan(query, problem),
      }));
      return [...assigned, ...problems];
    }),
};
