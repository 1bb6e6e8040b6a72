import { emptySpan } from './build.ts';
import type { DurationExpr, Expr, VectorSelector } from './tree.ts';
import { mapExpr } from './walk.ts';

/** The same expression without the places of the text that it was read from, so that two of them can be compared as values. */
export function withoutPlaces(expr: Expr): Expr {
  return mapExpr(expr, (node): Expr => {
    switch (node.kind) {
      case 'selector':
        return plainSelector(node);
      case 'matrix':
        return { ...node, range: plainDuration(node.range), span: emptySpan };
      case 'subquery':
        return {
          ...node,
          range: plainDuration(node.range),
          ...(node.step !== undefined && { step: plainDuration(node.step) }),
          ...(node.offset !== undefined && { offset: plainDuration(node.offset) }),
          span: emptySpan,
        };
      case 'binary': {
        const { operatorSpan: _, ...rest } = node;
        return { ...rest, span: emptySpan };
      }
      case 'number':
      case 'string':
      case 'call':
      case 'aggregation':
      case 'unary':
      case 'paren':
        return { ...node, span: emptySpan };
    }
  });
}

function plainSelector(node: VectorSelector): VectorSelector {
  const { matcherSpans: _, ...rest } = node;
  return { ...rest, ...(rest.offset !== undefined && { offset: plainDuration(rest.offset) }), span: emptySpan };
}

function plainDuration(expr: DurationExpr): DurationExpr {
  switch (expr.kind) {
    case 'literal':
    case 'step':
    case 'range':
      return { ...expr, span: emptySpan };
    case 'extreme':
    case 'arithmetic':
      return { ...expr, left: plainDuration(expr.left), right: plainDuration(expr.right), span: emptySpan };
    case 'negation':
    case 'group':
      return { ...expr, expr: plainDuration(expr.expr), span: emptySpan };
  }
}
