import { build, type Expr, printExpr, type VectorMatching, type VectorSelector } from '../../promql/index.ts';
import type { RecordingRule, Rule } from '../../rules/index.ts';
import { alertNames, anyone, identity } from '../names.ts';
import { type Naming, named, namingOf } from './naming.ts';

/** The rules of one objective. Those that others have as well are under the names of `anyone`; `ownRule` changes that. */
export interface ObjectiveRules {
  readonly slo: string;
  readonly naming: Naming;
  readonly rules: readonly Rule[];
  /** The conditions of alerts as rules of their own. */
  readonly conditions: ReadonlyMap<Rule, RecordingRule>;
}

/** A rule under the names of the objective that it is for. */
export function ownRule(rule: Rule, { naming, conditions }: Pick<ObjectiveRules, 'naming' | 'conditions'>): Rule {
  if (rule.kind === 'recording') return named(rule, naming);
  const condition = conditions.get(rule);
  return condition === undefined ? rule : { ...rule, expr: naming.expr(condition.expr) };
}

/** What is remembered between the groups of one service. */
export interface Sharing {
  readonly service: string;
  /** How many shared rules there are by name and labels. */
  readonly taken: Map<string, number>;
  /** By the names of the objectives. */
  readonly namings: Map<string, Naming>;
}

/** Begins with a service of which nothing is shared yet. */
export function nothingShared(service: string): Sharing {
  return { service, taken: new Map(), namings: new Map() };
}

/** What rules are that differ by nothing but the objective. */
interface Kind {
  /** The name and the labels that one has as a rule of several objectives. */
  readonly place: string;
  /** The same for all of the kind. */
  readonly text: string;
}

/** The objectives that have a rule of a kind, and how many of them are waiting for the others. */
interface Share {
  readonly kind: Kind;
  readonly queues: Queue[];
  waiting: number;
  /** Whether each of the objectives has to have the rule by itself. */
  isDivided: boolean;
}

/** The rules of an objective that are still to be taken, from `next` on. */
interface Queue {
  readonly objective: ObjectiveRules;
  /** What may be shared of each rule. */
  readonly shares: (Share | undefined)[];
  next: number;
  isWaiting: boolean;
}

/**
 * The rules of several objectives of one service, in an order in which each still comes after what it reads. Rules that differ by nothing but
 * the objective become one, if its result says by itself whose it is: most of what an evaluation costs is paid for each rule and
 * each selector, not for each series.
 */
export function sharedRules(objectives: readonly ObjectiveRules[], sharing: Sharing): readonly Rule[] {
  const queues = queuesOf(withSharedConditions(objectives));
  const found: Rule[] = [];
  let moving = queues;
  for (;;) {
    for (const queue of moving) takeAlone(queue, found);
    const ready = queues.find((queue) => isComplete(queue.shares[queue.next]));
    // Where the orders contradict one another, a rule stays alone.
    const queue = ready ?? queues.find(({ isWaiting }) => isWaiting);
    const share = queue?.shares[queue.next];
    const rule = queue?.objective.rules[queue.next];
    if (share === undefined || rule === undefined) return alertsLast(found);
    if (ready === undefined) share.isDivided = true;
    else {
      found.push(forAll(rule, share, sharing));
      for (const one of share.queues) step(one);
    }
    moving = share.queues;
  }
}

function queuesOf(objectives: readonly ObjectiveRules[]): readonly Queue[] {
  const shares = new Map<string, Share>();
  const queues = objectives.map((objective) => {
    const queue: Queue = { objective, shares: [], next: 0, isWaiting: false };
    for (const rule of objective.rules) queue.shares.push(joined(shares, kindOf(rule), queue));
    return queue;
  });
  keepOneOfEach(shares.values());
  return queues;
}

/** The share of a rule of this kind, of which the queue is one from now on. */
function joined(shares: Map<string, Share>, kind: Kind | undefined, queue: Queue): Share | undefined {
  if (kind === undefined) return undefined;
  const share = shares.get(kind.text);
  if (share !== undefined) {
    share.queues.push(queue);
    return share;
  }
  const first: Share = { kind, queues: [queue], waiting: 0, isDivided: false };
  shares.set(kind.text, first);
  return first;
}

/** Takes the rules of an objective that it shares with none, up to one that it does: with that it waits. */
function takeAlone(queue: Queue, found: Rule[]): void {
  const { objective, shares } = queue;
  for (let rule = objective.rules[queue.next]; rule !== undefined; rule = objective.rules[queue.next]) {
    const share = shares[queue.next];
    if (share !== undefined && !share.isDivided && 1 < share.queues.length) {
      if (!queue.isWaiting) share.waiting += 1;
      queue.isWaiting = true;
      return;
    }
    found.push(ownRule(rule, objective));
    step(queue);
  }
}

function step(queue: Queue): void {
  queue.next += 1;
  queue.isWaiting = false;
}

/** Whether all that have a rule are waiting for one another. */
function isComplete(share: Share | undefined): boolean {
  return share !== undefined && share.waiting === share.queues.length;
}

/**
 * Of rules that would record under one name with the same labels only the one of the most objectives is shared: rolling and calendar periods
 * are summed in two ways, and promtool takes two such rules for a mistake.
 */
function keepOneOfEach(shares: Iterable<Share>): void {
  const best = new Map<string, Share>();
  for (const share of shares) {
    const { place } = share.kind;
    const before = best.get(place);
    const isBetter = before === undefined || before.queues.length < share.queues.length;
    if (isBetter) best.set(place, share);
    const loser = isBetter ? before : share;
    if (loser !== undefined) loser.isDivided = true;
  }
}

