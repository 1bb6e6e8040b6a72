import { beforeAll, describe, expect, test } from 'vitest';
import { duration, minute, timestamp } from '../../src/core/base/index.ts';
import { parseExpr, runQuery } from '../../src/core/promql/index.ts';
import type { Slo } from '../../src/core/slo/index.ts';
import { boards, type PlacedQuery, queriesOf, withEverythingChosen } from './boards.ts';
import { kinds, liveThroughKinds } from './kinds-world.ts';
import { type Answer, between, budgetLeft, observed, offenders, type Question } from './measures.ts';
import { calendarTruths, type Truth, truths } from './truths.ts';
import { options, type World, withLabel } from './world.ts';

/** The boards of grouped objectives, of native histograms and of calendar periods, against what truly happened. */
const queries = queriesOf(boards([kinds], options));

/** What a native histogram shows otherwise than a classic one, and the labels of these requests. */
const ownTruths: readonly Truth[] = [
  { board: 'slo', title: /: percentiles$/, by: [], answer: (q) => ({ '': quantile(q, 4 * minute) }) },
  { board: 'slo', title: /: percentiles over /, by: [], answer: (q) => ({ '': quantile(q, q.slo.period.length) }) },
  { board: 'slo', title: /^Most bad events by tenant$/, by: ['tenant'], answer: offenders },
  { board: 'slo', title: /^Most bad events by code$/, by: ['code'], answer: offenders },
  // The count of the histogram that the map is painted of.
  {
    board: 'slo',
    title: /: heat map$/,
    by: [],
    answer: (q) => ({ '': between([observed(q, Number.POSITIVE_INFINITY)]) }),
  },
];
const all = [...ownTruths, ...calendarTruths, ...truths];

let world: World;
beforeAll(async () => {
  world = await liveThroughKinds();
}, 240_000);

describe.each(kinds.slos.map((slo) => [slo.name, slo] as const))('%s', (name, slo) => {
  const own = queries.filter(({ file }) => file === `slo.kinds.${name}.json`);

  test('each query of its board has a truth', () => {
    expect(own.filter((query) => truthOf(query) === undefined).map(({ panel }) => panel.title)).toEqual([]);
    expect(own.length).toBeGreaterThan(15);
  });

  test('its board tells the truth', async () => {
    for (const { panel, target, file } of own) {
      const truth = truthOf({ panel, target, file })!;
      const question: Question = { world, panel, target, slo, time: world.now };
      // Where bad events come from is asked of all groups together, and all have one target.
      const isWhole = panel.title.startsWith('Most bad') || target.legendFormat === 'target';
      const groups = isWhole ? [] : slo.groupBy;
      const expected = groups.length === 0 ? truth.answer(question) : ofEachGroup(truth, question);
      await expectAnswer(
        `${panel.title} ${target.refId}: ${target.expr}`,
        target.expr,
        [...truth.by, ...groups],
        expected,
      );
    }
  });
});

test('the board of the service and the overview tell groups apart, or tell of the worst of them', async () => {
  const budgets = Object.fromEntries(
    kinds.slos.flatMap((slo) =>
      Object.entries(ofGroups(slo, (one) => budgetLeft({ ...anyQuestion(), slo: one }))).map(
        ([group, range]) => [`${slo.name} ${group}`.trim(), range] as const,
      ),
    ),
  );
  const left = queryOf('service.kinds.json', 'Error budget left');
  await expectAnswer('service', left.target.expr, ['slo', 'tenant'], budgets);
  expect(left.target.legendFormat).toBe('{{slo}} {{tenant}}');
  const worst = Object.fromEntries(
    kinds.slos.map(({ name }) => {
      const own = Object.entries(budgets).filter(([key]) => key.split(' ')[0] === name);
      return [name, own.map(([, range]) => range).toSorted(([a], [b]) => a - b)[0]!];
    }),
  );
  await expectAnswer('overview', queryOf('overview.json', 'Objectives, worst first').target.expr, ['slo'], worst);
});

test('a choice of groups is followed by all that reads what the objective counts', () => {
  for (const { panel, target } of queries.filter(({ file }) => file === 'slo.kinds.tenants.json'))
    for (const [selection] of target.expr.matchAll(/\b(?:requests_total|slo:(?!objective)[a-z_:]+)\{[^}]*\}/g))
      expect(selection, `${panel.title}: ${target.expr}`).toContain('tenant=~"$group_tenant"');
});

function queryOf(file: string, title: string): PlacedQuery {
  const found = queries.find(
    (query) => query.file === file && query.panel.title === title && query.target.refId === 'A',
  );
  if (found === undefined) throw new Error(`${file} has no ${title}`);
  return found;
}

function anyQuestion(): Question {
  const { panel, target } = queries[0]!;
  return { world, panel, target, slo: kinds.slos[0]!, time: world.now };
}

function truthOf({ panel, target }: PlacedQuery): Truth | undefined {
  return all.find(
    ({ board, title, refId }) =>
      board === 'slo' && title.test(panel.title) && (refId === undefined || refId === target.refId),
  );
}

function ofGroups<T>(slo: Slo, make: (one: Slo) => T): Readonly<Record<string, T>> {
  const [label] = slo.groupBy;
  if (label === undefined) return { '': make(slo) };
  return Object.fromEntries(['acme', 'globex'].map((value) => [value, make(withLabel(slo, label, value))]));
}

function ofEachGroup(truth: Truth, question: Question): Answer {
  const groups = Object.entries(ofGroups(question.slo, (slo) => truth.answer({ ...question, slo })));
  return Object.fromEntries(
    groups.flatMap(([group, answer]) =>
      Object.entries(answer).map(([key, range]) => [words(`${key} ${group}`), range] as const),
    ),
  );
}

/** A percentile as a native histogram tells it: within a bucket observations grow by the same factor, not by the same amount. */
function quantile(question: Question, over: number) {
  const share = Number((question.target.legendFormat ?? '').slice(1)) / 100;
  const [fast, everything] = [0.5, Number.POSITIVE_INFINITY].map((bound) => observed(question, bound, over)) as [
    number,
    number,
  ];
  const rank = share * everything;
  return between([rank <= fast ? 0.25 * 2 ** (rank / fast) : 0.5 * 2 ** ((rank - fast) / (everything - fast))]);
}

function words(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

async function expectAnswer(name: string, expr: string, by: readonly string[], expected: Answer): Promise<void> {
  const parsed = parseExpr(withEverythingChosen(expr));
  if (!parsed.ok) throw new Error(`${expr}: ${parsed.diagnostics[0]?.message}`);
  const at = { start: timestamp(world.now), end: timestamp(world.now), step: duration(0) };
  const outcome = await runQuery(world.source, parsed.value, at);
  if (!outcome.ok || outcome.value.kind !== 'vector') throw new Error(`no vector from ${expr}`);
  const found = new Map(
    outcome.value.samples.map(({ labels, value, histogram }) => [
      words(by.map((label) => labels.get(label) ?? '').join(' ')),
      histogram?.count ?? value,
    ]),
  );
  expect.soft(found.size, `${name} gives series that only other labels tell apart`).toBe(outcome.value.samples.length);
  expect.soft([...found.keys()].toSorted(), name).toEqual(Object.keys(expected).map(words).toSorted());
  for (const [key, [low, high]] of Object.entries(expected)) {
    const value = found.get(words(key));
    expect.soft(value, `${name} {${key}} must be from ${low} to ${high}`).toBeGreaterThanOrEqual(low);
    expect.soft(value, `${name} {${key}} must be from ${low} to ${high}`).toBeLessThanOrEqual(high);
  }
}
