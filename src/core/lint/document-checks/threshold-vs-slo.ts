import { boundsOf, countsGood, ratiosOf } from '../document/expressions.ts';
import { alertsOf, burnsOf, isAbout, meaningOf } from '../document/facts.ts';
import type { DocumentRule, LintDocument, Objective } from '../document/model.ts';
import { about, short, showShare } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const thresholdVsSlo: DocumentCheck = {
  id: 'threshold-vs-slo',
  severity: 'warning',
  meaning:
    'An alert on a ratio has another bound than its objective: between the two the objective is missed and nobody is told, or it is met and somebody is.',
  remedy: 'alert on burn rates, or at the bound of the objective over its period',
  inspect: (document) =>
    document.objectives.flatMap((objective) => {
      const bounds = alertsOf(document)
        .flatMap((rule) => errorBound(document, rule, objective))
        .toSorted((a, b) => a.errors - b.errors);
      // The alert that fires first is what the objective has; later ones only say that it got worse.
      return bounds.slice(0, 1).flatMap((bound) => judge(bound, objective));
    }),
};

/** An hour, with what differs by rounding. */
const shortestLongWindow = 3590;

interface ErrorBound {
  readonly rule: DocumentRule;
  /** The share of bad events at which the alert fires. */
  readonly errors: number;
  /** Seconds. */
  readonly range: number;
  readonly finding: Omit<DocumentFinding, 'message'>;
}

function errorBound(document: LintDocument, rule: DocumentRule, objective: Objective): readonly ErrorBound[] {
  const expr = meaningOf(rule.query, document);
  const [bound] = rule.query.expr === undefined ? [] : boundsOf(rule.query.expr);
  if (expr === undefined || bound === undefined || objective.target === undefined || 0 < objective.thresholds.length)
    return [];
  const [ratio] = ratiosOf(expr);
  if (ratio === undefined || 0 < burnsOf(expr).length || !isAbout(document, rule, objective)) return [];
  const low = bound.operator.startsWith('<');
  const value = 1 < bound.value ? bound.value / 100 : bound.value;
  const good = countsGood(ratio);
  if (bound.operator === '==' || bound.operator === '!=' || (good !== undefined && good !== low)) return [];
  return [
    {
      rule,
      errors: low ? 1 - value : value,
      range: ratio.range ?? 0,
      finding: { span: spanIn(rule.query, bound.node) },
    },
  ];
}

function judge(
  { rule: { name }, errors, range, finding }: ErrorBound,
  { target = 1, name: objective }: Objective,
): readonly DocumentFinding[] {
  const budget = 1 - target;
  const burn = errors / budget;
  // The burn rates that the workbook and its users alert on, multiplied into the bound, over windows as long as theirs.
  const isTier = shortestLongWindow <= range && [14.4, 13.44, 6, 3].some((factor) => about(burn, factor, 0.02));
  if (about(errors, budget, 0.02) || isTier) return [];
  if (burn < 1) {
    const message = `\`${name}\` fires at ${showShare(errors)} errors, within the ${showShare(budget)} that "${objective}" allows`;
    return [{ message, ...finding }];
  }
  const message = `\`${name}\` fires at ${showShare(errors)} errors (burn rate ${short(burn)}): from ${showShare(budget)} on "${objective}" is missed, and nobody is told`;
  return [{ message, ...finding }];
}
