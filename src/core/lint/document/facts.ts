import { type Expr, metricNameOf, selectorsOf, unwrap, walk } from '../../promql/index.ts';
import { baseName } from './catalogue.ts';
import { boundsOf, expanded, metricsOf, ratiosOf } from './expressions.ts';
import type { DocumentRule, LintDocument, Objective, Query } from './model.ts';

/** The expression of a query with the document's own recording rules put in. */
export function meaningOf(query: Query, { recorded }: LintDocument): Expr | undefined {
  return query.expr === undefined ? undefined : expanded(query.expr, recorded);
}

export function alertsOf({ rules }: LintDocument): readonly DocumentRule[] {
  return rules.filter(({ kind }) => kind === 'alert');
}

/** The metrics that an objective is measured by, base names; names in its words count where it has no query that can be read. */
export function metricsOfObjective(objective: Objective): ReadonlySet<string> {
  const known = metricsKnown.get(objective);
  if (known !== undefined) return known;
  const found = findMetrics(objective);
  metricsKnown.set(objective, found);
  return found;
}

/** Every check asks for them, some for each pair of objectives. */
const metricsKnown = new WeakMap<Objective, ReadonlySet<string>>();

function findMetrics({ queries, statement }: Objective): ReadonlySet<string> {
  const measured = queries.flatMap(({ expr }) => (expr === undefined ? [] : metricsOf(expr)));
  const broken = queries
    .filter(({ expr }) => expr === undefined)
    .flatMap(({ text }) => text.match(/\b[a-z]\w*_\w+\b(?!\s*\()/g) ?? []);
  const said = measured.length + broken.length === 0 ? (statement.match(/\b[a-zA-Z]\w*_\w+_\w+\b/g) ?? []) : [];
  return new Set([...measured, ...broken, ...said].map(baseName));
}

/** The first quantile that an expression takes. */
export function quantileOf(expr: Expr): number | undefined {
  let found: number | undefined;
  walk(expr, (node) => {
    const [first] = node.kind === 'call' && node.function === 'histogram_quantile' ? node.args : [];
    if (first?.kind === 'number' && found === undefined) found = first.value;
  });
  return found;
}

/** A burn rate: a ratio of events divided by a constant budget. */
export interface Burn {
  readonly budget: number;
  readonly node: Expr;
  /** Where the budget stands. */
  readonly divisor: Expr;
  readonly ratio: ReturnType<typeof ratiosOf>[number];
}

/** Every division of a ratio of events by a number below a half. */
export function burnsOf(expr: Expr): readonly Burn[] {
  const ratios = ratiosOf(expr);
  const inside = ratios.flatMap((ratio) =>
    ratio.budget !== undefined && ratio.budget < 0.5
      ? [{ budget: ratio.budget, node: ratio.node, divisor: ratio.node.right, ratio }]
      : [],
  );
  const found: Burn[] = [...inside];
  walk(expr, (node) => {
    if (node.kind !== 'binary' || node.operator !== '/') return;
    const right = unwrap(node.right);
    const budget = right.kind === 'number' ? right.value : complementOf(right);
    const ratio = ratios.find((one) => one.node === unwrap(leftmost(node.left)));
    if (budget !== undefined && 0 < budget && budget < 0.5 && ratio !== undefined)
      found.push({ budget, node, divisor: node.right, ratio });
  });
  return found;
}

/** `r * 100` is still about r. */
function leftmost(expr: Expr): Expr {
  const node = unwrap(expr);
  return node.kind === 'binary' && node.operator === '*' ? leftmost(node.left) : node;
}

/** `(1 - 0.999)` */
function complementOf(expr: Expr): number | undefined {
  if (expr.kind !== 'binary' || expr.operator !== '-') return undefined;
  const [left, right] = [unwrap(expr.left), unwrap(expr.right)];
  return left.kind === 'number' && right.kind === 'number'
    ? Number((left.value - right.value).toPrecision(12))
    : undefined;
}

/** Whether an alert, its recording rules followed, is about what an objective measures. */
export function isAbout(document: LintDocument, { query }: DocumentRule, objective: Objective): boolean {
  const expr = meaningOf(query, document);
  if (expr === undefined) return false;
  const metrics = metricsOfObjective(objective);
  if (!selectorsOf(expr).some((selector) => metrics.has(baseName(metricNameOf(selector) ?? '')))) return false;
  if (isOfOtherPopulation(document, expr, objective)) return false;
  const quantile = quantileOf(expr);
  if (quantile === undefined || objective.quantile === undefined) return true;
  const quantiles = objective.queries.flatMap((own) => (own.expr === undefined ? [] : (quantileOf(own.expr) ?? [])));
  return quantile === objective.quantile || quantiles.includes(quantile);
}

/** Whether an alert counts all events of another objective on the same metric, and not those of this one: of another host, another route. */
function isOfOtherPopulation(document: LintDocument, expr: Expr, objective: Objective): boolean {
  const own = new Set(ratiosOf(expr).map(populationOf));
  const populations = own.size === 0 ? [] : populationsOf(objective, document);
  if (populations.length === 0 || populations.some((one) => own.has(one))) return false;
  return document.objectives.some((other) => populationsOf(other, document).some((one) => own.has(one)));
}

function populationsOf(objective: Objective, document: LintDocument): readonly string[] {
  const known = populationsKnown.get(objective);
  if (known !== undefined) return known;
  const found = objective.queries.flatMap((query) => {
    const expr = meaningOf(query, document);
    return expr === undefined ? [] : ratiosOf(expr).map(populationOf);
  });
  populationsKnown.set(objective, found);
  return found;
}

/** Asked for each pair of an alert and an objective. */
const populationsKnown = new WeakMap<Objective, readonly string[]>();

/** All events of a ratio: its metric, and by which labels they are told from others. */
function populationOf({ whole }: ReturnType<typeof ratiosOf>[number]): string {
  const matchers = whole.matchers.map(({ name, operator, value }) => `${name}${operator}${JSON.stringify(value)}`);
  return `${metricNameOf(whole)}{${matchers.toSorted().join(',')}}`;
}

/** The bound that an alert compares with, if it has one. */
export function boundOf(rule: DocumentRule): ReturnType<typeof boundsOf>[number] | undefined {
  return rule.query.expr === undefined ? undefined : boundsOf(rule.query.expr)[0];
}

/** Whether Nines made the document from a definition: what it does not repeat stands in the rules and boards that were made beside it. */
export function isGenerated({ source }: LintDocument): boolean {
  return /^(?:<!--|#)\s*Generated by Nines\b/.test(source.text);
}
