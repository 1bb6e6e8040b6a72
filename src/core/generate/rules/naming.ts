import { type Expr, mapExpr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import type { Matcher } from '../../series/index.ts';
import { anyone, identity } from '../names.ts';

const [serviceLabel = '', sloLabel = ''] = identity;

/** Puts the names of a service and of one or several of its objectives into what was built for `anyone`. */
export interface Naming {
  readonly expr: (expr: Expr) => Expr;
  /** For several objectives without the label of the objective: their series have it. */
  readonly labels: (labels: RecordingRule['labels']) => RecordingRule['labels'];
}

/** The names of objectives are DNS labels, so none has a meaning in a regular expression. */
export function namingOf(service: string, slos: readonly string[]): Naming {
  const [only = '', ...more] = slos;
  const isOne = more.length === 0;
  const own: Matcher = isOne
    ? { name: sloLabel, operator: '=', value: only }
    : { name: sloLabel, operator: '=~', value: slos.join('|') };
  const itself: Matcher = { name: serviceLabel, operator: '=', value: service };
  // Most selectors of a rule, and of the rules built with it, have the same conditions.
  const known = new Map<readonly Matcher[], readonly Matcher[]>();
  const withNames = (matchers: readonly Matcher[]): readonly Matcher[] => {
    const before = known.get(matchers);
    if (before !== undefined) return before;
    const now = matchers.map((matcher) => {
      if (matcher.operator !== '=') return matcher;
      if (matcher.name === serviceLabel && matcher.value === anyone.service) return itself;
      return matcher.name === sloLabel && matcher.value !== '' ? own : matcher;
    });
    known.set(matchers, now);
    return now;
  };
  return {
    expr: (expr) =>
      mapExpr(expr, (node) => (node.kind === 'selector' ? { ...node, matchers: withNames(node.matchers) } : node)),
    labels: (labels) => {
      // Setting what is there already keeps its place among the labels.
      const all = new Map(labels);
      if (all.get(serviceLabel) === anyone.service) all.set(serviceLabel, service);
      if (!isOne) all.delete(sloLabel);
      else if (all.get(sloLabel) === anyone.slo) all.set(sloLabel, only);
      return all;
    },
  };
}

/** A rule under the names of its objective; it may have been built for `anyone`. */
export function named(rule: RecordingRule, naming: Naming): RecordingRule {
  if (rule.labels.get(sloLabel) !== anyone.slo) return rule;
  return { ...rule, labels: naming.labels(rule.labels), expr: naming.expr(rule.expr) };
}
