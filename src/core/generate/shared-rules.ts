import { build, type Expr, mapExpr, printExpr, type VectorMatching, type VectorSelector } from '../promql/index.ts';
import type { RecordingRule, Rule } from '../rules/index.ts';
import { alertNames, identity } from './names.ts';
import { underName } from './sum-rules.ts';

/** The rules of one objective. Those that another one has as well may be under its name; `ownRule` changes that. */
export interface ObjectiveRules {
  readonly slo: string;
  readonly rules: readonly Rule[];
  /** The conditions of alerts as rules of their own. */
  readonly conditions: ReadonlyMap<Rule, RecordingRule>;
}

/** A rule under the name of the objective that it is for. */
export function ownRule(rule: Rule, { slo, conditions }: Pick<ObjectiveRules, 'slo' | 'conditions'>): Rule {
  if (rule.kind === 'recording') return underName(rule, slo);
  const condition = conditions.get(rule);
  return condition === undefined ? rule : { ...rule, expr: underName(condition, slo).expr };
}

/**
 * The rules of several objectives of one service, in an order in which each still comes after what it reads. Rules that differ by nothing but
 * the objective become one, if its result says by itself whose it is: most of what an evaluation costs is paid for each rule and
 * each selector, not for each series. `taken` counts the shared rules of the service by name and labels.
 */
export function sharedRules(objectives: readonly ObjectiveRules[], taken: Map<string, number>): readonly Rule[] {
  const queues = withSharedConditions(objectives).map(({ slo, rules, conditions }) => ({
    slo,
    conditions,
    next: 0,
    rules: rules.map(keyed),
  }));
  const members = new Map<string, number>();
  for (const { rules } of queues) for (const { key } of rules) members.set(key, (members.get(key) ?? 0) + 1);
  keepOneOfEach(queues, members);
  const found: Rule[] = [];
  const isShared = ({ key }: Keyed): boolean => key !== '' && 1 < (members.get(key) ?? 0);
  for (;;) {
    for (const queue of queues) {
      for (let one = queue.rules[queue.next]; one !== undefined && !isShared(one); one = queue.rules[queue.next]) {
        found.push(ownRule(one.rule, queue));
        queue.next += 1;
      }
    }
    const waiting = queues.flatMap((queue) => queue.rules[queue.next] ?? []);
    const ready = waiting.find(({ key }) => waiting.filter((other) => other.key === key).length === members.get(key));
    // Where the orders contradict one another, a rule stays alone.
    const next = ready ?? waiting[0];
    if (next === undefined) return alertsLast(found);
    if (ready === undefined) {
      members.set(next.key, 1);
      continue;
    }
    const sharing = queues.filter((queue) => queue.rules[queue.next]?.key === next.key);
    for (const queue of sharing) queue.next += 1;
    found.push(
      forAll(
        next.rule,
        sharing.map(({ slo }) => slo),
        taken,
      ),
    );
  }
}

/**
 * Of rules that would record under one name with the same labels only the one of the most objectives is shared: rolling and calendar periods
 * are summed in two ways, and promtool takes two such rules for a mistake.
 */
function keepOneOfEach(queues: readonly { readonly rules: readonly Keyed[] }[], members: Map<string, number>): void {
  const best = new Map<string, string>();
  for (const { key, place } of queues.flatMap(({ rules }) => rules)) {
    if (key === '') continue;
    const before = best.get(place);
    if (before === key) continue;
    const isBetter = before === undefined || (members.get(before) ?? 0) < (members.get(key) ?? 0);
    const loser = isBetter ? before : key;
    if (loser !== undefined) members.set(loser, 1);
    if (isBetter) best.set(place, key);
  }
}

/** The conditions of alerts that several objectives have in common are recorded, so that each alert has one series to look at. */
function withSharedConditions(objectives: readonly ObjectiveRules[]): readonly ObjectiveRules[] {
  const members = new Map<string, number>();
  for (const { rules, conditions } of objectives) {
    for (const rule of rules) {
      const key = sharableCondition(rule, conditions)?.key ?? '';
      if (key !== '') members.set(key, (members.get(key) ?? 0) + 1);
    }
  }
  return objectives.map((objective) => ({
    ...objective,
    rules: objective.rules.flatMap((rule) => {
      const one = sharableCondition(rule, objective.conditions);
      if (one === undefined || (members.get(one.key) ?? 0) < 2) return [rule];
      const labels = Object.fromEntries(new Map(one.condition.labels).set(sloLabel, objective.slo));
      return [one.condition, { ...rule, expr: build.selector(one.condition.record, labels) }];
    }),
  }));
}

/** The condition of an alert, if it could be recorded together with others; alerts that have names of their own keep to themselves. */
function sharableCondition(
  rule: Rule,
  conditions: ObjectiveRules['conditions'],
): { readonly condition: RecordingRule; readonly key: string } | undefined {
  if (rule.kind === 'recording' || rule.alert !== alertNames.burn) return undefined;
  const condition = conditions.get(rule);
  return condition === undefined ? undefined : { condition, key: keyed(condition).key };
}

/** Nothing reads alerts, so that all of them can follow what is recorded. */
function alertsLast(rules: readonly Rule[]): readonly Rule[] {
  return [...rules.filter(({ kind }) => kind === 'recording'), ...rules.filter(({ kind }) => kind === 'alerting')];
}

