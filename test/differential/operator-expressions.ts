import { type Generator, metrics, modifiers, selector, type Vector } from './generator.ts';

const exactAggregations = ['sum', 'min', 'max', 'count', 'group'] as const;

/** Metrics whose values are finite and differ from series to series. */
const distinct = ['cpu_seconds_total', 'memory_bytes'] as const;

/** An aggregation. */
export function aggregation(g: Generator, depth: number): Vector {
  const inner = g.vector(depth);
  const { exact } = inner;
  const { clause, labels } = grouping(g, inner.labels);
  switch (g.whole(11)) {
    case 0:
      return { text: `${g.pick('topk', 'bottomk')}${clause}(100, ${inner.text})`, labels: inner.labels, exact };
    case 1:
      return { text: `quantile${clause}(${g.pick('0.5', '0.9', '0', '1')}, ${inner.text})`, labels, exact: false };
    case 2:
      if (!exact) break;
      // Of whole numbers of moderate size only: the label shows a number to its last digit, which no tolerance forgives. The label
      // comes last of all in the alphabet, because 2.x loses labels of the `by` clause behind it.
      return {
        text: `count_values${clause}("zero_or_more", round(clamp(${inner.text}, -1e6, 1e6)))`,
        labels: [...labels, 'zero_or_more'],
        exact,
      };
    case 3: {
      // Of different numbers only: which of equal ones are kept is not defined.
      const text = `${g.pick('topk', 'bottomk')} ${g.pick('', 'by (job)', 'without (job)')} (${g.pick('1', '2', '3')}, ${g.pick(...distinct)})`;
      return { text, labels: ['job', 'instance'], exact: true };
    }
    case 4:
      // Of finite numbers only: 2.x takes the deviation of a single number that is not finite for zero.
      return {
        text: `${g.pick('stddev', 'stdvar')} by (job) (${g.pick(...distinct)}${modifiers(g)})`,
        labels: ['job'],
        exact: false,
      };
    case 5:
      return { text: `avg${clause}(${inner.text})`, labels, exact: false };
    default:
  }
  return g.whole(1) === 0
    ? { text: `${g.pick(...exactAggregations)}${clause}(${inner.text})`, labels, exact }
    : { text: `${g.pick(...exactAggregations)}(${inner.text})${clause}`, labels, exact };
}

function grouping(
  g: Generator,
  labels: readonly string[],
): { readonly clause: string; readonly labels: readonly string[] } {
  const chosen = labels.filter(() => g.whole(1) === 0);
  switch (g.whole(4)) {
    case 0:
      return { clause: '', labels: [] };
    case 1:
    case 2:
      return { clause: ` by (${chosen.join(', ')}) `, labels: chosen };
    default:
      return { clause: ` without (${chosen.join(', ')}) `, labels: labels.filter((label) => !chosen.includes(label)) };
  }
}

/** Arithmetic operators, without the one whose name handling changed. */
export const arithmetic = ['+', '-', '*', '/', '%', '^'] as const;
export const comparisons = ['==', '!=', '<', '>', '<=', '>='] as const;
/** Operators that keep a small difference small. */
const gentleOperators = ['+', '*', '/'] as const;

/** An operation of a vector and a number. */
export function scalarOperation(g: Generator, depth: number): Vector {
  const inner = g.vector(depth);
  const { labels, exact } = inner;
  if (!exact) return { text: `(${inner.text}) ${g.pick(...gentleOperators)} (${g.scalar(0)})`, labels, exact };
  const comparison = g.whole(1) === 0;
  const operator = comparison
    ? g.pick(...comparisons, '== bool', '!= bool', '< bool', '> bool', '<= bool', '>= bool')
    : g.pick(...arithmetic);
  const number = g.scalar(0);
  const text = g.whole(2) === 0 ? `(${number}) ${operator} (${inner.text})` : `(${inner.text}) ${operator} (${number})`;
  // A filter keeps the vector's values if the vector stands on its left.
  return { text, labels, exact: comparison && !text.startsWith(`(${number})`) };
}

/** An arithmetic operation or comparison of two vectors, matched in one of several ways. */
export function vectorOperation(g: Generator, depth: number): Vector {
  const left = g.vector(depth);
  const operator = left.exact
    ? g.pick(...arithmetic, 'atan2', ...comparisons, '> bool', '<= bool')
    : g.pick(...gentleOperators);
  const { labels } = left;
  const exact = false;
  switch (g.whole(5)) {
    case 0: {
      // The same series twice.
      return { text: `(${left.text}) ${operator} (sum without () (${left.text}))`, labels, exact };
    }
    case 1: {
      const shared = labels.filter(() => g.whole(1) === 0);
      const right = `sum by (${shared.join(', ')}) (${vectorOver(g, labels)})`;
      return { text: `(${left.text}) ${operator} on(${shared.join(', ')}) group_left() ${right}`, labels, exact };
    }
    case 2: {
      const dropped = labels.filter(() => g.whole(1) === 0);
      const right = `max without (${dropped.join(', ')}) (${vectorOver(g, labels)})`;
      return {
        text: `${right} ${operator} ignoring(${dropped.join(', ')}) group_right() (${left.text})`,
        labels,
        exact,
      };
    }
    case 3:
      return {
        text: `cpu_seconds_total ${operator} on(job, instance) group_left(version) build_info`,
        labels: ['job', 'instance', 'version'],
        exact,
      };
    case 4: {
      const right = selector(g);
      return { text: `(${left.text}) ${operator} ignoring(queue, version) (${right.text})`, labels, exact };
    }
    default: {
      const right = selector(g);
      return { text: `sum by (job) (${left.text}) ${operator} sum by (job) (${right.text})`, labels: ['job'], exact };
    }
  }
}

/** A plain selector over a metric that has at least these labels, if there is one. */
function vectorOver(g: Generator, labels: readonly string[]): string {
  const fitting = metrics.filter((metric) => labels.every((label) => metric.labels.includes(label)));
  const [first = metrics[0], ...others] = fitting;
  return g.pick(first, ...others).text;
}

/** A set operation. */
export function setOperation(g: Generator, depth: number): Vector {
  const left = g.vector(depth);
  const right = g.vector(depth);
  const operator = g.pick('and', 'or', 'unless', 'or');
  const on = g.pick('', '', ' on(job)', ' ignoring(status, le, queue, version)', ' on()');
  return {
    text: `(${left.text}) ${operator}${on} (${right.text})`,
    labels: left.labels,
    exact: left.exact && right.exact,
  };
}
