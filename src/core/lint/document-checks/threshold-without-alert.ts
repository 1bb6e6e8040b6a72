import { columnOf, plain } from '../document/alerts-and-tiers.ts';
import { metricsOf } from '../document/expressions.ts';
import { alertsOf, boundOf, meaningOf } from '../document/facts.ts';
import type { DocumentRule, LintDocument } from '../document/model.ts';
import { about } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const thresholdWithoutAlert: DocumentCheck = {
  id: 'threshold-without-alert',
  severity: 'info',
  meaning: 'A table sets thresholds for which no alert rule exists: nobody is told when they are passed.',
  remedy: 'write the rules, or say where they are',
  inspect: (document) => {
    const rules = alertsOf(document);
    if (rules.length === 0) return [];
    return document.markdown.tables.flatMap(({ header, rows }) => {
      const columns = ['warning', 'critical', 'page', 'ticket'].flatMap((word) => {
        const column = columnOf(header, new RegExp(`^(?:${word})(?:\\s+(?:threshold|level|at))?$`, 'i'));
        return column === -1 ? [] : [column];
      });
      if (columns.length < 2) return [];
      return rows.flatMap(({ cells, span }) => {
        const name = plain(cells[0]?.text ?? '');
        const bounds = columns.flatMap((column) => {
          const text = plain(cells[column]?.text ?? '');
          return valuesOf(text).length === 0 ? [] : [{ text, values: valuesOf(text) }];
        });
        const missing = bounds.filter(({ values }) => !rules.some((rule) => defends(document, rule, name, values)));
        if (missing.length === 0) return [];
        return [
          { message: `no alert rule is about "${name}" at ${missing.map(({ text }) => text).join(' and ')}`, span },
        ];
      });
    });
  },
};

/** The numbers that a rule may have where a table says `70%`, `40s` or `100`. */
function valuesOf(text: string): readonly number[] {
  const match = /^[<>≤≥=\s]*(\d+(?:[.,]\d+)?)\s*(%|ms|s|sec|seconds|min|minutes)?/i.exec(text);
  if (match === null) return [];
  const value = Number((match[1] ?? '').replace(',', '.'));
  const unit = (match[2] ?? '').toLowerCase();
  if (unit === '%') return [value, value / 100];
  if (unit === 'ms') return [value, value / 1000];
  return unit.startsWith('min') ? [value, value * 60] : [value];
}

function defends(document: LintDocument, rule: DocumentRule, name: string, values: readonly number[]): boolean {
  const bound = boundOf(rule)?.value;
  if (bound === undefined || !values.some((value) => about(value, bound))) return false;
  const expr = meaningOf(rule.query, document);
  const own = new Set([rule.name, ...(expr === undefined ? [] : metricsOf(expr))].flatMap(wordsOf));
  return wordsOf(name).some((word) => own.has(word));
}

function wordsOf(text: string): readonly string[] {
  return (text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [])
    .map((word) => word.toLowerCase())
    .filter((word) => 2 < word.length && !/^(?:the|high|low|total|latency|usage|utilization|rate)$/.test(word));
}
