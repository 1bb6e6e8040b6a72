import { alertsOf } from '../document/facts.ts';
import type { DocumentRule } from '../document/model.ts';
import type { DocumentCheck } from '../document-check.ts';

export const alertText: DocumentCheck = {
  id: 'alert-text',
  severity: 'info',
  meaning:
    'The summary of an alert names neither a service nor an objective: who is woken by it does not know where to look.',
  remedy:
    'name both: `checkout availability: error budget burns at 14.4 times the allowed rate`, or `{{ $labels.service }}`',
  inspect: (document) =>
    alertsOf(document).flatMap((rule) => {
      const summary = rule.annotations.get('summary') ?? rule.annotations.get('message');
      if (summary === undefined || namesSomething(summary.text) || isLabelled(rule)) return [];
      const description = rule.annotations.get('description');
      if (description !== undefined && namesSomething(description.text)) return [];
      return [{ message: `"${summary.text}" does not say what is concerned`, span: summary.span }];
    }),
};

/** A label that notifications show beside the text. */
function isLabelled({ labels }: DocumentRule): boolean {
  return ['service', 'slo', 'app', 'component', 'job', 'team', 'owner'].some((label) => labels.has(label));
}

/** Words that stand in any alert of any service. */
const general = new Set(
  (
    'a about above after again alert all an and are at be been below between burn burning burned by check consumed consumption critical ' +
    'current currently daily day days detected down error errors exceed exceeded exceeding exceeds exhausted fast fires firing for from ' +
    'gone has high hour hours hourly in is it just last less limit low medium minute minutes month monthly more most of off on one or ' +
    'over page per percent projected rapid rapidly rate rates ratio remaining second seconds severity share slo slos sli slow slowly soon ' +
    'spent than that the this threshold ticket time times to too used very warning was we week weekly weeks will window with within x ' +
    'budget budgets failed failing failure failures fail fails problem issue issues something wrong value'
  ).split(' '),
);

function namesSomething(text: string): boolean {
  if (/\{\{[^}]*\b(?:labels|externalLabels)\b/i.test(text)) return true;
  const words = text.replaceAll(/\{\{.*?\}\}/g, ' ').match(/[A-Za-z][\w-]*/g) ?? [];
  return words.some((word) => !general.has(word.toLowerCase()) && !/^[smhdwx]$/i.test(word));
}
