import fc from 'fast-check';

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
    };
    const kind = generator.whole(9);
    if (kind === 0) return scalar(generator, 3);
    return vector(generator, 1 + generator.whole(3)).text;
  });
}

interface Generator {
  pick<T>(...choices: readonly [T, ...T[]]): T;
  whole(max: number): number;
}

/** An expression with the labels that its series have (the metric name aside), so that operands can be made to fit. */
interface Vector {
  readonly text: string;
  readonly labels: readonly string[];
  /**
   * Whether its values are free of rounding. What makes a large difference of a small one (a remainder, a sine, a comparison, a difference
   * of neighbours) is applied to such values only: order of addition and compensation, which versions differ in, must not be seen.
   */
  readonly exact: boolean;
}

const metrics: readonly [Vector, ...Vector[]] = [
  { text: 'requests_total', labels: ['job', 'instance', 'status'], exact: true },
  { text: 'cpu_seconds_total', labels: ['job', 'instance'], exact: true },
  { text: 'memory_bytes', labels: ['job', 'instance'], exact: true },
  { text: 'temperature', labels: ['job', 'instance'], exact: true },
  { text: 'queue_length', labels: ['job', 'instance', 'queue'], exact: true },
  { text: 'build_info', labels: ['job', 'instance', 'version'], exact: true },
  { text: 'latency_seconds_bucket', labels: ['job', 'instance', 'le'], exact: true },
  { text: 'odd', labels: ['job', 'kind'], exact: true },
];

const counters = metrics.filter(({ text }) => /_total$|_bucket$/.test(text));

const labelValues: Readonly<Record<string, readonly [string, ...string[]]>> = {
  job: ['api', 'web'],
  instance: ['a:80', 'b:80', 'c:80'],
  status: ['200', '404', '500'],
  queue: ['mail', 'jobs'],
  version: ['1.9', '2.0'],
  le: ['0.1', '0.5', '1', '5', '+Inf'],
  kind: ['nan', 'inf', 'zero'],
};

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

function selector(g: Generator): Vector {
  const { text, labels } = g.pick(...metrics);
  return { text: `${text}${matchers(g, labels)}${modifiers(g)}`, labels, exact: true };
}

function matchers(g: Generator, labels: readonly string[]): string {
  const written: string[] = [];
  for (const label of labels) {
    const values: readonly [string, ...string[]] = labelValues[label] ?? [''];
    const value = g.pick(...values);
    const quoted = JSON.stringify(value);
    switch (g.whole(11)) {
      case 0:
        written.push(`${label}=${quoted}`);
        break;
      case 1:
        written.push(`${label}!=${quoted}`);
        break;
      case 2:
        written.push(`${label}=~${JSON.stringify(`${value.slice(0, 1).replace('+', '.')}.*`)}`);
        break;
      case 3:
        written.push(`${label}!~${JSON.stringify(`${value.replace('+', '.')}|nothing`)}`);
        break;
      default:
    }
  }
  return written.length === 0 ? '' : `{${written.join(', ')}}`;
}

/** Now and then an offset or a fixed time; both together in any order. */
function modifiers(g: Generator): string {
  const offset = ` offset ${g.pick('5m', '1m35s', '-2m', '10m', '-30s')}`;
  const at = ` @ ${g.pick('1700003605.777', 'start()', 'end()', '1700005002.777')}`;
  switch (g.whole(15)) {
    case 0:
    case 1:
      return offset;
    case 2:
    case 3:
      return at;
    case 4:
      return `${at}${offset}`;
    case 5:
      return `${offset}${at}`;
    default:
      return '';
  }
}

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

function overRange(g: Generator): Vector {
  const counter = 0 < g.whole(1);
  const [first = metrics[0], ...others] = counter ? counters : metrics;
  const { text, labels } = g.pick(first, ...others);
  const range = g.pick('1m', '2m', '5m', '10m', '30m');
  return { ...rangeCall(g, `${text}${matchers(g, labels)}[${range}]`, counter, true), labels };
}

