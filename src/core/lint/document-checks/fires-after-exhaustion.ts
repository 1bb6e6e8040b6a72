import { boundsOf, ratiosOf } from '../document/expressions.ts';
import { alertsOf, burnsOf, isAbout, meaningOf } from '../document/facts.ts';
import type { LintDocument, Objective } from '../document/model.ts';
import { lengthsIn, percentagesIn, sharesWord, short, showLength, showShare } from '../document/quantities.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

const month = 30 * 86_400_000;

export const firesAfterExhaustion: DocumentCheck = {
  id: 'fires-after-exhaustion',
  severity: 'error',
  meaning: 'An alert fires when the whole error budget is gone: burn rate x window is the period or more.',
  remedy: 'shorten the window or lower the burn rate, so that burn rate x window is a small part of the period',
  inspect: (document) => [...inRules(document), ...inWords(document), ...inTiers(document)],
};

function inRules(document: LintDocument): readonly DocumentFinding[] {
  return alertsOf(document).flatMap((rule): readonly DocumentFinding[] => {
    const expr = meaningOf(rule.query, document);
    const [bound] = rule.query.expr === undefined ? [] : boundsOf(rule.query.expr);
    if (expr === undefined || bound === undefined || !bound.operator.startsWith('>')) return [];
    const own = document.objectives.filter((one) => isAbout(document, rule, one));
    const [burn] = burnsOf(expr);
    const [ratio] = ratiosOf(expr);
    const range = (burn?.ratio ?? ratio)?.range;
    if (range === undefined || (burn === undefined && own.length === 0)) return [];
    const period = Math.max(...own.map((one) => one.period ?? month), own.length === 0 ? month : 0);
    const budget = own.flatMap(({ target }) => (target === undefined ? [] : [1 - target]))[0];
    const rate = burn === undefined ? (budget === undefined ? undefined : bound.value / budget) : bound.value;
    // A ratio of a whole period above the budget is the definition of a missed objective, which a report may ask for.
    const message = rate === undefined ? undefined : judge(rate, range * 1000, period);
    return message === undefined ? [] : [{ message, span: spanIn(rule.query, bound.node) }];
  });
}

/** `failed/total over 7d > 5%` about an objective of 95 % over 7 days. */
function inWords({ describedAlerts, objectives }: LintDocument): readonly DocumentFinding[] {
  return describedAlerts.flatMap(({ name, condition, span }) => {
    const window = lengthsIn(/\bover\s+(.*)/i.exec(condition)?.[1] ?? '')[0]?.ms;
    const share = />=?|≥|above|exceeds/.test(condition) ? percentagesIn(condition).at(-1)?.share : undefined;
    if (window === undefined || share === undefined) return [];
    const objective = objectives.find(
      (one): one is Objective & { target: number } => one.target !== undefined && sharesWord(name, one.name),
    );
    if (objective === undefined) return [];
    const message = judge(share / (1 - objective.target), window, objective.period ?? month);
    return message === undefined ? [] : [{ message, span }];
  });
}

function inTiers({ tiers, objectives }: LintDocument): readonly DocumentFinding[] {
  const periods = objectives.flatMap(({ period, hasBudget }) => (hasBudget && period !== undefined ? [period] : []));
  const period = periods.length === 0 ? month : Math.max(...periods);
  return tiers.flatMap(({ factor, long, span }) => {
    const message = factor === undefined || long === undefined ? undefined : judge(factor, long, period);
    return message === undefined ? [] : [{ message, span }];
  });
}

function judge(rate: number, window: number, period: number): string | undefined {
  const spent = (rate * window) / period;
  if (spent < 0.999) return undefined;
  return `burn rate ${short(rate)} over ${showLength(window)} is ${showShare(spent)} of a budget for ${showLength(period)}: it fires when nothing is left to save`;
}