interface Keyed {
  readonly rule: Rule;
  /** The same for rules that may become one; empty for what must stay alone. */
  readonly key: string;
  /** The name and the labels that it would have as a rule of several objectives. */
  readonly place: string;
}

const [, sloLabel = ''] = identity;

/** Objectives that promise the same have the very same rules, of which each is looked at once. */
const known = new WeakMap<Rule, Keyed>();

function keyed(rule: Rule): Keyed {
  const before = known.get(rule);
  if (before !== undefined) return before;
  const one = { rule, ...places(rule) };
  known.set(rule, one);
  return one;
}

/** Alerts speak of their objective in words, so each keeps its own. */
function places(rule: Rule): Omit<Keyed, 'rule'> {
  const slo = rule.labels.get(sloLabel);
  if (rule.kind === 'alerting' || slo === undefined || whose(rule.expr) !== 'labelled') return { key: '', place: '' };
  const labels = [...rule.labels].filter(([name]) => name !== sloLabel);
  // The condition on the objective is taken out of the text: to build the tree without it takes several times as long.
  const expr = printExpr(rule.expr).replaceAll(`${sloLabel}=${JSON.stringify(slo)}`, sloLabel);
  const place = JSON.stringify([rule.record, labels]);
  return { key: `${place} ${expr}`, place };
}

/**
 * The rule for several objectives. Its series have the service already: the label is there for promtool, which takes rules of one name with the same
 * labels for a mistake, wherever rules of several services stand in one file. Where others of the service share a rule of the same name,
 * a label without a value, which is as good as none, tells the two apart.
 */
function forAll(rule: Rule, slos: readonly string[], taken: Map<string, number>): Rule {
  if (rule.kind === 'alerting') return rule;
  const labels = new Map([...rule.labels].filter(([name]) => name !== sloLabel));
  const place = JSON.stringify([rule.record, [...labels]]);
  const count = (taken.get(place) ?? 0) + 1;
  taken.set(place, count);
  if (1 < count) labels.set(`share_${count}`, '');
  const expr = mapExpr(rule.expr, (node) => (isOwn(node) ? ofObjectives(node, slos) : node));
  return { ...rule, labels, expr } satisfies RecordingRule;
}

/** Whether a node selects recorded series of one objective. */
function isOwn(node: Expr): node is VectorSelector {
  return node.kind === 'selector' && node.matchers.some(({ name, operator }) => name === sloLabel && operator === '=');
}

/** The names of objectives are DNS labels, so none has a meaning in a regular expression. */
function ofObjectives(selector: VectorSelector, slos: readonly string[]): VectorSelector {
  const matchers = selector.matchers.map((matcher) =>
    matcher.name === sloLabel ? { ...matcher, operator: '=~' as const, value: slos.join('|') } : matcher,
  );
  return { ...selector, matchers };
}

/**
 * Whether the series of a result carry the labels of their objective, or have nothing to do with any (`none`). Whatever is not known to be
 * right with several objectives is `unclear`.
 */
function whose(expr: Expr): 'labelled' | 'none' | 'unclear' {
  switch (expr.kind) {
    case 'number':
    case 'string':
      return 'none';
    case 'selector':
      return isOwn(expr) ? 'labelled' : 'unclear';
    case 'matrix':
      return whose(expr.selector);
    case 'subquery':
    case 'paren':
    case 'unary':
      return whose(expr.expr);
    case 'call':
      return inOne.has(expr.function) ? 'unclear' : united(expr.args.map(whose));
    case 'aggregation': {
      const keeps = expr.grouping.without !== identity.every((label) => expr.grouping.labels.includes(label));
      const inner = whose(expr.expr);
      return inner === 'none' || keeps ? inner : 'unclear';
    }
    case 'binary': {
      const [left, right] = [whose(expr.left), whose(expr.right)];
      if (left === 'unclear' || right === 'unclear') return 'unclear';
      if (left === right) return left === 'none' || matchesObjectives(expr.matching) ? left : 'unclear';
      switch (expr.operator) {
        case 'and':
        case 'unless':
          return left === 'labelled' ? 'labelled' : 'unclear';
        case 'or':
          return 'unclear';
        default: {
          const side = left === 'labelled' ? 'left' : 'right';
          const other = side === 'left' ? expr.right : expr.left;
          return isNumber(other) || expr.matching?.group?.side === side ? 'labelled' : 'unclear';
        }
      }
    }
  }
}

/** Functions that make one result of all series. */
export const inOne: ReadonlySet<string> = new Set(['absent', 'absent_over_time', 'scalar']);

function united(parts: readonly ReturnType<typeof whose>[]): ReturnType<typeof whose> {
  if (parts.includes('unclear')) return 'unclear';
  return parts.includes('labelled') ? 'labelled' : 'none';
}

function matchesObjectives(matching: VectorMatching | undefined): boolean {
  if (matching === undefined) return true;
  return identity.every((label) => matching.labels.includes(label) === matching.on);
}

/** Whether an expression is a number rather than a series. */
function isNumber(expr: Expr): boolean {
  switch (expr.kind) {
    case 'number':
      return true;
    case 'paren':
    case 'unary':
      return isNumber(expr.expr);
    case 'call':
      return expr.function === 'time';
    case 'binary':
      return isNumber(expr.left) && isNumber(expr.right);
    default:
      return false;
  }
}
