import { type BinaryExpr, type Expr, selectorsOf, unwrap, walk } from '../../promql/index.ts';
import { boundsOf, isComparison, metricsOf, numberOf, rangesOf } from '../document/expressions.ts';
import { type DocumentCheck, spanIn } from '../document-check.ts';

export const zeroBaseline: DocumentCheck = {
  id: 'zero-baseline',
  severity: 'warning',
  meaning:
    'An alert compares a value with its own past and has no floor: next to a past of zero anything is a rise, and without one there is no value.',
  remedy: 'add a floor, as in `x > 5 * (x offset 1h) and x > 0.1`, and `or vector(0)` to the past',
  inspect: ({ queries }) =>
    queries.flatMap((query) => {
      const { expr } = query;
      if (expr === undefined || query.role === 'recording' || !mayBeRelative(query.text)) return [];
      const comparison = relativeComparison(expr);
      if (comparison === undefined || boundsOf(expr).some(({ value }) => value !== 0)) return [];
      const message = 'next to nothing before, any rise is a multiple: one event after a quiet hour raises the alert';
      return [{ message, span: spanIn(query, comparison) }];
    }),
};

/** Whether a text has an offset or ranges of different lengths, without which nothing is compared with its past. */
function mayBeRelative(text: string): boolean {
  return /\boffset\b/.test(text) || 1 < new Set(text.match(/\[[^\]]*\]/g)).size;
}

/** A comparison of a metric with itself, earlier or over a longer time. */
function relativeComparison(expr: Expr): BinaryExpr | undefined {
  let found: BinaryExpr | undefined;
  walk(expr, (node) => {
    if (found !== undefined || node.kind !== 'binary') return;
    if (isComparison(node.operator) && isRelative(node.left, node.right)) found = node;
    const left = unwrap(node.left);
    // `x / (x offset 1h) > 5`
    if (isComparison(node.operator) && numberOf(node.right) !== undefined && left.kind === 'binary') {
      if (left.operator === '/' && isRelative(left.left, left.right)) found = node;
    }
  });
  return found;
}

function isRelative(now: Expr, past: Expr): boolean {
  const [names, others] = [metricsOf(now), metricsOf(past)];
  if (names.length === 0 || names.join() !== others.join() || hasFloor(past)) return false;
  return isLater(now, past) || isLater(past, now);
}

/** Whether the second is about an earlier time, by an offset, or else the same over more than twice the time. */
function isLater(now: Expr, past: Expr): boolean {
  const offset = (expr: Expr) => selectorsOf(expr).some((selector) => selector.offset !== undefined);
  if (offset(past) && !offset(now)) return true;
  const [short = 0] = rangesOf(now);
  const [long = 0] = rangesOf(past);
  const sameLabels = JSON.stringify(conditions(now)) === JSON.stringify(conditions(past));
  return sameLabels && 0 < short && 2 * short < long;
}

function conditions(expr: Expr): readonly string[] {
  return selectorsOf(expr).flatMap(({ matchers }) =>
    matchers.map(({ name, operator, value }) => name + operator + value),
  );
}

/** `x + 1`, `clamp_min(x, 1)`: the past cannot be zero. */
function hasFloor(expr: Expr): boolean {
  let found = false;
  walk(expr, (node) => {
    if (node.kind === 'call' && node.function === 'clamp_min') found = true;
    if (node.kind === 'binary' && node.operator === '+' && (numberOf(node.left) ?? numberOf(node.right)) !== undefined)
      found = true;
  });
  return found;
}
