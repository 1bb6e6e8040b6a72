import { counters, type Generator, matchers, metrics, modifiers, type Vector } from './generator.ts';

const exactOverTime = [
  'min_over_time',
  'max_over_time',
  'count_over_time',
  'last_over_time',
  'present_over_time',
] as const;
const roundingOverTime = ['avg_over_time', 'sum_over_time', 'quantile_over_time'] as const;
const differencesOverTime = ['stddev_over_time', 'stdvar_over_time'] as const;
/** Exact, because they count, or take away a whole number from another. */
const countsOfRange = ['resets', 'changes', 'idelta'] as const;

/** A function over a range of samples. */
export function overRange(g: Generator): Vector {
  const counter = 0 < g.whole(1);
  const [first = metrics[0], ...others] = counter ? counters : metrics;
  const { text, labels } = g.pick(first, ...others);
  const range = g.pick('1m', '2m', '5m', '10m', '30m');
  return { ...rangeCall(g, `${text}${matchers(g, labels)}[${range}]`, counter, true), labels };
}

/** A function over a subquery. */
export function overSubquery(g: Generator, depth: number): Vector {
  const inner = g.vector(depth);
  const range = g.pick('5m2s', '10m7s', '17m12s');
  const step = g.pick('30s', '1m', '45s', '2m', '');
  const counter = counters.some(({ text }) => inner.text.startsWith(text));
  return { ...rangeCall(g, `(${inner.text})[${range}:${step}]`, counter, inner.exact), labels: inner.labels };
}

function rangeCall(g: Generator, plain: string, counter: boolean, exact: boolean): Omit<Vector, 'labels'> {
  const matrix = `${plain}${modifiers(g)}`;
  if (!exact) return roundingCall(g, matrix);
  switch (g.whole(9)) {
    case 0:
      // Never with `@`, which 2.x gets wrong here.
      return {
        text: `predict_linear(${plain}${g.pick('', ' offset 5m')}, ${g.pick('60', '3600', '-300')})`,
        exact: false,
      };
    case 1:
      return {
        text: `double_exponential_smoothing(${matrix}, ${g.pick('0.5', '0.1')}, ${g.pick('0.3', '0.9')})`,
        exact: false,
      };
    case 2:
    case 3:
      return counter
        ? { text: `${g.pick('rate', 'increase', 'irate')}(${matrix})`, exact: false }
        : { text: `${g.pick('delta', 'deriv', 'delta')}(${matrix})`, exact: false };
    case 4:
      return { text: `${g.pick(...countsOfRange)}(${matrix})`, exact: true };
    case 5:
      return { text: `${g.pick(...differencesOverTime)}(${matrix})`, exact: false };
    case 6:
      return {
        text: `${g.pick('absent_over_time', 'present_over_time', 'present_over_time')}(${matrix})`,
        exact: true,
      };
    case 7:
      return roundingCall(g, matrix);
    default:
      return { text: `${g.pick(...exactOverTime)}(${matrix})`, exact: true };
  }
}

function roundingCall(g: Generator, matrix: string): Omit<Vector, 'labels'> {
  const name = g.pick(...roundingOverTime);
  const first = name === 'quantile_over_time' ? `${g.pick('0.5', '0.99', '0', '1', '-1', '2')}, ` : '';
  return { text: `${name}(${first}${matrix})`, exact: false };
}
