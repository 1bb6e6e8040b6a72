import { alertsOf } from '../document/facts.ts';
import type { DocumentRule, LintDocument } from '../document/model.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const missingForAnnotations: DocumentCheck = {
  id: 'missing-for-annotations',
  severity: 'info',
  meaning:
    'An alert has no `for`, no summary or no runbook: it fires on one evaluation, or says nothing to whoever gets it.',
  remedy: 'add `for`, and the annotations `summary` and `runbook_url`',
  inspect: (document) => [...inRules(document), ...inTable(document)],
};

function inRules(document: LintDocument): readonly DocumentFinding[] {
  const rules = alertsOf(document).filter(({ row }) => row === undefined);
  const lacks = rules.map((rule) => missing(rule));
  const counts = new Map<string, number>();
  for (const part of lacks.flat()) counts.set(part, (counts.get(part) ?? 0) + 1);
  // What none of a file's rules has is how its owners write rules; what most have was forgotten in the others. An alert of a file
  // without `for` is meant to fire at once.
  const isForgotten = (part: string): boolean =>
    document.kind === 'markdown' ||
    (part !== '`for`' && 4 <= rules.length && 4 * (counts.get(part) ?? 0) <= rules.length);
  return rules.flatMap(({ name, nameSpan }, index) => {
    const own = (lacks[index] ?? []).filter(isForgotten);
    if (own.length === 0) return [];
    return [{ message: `\`${name}\` has no ${own.join(', no ')}`, span: nameSpan }];
  });
}

function missing({ hasFor, annotations, query, labels }: DocumentRule): readonly string[] {
  const keys = [...annotations.keys()];
  // An alert on the absence of series, or one that is always on, has no need to wait.
  const immediate = /\babsent|\bvector\s*\(/.test(query.text) || labels.get('severity') === 'none';
  return [
    ...(hasFor || immediate ? [] : ['`for`']),
    ...(keys.some((key) => /^(?:summary|description|message|title)$/i.test(key)) ? [] : ['summary']),
    ...(keys.some((key) => /runbook|playbook/i.test(key)) ? [] : ['runbook']),
  ];
}

/** Alerts that are told in a table without rules: what the columns leave out is missing for all. */
function inTable({ describedAlerts, rules, source }: LintDocument): readonly DocumentFinding[] {
  const written = rules.filter(({ row, hasFor }) => row === undefined || hasFor);
  const named = describedAlerts.filter(({ name }) => name !== '' && !written.some((rule) => rule.name === name));
  const [first] = named;
  if (first === undefined || /\bfor:?\s+\d|\brunbook/i.test(source.text)) return [];
  return [
    {
      message: `nothing says for how long the conditions of these ${named.length} alerts must hold, nor what to do`,
      span: first.span,
    },
  ];
}
