import { alertsOf } from '../document/facts.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const drillWithoutAlerts: DocumentCheck = {
  id: 'drill-without-alerts',
  severity: 'info',
  prose: true,
  meaning: 'A scenario is to verify alerting in a document that has no alert rule and names no file of them.',
  remedy:
    'write the alerts first; of a service that is down its own metrics are gone, so that one of them asks for `up`',
  inspect: (document) => {
    if (0 < alertsOf(document).length || document.objectives.length === 0) return [];
    if (/\b[\w./-]+\.(?:rules|libsonnet|rules\.ya?ml)\b|\balert(?:s|ing)?[\w-]*\.ya?ml\b/i.test(document.source.text))
      return [];
    return document.lines.flatMap(({ text, start, section }): readonly DocumentFinding[] => {
      if (!section.path.some((title) => /\bscenario|\bdrills?\b|\bgame ?day|\bchaos\b|\bexercise/i.test(title)))
        return [];
      const match =
        /\b(?:verif(?:y|ies|ied)|validat\w+|exercis\w+|test(?:s|ed|ing)?|check(?:s|ed)?)\s+(?:that\s+)?(?:the\s+)?alert\w*/i.exec(
          text,
        );
      if (match === null) return [];
      const at = start + match.index;
      return [{ message: 'there is no alert to be verified', span: { start: at, end: at + match[0].length } }];
    });
  },
};
