import { RE2JS } from 're2js';
import {
  duration,
  formatDiagnostic,
  formatDuration,
  type LocatedDiagnostic,
  type Source,
  type Span,
  type Timestamp,
  timestamp,
} from '../../base/index.ts';
import {
  type EngineOptions,
  formatParseError,
  notatedSeries,
  parseExpr,
  parseMetric,
  parseSeriesLine,
  parseSeriesValues,
  type RunControl,
  runQuery,
} from '../../promql/index.ts';
import { memorySource, type Series } from '../../series/index.ts';
import { alertName } from '../alerts/alert-samples.ts';
import { notAVector, samplesOf } from '../evaluate/answers.ts';
import { prepareGroup } from '../evaluate/prepare.ts';
import { mayRead, selectorsOfText } from '../history/reads.ts';
import {
  probesSucceed,
  type WalkedHistory,
  type WalkOptions,
  walkedAnnotations,
  walkHistory,
} from '../history/walk-history.ts';
import type { Rule, RuleGroup } from '../model.ts';
import { readRuleFile } from '../read-rule-file.ts';
import { goQuote } from '../template/quote.ts';
import { durationText } from '../template/time.ts';
import { alertDifferences, sampleDifferences } from './differences.ts';
import type { AlertTest, ExpectedSample, ExprTest, UnitTest, UnitTestFile } from './model.ts';
import {
  type ComparedAlert,
  type ComparedSample,
  compareTexts,
  histogramText,
  indentLines,
  printAlerts,
  printSamples,
} from './print.ts';
import { readUnitTests } from './read-unit-tests.ts';

export interface UnitTestOptions {
  /** Only tests whose name one of these RE2 expressions matches somewhere. */
  readonly run?: readonly string[];
  /** Let keys pass in rule files that Prometheus does not know. */
  readonly ignoreUnknownFields?: boolean;
  /** Refuse queries that touch more than 10,000 samples, as promtool does. Where that may happen, rules are evaluated tick by tick. */
  readonly promtoolLimits?: boolean;
  readonly control?: RunControl;
}

/** Gives the rule files that a path or pattern of a test file means, relative to the test file; none if there are none. */
export type ReadRuleSources = (pattern: string) => Promise<readonly Source[]>;

/** What running a file of rule tests gives. */
export interface UnitTestResult {
  /** Checks that hold. A test without checks counts as one. */
  readonly passed: number;
  readonly failed: number;
  readonly failures: readonly UnitTestFailure[];
  /** Patterns of rule files that match nothing. */
  readonly warnings: readonly string[];
}

/** A check that does not hold, or something that cannot be checked. */
export interface UnitTestFailure {
  /** What promtool prints about it. */
  readonly text: string;
  /** In what the outcome differs from what is expected, in words. */
  readonly differences: readonly string[];
  /** Where the check stands; absent if the text tells a place already. */
  readonly place?: { readonly source: Source; readonly span: Span };
}

/** promtool's limit of samples that a query may touch. Source: prometheus, promql/promqltest/test.go, LazyLoader. */
const promtoolMaxSamples = 10_000;

/** Runs rule unit tests in promtool's format. Throws only if reading a rule file does, or if it is cancelled. */
export async function runUnitTests(
  source: Source,
  readRuleSources: ReadRuleSources,
  options: UnitTestOptions = {},
): Promise<UnitTestResult> {
  const read = readUnitTests(source);
  if (!read.ok) return refused(read.diagnostics.map((diagnostic) => ({ ...diagnostic, source })));
  const file = read.value;
  const run = options.run === undefined ? undefined : RE2JS.compile(options.run.join('|'));
  const tests = file.tests.filter(({ name }) => run === undefined || run.matcher(name).find());
  const { groups, sources, problems, warnings } = await readGroups(file, readRuleSources, options);
  if (0 < problems.length && 0 < tests.length) return { ...refused(problems), warnings };
  const failures: UnitTestFailure[] = [];
  let passed = 0;
  for (const test of tests) {
    const outcome = await runTest({ source, file, test, groups, sources, options });
    passed += outcome.passed;
    failures.push(...outcome.failures);
  }
  return { passed, failed: failures.length, failures, warnings };
}

function refused(diagnostics: readonly LocatedDiagnostic[]): UnitTestResult {
  const failures = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map((diagnostic) => ({ text: formatDiagnostic(diagnostic), differences: [] }));
  return { passed: 0, failed: failures.length, failures, warnings: [] };
}

