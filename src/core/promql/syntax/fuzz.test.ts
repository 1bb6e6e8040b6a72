import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { duration } from '../../base/index.ts';
import { functionTable } from '../check/functions.ts';
import { aggregationTable, isAggregation } from './aggregations.ts';
import * as build from './build.ts';
import { analyzeExpr, parseTree } from './parse.ts';
import { prettyExpr, printExpr } from './print.ts';
import type { BinaryOperator, DurationExpr, Expr, Subquery, VectorMatching, VectorSelector } from './tree.ts';
import { equalExpr, walk } from './walk.ts';

// `NINES_LONG=1` (npm run long) goes on for ten minutes, or NINES_FUZZ_MINUTES, most of them on texts; every run starts from a fixed seed.
const long = process.env['NINES_LONG'] === '1';
const minutes = Number(process.env['NINES_FUZZ_MINUTES'] ?? 10);

/** How much is tried: a number of runs, or as many as fit into a part of the time. */
function effort(seed: number, runs: number, part: number): fc.Parameters<unknown> {
  if (!long) return { seed, numRuns: runs };
  return { seed, numRuns: 2 ** 31, interruptAfterTimeLimit: part * minutes * 60_000, markInterruptAsFailure: false };
}

const trees = effort(20_261, 500, 0.2);
const texts = effort(20_262, 2000, 0.8);
const timeout = long ? (minutes + 1) * 60_000 : 60_000;

const word = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,6}$/);
const metric = fc.oneof(
  word,
  fc.constantFrom('a:b', 'sum', 'by', 'offset', 'start', 'fill', 'step', 'min_of', 'anchored', ''),
);
const label = fc.oneof(word, fc.constantFrom('on', 'bool', 'group_left', 'a.b', 'ü', 'a"b\\', 'nan', 'and'));
/** Any text that can be encoded, and stray bytes as the parser shows them. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('\udcff', 'a\udc80b', '\n\t\\"\'`', '\u0000\u007f\u0085\u200b', '\ufffd'),
);
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(0, -0, 1e21, 1e-7, 5e-324, Number.MAX_VALUE, Number.NaN, Number.POSITIVE_INFINITY),
);
const milliseconds = fc.oneof(fc.integer({ min: 1, max: 10_000_000_000 }), fc.constantFrom(1, 299_999, 31_536_000_000));

const bareLiteral: fc.Arbitrary<DurationExpr> = milliseconds.map((ms) => build.durationLiteral(duration(ms)));
const numberLiteral: fc.Arbitrary<DurationExpr> = fc
  .double({ min: 0.001, max: 1e9, noNaN: true })
  .map((seconds) => ({ kind: 'literal', seconds, asDuration: false, span: build.emptySpan }));

/** Durations as they may stand anywhere inside arithmetic; operands are put in parentheses, as the printer would. */
const { arithmetic } = fc.letrec<{ arithmetic: DurationExpr; group: DurationExpr; signed: DurationExpr }>((tie) => ({
  group: fc.oneof(
    { depthSize: 'small' },
    bareLiteral,
    numberLiteral,
    fc.constantFrom<DurationExpr>({ kind: 'step', span: build.emptySpan }, { kind: 'range', span: build.emptySpan }),
    tie('arithmetic').map((expr): DurationExpr => ({ kind: 'group', expr, span: build.emptySpan })),
    fc.tuple(fc.constantFrom('min_of' as const, 'max_of' as const), tie('arithmetic'), tie('arithmetic')).map(
      ([name, left, right]): DurationExpr => ({
        kind: 'extreme',
        function: name,
        left,
        right,
        span: build.emptySpan,
      }),
    ),
  ),
  arithmetic: fc.oneof(
    { depthSize: 'small' },
    tie('group'),
    fc.tuple(fc.constantFrom('+', '-', '*', '/', '%', '^'), tie('group'), fc.oneof(tie('group'), tie('signed'))).map(
      ([operator, left, right]): DurationExpr => ({
        kind: 'arithmetic',
        operator,
        left,
        right,
        span: build.emptySpan,
      }),
    ),
    fc.tuple(fc.constantFrom('+', '-', '*', '/', '%'), tie('signed'), tie('group')).map(
      ([operator, left, right]): DurationExpr => ({
        kind: 'arithmetic',
        operator,
        left,
        right,
        span: build.emptySpan,
      }),
    ),
    tie('signed').filter((expr) => expr.kind === 'negation'),
  ),
  signed: fc.oneof(
    { depthSize: 'small' },
    milliseconds.map((ms) => build.durationLiteral(duration(-ms))),
    fc
      .oneof(tie('group'), tie('signed'))
      .filter((expr) => expr.kind !== 'literal')
      .map(negation),
  ),
}));

