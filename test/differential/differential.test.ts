import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { children, type Expr, parseExpr } from '../../src/core/promql/index.ts';
import { memorySource } from '../../src/core/series/index.ts';
import { answer, readExpr, type Times } from '../conformance/engine.ts';
import { compareAnswer, type RecordedAnswer } from '../conformance/recorded.ts';
import type { RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { dataStart, generateData, openMetrics } from './data.ts';
import { expressions } from './expressions.ts';
import { failsSince3, knownDifference, serverText } from './known-differences.ts';

/** A change of the seed gives other expressions; the number keeps a failure repeatable. */
const seed = Number(process.env['NINES_SEED'] ?? 20_231_114);
const howMany = process.env['NINES_LONG'] === '1' ? 20_000 : 2000;

/** Where positive and negative terms cancel to nothing, what rounding leaves of them is no difference. */
const noise = 1e-15;

/** An expression with the times at which both sides evaluate it. */
interface Case {
  readonly text: string;
  readonly at: number;
  readonly range: Times;
}

const drawn: readonly Case[] = fc
  .sample(fc.tuple(expressions(), fc.nat({ max: 6000 }), fc.constantFrom(10, 37, 60, 305)), {
    seed,
    numRuns: Math.ceil(1.03 * howMany),
  })
  .map(([text, second, step]) => {
    // Off every sample time and every multiple of a subquery's step: see expressions.ts.
    const at = dataStart + 1_500_000 - 1234 + 777 + second * 1000;
    return { text, at, range: { start: at, end: at + 7 * step * 1000, step: step * 1000 } };
  });

/** Those on which the versions agree: the known differences are left out. */
const cases = drawn.filter(({ text }) => knownDifference(text) === undefined).slice(0, howMany);

const data = generateData();
const source = memorySource(data);
const servers: RunningServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.stop();
});

describe('a real Prometheus 2.42 answers as we do', () => {
  test(`to ${howMany} random expressions, instant and range`, { timeout: 1_800_000 }, async (context) => {
    const server = await startPrometheus(context, { history: openMetrics(data) });
    servers.push(server);
    const differences: string[] = [];
    let empty = 0;
    for (const one of cases) {
      const { problems, isEmpty } = await compareCase(server, one);
      if (isEmpty) empty += 1;
      if (0 < problems.length) differences.push(`${one.text}\n  at ${one.at}: ${problems.slice(0, 3).join('\n  ')}`);
    }
    expect(differences.slice(0, 20).join('\n\n'), `${differences.length} of ${cases.length} differ`).toBe('');
    expect(cases.length).toBe(howMany);
    expect(empty / cases.length).toBeLessThan(0.4);
  });

  test('at times off the grid of the samples', () => {
    const offsets = new Set(data.flatMap(({ timestamps }) => [...timestamps].map((time) => time % 5000)));
    const asked = cases.flatMap(({ range: { start, end, step } }) => [start, end, start + step]);
    expect(asked.filter((time) => offsets.has(time % 5000))).toEqual([]);
  });

  test('and the expressions use all of its language', () => {
    const used = new Set<string>();
    for (const { text } of cases) {
      const parsed = parseExpr(text);
      if (parsed.ok) noteParts(parsed.value, used);
    }
    expect(languageOf242.filter((part) => !used.has(part))).toEqual([]);
  });
});

async function compareCase(
  server: RunningServer,
  { text, at, range }: Case,
): Promise<{ readonly problems: readonly string[]; readonly isEmpty: boolean }> {
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);
  const query = serverText(text);
  const instant = await ask(server, '/api/v1/query', { query, time: seconds(at) });
  const ranged = await ask(server, '/api/v1/query_range', {
    query,
    start: seconds(range.start),
    end: seconds(range.end),
    step: seconds(range.step),
  });
  const problems = [
    ...(await compareOne(text, { start: at, end: at, step: 0 }, instant)).map((problem) => `instant: ${problem}`),
    ...(await compareOne(text, range, ranged)).map((problem) => `range: ${problem}`),
  ];
  return { problems, isEmpty: instant.status !== 200 || (instant.result ?? []).length === 0 };
}

