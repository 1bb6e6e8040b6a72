import { RE2JS } from 're2js';
import { formatDiagnostic, type LocatedDiagnostic, type Source, type Timestamp, timestamp } from '../../base/index.ts';
import { type EngineOptions, notatedSeries, parseSeriesLine } from '../../promql/index.ts';
import { memorySource, type Series } from '../../series/index.ts';
import { prepareGroup } from '../evaluate/prepare.ts';
import { mayRead, selectorsOfText } from '../history/reads.ts';
import { probesSucceed, type WalkedHistory, type WalkOptions, walkHistory } from '../history/walk-history.ts';
import type { Rule, RuleGroup } from '../model.ts';
import { readRuleFile } from '../read-rule-file.ts';
import { durationText } from '../template/time.ts';
import { checkAlerts } from './check-alerts.ts';
import { checkExprs } from './check-exprs.ts';
import type { UnitTestFile } from './model.ts';
import { readUnitTests } from './read-unit-tests.ts';
import { type Running, type TestOutcome, tickBefore, type UnitTestFailure, type UnitTestOptions } from './running.ts';

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
