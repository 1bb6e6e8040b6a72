import type { Span } from '../../base/index.ts';
import { aggregationTable } from '../syntax/aggregations.ts';
import type { DurationExpr, Expr } from '../syntax/tree.ts';
import { walk } from '../syntax/walk.ts';
import { functionTable } from './functions.ts';

/** A value of Prometheus's --enable-feature without which it refuses some expressions. Source: prometheus, docs/feature_flags.md. */
export type ExperimentalFeature =
  | 'promql-experimental-functions'
  | 'promql-duration-expr'
  | 'promql-extended-range-selectors'
  | 'promql-binop-fill-modifiers';

/** Where an expression needs a feature that Prometheus does not have on by default. */
export interface ExperimentalUse {
  readonly feature: ExperimentalFeature;
  /** What needs it, as people call it: `limitk()`, `anchored`. */
  readonly what: string;
  readonly span: Span;
}

/** All uses of experimental parts of the language, in source order. An expression without any runs on every Prometheus 3. */
export function experimentalUses(expr: Expr): readonly ExperimentalUse[] {
  const uses: ExperimentalUse[] = [];
  walk(expr, (node) => {
    const { span } = node;
    switch (node.kind) {
      case 'call':
        if (functionTable.get(node.function)?.experimental !== true) return;
        uses.push({ feature: 'promql-experimental-functions', what: `${node.function}()`, span });
        return;
      case 'aggregation':
        if (!aggregationTable[node.operator].experimental) return;
        uses.push({ feature: 'promql-experimental-functions', what: `${node.operator}()`, span });
        return;
      case 'binary':
        if (node.matching?.fill === undefined) return;
        uses.push({ feature: 'promql-binop-fill-modifiers', what: 'fill', span: node.operatorSpan ?? span });
        return;
      case 'selector':
        if (node.extended !== undefined) {
          uses.push({ feature: 'promql-extended-range-selectors', what: node.extended, span });
        }
        addDurations(uses, node.offset);
        return;
      case 'matrix':
        addDurations(uses, node.range);
        return;
      case 'subquery':
        addDurations(uses, node.range, node.step, node.offset);
        return;
      case 'number':
      case 'string':
      case 'unary':
      case 'paren':
        return;
    }
  });
  return uses;
}

function addDurations(uses: ExperimentalUse[], ...durations: readonly (DurationExpr | undefined)[]): void {
  for (const duration of durations) {
    if (duration === undefined || duration.kind === 'literal') continue;
    uses.push({ feature: 'promql-duration-expr', what: 'arithmetic with durations', span: duration.span });
  }
}
