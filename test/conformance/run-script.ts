import { minute, timestamp } from '../../src/core/base/index.ts';
import type { EngineOptions, Expr, VectorSample } from '../../src/core/promql/index.ts';
import type { SeriesSource } from '../../src/core/series/index.ts';
import { compareAnnotations, compareValue, sortProblems, textMatches, textOf } from './compare.ts';
import { type Answer, answer, readExpr } from './engine.ts';
import type { Check } from './report.ts';
import { canBePinned, pinned } from './rewrite.ts';
import { type Eval, parseScript } from './script.ts';
import { ScriptStorage } from './storage.ts';

/** The settings of upstream's own test engine. Source: prometheus, promql/promqltest/test.go, NewTestEngine. */
const scriptEngine: Partial<EngineOptions> = {
  maxSamples: 10_000,
  defaultSubqueryStep: minute,
  delayedNameRemoval: true,
  useStartTimestamps: true,
};

/** Runs a test script. Every evaluation is one check; a command that cannot be read is one failed check. */
export async function runScript(text: string): Promise<readonly Check[]> {
  const storage = new ScriptStorage();
  const checks: Check[] = [];
  for (const command of parseScript(text)) {
    switch (command.kind) {
      case 'clear':
        storage.clear();
        break;
      case 'load': {
        const problem = storage.load(command);
        if (problem !== undefined) checks.push({ name: `line ${command.line}: load`, problems: [problem] });
        break;
      }
      case 'unreadable':
        checks.push({ name: `line ${command.line}: reading it`, problems: [command.message] });
        break;
      case 'eval':
        checks.push({
          name: `line ${command.line}: ${command.expr}`,
          problems: await runEval(storage.source(), command),
        });
        break;
    }
  }
  return checks;
}

async function runEval(source: SeriesSource, evaluation: Eval): Promise<readonly string[]> {
  const read = readExpr(evaluation.expr);
  if ('message' in read) return failureProblems(evaluation, read.message);
  if (evaluation.isRange) {
    return judge(evaluation, await answer(source, read.expr, evaluation, scriptEngine));
  }
  return runInstant(source, evaluation, read.expr);
}

/**
 * Runs an instant evaluation as upstream does: at its time; with every selector pinned to that time also at others; and each of those
 * as the middle of a range query.
 */
async function runInstant(source: SeriesSource, evaluation: Eval, expr: Expr): Promise<readonly string[]> {
  const points = evaluation.expected.kind === 'series' ? evaluation.expected.points : undefined;
  const at = points?.end ?? evaluation.end;
  const problems = [...(await runAt(source, evaluation, expr, at, ''))];
  if (0 < problems.length || !canBePinned(expr)) return problems;
  const times = at === 0 ? [-1000, 0, 1000] : [-10 * at, 0, Math.trunc(at / 5), at, 10 * at];
  const pinnedExpr = pinned(expr, at / 1000);
  for (const time of times) {
    problems.push(...(await runAt(source, evaluation, pinnedExpr, time, ` with selectors pinned, at ${time} ms`)));
  }
  return problems;
}

async function runAt(
  source: SeriesSource,
  evaluation: Eval,
  expr: Expr,
  time: number,
  how: string,
): Promise<readonly string[]> {
  const given = await answer(source, expr, { start: time, end: time, step: 0 }, scriptEngine);
  const problems = judge(evaluation, given).map((problem) => labelled(problem, how));
  if (0 < problems.length || !given.ok || !comparableInRange(evaluation)) return problems;
  const times = { start: time - minute, end: time + minute, step: minute };
  const ranged = await answer(source, expr, times, scriptEngine);
  return rangeProblems(evaluation, given, ranged, time).map((problem) => labelled(problem, `${how} as a range query`));
}

/** Whether the middle of a range query must equal the instant answer. */
function comparableInRange({ expected, expr, ordered }: Eval): boolean {
  const special = expected.kind === 'string' || (expected.kind === 'series' && expected.points !== undefined);
  return !special && !ordered && !/\b(?:start|end|range|step)\(\)/i.test(expr);
}

function rangeProblems(
  evaluation: Eval,
  instant: Extract<Answer, { ok: true }>,
  ranged: Answer,
  time: number,
): readonly string[] {
  if (!ranged.ok) return [`fails: ${ranged.message}`];
  if (ranged.value.kind !== 'matrix') return [`gives a ${ranged.value.kind}`];
  const { series } = ranged.value;
  const samples: VectorSample[] = [];
  for (const { labels, timestamps, values, histograms } of series) {
    const middle = timestamps.indexOf(time);
    if (middle === -1) continue;
    const sample = { labels, time: timestamp(time), value: values[middle] ?? Number.NaN };
    const histogram = histograms?.get(middle);
    samples.push(histogram === undefined ? sample : { ...sample, histogram });
  }
  const sorted = sortProblems(series.map(({ labels }) => labels));
  if (instant.value.kind !== 'scalar') {
    return [...sorted, ...compareValue({ ...evaluation, ordered: false }, { kind: 'vector', samples })];
  }
  const value = samples[0]?.value ?? Number.NaN;
  return compareValue(evaluation, { ...instant.value, value });
}

/** What is wrong with an answer: failed, or succeeded, against the expectation, or another value or other remarks than expected. */
function judge(evaluation: Eval, given: Answer): readonly string[] {
  if (!given.ok) return failureProblems(evaluation, given.message);
  if (evaluation.failure !== undefined) return [`expected to fail with ${textOf(evaluation.failure)}, but it succeeds`];
  return [...compareAnnotations(evaluation, given.annotations), ...compareValue(evaluation, given.value)];
}

function failureProblems({ failure }: Eval, message: string): readonly string[] {
  if (failure === undefined) return [`fails: ${message}`];
  return textMatches(failure, message)
    ? []
    : [`expected to fail with ${textOf(failure)}, but it fails with "${message}"`];
}

function labelled(problem: string, how: string): string {
  return how === '' ? problem : `${problem}\n  (${how.trim()})`;
}
