/** What makes the choices, and expressions inside others. */
export interface Generator {
  pick<T>(...choices: readonly [T, ...T[]]): T;
  /** A whole number up to `max`, which is included. */
  whole(max: number): number;
  vector(depth: number): Vector;
  scalar(depth: number): string;
}

/** An expression with the labels that its series have (the metric name aside), so that operands can be made to fit. */
export interface Vector {
  readonly text: string;
  readonly labels: readonly string[];
  /**
   * Whether its values are free of rounding. What makes a large difference of a small one (a remainder, a sine, a comparison, a difference
   * of neighbours) is applied to such values only: order of addition and compensation, which versions differ in, must not be seen.
   */
  readonly exact: boolean;
}

/** The data's metrics. */
export const metrics: readonly [Vector, ...Vector[]] = [
  { text: 'requests_total', labels: ['job', 'instance', 'status'], exact: true },
  { text: 'cpu_seconds_total', labels: ['job', 'instance'], exact: true },
  { text: 'memory_bytes', labels: ['job', 'instance'], exact: true },
  { text: 'temperature', labels: ['job', 'instance'], exact: true },
  { text: 'queue_length', labels: ['job', 'instance', 'queue'], exact: true },
  { text: 'build_info', labels: ['job', 'instance', 'version'], exact: true },
  { text: 'latency_seconds_bucket', labels: ['job', 'instance', 'le'], exact: true },
  { text: 'odd', labels: ['job', 'kind'], exact: true },
];

/** Those that only grow. */
export const counters = metrics.filter(({ text }) => /_total$|_bucket$/.test(text));

/** The values that a label takes in the data. */
const labelValues: Readonly<Record<string, readonly [string, ...string[]]>> = {
  job: ['api', 'web'],
  instance: ['a:80', 'b:80', 'c:80'],
  status: ['200', '404', '500'],
  queue: ['mail', 'jobs'],
  version: ['1.9', '2.0'],
  le: ['0.1', '0.5', '1', '5', '+Inf'],
  kind: ['nan', 'inf', 'zero'],
};

/** A plain selector. */
export function selector(g: Generator): Vector {
  const { text, labels } = g.pick(...metrics);
  return { text: `${text}${matchers(g, labels)}${modifiers(g)}`, labels, exact: true };
}

/** Conditions on some labels, most of which some series meet. */
export function matchers(g: Generator, labels: readonly string[]): string {
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
export function modifiers(g: Generator): string {
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
