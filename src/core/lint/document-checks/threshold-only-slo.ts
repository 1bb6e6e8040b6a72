import type { DocumentCheck } from '../document-check.ts';

export const thresholdOnlySlo: DocumentCheck = {
  id: 'threshold-only-slo',
  severity: 'info',
  prose: true,
  meaning:
    'An objective on a percentile is said to have no error budget: p95 below a bound is 95 % of events below it, with a budget of 5 %.',
  remedy: 'state the share: `95 % of requests within 200 ms`',
  inspect: ({ objectives, yaml }) =>
    objectives.flatMap(({ name, quantile, statement, section, span }) => {
      if (quantile === undefined || !/\bN\/A\b|\bno (?:error )?budget\b/i.test(statement)) return [];
      const place = yaml
        .filter((block) => block.section === section)
        .flatMap((block) => {
          const at = /\bN\/A\b[^\n]*|\bno (?:error )?budget\b[^\n]*/i.exec(block.text);
          return at === null ? [] : [{ start: block.toSource(at.index), end: block.toSource(at.index + at[0].length) }];
        })[0];
      const share = Number(((1 - quantile) * 100).toPrecision(3));
      return [{ message: `"${name}" has a budget: ${share} % of events may be slower`, span: place ?? span }];
    }),
};