/** The conditions of alerts that several objectives have in common are recorded, so that each alert has one series to look at. */
function withSharedConditions(objectives: readonly ObjectiveRules[]): readonly ObjectiveRules[] {
  const members = new Map<string, number>();
  const textOf = (condition: RecordingRule | undefined): string =>
    (condition === undefined ? undefined : kindOf(condition)?.text) ?? '';
  for (const { rules, conditions } of objectives) {
    for (const rule of rules) {
      const text = textOf(sharableCondition(rule, conditions));
      if (text !== '') members.set(text, (members.get(text) ?? 0) + 1);
    }
  }
  return objectives.map((objective) => {
    const rules: Rule[] = [];
    for (const rule of objective.rules) {
      const condition = sharableCondition(rule, objective.conditions);
      if (condition === undefined || (members.get(textOf(condition)) ?? 0) < 2) {
        rules.push(rule);
        continue;
      }
      rules.push(condition, { ...rule, expr: objective.naming.expr(reading(condition)) });
    }
    return { ...objective, rules };
  });
}

const readings = new WeakMap<RecordingRule, VectorSelector>();

/** What a condition records, to be looked at under the same names. */
function reading(condition: RecordingRule): VectorSelector {
  const before = readings.get(condition);
  if (before !== undefined) return before;
  const now = build.selector(condition.record, Object.fromEntries(condition.labels));
  readings.set(condition, now);
  return now;
}

/** The condition of an alert, if it could be recorded together with others; alerts that have names of their own keep to themselves. */
function sharableCondition(rule: Rule, conditions: ObjectiveRules['conditions']): RecordingRule | undefined {
  return rule.kind === 'recording' || rule.alert !== alertNames.burn ? undefined : conditions.get(rule);
}

/** Nothing reads alerts, so that all of them can follow what is recorded. */
function alertsLast(rules: readonly Rule[]): readonly Rule[] {
  return [...rules.filter(({ kind }) => kind === 'recording'), ...rules.filter(({ kind }) => kind === 'alerting')];
}

const [serviceLabel = '', sloLabel = ''] = identity;

/** Rules of `anyone` stand in many services, and are looked at once. */
const kinds = new WeakMap<Rule, Kind>();

/** The kind of a rule that may become one with others of its kind; undefined for what must stay alone. */
function kindOf(rule: Rule): Kind | undefined {
  // Alerts speak of their objective in words, so each keeps its own.
  if (rule.kind === 'alerting') return undefined;
  const slo = rule.labels.get(sloLabel);
  if (slo === undefined) return undefined;
  const before = slo === anyone.slo ? kinds.get(rule) : undefined;
  if (before !== undefined) return before;
  if (whose(rule.expr) !== 'labelled') return undefined;
  const labels = [...rule.labels].filter(([name]) => !identity.includes(name));
  const place = JSON.stringify([rule.record, labels]);
  // The conditions on names are taken out of the text: to build the tree without them takes several times as long.
  const text = [
    [serviceLabel, rule.labels.get(serviceLabel)],
    [sloLabel, slo],
  ].reduce(
    (whole, [label = '', name]) => whole.replaceAll(`${label}=${JSON.stringify(name)}`, label),
    printExpr(rule.expr),
  );
  const kind = { place, text: `${place} ${text}` };
  if (slo === anyone.slo) kinds.set(rule, kind);
  return kind;
}

/**
 * The rule for several objectives. Its series have the service already: the label is there for promtool, which takes rules of one name with the same
 * labels for a mistake, wherever rules of several services stand in one file. Where others of the service share a rule of the same name,
 * a label without a value, which is as good as none, tells the two apart.
 */
function forAll(rule: Rule, { kind: { place }, queues }: Share, { service, taken, namings }: Sharing): Rule {
  if (rule.kind === 'alerting') return rule;
  const slos = queues.map(({ objective }) => objective.slo);
  const names = slos.join(' ');
  const naming = namings.get(names) ?? namingOf(service, slos);
  namings.set(names, naming);
  const count = (taken.get(place) ?? 0) + 1;
  taken.set(place, count);
  const labels = new Map(naming.labels(rule.labels));
  if (1 < count) labels.set(`share_${count}`, '');
  return { ...rule, labels, expr: naming.expr(rule.expr) } satisfies RecordingRule;
}

/** Whether a node selects recorded series of one objective. */
function isOwn(node: Expr): node is VectorSelector {
  return node.kind === 'selector' && node.matchers.some(({ name, operator }) => name === sloLabel && operator === '=');
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
      return inOne.has(expr.function) ? 'unclear' : united(expr.args);
    case 'aggregation': {
      const keeps = expr.grouping.without !== identity.every((label) => expr.grouping.labels.includes(label));
      const inner = whose(expr.expr);
      return inner === 'none' || keeps ? inner : 'unclear';
    }
    case 'binary': {
      const left = whose(expr.left);
      if (left === 'unclear') return 'unclear';
      const right = whose(expr.right);
      if (right === 'unclear') return 'unclear';
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
const inOne: ReadonlySet<string> = new Set(['absent', 'absent_over_time', 'scalar']);

function united(args: readonly Expr[]): ReturnType<typeof whose> {
  let all: 'labelled' | 'none' = 'none';
  for (const arg of args) {
    const one = whose(arg);
    if (one === 'unclear') return one;
    if (one === 'labelled') all = one;
  }
  return all;
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
