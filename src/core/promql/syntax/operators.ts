import type { TokenKind } from './token.ts';
import type { BinaryOperator, ComparisonOperator, SetOperator } from './tree.ts';

/** Of a unary sign: as tight as a product, so that `-2 ^ 2` is `-(2 ^ 2)`. */
export const signPrecedence = 5;

/** How tightly a binary operator binds; higher is tighter. Source: prometheus, promql/parser/generated_parser.y. */
export function precedenceOf(operator: BinaryOperator): number {
  switch (operator) {
    case 'or':
      return 1;
    case 'and':
    case 'unless':
      return 2;
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '</':
    case '>/':
      return 3;
    case '+':
    case '-':
      return 4;
    case '*':
    case '/':
    case '%':
    case 'atan2':
      return 5;
    case '^':
      return 6;
  }
}

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return comparisons.has(operator);
}

export function isSetOperator(operator: BinaryOperator): operator is SetOperator {
  return operator === 'and' || operator === 'or' || operator === 'unless';
}

/** The binary operator that a token is, if it is one. */
export function binaryOperator(kind: TokenKind): BinaryOperator | undefined {
  switch (kind) {
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
    case '^':
    case 'atan2':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '</':
    case '>/':
    case 'and':
    case 'or':
    case 'unless':
      return kind;
    default:
      return undefined;
  }
}

const comparisons: ReadonlySet<BinaryOperator> = new Set<BinaryOperator>(['==', '!=', '<', '<=', '>', '>=']);
