import { beforeAll, describe, expect, test } from 'vitest';
import { duration, hour, minute, timestamp } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { parseExpr, runQuery } from '../../src/core/promql/index.ts';
import { memorySource, metricName, type SeriesSource } from '../../src/core/series/index.ts';
import type { Slo } from '../../src/core/slo/index.ts';
import { boards, type PlacedQuery, queriesOf, shop, withEverythingChosen } from './boards.ts';
import { type Truth, truths } from './truths.ts';
import { liveThrough, options, type World } from './world.ts';

/** Every query of every board of a service that has a bit of everything, against what truly happened to it. */
const queries = queriesOf(boards([shop], options));

/** Now, while payments fail and workers are gone; and hours before, while the queue was long. */
const moments = [
  ['now', 0],
  ['while the queue was long', 5 * hour - 20 * minute],
] as const;

let world: World;
beforeAll(async () => {
  world = await liveThrough();
}, 240_000);

test('each query of each panel has a truth', () => {
  const without = queries.filter((query) => truthsOf(query).length !== 1);
  expect(without.map(({ file, panel, target }) => `${file}: ${panel.title} ${target.refId}`)).toEqual([]);
});

test('each truth belongs to a panel', () => {
  const unused = truths.filter((truth) => !queries.some((query) => truthsOf(query).includes(truth)));
  expect(unused.map(({ board, title }) => `${board}: ${title}`)).toEqual([]);
});

describe.each(moments)('%s', (_, ago) => {
  test.each([...new Set(queries.map(({ file }) => file))])('%s tells the truth', async (file) => {
    const time = world.now - ago;
    for (const query of queries.filter((one) => one.file === file)) {
      const [truth] = truthsOf(query);
      if (truth === undefined) throw new Error(`no truth for ${query.panel.title}`);
      const name = `${query.panel.title} ${query.target.refId}: ${query.target.expr}`;
      const { panel, target } = query;
      const expected = truth.answer({ world, panel, target, slo: objectiveOf(query), time });
      const found = await ask(target.expr, truth.by, time);
      expect.soft([...found.keys()].toSorted(), name).toEqual(Object.keys(expected).toSorted());
      for (const [key, [low, high]] of Object.entries(expected)) {
        const value = found.get(key);
        expect.soft(value, `${name} {${key}} must be from ${low} to ${high}`).toBeGreaterThanOrEqual(low);
        expect.soft(value, `${name} {${key}} must be from ${low} to ${high}`).toBeLessThanOrEqual(high);
      }
    }
  });
});

test('where no rule is evaluated any more, nothing is said: no zero, no green', async () => {
  for (const { panel, target } of queries) {
    // Of days that are over the raw buckets tell the truth for ever.
    if (panel.title.includes('percentiles over')) continue;
    const answer = await ask(target.expr, [], world.now + hour, world.source, 'any');
    expect.soft([...answer], `${panel.title}: ${target.expr}`).toEqual([]);
  }
});

test('an objective that is promised but has no figures is unknown, and shows in the table', async () => {
  const without = memorySource(
    world.series.filter(
      ({ labels }) => labels.get('slo') !== 'latency' || labels.get(metricName) !== recorded.periodBudgetRemaining,
    ),
  );
  const answerOf = (title: string, refId: string, by: readonly string[]) => {
    const found = queries.find(
      (one) => one.file === 'overview.json' && one.panel.title === title && one.target.refId === refId,
    );
    return ask(found!.target.expr, by, world.now, without);
  };
  expect((await answerOf('Objectives by state', 'D', [])).get('')).toBe(1);
  const counts = await Promise.all(['A', 'B', 'C', 'D'].map((refId) => answerOf('Objectives by state', refId, [])));
  expect(counts.reduce((sum, count) => sum + (count.get('') ?? 0), 0)).toBe(shop.slos.length);
  const table = await answerOf('Objectives, worst first', 'A', ['slo']);
  expect(table.size).toBe(shop.slos.length);
  expect(table.get('latency')).toBeNaN();
});

function truthsOf({ file, panel, target }: PlacedQuery): readonly Truth[] {
  const board = file.split('.')[0];
  return truths.filter(
    (truth) =>
      truth.board === board &&
      truth.title.test(panel.title) &&
      (truth.refId === undefined || truth.refId === target.refId),
  );
}

/** The objective of a detail board by its name; on the service's board by what the panel's title begins with. */
function objectiveOf({ file, panel }: PlacedQuery): Slo {
  const [kind, , name] = file.split('.');
  const byTitle = shop.slos.find(({ title }) => panel.title.startsWith(title));
  const slo = kind === 'slo' ? shop.slos.find((one) => one.name === name) : (byTitle ?? shop.slos[0]);
  if (slo === undefined) throw new Error(`no objective for ${panel.title}`);
  return slo;
}

async function ask(
  expr: string,
  by: readonly string[],
  time: number,
  source: SeriesSource = world.source,
  labels: 'told apart' | 'any' = 'told apart',
): Promise<ReadonlyMap<string, number>> {
  const parsed = parseExpr(withEverythingChosen(expr));
  if (!parsed.ok) throw new Error(`${expr}: ${parsed.diagnostics[0]?.message}`);
  const at = { start: timestamp(time), end: timestamp(time), step: duration(0) };
  const outcome = await runQuery(source, parsed.value, at);
  if (!outcome.ok || outcome.value.kind !== 'vector') throw new Error(`no vector from ${expr}`);
  const { samples } = outcome.value;
  const found = new Map(
    samples.map((sample) => [
      by
        .map((label) => sample.labels.get(label) ?? '')
        .join(' ')
        .trimEnd(),
      sample.value,
    ]),
  );
  if (labels === 'told apart' && found.size < samples.length)
    throw new Error(`${expr} gives series that only other labels than ${by} tell apart`);
  return found;
}