async function readGroups(
  file: UnitTestFile,
  readRuleSources: ReadRuleSources,
  { ignoreUnknownFields = false }: UnitTestOptions,
): Promise<{
  readonly groups: readonly RuleGroup[];
  readonly sources: ReadonlyMap<Rule, Source>;
  readonly problems: readonly LocatedDiagnostic[];
  readonly warnings: readonly string[];
}> {
  const groups: RuleGroup[] = [];
  const ruleSources = new Map<Rule, Source>();
  const problems: LocatedDiagnostic[] = [];
  const warnings: string[] = [];
  for (const { path } of file.ruleFiles) {
    const sources = await readRuleSources(path);
    if (sources.length === 0) warnings.push(`no file match pattern ${path}`);
    for (const source of sources) {
      const outcome = readRuleFile(source, { ignoreUnknownFields });
      if (!outcome.ok) {
        problems.push(...outcome.diagnostics.map((diagnostic) => ({ ...diagnostic, source })));
        continue;
      }
      groups.push(...outcome.value.groups);
      for (const { rules } of outcome.value.groups) for (const rule of rules) ruleSources.set(rule, source);
    }
  }
  const place = (name: string): number => Math.max(0, file.groupEvalOrder.indexOf(name));
  return {
    groups: groups.toSorted((a, b) => place(a.name) - place(b.name)),
    sources: ruleSources,
    problems,
    warnings,
  };
}

interface Running {
  readonly source: Source;
  readonly file: UnitTestFile;
  readonly test: UnitTest;
  readonly groups: readonly RuleGroup[];
  /** The file that each rule is from. */
  readonly sources: ReadonlyMap<Rule, Source>;
  readonly options: UnitTestOptions;
}

interface TestOutcome {
  readonly passed: number;
  readonly failures: readonly UnitTestFailure[];
}

async function runTest(running: Running): Promise<TestOutcome> {
  const { file, test, groups, options } = running;
  const interval = file.evaluationInterval;
  const lastCheck = Math.max(0, ...[...test.alertTests, ...test.exprTests].map(({ evalTime }) => evalTime));
  const lastTick = timestamp(test.start + Math.floor(lastCheck / interval) * interval);
  const input = readInput(running, lastTick);
  if (!input.ok) return { passed: 0, failures: [input.failure] };
  const prepared = groups.map((group) => prepareGroup({ ...group, interval }, interval));
  const read = test.exprTests.flatMap(({ expr }) => selectorsOfText(expr));
  const walkOptions: WalkOptions = {
    from: test.start,
    to: lastTick,
    engine: engineOptions(file, options),
    control: options.control ?? {},
    external: { externalLabels: test.externalLabels, externalUrl: test.externalUrl },
    alertSeries: prepared.some(({ rules }) => rules.some((rule) => rule.kind === 'alerting' && mayRead(read, rule))),
    watch: test.alertTests.map(({ evalTime }) => tickBefore(running, evalTime)),
    tickByTick: false,
  };
  const source = memorySource(input.series);
  // A limit for each evaluation must not be held against all of them at once.
  let history = await walkHistory(prepared, source, { ...walkOptions, engine: engineOptions(file, {}) });
  if (options.promtoolLimits === true && (await mayExceedLimit(history, walkOptions))) {
    history = await walkHistory(prepared, source, { ...walkOptions, tickByTick: true });
  }
  const failedAt = history.failures[0]?.time;
  const alerts = await checkAlerts(running, history, walkOptions, failedAt);
  if (failedAt !== undefined) {
    return { passed: alerts.passed, failures: [...alerts.failures, ...ruleFailures(running, history, failedAt)] };
  }
  const exprs = await checkExprs(running, history, walkOptions);
  const failures = [...alerts.failures, ...exprs.failures];
  const passed = alerts.passed + exprs.passed;
  return { passed: passed + failures.length === 0 ? 1 : passed, failures };
}

/**
 * Whether some evaluation of a rule may exceed promtool's limit: then every one has to be looked at. Some evaluations are tried with half
 * of the limit; what succeeds there succeeds everywhere with the whole of it, save for odd input.
 */
async function mayExceedLimit(history: WalkedHistory, walkOptions: WalkOptions): Promise<boolean> {
  if (0 < history.failures.length) return true;
  const engine = { ...walkOptions.engine, maxSamples: promtoolMaxSamples / 2 };
  return !(await probesSucceed(history, { ...walkOptions, engine }, 32));
}

function engineOptions(
  { evaluationInterval }: UnitTestFile,
  { promtoolLimits }: UnitTestOptions,
): Partial<EngineOptions> {
  const limits = promtoolLimits === true ? { maxSamples: promtoolMaxSamples } : {};
  return { defaultSubqueryStep: evaluationInterval, ...limits };
}

/** The tick that an alert test looks at: the last one that is not later than its time. */
function tickBefore({ file, test }: Running, evalTime: number): Timestamp {
  return timestamp(test.start + Math.floor(evalTime / file.evaluationInterval) * file.evaluationInterval);
}

