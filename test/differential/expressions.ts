import fc from 'fast-check';
import { elementwise, labelFunction, scalar, special } from './function-expressions.ts';
import { type Generator, selector, type Vector } from './generator.ts';
import { aggregation, scalarOperation, setOperation, vectorOperation } from './operator-expressions.ts';
import { overRange, overSubquery } from './range-expressions.ts';

/**
 * Random PromQL over the data of `data.ts`, in the language of Prometheus 2.42. Every window that the expressions open has its ends off
 * all sample times, because ranges have another left end in 2.x (docs/promql-differences.md): samples lie 1.234 s after multiples of five
 * seconds, queries are made at .777, selectors range over multiples of five seconds, and subqueries over a length that their steps, all
 * multiples of five seconds, never divide.
 */
export function expressions(): fc.Arbitrary<string> {
  return fc.gen().map((g) => {
    const generator: Generator = {
      pick: (...choices) => g(fc.constantFrom, ...choices),
      whole: (max) => g(fc.nat, { max }),
      vector: (depth) => vector(generator, depth),
      scalar: (depth) => scalar(generator, depth),
    };
    const kind = generator.whole(9);
    if (kind === 0) return scalar(generator, 3);
    return vector(generator, 1 + generator.whole(3)).text;
  });
}

function vector(g: Generator, depth: number): Vector {
  if (depth === 0) return g.whole(3) === 0 ? overRange(g) : selector(g);
  switch (g.whole(15)) {
    case 0:
      return selector(g);
    case 1:
    case 2:
    case 3:
      return overRange(g);
    case 4:
      return overSubquery(g, depth - 1);
    case 5:
    case 6:
    case 7:
      return aggregation(g, depth - 1);
    case 8:
      return scalarOperation(g, depth - 1);
    case 9:
    case 10:
      return vectorOperation(g, depth - 1);
    case 11:
      return setOperation(g, depth - 1);
    case 12:
      return labelFunction(g, depth - 1);
    case 13:
      return special(g, depth - 1);
    default:
      return elementwise(g, depth - 1);
  }
}
