import { duration, formatDuration, timestamp } from '../../base/index.ts';
import { formatParseError, parseExpr, parseMetric, parseSeriesValues, runQuery } from '../../promql/index.ts';
import { notAVector, samplesOf } from '../evaluate/answers.ts';
import type { WalkedHistory, WalkOptions } from '../history/walk-history.ts';
import { goQuote } from '../template/quote.ts';
import { sampleDifferences } from './differences.ts';
import type { ExpectedSample, ExprTest } from './model.ts';
import { type ComparedSample, compareTexts, histogramText, printSamples } from './print.ts';
import type { Running, TestOutcome, UnitTestFailure } from './running.ts';

/** Holds what expressions give against the samples that a test expects. */
export async function checkExprs(
  running: Running,
  history: WalkedHistory,
  walkOptions: WalkOptions,
): Promise<TestOutcome> {
  const failures: UnitTestFailure[] = [];
  let passed = 0;
  for (const check of running.test.exprTests) {
    const failure = await checkExpr(running, check, history, walkOptions);
    if (failure === undefined) passed += 1;
    else failures.push(failure);
  }
  return { passed, failures };
}

async function checkExpr(
  { source, test, file }: Running,
  check: ExprTest,
  history: WalkedHistory,
  { engine, control }: WalkOptions,
): Promise<UnitTestFailure | undefined> {
  const head = `    expr: ${goQuote(check.expr)}, time: ${formatDuration(check.evalTime)},`;
  const place = { source, span: check.span };
  const parsed = parseExpr(check.expr);
  if (!parsed.ok) {
    const [problem] = parsed.diagnostics;
    const message = problem === undefined ? 'it does not parse' : formatParseError(check.expr, problem);
    return { text: `${head} err: ${message}`, differences: [], place };
  }
  const time = timestamp(test.start + check.evalTime);
  const outcome = await runQuery(
    history.store.source,
    parsed.value,
    { start: time, end: time, step: duration(0) },
    engine,
    control,
  );
  if (!outcome.ok) return { text: `${head} err: ${outcome.error.message}`, differences: [], place };
  const found = samplesOf(outcome.value);
  if (found === undefined) return { text: `${head} err: ${notAVector}`, differences: [], place };
  const got = found
    .map(({ labels, value, histogram }) => ({
      labels: new Map(labels.entries()),
      value: histogram === undefined ? value : 0,
      histogram: histogramText(histogram),
    }))
    .toSorted((a, b) => compareTexts(a.labels, b.labels));
  const expected: ComparedSample[] = [];
  for (const sample of check.samples) {
    const read = readExpected(sample);
    if (typeof read === 'string') {
      const message = `labels ${goQuote(sample.labels)}: ${read}`;
      return { text: `${head} err: ${message}`, differences: [], place: { source, span: sample.span } };
    }
    expected.push(read);
  }
  expected.sort((a, b) => compareTexts(a.labels, b.labels));
  const differences = sampleDifferences(expected, got, file.fuzzyCompare ? nearlySame : (a, b) => a === b);
  if (differences.length === 0) return undefined;
  const text = `${head}\n        exp: ${printSamples(expected)}\n        got: ${printSamples(got)}`;
  return { text, differences, place };
}

/** An expected sample, or why it cannot be read. */
function readExpected({ labels, value, histogram }: ExpectedSample): ComparedSample | string {
  const metric = labels === '' ? undefined : parseMetric(labels);
  if (metric !== undefined && !metric.ok) return metric.diagnostics[0]?.message ?? 'not a metric';
  const texts = new Map(metric?.value.entries() ?? []);
  if (histogram === '') return { labels: texts, value, histogram: '' };
  const values = parseSeriesValues(histogram);
  if (!values.ok) return values.diagnostics[0]?.message ?? 'not a histogram';
  const [sample, second] = values.value;
  if (second !== undefined || sample === undefined) return `expected 1 value, got ${values.value.length}`;
  if (sample.kind !== 'histogram') return 'expected histogram, got a float';
  return { labels: texts, value, histogram: histogramText(sample.histogram) };
}

/** Whether two numbers are the same or neighbours. */
function nearlySame(a: number, b: number): boolean {
  return a === b || neighbour(a, 1n) === b || neighbour(a, -1n) === b;
}

const bits = new DataView(new ArrayBuffer(8));

/** The next float above (1) or below (-1) a number. */
function neighbour(value: number, direction: 1n | -1n): number {
  if (!Number.isFinite(value)) return value;
  if (value === 0) return direction === 1n ? Number.MIN_VALUE : -Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (0 < value ? direction : -direction));
  return bits.getFloat64(0);
}
