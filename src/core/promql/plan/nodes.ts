import type { Span } from '../../base/index.ts';
import type { Matcher } from '../../series/index.ts';
import type { AggregationOperator, BinaryOperator, Grouping, VectorMatching } from '../syntax/tree.ts';
import type { Grid } from './grid.ts';

/**
 * A plan's tree: the expression with every time settled. Parentheses and unary plus are gone, `step()` and its kin are numbers, and what
 * does not depend on the step hangs under a `constant` node. All times and lengths are milliseconds.
 */
export type PlanNode =
  | NumberNode
  | StringNode
  | InstantNode
  | RangeNode
  | SubqueryNode
  | CallNode
  | AggregationNode
  | BinaryNode
  | NegationNode
  | ConstantNode;

interface NumberNode {
  readonly kind: 'number';
  readonly value: number;
  readonly grid: Grid;
  readonly span: Span;
}

interface StringNode {
  readonly kind: 'string';
  readonly value: string;
  readonly grid: Grid;
  readonly span: Span;
}

/** Where a selector finds its series, and how its time differs from the step's. */
export interface SelectorPlan {
  /** Which of the plan's selections. */
  readonly selection: number;
  readonly matchers: readonly Matcher[];
  readonly offset: number;
  /** The time to which `@` pins the selector, before the offset. */
  readonly at: number | undefined;
  readonly extended: 'anchored' | 'smoothed' | undefined;
  /**
   * Whether only count and sum of its histograms matter. Upstream then reads no buckets, and says of every histogram whether it follows
   * a reset, which the store does not say.
   */
  readonly statistics: boolean;
}

export interface InstantNode {
  readonly kind: 'instant';
  readonly selector: SelectorPlan;
  readonly grid: Grid;
  readonly span: Span;
}

export interface RangeNode {
  readonly kind: 'range';
  readonly selector: SelectorPlan;
  readonly range: number;
  readonly grid: Grid;
  readonly span: Span;
}

export interface SubqueryNode {
  readonly kind: 'subquery';
  /** Planned on its own grid. */
  readonly inner: PlanNode;
  readonly range: number;
  readonly offset: number;
  readonly at: number | undefined;
  readonly grid: Grid;
  readonly span: Span;
}

export interface CallNode {
  readonly kind: 'call';
  readonly function: string;
  readonly args: readonly PlanNode[];
  readonly grid: Grid;
  readonly span: Span;
  /** For `info()`: where its info series are. */
  readonly info?: InfoPlan;
}

/** A call of `info()`: its argument, and where its info series are. */
export interface InfoCall {
  readonly argument: PlanNode;
  readonly info: InfoPlan;
}

/** What `info()` selects besides its argument. */
export interface InfoPlan {
  readonly selection: number;
  readonly matchers: readonly Matcher[];
  readonly offset: number;
  readonly at: number | undefined;
}

export interface AggregationNode {
  readonly kind: 'aggregation';
  readonly operator: AggregationOperator;
  readonly param: PlanNode | undefined;
  readonly inner: PlanNode;
  readonly grouping: Grouping;
  readonly grid: Grid;
  readonly span: Span;
}

export interface BinaryNode {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: PlanNode;
  readonly right: PlanNode;
  readonly bool: boolean;
  readonly matching: VectorMatching | undefined;
  readonly grid: Grid;
  readonly span: Span;
}

interface NegationNode {
  readonly kind: 'negation';
  readonly inner: PlanNode;
  readonly grid: Grid;
  readonly span: Span;
}

/** Evaluated once, on a grid of one step, and repeated over `grid`. */
export interface ConstantNode {
  readonly kind: 'constant';
  readonly inner: PlanNode;
  readonly grid: Grid;
  readonly span: Span;
}