function overSubquery(g: Generator, depth: number): Vector {
  const inner = vector(g, depth);
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

function elementwise(g: Generator, depth: number): Vector {
  const inner = vector(g, depth);
  const { labels, exact } = inner;
  switch (g.whole(9)) {
    case 0:
      return { text: `clamp(${inner.text}, ${scalar(g, 0)}, ${scalar(g, 0)})`, labels, exact };
    case 1:
      return { text: `${g.pick('clamp_min', 'clamp_max')}(${inner.text}, ${scalar(g, 1)})`, labels, exact: false };
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

const exactAggregations = ['sum', 'min', 'max', 'count', 'group'] as const;

/** Metrics whose values are finite and differ from series to series. */
const distinct = ['cpu_seconds_total', 'memory_bytes'] as const;

function aggregation(g: Generator, depth: number): Vector {
  const inner = vector(g, depth);
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

const arithmetic = ['+', '-', '*', '/', '%', '^'] as const;
const comparisons = ['==', '!=', '<', '>', '<=', '>='] as const;
/** Operators that keep a small difference small. */
const gentleOperators = ['+', '*', '/'] as const;

function scalarOperation(g: Generator, depth: number): Vector {
  const inner = vector(g, depth);
  const { labels, exact } = inner;
  if (!exact) return { text: `(${inner.text}) ${g.pick(...gentleOperators)} (${scalar(g, 0)})`, labels, exact };
  const comparison = g.whole(1) === 0;
  const operator = comparison
    ? g.pick(...comparisons, '== bool', '!= bool', '< bool', '> bool', '<= bool', '>= bool')
    : g.pick(...arithmetic);
  const number = scalar(g, 0);
  const text = g.whole(2) === 0 ? `(${number}) ${operator} (${inner.text})` : `(${inner.text}) ${operator} (${number})`;
  // A filter keeps the vector's values if the vector stands on its left.
  return { text, labels, exact: comparison && !text.startsWith(`(${number})`) };
}

function vectorOperation(g: Generator, depth: number): Vector {
  const left = vector(g, depth);
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

function setOperation(g: Generator, depth: number): Vector {
  const left = vector(g, depth);
  const right = vector(g, depth);
  const operator = g.pick('and', 'or', 'unless', 'or');
  const on = g.pick('', '', ' on(job)', ' ignoring(status, le, queue, version)', ' on()');
  return {
    text: `(${left.text}) ${operator}${on} (${right.text})`,
    labels: left.labels,
    exact: left.exact && right.exact,
  };
}

function labelFunction(g: Generator, depth: number): Vector {
  const inner = vector(g, depth);
  const [label = 'job'] = inner.labels;
  if (g.whole(1) === 0) {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the braces belong to RE2's form of a group reference.
    const replacement = g.pick('$1', 'x-$1', '${1}y', '');
    const text = `label_replace(${inner.text}, "made", "${replacement}", "${label}", "${g.pick('(.).*', '(.*)', '([a-z]+).*')}")`;
    return { text, labels: [...inner.labels, 'made'], exact: inner.exact };
  }
  const sources = inner.labels.map((name) => JSON.stringify(name)).join(', ');
  const text = `label_join(${inner.text}, "made", "${g.pick('-', '', '/')}"${sources === '' ? '' : `, ${sources}`})`;
  return { text, labels: [...inner.labels, 'made'], exact: inner.exact };
}

function special(g: Generator, depth: number): Vector {
  switch (g.whole(5)) {
    case 0:
      return { text: `vector(${scalar(g, depth)})`, labels: [], exact: false };
    case 1:
      return {
        text: `absent(${g.pick('nothing{job="x"}', 'up{zone=~"a", job="y"}', vector(g, depth).text)})`,
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
        text: `histogram_quantile(${scalar(g, 0)}, sum by (le, job) (rate(latency_seconds_bucket[5m])))`,
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

function scalar(g: Generator, depth: number): string {
  if (depth === 0) return g.pick('0', '1', '2', '0.5', '-3', '40', '1e3', 'NaN', 'Inf', '0x10');
  switch (g.whole(6)) {
    case 0:
      return 'time()';
    case 1:
      return 'pi()';
    case 2:
      return `scalar(${vector(g, depth - 1).text})`;
    case 3:
      return `(${scalar(g, 0)}) ${g.pick(...arithmetic, 'atan2')} (time())`;
    case 4:
      return `(${scalar(g, 0)}) ${g.pick(...comparisons)} bool (${scalar(g, 0)})`;
    case 5:
      return `-(${scalar(g, depth - 1)})`;
    default:
      return scalar(g, 0);
  }
}
