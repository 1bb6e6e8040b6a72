import type { DocumentCheck } from '../document-check.ts';

export const objectiveWithoutRatio: DocumentCheck = {
  id: 'objective-without-ratio',
  severity: 'warning',
  prose: true,
  meaning: 'An objective on latency has a bound and no share: nothing can meet it in each single case.',
  remedy: 'say how many: `95 % within 2 s`',
  inspect: ({ objectives }) =>
    objectives
      .filter(
        ({ thresholds, target, quantile }) => 0 < thresholds.length && target === undefined && quantile === undefined,
      )
      .filter(({ statement }) => !/\b(?:median|average|mean|maximum|max)\b/i.test(statement))
      .map(({ name, span }) => ({ message: `"${name}" does not say which share of events must keep the bound`, span })),
};
