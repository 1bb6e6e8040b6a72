import { columnOf, plain } from '../document/alerts-and-tiers.ts';
import { alertsOf, boundOf } from '../document/facts.ts';
import type { DocumentRule, LintDocument } from '../document/model.ts';
import { about, boundsIn, lengthsIn, percentagesIn } from '../document/quantities.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const alertMissing: DocumentCheck = {
  id: 'alert-missing',
  severity: 'warning',
  meaning: 'A sentence describes an alert for which the document has no rule.',
  remedy: 'write the rule, or remove the sentence',
  inspect: (document) => {
    const rules = alertsOf(document);
    // Alerts that have names are written somewhere; of those that a sentence only wishes for, a document without rules has none.
    const isNamed = document.describedAlerts.some(({ name }) => name !== '');
    const named = rules.length === 0 ? [] : namedInTables(document, rules);
    const described = document.describedAlerts.flatMap(({ name, condition, span }) => {
      if (rules.some((rule) => rule.name === name)) return [];
      if (rules.length === 0 && (isNamed || document.objectives.length === 0)) return [];
      if (name !== '') return [{ message: `there is no rule \`${name}\``, span }];
      const share = percentagesIn(condition)[0]?.share;
      const hold = lengthsIn(condition).at(-1)?.ms;
      if (share === undefined && (0 < rules.length || boundsIn(condition).length === 0)) return [];
      const found = rules.some((rule) => {
        const bound = boundOf(rule)?.value;
        return (
          bound !== undefined &&
          share !== undefined &&
          (about(bound, share) || about(bound, 1 - share)) &&
          (hold === undefined || rule.holdFor === hold)
        );
      });
      return found ? [] : [{ message: `no rule has the condition "${condition}"`, span }];
    });
    return [...described, ...named];
  },
};

/** A column of a table of something else that names the alert of each row, of which some are rules of the document. */
function namedInTables({ markdown }: LintDocument, rules: readonly DocumentRule[]): readonly DocumentFinding[] {
  const known = new Set(rules.map(({ name }) => name));
  return markdown.tables.flatMap(({ header, rows }) => {
    const column = columnOf(header, /^alerts?$/i);
    if (column === -1 || columnOf(header, /condition|expression|query|promql|trigger|threshold/i) !== -1) return [];
    const cells = rows.flatMap(({ cells: own }) => own[column] ?? []);
    const names = cells.map(({ text }) => plain(text));
    // Of a document without a single one of them the rules stand elsewhere.
    if (!names.some((name) => known.has(name))) return [];
    return cells.flatMap(({ span }, index) => {
      const name = names[index] ?? '';
      const isName = /^[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+$/.test(name);
      return isName && !known.has(name) ? [{ message: `there is no rule \`${name}\``, span }] : [];
    });
  });
}
