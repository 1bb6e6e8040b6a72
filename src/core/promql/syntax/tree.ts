import type { Span } from '../../base/index.ts';
import type { Matcher } from '../../series/index.ts';

/**
 * The tree of a PromQL expression. Spans are UTF-16 offsets into the text it was parsed from (a built tree has empty spans); no node
 * holds data or the time of a run.
 */
export type Expr =
  | NumberLiteral
  | StringLiteral
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | BinaryExpr
  | UnaryExpr
  | Paren;

export interface NumberLiteral {
  readonly kind: 'number';
  readonly value: number;
  /** Whether it was written as a duration (`5m` stands for 300) and is printed as one. */
  readonly asDuration: boolean;
  readonly span: Span;
}

export interface StringLiteral {
  readonly kind: 'string';
  readonly value: string;
  readonly span: Span;
}

/** An instant vector selector: `up{job="api"} offset 5m`. */
export interface VectorSelector {
  readonly kind: 'selector';
  /** The metric name if it stands before the braces; otherwise the empty string. `metricNameOf` finds a name in the braces, too. */
  readonly name: string;
  /**
   * The conditions in the braces, in the order written; the name given by `name` is not among them. A quoted name in the braces,
   * `{"my.metric"}`, is the condition `__name__="my.metric"`, as upstream keeps it.
   */
  readonly matchers: readonly Matcher[];
  /** Where each of the matchers stands; only in parsed trees. */
  readonly matcherSpans?: readonly Span[];
  readonly offset?: DurationExpr;
  readonly at?: AtModifier;
  /** Experimental range modifier: whether samples just outside the range count too, as they are or interpolated. */
  readonly extended?: 'anchored' | 'smoothed';
  readonly span: Span;
}

/** A range vector selector: `x[5m]`. Its offset, `@` and extended modifier stand in the inner selector, as upstream keeps them. */
export interface MatrixSelector {
  readonly kind: 'matrix';
  readonly selector: VectorSelector;
  readonly range: DurationExpr;
  readonly span: Span;
}

/** `expr[30d:5m]`; without a step the engine's default applies. */
export interface Subquery {
  readonly kind: 'subquery';
  readonly expr: Expr;
  readonly range: DurationExpr;
  readonly step?: DurationExpr;
  readonly offset?: DurationExpr;
  readonly at?: AtModifier;
  readonly span: Span;
}

export interface Call {
  readonly kind: 'call';
  readonly function: string;
  readonly args: readonly Expr[];
  readonly span: Span;
}

export type AggregationOperator =
  | 'sum'
  | 'avg'
  | 'min'
  | 'max'
  | 'count'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'count_values'
  | 'quantile'
  | 'limitk'
  | 'limit_ratio';

export interface Aggregation {
  readonly kind: 'aggregation';
  readonly operator: AggregationOperator;
  readonly param?: Expr;
  readonly expr: Expr;
  readonly grouping: Grouping;
  readonly span: Span;
}

/** `without` true drops the labels, false keeps only them. No grouping clause is `by ()`. */
export interface Grouping {
  readonly without: boolean;
  readonly labels: readonly string[];
}

export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^' | 'atan2';
export type ComparisonOperator = '==' | '!=' | '>' | '<' | '>=' | '<=';
export type SetOperator = 'and' | 'or' | 'unless';
/** Experimental: cut a native histogram below (`>/`) or above (`</`) a value. */
export type TrimOperator = '</' | '>/';
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | SetOperator | TrimOperator;

export interface BinaryExpr {
  readonly kind: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Expr;
  readonly right: Expr;
  /** Whether a comparison gives 0 or 1 instead of filtering. */
  readonly bool: boolean;
  /** Absent if nothing about matching was written; then all labels but the name match one to one (many to many for set operators). */
  readonly matching?: VectorMatching;
  /** From the operator to the end of its modifiers; only in parsed trees. */
  readonly operatorSpan?: Span;
  readonly span: Span;
}

export interface VectorMatching {
  /** `on` matches by these labels only, otherwise (`ignoring`) by all but them. */
  readonly on: boolean;
  readonly labels: readonly string[];
  readonly group?: { readonly side: 'left' | 'right'; readonly include: readonly string[] };
  /** Experimental `fill`, `fill_left`, `fill_right`: the value that stands for a missing partner on that side. */
  readonly fill?: { readonly left?: number; readonly right?: number };
}

export interface UnaryExpr {
  readonly kind: 'unary';
  readonly operator: '+' | '-';
  readonly expr: Expr;
  readonly span: Span;
}

export interface Paren {
  readonly kind: 'paren';
  readonly expr: Expr;
  readonly span: Span;
}

/** `@ 1609746000`, or the query's own start or end. */
export type AtModifier =
  | { readonly kind: 'time'; readonly seconds: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'end' };

/** A duration between brackets or after `offset`: a literal, or (experimental) arithmetic over literals, `step()` and `range()`. Seconds. */
export type DurationExpr =
  | { readonly kind: 'literal'; readonly seconds: number; readonly asDuration: boolean; readonly span: Span }
  | { readonly kind: 'step' | 'range'; readonly span: Span }
  | {
      readonly kind: 'extreme';
      readonly function: 'min_of' | 'max_of';
      readonly left: DurationExpr;
      readonly right: DurationExpr;
      readonly span: Span;
    }
  | { readonly kind: 'negation'; readonly operator: '+' | '-'; readonly expr: DurationExpr; readonly span: Span }
  | {
      readonly kind: 'arithmetic';
      readonly operator: '+' | '-' | '*' | '/' | '%' | '^';
      readonly left: DurationExpr;
      readonly right: DurationExpr;
      readonly span: Span;
    }
  | { readonly kind: 'group'; readonly expr: DurationExpr; readonly span: Span };

export type ValueType = 'scalar' | 'string' | 'vector' | 'matrix';

/** The direct sub-expressions, in source order. */
export function children(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'number':
    case 'string':
    case 'selector':
      return [];
    case 'matrix':
      return [expr.selector];
    case 'subquery':
    case 'unary':
    case 'paren':
      return [expr.expr];
    case 'call':
      return expr.args;
    case 'aggregation':
      return expr.param === undefined ? [expr.expr] : [expr.param, expr.expr];
    case 'binary':
      return [expr.left, expr.right];
  }
}
