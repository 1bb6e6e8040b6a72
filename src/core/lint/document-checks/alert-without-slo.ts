import { alertsOf, isAbout, meaningOf, quantileOf } from '../document/facts.ts';
import { quantilesIn } from '../document/quantities.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const alertWithoutSlo: DocumentCheck = {
  id: 'alert-without-slo',
  severity: 'info',
  meaning: 'An alert defends no objective of the document.',
  remedy: 'add the objective, or say that the alert is about the operation and not about users',
  inspect: (document) => {
    const { objectives, describedAlerts } = document;
    if (objectives.length === 0) return [];
    const quantiles = new Set(
      objectives.flatMap(({ quantile, statement, name }) => [quantile, ...quantilesIn(`${name} ${statement}`)]),
    );
    const described = describedAlerts.flatMap(({ name, condition, span }): readonly DocumentFinding[] => {
      const [quantile] = quantilesIn(condition);
      if (quantile === undefined || quantiles.has(quantile)) return [];
      return [{ message: `\`${name}\` is about p${quantile * 100}, for which there is no objective`, span }];
    });
    const measured = objectives.some(({ queries }) => 0 < queries.length);
    const rules = (measured ? alertsOf(document) : []).flatMap((rule): readonly DocumentFinding[] => {
      const expr = meaningOf(rule.query, document);
      if (expr === undefined || objectives.some((objective) => isAbout(document, rule, objective))) return [];
      const quantile = quantileOf(expr);
      const what = quantile === undefined ? 'what it watches' : `p${quantile * 100}`;
      return [{ message: `\`${rule.name}\` defends no objective: there is none on ${what}`, span: rule.nameSpan }];
    });
    return [...described, ...rules];
  },
};
