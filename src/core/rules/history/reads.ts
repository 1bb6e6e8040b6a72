import type { Timestamp } from '../../base/index.ts';
import { type DurationExpr, type Expr, parseExpr, selectorsOf, type VectorSelector, walk } from '../../promql/index.ts';
import { labelPredicate, type Matcher, metricName } from '../../series/index.ts';
import { alertName, alertsForStateMetric, alertsMetric } from '../alerts/alert-samples.ts';
import type { PreparedRule } from '../evaluate/prepare.ts';

/** What is known beforehand of the labels of every series that a rule writes; the other labels may have any value. */
interface Written {
  readonly names: readonly string[];
  readonly labels: ReadonlyMap<string, string>;
}

/** Whether an expression may read a series that a rule writes, as far as its selectors tell. */
export function mayRead(selectors: readonly VectorSelector[], writer: PreparedRule): boolean {
  const written = writtenBy(writer);
  return selectors.some((selector) => mayMatch(selector, written));
}

/**
 * How far before its instant a reader looks at what a rule writes, at the least, in milliseconds. Infinite if it does not read it; 0 also where the offset is
 * not a plain one.
 */
export function lagBehind(selectors: readonly VectorSelector[], writer: PreparedRule): number {
  const written = writtenBy(writer);
  let lag = Number.POSITIVE_INFINITY;
  for (const selector of selectors) {
    if (!mayMatch(selector, written)) continue;
    const { offset } = selector;
    lag = Math.min(lag, offset?.kind === 'literal' ? Math.max(0, offset.seconds * 1000) : 0);
  }
  return lag;
}

/**
 * Whether evaluating the expression at many instants at once sees nothing that it would not have seen live: only samples from before its
 * instant, and nothing of the query's own start, end and step. `start` is the first instant.
 */
export function looksBackOnly(expr: Expr, start: Timestamp): boolean {
  let backOnly = true;
  walk(expr, (node) => {
    switch (node.kind) {
      case 'selector':
        backOnly &&= node.extended !== 'smoothed' && isPast(node, start);
        break;
      case 'subquery':
        backOnly &&= isPast(node, start) && isFixed(node.range) && isFixed(node.step);
        break;
      case 'matrix':
        backOnly &&= isFixed(node.range);
        break;
      case 'call':
        backOnly &&= !aboutTheQuery.has(node.function);
        break;
      default:
        break;
    }
  });
  return backOnly;
}

/** The selectors of an expression, or undefined if the text is no PromQL (then asking it fails, whatever is there). */
export function selectorsOfText(text: string): readonly VectorSelector[] {
  const parsed = parseExpr(text);
  return parsed.ok ? selectorsOf(parsed.value) : [];
}

/** `info` chooses among the info series of the whole query. */
const aboutTheQuery: ReadonlySet<string> = new Set(['start', 'end', 'range', 'step', 'info']);

function isPast({ at, offset }: Pick<VectorSelector, 'at' | 'offset'>, start: Timestamp): boolean {
  if (at !== undefined && !(at.kind === 'time' && at.seconds * 1000 <= start)) return false;
  return offset === undefined || (isFixed(offset) && offset.kind === 'literal' && 0 <= offset.seconds);
}

/** Whether a duration does not depend on the query's step or range. */
function isFixed(length: DurationExpr | undefined): boolean {
  if (length === undefined) return true;
  switch (length.kind) {
    case 'literal':
      return true;
    case 'step':
    case 'range':
      return false;
    case 'negation':
    case 'group':
      return isFixed(length.expr);
    case 'extreme':
    case 'arithmetic':
      return isFixed(length.left) && isFixed(length.right);
  }
}

function writtenBy(rule: PreparedRule): Written {
  if (rule.kind === 'recording') return { names: [rule.name], labels: rule.labels };
  const fixed = [...rule.labels.entries()].filter(([, value]) => !value.includes('{{'));
  return { names: [alertsMetric, alertsForStateMetric], labels: new Map([...fixed, [alertName, rule.name]]) };
}

function mayMatch({ name, matchers }: VectorSelector, { names, labels }: Written): boolean {
  const conditions: readonly Matcher[] =
    name === '' ? matchers : [...matchers, { name: metricName, operator: '=', value: name }];
  return names.some((written) =>
    conditions.every((matcher) => {
      const value = matcher.name === metricName ? written : labels.get(matcher.name);
      return value === undefined || labelPredicate(matcher)(value);
    }),
  );
}
