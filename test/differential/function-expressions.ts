import { type Generator, selector, type Vector } from './generator.ts';
import { arithmetic, comparisons } from './operator-expressions.ts';

/** Functions of a number: those that keep a small difference small, and those that do not. */
const gentle = ['exp', 'ln', 'log2', 'log10', 'sqrt', 'deg', 'rad'] as const;
const keeping = ['abs', 'sort', 'sort_desc', 'timestamp'] as const;
const stepping = ['ceil', 'floor', 'sgn', 'round'] as const;
const trigonometric = [
  ...(['sin', 'cos', 'tan', 'asin', 'acos', 'atan'] as const),
  ...(['sinh', 'cosh', 'tanh', 'asinh', 'acosh', 'atanh'] as const),
] as const;
const ofTimes = [
  'year',
  'month',
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'days_in_month',
  'hour',
  'minute',
] as const;

/** A function of each element. */
export function elementwise(g: Generator, depth: number): Vector {
  const inner = g.vector(depth);
  const { labels, exact } = inner;
  switch (g.whole(9)) {
    case 0:
      return { text: `clamp(${inner.text}, ${g.scalar(0)}, ${g.scalar(0)})`, labels, exact };
    case 1:
      return { text: `${g.pick('clamp_min', 'clamp_max')}(${inner.text}, ${g.scalar(1)})`, labels, exact: false };
    case 2:
      return { text: `-(${inner.text})`, labels, exact };
    case 3:
      // Of times only: what the calendar says of other numbers depends on the machine.
      return {
        text: `${g.pick(...ofTimes)}(timestamp(${inner.text}) ${g.pick('+', '-')} ${g.pick('0', '86400', '1e7')})`,
        labels,
        exact: true,
      };
    case 4:
    case 5:
      if (exact) return { text: `${g.pick(...trigonometric)}(${inner.text})`, labels, exact: false };
      break;
    case 6:
      if (exact) return { text: `${g.pick(...stepping)}(${inner.text})`, labels, exact };
      break;
    case 7:
      if (exact) return { text: `round(${inner.text}, ${g.pick('5', '0.1', '100')})`, labels, exact: false };
      break;
    case 8:
      return { text: `${g.pick(...keeping)}(${inner.text})`, labels, exact };
    default:
  }
  return { text: `${g.pick(...gentle)}(${inner.text})`, labels, exact: false };
}

/** A function that makes a label. */
export function labelFunction(g: Generator, depth: number): Vector {
  const inner = g.vector(depth);
  const [label = 'job'] = inner.labels;
  if (g.whole(1) === 0) {
    const replacement = g.pick('$1', 'x-$1', '${1}y', '');
    const text = `label_replace(${inner.text}, "made", "${replacement}", "${label}", "${g.pick('(.).*', '(.*)', '([a-z]+).*')}")`;
    return { text, labels: [...inner.labels, 'made'], exact: inner.exact };
  }
  const sources = inner.labels.map((name) => JSON.stringify(name)).join(', ');
  const text = `label_join(${inner.text}, "made", "${g.pick('-', '', '/')}"${sources === '' ? '' : `, ${sources}`})`;
  return { text, labels: [...inner.labels, 'made'], exact: inner.exact };
}

/** What takes no vector of numbers, or a particular one. */
export function special(g: Generator, depth: number): Vector {
  switch (g.whole(5)) {
    case 0:
      return { text: `vector(${g.scalar(depth)})`, labels: [], exact: false };
    case 1:
      return {
        text: `absent(${g.pick('nothing{job="x"}', 'up{zone=~"a", job="y"}', g.vector(depth).text)})`,
        labels: [],
        exact: false,
      };
    case 2:
      return {
        text: `histogram_quantile(${g.pick('0.5', '0.9', '0', '1', '1.5')}, rate(latency_seconds_bucket[${g.pick('5m', '10m')}]))`,
        labels: ['job', 'instance'],
        exact: false,
      };
    case 3:
      return {
        text: `histogram_quantile(${g.scalar(0)}, sum by (le, job) (rate(latency_seconds_bucket[5m])))`,
        labels: ['job'],
        exact: false,
      };
    case 4:
      // Classic and float series have no native histograms, so these are empty; their names are known to both.
      return {
        text: `${g.pick('histogram_count(memory_bytes)', 'histogram_sum(memory_bytes)', 'histogram_fraction(0, 1, memory_bytes)')} or ${selector(g).text}`,
        labels: [],
        exact: false,
      };
    default:
      return { text: `${g.pick('hour', 'minute', 'year', 'month', 'day_of_week')}()`, labels: [], exact: false };
  }
}

/** A number. */
export function scalar(g: Generator, depth: number): string {
  if (depth === 0) return g.pick('0', '1', '2', '0.5', '-3', '40', '1e3', 'NaN', 'Inf', '0x10');
  switch (g.whole(6)) {
    case 0:
      return 'time()';
    case 1:
      return 'pi()';
    case 2:
      return `scalar(${g.vector(depth - 1).text})`;
    case 3:
      return `(${scalar(g, 0)}) ${g.pick(...arithmetic, 'atan2')} (time())`;
    case 4:
      return `(${scalar(g, 0)}) ${g.pick(...comparisons)} bool (${scalar(g, 0)})`;
    case 5:
      return `-(${g.scalar(depth - 1)})`;
    default:
      return scalar(g, 0);
  }
}