type Input =
  | { readonly ok: true; readonly series: readonly Series[] }
  | { readonly ok: false; readonly failure: UnitTestFailure };

/** The input series up to the last tick: later samples are never loaded. Of two lines for one series the later one counts. */
function readInput({ source, test }: Running, lastTick: Timestamp): Input {
  const byKey = new Map<string, Series>();
  for (const { series, values, span } of test.inputSeries) {
    const parsed = parseSeriesLine(`${series} ${values}`);
    if (!parsed.ok) {
      const [problem] = parsed.diagnostics;
      const message = `cannot read input series ${series}: ${problem?.message ?? 'it has no form'}`;
      const diagnostic = { severity: 'error', code: 'rules/test-value', message, span, source } as const;
      const help = problem?.help;
      const text = formatDiagnostic(help === undefined ? diagnostic : { ...diagnostic, help });
      return { ok: false, failure: { text, differences: [] } };
    }
    const { labels, samples } = parsed.value;
    const count = Math.floor((lastTick - test.start) / test.interval) + 1;
    byKey.set(labels.key, notatedSeries(labels, samples.slice(0, count), test.start, test.interval));
  }
  return { ok: true, series: [...byKey.values()] };
}

/** The rules that failed at the first tick at which one did; the place is that of the rule. */
function ruleFailures({ sources }: Running, history: WalkedHistory, time: Timestamp): readonly UnitTestFailure[] {
  // promtool counts from the epoch, whatever start the test has.
  const since = durationText(BigInt(time) * 1_000_000n);
  return history.failures
    .filter((failure) => failure.time === time)
    .map(({ scheduled: { rule }, message }) => {
      const text = `    rule: ${rule.name}, time: ${since}, err: ${message}`;
      const source = sources.get(rule.rule);
      const { place } = rule.rule;
      if (source === undefined || place === undefined) return { text, differences: [] };
      return { text, differences: [], place: { source, span: place.name } };
    });
}

async function checkAlerts(
  running: Running,
  history: WalkedHistory,
  walkOptions: WalkOptions,
  failedAt: Timestamp | undefined,
): Promise<TestOutcome> {
  const failures: UnitTestFailure[] = [];
  let passed = 0;
  for (const check of running.test.alertTests.toSorted((a, b) => a.evalTime - b.evalTime)) {
    const time = tickBefore(running, check.evalTime);
    if (failedAt !== undefined && failedAt <= time) break;
    const got = await firingAlerts(history, walkOptions, time, check.alertName);
    const failure = compareAlerts(running, check, got);
    if (failure === undefined) passed += 1;
    else failures.push(failure);
  }
  return { passed, failures };
}

async function firingAlerts(
  history: WalkedHistory,
  walkOptions: WalkOptions,
  time: Timestamp,
  name: string,
): Promise<readonly ComparedAlert[]> {
  const firing: ComparedAlert[] = [];
  for (const [scheduled, alerts] of history.watched.get(time) ?? []) {
    if (scheduled.rule.name !== name) continue;
    for (const walked of alerts) {
      if (walked.alert.state !== 'firing') continue;
      const annotations = await walkedAnnotations(history, scheduled, walked, walkOptions);
      firing.push({ labels: new Map(walked.alert.labels.entries()), annotations });
    }
  }
  return firing.toSorted(compareComparedAlerts);
}

function compareComparedAlerts(a: ComparedAlert, b: ComparedAlert): number {
  const byLabels = compareTexts(a.labels, b.labels);
  return byLabels === 0 ? compareTexts(a.annotations, b.annotations) : byLabels;
}

function compareAlerts(
  { source, test }: Running,
  check: AlertTest,
  got: readonly ComparedAlert[],
): UnitTestFailure | undefined {
  const expected = check.alerts
    .map(({ labels, annotations }) => ({ labels: new Map([...labels, [alertName, check.alertName]]), annotations }))
    .toSorted(compareComparedAlerts);
  const differences = alertDifferences(expected, got);
  if (differences.length === 0) return undefined;
  const name = test.name === '' ? '' : `    name: ${test.name},\n`;
  const head = `${name}    alertname: ${check.alertName}, time: ${formatDuration(check.evalTime)}, `;
  const indent = ' '.repeat(12);
  const exp = indentLines(printAlerts(expected), indent);
  const text = `${head}\n        exp:${exp}, \n        got:${indentLines(printAlerts(got), indent)}`;
  return { text, differences, place: { source, span: check.span } };
}

async function checkExprs(running: Running, history: WalkedHistory, walkOptions: WalkOptions): Promise<TestOutcome> {
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