function negation(expr: DurationExpr): DurationExpr {
  return { kind: 'negation', operator: '-', expr, span: build.emptySpan };
}

const rangeDuration = fc.oneof(
  { weight: 3, arbitrary: bareLiteral },
  { weight: 1, arbitrary: arithmetic.filter(isNotNumber) },
);
const offsetDuration = fc.oneof(
  { weight: 3, arbitrary: milliseconds.map((ms) => build.durationLiteral(duration(-ms))) },
  {
    weight: 1,
    arbitrary: arithmetic.filter(isNotNumber).map((expr) => (isOpen(expr) ? group(expr) : expr)),
  },
);

/** Whether it would not stay whole after `offset`. */
function isOpen(expr: DurationExpr): boolean {
  const operand = expr.kind === 'negation' ? expr.expr : expr;
  return operand.kind === 'arithmetic' || operand.kind === 'negation';
}

function isNotNumber(expr: DurationExpr): boolean {
  return expr.kind !== 'literal' || expr.asDuration;
}

function group(expr: DurationExpr): DurationExpr {
  return { kind: 'group', expr, span: build.emptySpan };
}

const at = fc.oneof(
  fc.integer({ min: -1e12, max: 1e15 }).map((ms) => ({ kind: 'time' as const, seconds: ms / 1000 })),
  fc.constantFrom({ kind: 'start' as const }, { kind: 'end' as const }),
);
const timing = fc.record({ offset: offsetDuration, at }, { requiredKeys: [] });

const selector: fc.Arbitrary<VectorSelector> = fc
  .record(
    {
      name: metric,
      matchers: fc.array(fc.record({ name: label, operator: fc.constantFrom('=', '!=', '=~', '!~'), value: text }), {
        maxLength: 3,
      }),
      timing,
      extended: fc.constantFrom('anchored' as const, 'smoothed' as const),
    },
    { requiredKeys: ['name', 'matchers', 'timing'] },
  )
  .map(({ name, matchers, timing: time, ...rest }) => ({ ...build.selector(name, matchers), ...rest, ...time }));

const operator = fc.constantFrom<BinaryOperator>(
  ...([
    '+',
    '-',
    '*',
    '/',
    '%',
    '^',
    'atan2',
    '==',
    '!=',
    '>',
    '<',
    '>=',
    '<=',
    'and',
    'or',
    'unless',
    '</',
    '>/',
  ] as const),
);
const labels = fc.array(label, { maxLength: 3 });
const matching: fc.Arbitrary<VectorMatching> = fc.record(
  {
    on: fc.boolean(),
    labels,
    group: fc.record({ side: fc.constantFrom('left' as const, 'right' as const), include: labels }),
    fill: fc
      .record({ left: number, right: number }, { requiredKeys: [] })
      .filter((fill) => 0 < Object.keys(fill).length),
  },
  { requiredKeys: ['on', 'labels'] },
);

const { expr: anyExpr } = fc.letrec<{ expr: Expr }>((tie) => ({
  expr: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    selector,
    number.map(build.number),
    milliseconds.map((ms) => build.durationNumber(duration(ms))),
    text.map(build.string),
    fc.tuple(selector, rangeDuration).map(
      ([inner, length]): Expr => ({
        ...build.range(inner, duration(1)),
        range: length,
      }),
    ),
    fc
      .record({ inner: tie('expr'), range: rangeDuration, step: fc.option(rangeDuration, { nil: undefined }), timing })
      .map(({ inner, range, step, timing: time }): Expr => {
        const base: Subquery = build.subquery(inner.kind === 'number' ? build.paren(inner) : inner, duration(1));
        return { ...base, range, ...(step !== undefined && { step }), ...time };
      }),
    fc
      .tuple(fc.constantFrom(...functionTable.keys(), 'no_such'), fc.array(tie('expr'), { maxLength: 3 }))
      .map(([name, args]): Expr => build.call(name, ...args)),
    fc
      .tuple(fc.constantFrom(...Object.keys(aggregationTable)), fc.boolean(), labels, tie('expr'), tie('expr'))
      .map(([name, without, names, param, inner]): Expr => {
        if (!isAggregation(name)) return inner;
        const grouping = { without, labels: names };
        return aggregationTable[name].param === undefined
          ? build.aggregate(name, grouping, inner)
          : build.aggregate(name, grouping, inner, param);
      }),
    fc
      .tuple(operator, tie('expr'), tie('expr'), fc.boolean(), fc.option(matching, { nil: undefined }))
      .map(
        ([op, left, right, bool, match]): Expr =>
          build.binary(op, left, right, { bool, ...(match !== undefined && { matching: match }) }),
      ),
    tie('expr').map(build.negate),
    tie('expr').map(build.paren),
  ),
}));