async function compareOne(text: string, times: Times, recorded: RecordedAnswer): Promise<readonly string[]> {
  const read = readExpr(text);
  // The HTTP API answers 400 to what is no expression, and 422 to one that cannot be evaluated.
  if ('message' in read) return recorded.status === 400 ? [] : [`does not read: ${read.message}`];
  const given = await answer(source, read.expr, times, {});
  if (!given.ok) return recorded.status === 422 || failsSince3(given.message) ? [] : [`fails: ${given.message}`];
  if (recorded.status !== 200) return [`expected to fail with "${recorded.error ?? ''}", but it succeeds`];
  return compareAnswer(text, recorded, given.value, noise);
}

async function ask(server: RunningServer, path: string, parameters: Record<string, string>): Promise<RecordedAnswer> {
  const response = await fetch(`${server.url}${path}`, { method: 'POST', body: new URLSearchParams(parameters) });
  const body: { data?: Pick<RecordedAnswer, 'resultType' | 'result'>; error?: string } = await response.json();
  return { status: response.status, ...body.data, ...(body.error === undefined ? {} : { error: body.error }) };
}

/** Notes functions, operators, aggregations and modifiers of an expression. */
function noteParts(expr: Expr, used: Set<string>): void {
  for (const part of partsOf(expr)) used.add(part);
  for (const child of children(expr)) noteParts(child, used);
}

function partsOf(expr: Expr): readonly string[] {
  switch (expr.kind) {
    case 'call':
      return [expr.function];
    case 'aggregation': {
      const { operator, grouping } = expr;
      return [operator, grouping.without ? 'without' : 0 < grouping.labels.length ? 'by' : ''];
    }
    case 'binary': {
      const { operator, bool, matching } = expr;
      const group = matching?.group === undefined ? [] : [`group_${matching.group.side}`];
      const include = matching?.group === undefined || matching.group.include.length === 0 ? [] : ['group_left(label)'];
      return [
        operator,
        bool ? 'bool' : '',
        matching === undefined ? '' : matching.on ? 'on' : 'ignoring',
        ...group,
        ...include,
      ];
    }
    case 'selector':
      return [...expr.matchers.map(({ operator }) => `matcher ${operator}`), ...modifiersOf(expr)];
    case 'subquery':
      return [expr.step === undefined ? 'subquery' : 'subquery with step', ...modifiersOf(expr)];
    case 'matrix':
      return ['matrix'];
    case 'unary':
      return [`unary ${expr.operator}`];
    case 'number':
    case 'string':
    case 'paren':
      return [];
  }
}

function modifiersOf({ offset, at }: Pick<Extract<Expr, { kind: 'selector' }>, 'offset' | 'at'>): readonly string[] {
  const negative = offset?.kind === 'negation' || (offset?.kind === 'literal' && offset.seconds < 0);
  return [offset === undefined ? '' : negative ? 'offset -' : 'offset', at === undefined ? '' : `@ ${at.kind}`];
}

/** What Prometheus 2.42 knows. holt_winters has had another name since 3.0. Source: its promql/parser/functions.go and lex.go. */
const languageOf242: readonly string[] = `
  abs absent absent_over_time acos acosh asin asinh atan atanh avg_over_time ceil changes clamp clamp_max clamp_min cos cosh count_over_time
  day_of_month day_of_week day_of_year days_in_month deg delta deriv exp floor histogram_count histogram_fraction histogram_quantile
  histogram_sum double_exponential_smoothing hour idelta increase irate label_join label_replace last_over_time ln log10 log2
  max_over_time min_over_time minute month pi predict_linear present_over_time quantile_over_time rad rate resets round scalar sgn sin
  sinh sort sort_desc sqrt stddev_over_time stdvar_over_time sum_over_time tan tanh time timestamp vector year
  sum avg min max count group stddev stdvar topk bottomk count_values quantile
  + - * / % ^ atan2 == != < > <= >= and or unless bool on ignoring group_left group_right group_left(label) by without
  offset matrix subquery
`
  .trim()
  .split(/\s+/)
  .concat(
    'offset -',
    '@ time',
    '@ start',
    '@ end',
    'subquery with step',
    'unary -',
    'matcher =',
    'matcher !=',
    'matcher =~',
    'matcher !~',
  );
