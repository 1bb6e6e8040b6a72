import {
  addHistograms,
  compactHistogram,
  divideHistogram,
  equalHistograms,
  type Histogram,
  multiplyHistogram,
  subtractHistograms,
  trimHistogram,
  withCounterResetHint,
} from '../../series/index.ts';
import { calculate, compare, isArithmetic, isComparison } from '../functions/operators.ts';
import type { BinaryNode } from '../plan/nodes.ts';
import type { Evaluation } from './evaluation.ts';
import { infoBoundsReconciled, infoIncompatibleTypes, warnBucketLayout, warnCollidingResets } from './remarks.ts';

/** A float or a histogram. */
export type Element = number | Histogram;

/** What an operator makes of two elements: the result, and whether a comparison holds (arithmetic always does). */
interface ElementResult {
  readonly value: Element;
  readonly holds: boolean;
}

/**
 * Applies a binary operator (no set operator) to two elements of which one at least is a histogram, or which are to be trimmed.
 * Undefined, with a remark, if the operator has no meaning for them. Source: prometheus, promql/engine.go, vectorElemBinop.
 */
export function combineElements(
  run: Evaluation,
  node: BinaryNode,
  left: Element,
  right: Element,
): ElementResult | undefined {
  const { operator } = node;
  if (typeof left === 'number' && typeof right === 'number') {
    if (isArithmetic(operator)) return { value: calculate(operator, left, right), holds: true };
    if (isComparison(operator)) return { value: left, holds: compare(operator, left, right) };
  } else if (typeof left === 'number' && typeof right !== 'number') {
    if (operator === '*') return kept(multiplyHistogram(right, left));
  } else if (typeof left !== 'number' && typeof right === 'number') {
    if (operator === '*') return kept(multiplyHistogram(left, right));
    if (operator === '/') return kept(divideHistogram(left, right));
    if (operator === '</') return { value: trimHistogram(left, 'below', right), holds: true };
    if (operator === '>/') return { value: trimHistogram(left, 'above', right), holds: true };
  } else if (typeof left !== 'number' && typeof right !== 'number') {
    if (operator === '==' || operator === '!=') {
      return { value: left, holds: equalHistograms(left, right) === (operator === '==') };
    }
    if (operator === '+' || operator === '-') return addOrSubtract(run, node, left, right);
  }
  infoIncompatibleTypes(run, typeName(left), operator, typeName(right), node.span);
  return undefined;
}

function kept(histogram: Histogram): ElementResult {
  return { value: compactHistogram(histogram), holds: true };
}

function addOrSubtract(
  run: Evaluation,
  node: BinaryNode,
  left: Histogram,
  right: Histogram,
): ElementResult | undefined {
  const adding = node.operator === '+';
  const result = adding ? addHistograms(left, right) : subtractHistograms(left, right);
  if (result === undefined) {
    warnBucketLayout(run, node.operator, node.span);
    return undefined;
  }
  const operation = adding ? 'addition' : 'subtraction';
  if (result.resetCollision) warnCollidingResets(run, operation, node.span);
  if (result.boundsReconciled) infoBoundsReconciled(run, operation, node.span);
  return kept(adding ? result.histogram : withCounterResetHint(result.histogram, 'gauge'));
}

function typeName(element: Element): string {
  return typeof element === 'number' ? 'float' : 'histogram';
}
