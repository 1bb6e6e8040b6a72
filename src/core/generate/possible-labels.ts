import { type BinaryExpr, type Call, type Expr, selectorsOf } from '../promql/index.ts';
import type { Matcher } from '../series/index.ts';

/**
 * Whether a series that an expression gives can have a label, as far as the expression tells: what it selects may have any label but those
 * that it wants absent. A false answer is certain.
 */
export function mayHaveLabel(expr: Expr, label: string): boolean {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return false;
    case 'selector':
      return !expr.matchers.some(({ name, operator, value }) => name === label && operator === '=' && value === '');
    case 'matrix':
      return mayHaveLabel(expr.selector, label);
    case 'subquery':
    case 'unary':
    case 'paren':
      return mayHaveLabel(expr.expr, label);
    case 'aggregation': {
      if (expr.operator === 'count_values' && isText(expr.param, label)) return true;
      const selects = selecting.has(expr.operator);
      const { without, labels } = expr.grouping;
      return (selects || labels.includes(label) !== without) && mayHaveLabel(expr.expr, label);
    }
    case 'binary':
      return mayCombineTo(expr, label);
    case 'call':
      return mayGiveLabel(expr, label);
  }
}

/** Aggregations that give series as they are. */
const selecting: ReadonlySet<string> = new Set(['topk', 'bottomk', 'limitk', 'limit_ratio']);

/** Source: Prometheus, promql/engine.go, resultMetric. */
function mayCombineTo({ operator, left, right, matching }: BinaryExpr, label: string): boolean {
  if (operator === 'and' || operator === 'unless') return mayHaveLabel(left, label);
  if (matching?.group !== undefined) {
    const { side, include } = matching.group;
    return include.includes(label) || mayHaveLabel(side === 'left' ? left : right, label);
  }
  const isKept = matching === undefined || operator === 'or' || matching.labels.includes(label) === matching.on;
  return isKept && (mayHaveLabel(left, label) || mayHaveLabel(right, label));
}

function mayGiveLabel({ function: name, args }: Call, label: string): boolean {
  switch (name) {
    case 'time':
    case 'vector':
    case 'scalar':
      return false;
    case 'absent':
    case 'absent_over_time':
      return args.flatMap(selectorsOf).some(({ matchers }) => matchers.some((one) => one.name === label && gives(one)));
    case 'label_replace':
    case 'label_join': {
      const [from, to] = args;
      return isText(to, label) || (from !== undefined && mayHaveLabel(from, label));
    }
    // These take labels from elsewhere.
    case 'info':
    case 'histogram_quantiles':
      return true;
    default:
      return args.some((arg) => mayHaveLabel(arg, label));
  }
}

/** What is absent has the labels that were asked for by their values. */
function gives({ operator, value }: Matcher): boolean {
  return operator === '=' && value !== '';
}

/** Of what is no plain text it cannot be told. */
function isText(expr: Expr | undefined, text: string): boolean {
  return expr?.kind !== 'string' || expr.value === text;
}
