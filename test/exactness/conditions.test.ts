import { describe, expect, test } from 'vitest';
import { day, duration, hour, minute, second, timestamp } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { parseExpr, runQuery } from '../../src/core/promql/index.ts';
import { memorySource, metricName, type Series } from '../../src/core/series/index.ts';
import { evaluateRules, evaluateWithGaps, isNamed } from './history.ts';
import { objective, rulesOf, shop } from './rules.ts';
import { scenarios } from './scenarios.ts';
import { type Scraped, scrape } from './traffic.ts';

/**
 * The error ratio that rules show under four conditions that have nothing to do with the traffic, beside what the shapes of Sloth and Pyrra
 * show of the same data: theirs are evaluated at the end over all that was recorded at every evaluation.
 */
const interval = duration(30 * second);
const end = Date.UTC(2026, 10, 10, 20);
const period = duration(2 * day);

interface Condition {
  readonly name: string;
  readonly scenario: string;
  /** How long before the end the history begins. */
  readonly length: number;
  readonly gap?: { readonly from: number; readonly to: number };
}

const outage = 'flat traffic, an outage and a slow burn';
const conditions: readonly Condition[] = [
  {
    name: 'no rule is evaluated for 30 minutes',
    scenario: outage,
    length: period + 3 * hour,
    gap: { from: end - 20 * hour, to: end - 20 * hour + 30 * minute },
  },
  { name: 'a label edit', scenario: 'series get another label', length: period + 3 * hour },
  { name: 'a window not yet filled', scenario: 'error series exist only during the incident', length: 30 * hour },
];

describe('the error ratio shown', () => {
  test.for(conditions)('$name', { timeout: 120_000 }, async ({ scenario, length, gap }, context) => {
    const from = end - length;
    const { scraped, raw } = history(scenario, from);
    const gaps = gap === undefined ? [] : [gap];
    const series = await evaluateWithGaps(rules(), raw, from, end, gaps, interval);
    const truth = ratioOf(scraped, Math.max(from, end - period));
    const shown = await valueAt(series, `${recorded.periodErrorRatio}`);
    const others = await peers(raw, from, gap);
    await context.annotate(
      `truth ${percent(truth)}; off by: Nines ${off(shown, truth)}, Sloth ${off(others.sloth, truth)}, Pyrra ${off(others.pyrra, truth)}`,
    );
    expect(Math.abs((shown ?? Number.NaN) / truth - 1)).toBeLessThan(0.005);
    const fill = await valueAt(series, recorded.periodFill);
    expect(fill).toBeCloseTo(Math.min(1, length / period), 1);
  });

  test('two evaluators write for one objective into one store: counts multiply, ratios stay', {
    timeout: 120_000,
  }, async () => {
    const from = end - period - 3 * hour;
    const { scraped, raw } = history(outage, from);
    const first = await evaluateRules(rules(), raw, from, end);
    const second = await evaluateRules(rules(), first.series, from + interval / 2, end);
    const both = second.series.slice(first.series.length);
    const truth = ratioOf(scraped, end - period);
    const ratios = both.filter(({ labels }) => labels.get(metricName) === recorded.periodErrorRatio);
    const shown = ratios[0]?.values.at(-1) ?? Number.NaN;
    expect(Math.abs(shown / truth - 1)).toBeLessThan(0.005);
    const total = both.find((one) => isNamed(one, recorded.periodEvents, 'total'))?.values.at(-1) ?? 0;
    const counted = scraped.visible((end - period) / 1000, end / 1000).total;
    // The second one's sums hold the increases of both.
    expect(total / counted).toBeGreaterThan(1.9);
  });
});

