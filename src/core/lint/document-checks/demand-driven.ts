import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const demandDriven: DocumentCheck = {
  id: 'demand-driven',
  severity: 'info',
  prose: true,
  meaning:
    'An objective asks for a number of requests a second: on a quiet night it is missed, though nothing is wrong.',
  remedy:
    'measure capacity by a load test, or promise the share of requests that are served while load is below a bound',
  inspect: ({ objectives }) =>
    objectives.flatMap(({ name, target, statement, thresholds, quantile, span }): readonly DocumentFinding[] => {
      if (target !== undefined || quantile !== undefined || 0 < thresholds.length) return [];
      const match =
        /(?:[>≥]=?|\bat least|\bminimum(?: of)?|\bsustain\w*)\s*\**\s*\d[\d,.]*\s*(?:k\s*)?(?:RPS|QPS|TPS|req(?:uest)?s?\s*(?:\/|per)\s*(?:s|sec|second|min|minute)|(?:requests|operations|messages|jobs|transactions)\s*(?:\/|per)\s*(?:s|second|minute|hour))\b/i.exec(
          statement,
        );
      if (match === null) return [];
      if (
        /\b(?:offered|load test|under load|at (?:a )?load|capacity|while|when demand|if demand|peak)\b/i.test(statement)
      )
        return [];
      return [{ message: `"${name}" depends on how much is asked for, not on how well it is served`, span }];
    }),
};
