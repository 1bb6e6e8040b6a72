import { type Labels, labelsPredicate, type Matcher, metricName } from '../series/index.ts';
import type { Slo } from '../slo/index.ts';
import type { Count, Process } from './process.ts';
import { histogramLabels } from './values.ts';

/** The tree of an indicator's expression; scenarios know PromQL by no more than this. */
export type Expr = Extract<Slo['indicator'], { readonly kind: 'ratio' }>['events'];

/** The selectors that an indicator adds up. */
export function selectorsOf(expr: Expr): readonly (readonly Matcher[])[] {
  switch (expr.kind) {
    case 'selector':
      return [matchersOf(expr)];
    case 'paren':
      return selectorsOf(expr.expr);
    case 'aggregation':
      if (expr.operator === 'sum') return selectorsOf(expr.expr);
      break;
    case 'binary':
      if (expr.operator === '+') return [...selectorsOf(expr.left), ...selectorsOf(expr.right)];
      break;
    default:
      break;
  }
  throw new RangeError(`an indicator is a selector or a sum of selectors, not a ${expr.kind}`);
}

/** What a selector asks of labels, the name among them. */
export function matchersOf(selector: Extract<Expr, { readonly kind: 'selector' }>): readonly Matcher[] {
  const name: Matcher = { name: metricName, operator: '=', value: selector.name };
  return selector.name === '' ? selector.matchers : [name, ...selector.matchers];
}

/** A series that counts: one count, or several of a histogram's ranges together. */
export interface Counter {
  readonly labels: Labels;
  readonly replica: number;
  readonly counts: readonly Count[];
}

/** The counters that a selector finds. */
export function countersOf(process: Process, selector: readonly Matcher[]): readonly Counter[] {
  const matches = labelsPredicate(selector);
  return process.groups.flatMap((group): readonly Counter[] => {
    const { replica } = group;
    if (group.kind === 'gauge') return [];
    if (group.kind === 'counter')
      return matches(group.labels) ? [{ labels: group.labels, replica, counts: [group.count] }] : [];
    const names = histogramLabels(group);
    const found = (labels: Labels, length: number): readonly Counter[] =>
      matches(labels) ? [{ labels, replica, counts: group.counts.slice(0, length) }] : [];
    return [...names.buckets.flatMap((labels, i) => found(labels, i + 1)), ...found(names.count, group.counts.length)];
  });
}