test('what is printed parses to the same tree', { timeout }, () => {
  fc.assert(
    fc.property(anyExpr, (expr) => {
      for (const printed of [printExpr(expr), prettyExpr(expr)]) {
        const parsed = parseTree(printed);
        if (!parsed.ok) throw new Error(`${printed}: ${parsed.diagnostics[0]?.message}`);
        expect(equalExpr(parsed.value, expr), printed).toBe(true);
        expect(printExpr(parsed.value)).toBe(printExpr(expr));
      }
    }),
    trees,
  );
});

const seeds = [
  'sum by (job) (rate(http_requests_total{code=~"5..", job!="x"}[5m] offset -1h30m)) / on (job) group_left (a) up @ end()',
  'histogram_quantile(0.9, sum without (instance) (rate(x_bucket{le!="+Inf"}[5m:1m] @ 1.5))) > bool -Inf',
  'topk(5, {"my.metric", "l.x"=\'v\'}) unless on () count_values("a\\xff", b) ^ -2',
  'metric offset -min_of(step(), 1s)^0 or avg_over_time(a[29s+1s:((((8 - 2) / 3) * 7s) % 4) + 8000ms])',
  'a + ignoring(b) fill_left(0) fill_right(NaN) c # comment\n atan2 0x1F_f',
  'label_replace(up, "ü", "$1", `raw\\`, "(?i)x.*") </ 1e-3 >/ 5m30s',
  ...corpusExpressions(),
];

/** The expressions of upstream's test scripts, where they are at hand. */
function corpusExpressions(): readonly string[] {
  const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/corpora/promqltest');
  if (!existsSync(folder)) return [];
  const heading = /^\s*eval\S*\s+(?:instant\s+at\s+\S+|range\s+from\s+\S+\s+to\s+\S+\s+step\s+\S+)\s+(.*)$/gm;
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test'))
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(heading)].map(([, text]) => text ?? ''));
}

const token = fc.constantFrom(
  ...'( ) [ ] { } , : @ = =~ !~ != == < <= > >= </ >/ + - * / % ^ and or unless atan2 sum topk by without on ignoring'.split(
    ' ',
  ),
  ...'group_left fill fill_left bool offset anchored start() step() min_of( 5m 1.5 0x1 1e5 "s" \'s\' ` " \\ # 1_ é 𐄑 \ud800'.split(
    ' ',
  ),
  '\n',
  ' ',
);

/** An expression cut and pasted at random: mostly wrong, often in the last place one would think of. */
const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(12), fc.oneof(token, fc.string({ maxLength: 3 }))),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
  )
  .map(([seed, edits]) => {
    let result = seed;
    for (const [place, cut, paste] of edits) {
      const start = Math.floor(place * result.length);
      result = `${result.slice(0, start)}${paste}${result.slice(start + cut)}`;
    }
    return result;
  });

/** Milliseconds of an analysis; a slow one is measured again, for the machine may have been busy with something else. */
function quickest(input: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let tries = 0; 50 < best && tries < 5; tries += 1) {
    const start = performance.now();
    analyzeExpr(input);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

test('no text makes the parser throw, hang or point outside of it', { timeout }, () => {
  fc.assert(
    fc.property(
      fc.oneof(
        mutated,
        fc.array(token, { maxLength: 30 }).map((parts) => parts.join(' ')),
      ),
      (input) => {
        expect(quickest(input)).toBeLessThan(100);
        const { expr, diagnostics } = analyzeExpr(input);
        expect(expr !== undefined || 0 < diagnostics.length).toBe(true);
        for (const { span } of diagnostics) {
          expect(0 <= span.start && span.start <= span.end && span.end <= input.length, JSON.stringify(span)).toBe(
            true,
          );
        }
        if (expr === undefined) return;
        walk(expr, (node, parents) => {
          const parent = parents.at(-1)?.span ?? { start: 0, end: input.length };
          expect(parent.start <= node.span.start && node.span.end <= parent.end).toBe(true);
        });
        if (0 < diagnostics.length) return;
        const again = parseTree(printExpr(expr));
        expect(again.ok && equalExpr(again.value, expr)).toBe(true);
      },
    ),
    texts,
  );
});