/** What a board shows of an objective that has just begun. */
describe('a cold start', () => {
  test.each([
    ['ten minutes', 10 * minute],
    ['an hour', hour],
    ['a day', day],
  ])('after %s the figures are those of the time seen, and say how much of the period that is', async (_, age) => {
    const from = end - age;
    const { scraped, raw } = history('bursts of errors of five seconds', from);
    const { series, alerts } = await evaluateRules(
      rulesOf(shop(objective('bad', duration(30 * day))), interval),
      raw,
      from,
      end,
    );
    const at = (query: string): Promise<number | undefined> => valueAt(series, query);
    const fill = await at(recorded.periodFill);
    expect(fill).toBeCloseTo(age / (30 * day), 3);
    expect(fill).toBeLessThan(0.04);
    const { bad, total } = scraped.visible((from + interval) / 1000, end / 1000);
    expect(await at(`${recorded.periodEvents}{events="total"}`)).toBeGreaterThan(0.97 * total);
    expect(await at(`${recorded.periodEvents}{events="total"}`)).toBeLessThanOrEqual(
      scraped.visible(from / 1000, end / 1000).total,
    );
    expect(((await at(recorded.periodErrorRatio)) ?? Number.NaN) / (bad / total)).toBeCloseTo(1, 1);
    // Fills follow in coarse steps.
    for (const length of [hour, 3 * day]) {
      const filled = (await at(`clamp_max(${recorded.periodObserved} / ${length / 1000}, 1)`)) ?? Number.NaN;
      expect(filled).toBeLessThanOrEqual(Math.min(1, age / length));
      expect(filled).toBeGreaterThanOrEqual(Math.min(1, (age - 8 * minute) / length));
    }
    expect(alerts.flatMap(({ episodes }) => episodes.filter(({ firedAt }) => firedAt !== undefined))).toEqual([]);
  });

  test('before anything was counted there is no budget, rather than a full one', async () => {
    const { raw } = history(outage, end - minute);
    const { series } = await evaluateRules(rules(), raw, end - interval, end - interval);
    expect(await valueAt(series, recorded.periodBudgetRemaining)).toBeUndefined();
  });
});

function rules(): ReturnType<typeof rulesOf> {
  return rulesOf(shop(objective('bad', period)), interval);
}

function history(name: string, from: number): { readonly scraped: Scraped; readonly raw: readonly Series[] } {
  const make = scenarios.find((one) => one.name === name)?.make;
  if (make === undefined) throw new Error(`no scenario ${name}`);
  const span = { from: from / 1000, to: end / 1000, period: period / 1000 };
  const scraped = scrape({ ...make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to });
  return { scraped, raw: scraped.series };
}

function ratioOf(scraped: Scraped, from: number): number {
  const { bad, total } = scraped.visible(from / 1000, end / 1000);
  return bad / total;
}

async function valueAt(series: readonly Series[], query: string): Promise<number | undefined> {
  const parsed = parseExpr(query);
  if (!parsed.ok) throw new Error(query);
  const at = timestamp(end);
  const outcome = await runQuery(memorySource(series), parsed.value, { start: at, end: at, step: duration(0) });
  if (!outcome.ok || outcome.value.kind !== 'vector') throw new Error(query);
  return outcome.value.samples[0]?.value;
}

/** Sloth's average of ratios and Pyrra's sums of increases, recorded at the same evaluations. */
async function peers(
  raw: readonly Series[],
  from: number,
  gap: Condition['gap'],
): Promise<{ readonly sloth: number | undefined; readonly pyrra: number | undefined }> {
  const bad = 'requests_total{code=~"5.."}';
  const record = (name: string, text: string) => {
    const parsed = parseExpr(text);
    if (!parsed.ok) throw new Error(text);
    return { kind: 'recording', record: name, expr: parsed.value, labels: new Map<string, string>() } as const;
  };
  const file = {
    groups: [
      {
        name: 'peers',
        interval,
        labels: new Map<string, string>(),
        rules: [
          record('sloth', `sum(rate(${bad}[5m])) / sum(rate(requests_total[5m]))`),
          record('pyrra_bad', `sum(increase(${bad}[5m]))`),
          record('pyrra_total', 'sum(increase(requests_total[5m]))'),
        ],
      },
    ],
  };
  const series = await evaluateWithGaps(file, raw, from, end, gap === undefined ? [] : [gap], interval);
  return {
    sloth: await valueAt(series, 'sum_over_time(sloth[2d]) / count_over_time(sloth[2d])'),
    pyrra: await valueAt(series, 'sum_over_time(pyrra_bad[2d:5m]) / sum_over_time(pyrra_total[2d:5m])'),
  };
}

function off(shown: number | undefined, truth: number): string {
  return shown === undefined ? 'nothing shown' : percent(shown / truth - 1);
}

function percent(ratio: number): string {
  return `${(ratio * 100).toPrecision(4)} %`;
}
