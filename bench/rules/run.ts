/**
 * What the rules of one objective cost a real Prometheus, by its own count of samples and its own clock, and how far the error ratio they
 * show for thirty days is off: ours beside the shapes that Sloth and Pyrra generate. 27 series of three instances, 99.9 %, thirty days,
 * scraped and evaluated every half minute; traffic 20:1 over the day and a total outage of twenty minutes at the trough.
 */
import { day, duration, hour, second, timestamp } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { parseExpr, printExpr } from '../../src/core/promql/index.ts';
import type { RuleFile, RuleGroup } from '../../src/core/rules/index.ts';
import { evaluateRules } from '../../test/exactness/history.ts';
import { withoutStaleMarkers } from '../../test/exactness/openmetrics.ts';
import { objective, rulesOf, shop } from '../../test/exactness/rules.ts';
import { scenarios } from '../../test/exactness/scenarios.ts';
import { scrape } from '../../test/exactness/traffic.ts';
import { type Peer, startPrometheusPeer } from '../peers.ts';

const interval = duration(30 * second);
const period = 30 * day;
const end = Date.UTC(2026, 10, 10, 20);
const start = end - period - 3 * hour;

const bad = 'requests_total{code=~"5.."}';
const ratio = (window: string): string => `sum(rate(${bad}[${window}])) / sum(rate(requests_total[${window}]))`;

interface Form {
  readonly name: string;
  readonly rules: RuleFile;
  /** Gives the error ratio of the period. */
  readonly shown: string;
}

const forms: readonly Form[] = [
  {
    name: 'Nines',
    rules: rulesOf(shop(objective('bad', duration(period))), interval),
    shown: recorded.periodErrorRatio,
  },
  {
    name: 'Sloth',
    rules: file({
      every: 30,
      records: {
        'sloth:5m': ratio('5m'),
        ...Object.fromEntries(
          ['30m', '1h', '2h', '6h', '1d', '3d'].map((window) => [`sloth:${window}`, ratio(window)]),
        ),
        'sloth:30d': 'sum_over_time(sloth:5m[30d]) / count_over_time(sloth:5m[30d])',
      },
    }),
    shown: 'sum_over_time(sloth:5m[30d]) / count_over_time(sloth:5m[30d])',
  },
  {
    name: 'Pyrra',
    rules: file(
      { every: 30, records: burnRates() },
      { every: 150, records: { 'pyrra:30d': 'sum by (code) (increase(requests_total[30d]))' } },
    ),
    shown: `sum(increase(${bad}[30d])) / sum(increase(requests_total[30d]))`,
  },
  {
    name: 'Pyrra, performance over accuracy',
    rules: file(
      { every: 30, records: { ...burnRates(), 'pyrra:5m': 'sum by (code) (increase(requests_total[5m]))' } },
      { every: 150, records: { 'pyrra:30d': 'sum by (code) (sum_over_time(pyrra:5m[30d:5m]))' } },
    ),
    shown: 'sum(sum_over_time(pyrra:5m{code=~"5.."}[30d:5m])) / sum(sum_over_time(pyrra:5m[30d:5m]))',
  },
];

const scenario = scenarios.find(({ name }) => name === 'diurnal 20:1, an outage at the trough');
if (scenario === undefined) throw new Error('no such scenario');
const span = { from: start / 1000, to: end / 1000, period: period / 1000 };
const scraped = scrape({ ...scenario.make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to });
const raw = withoutStaleMarkers(scraped.series).filter(
  ({ labels }) => !labels.get('__name__').startsWith('request_seconds'),
);
const history = [...raw];
for (const { rules } of forms) {
  // Of the others only what their own rules read is needed as history.
  const needed = { groups: rules.groups.map((group) => ({ ...group, rules: group.rules.filter(isRead(rules)) })) };
  const { series } = await evaluateRules(needed, raw, timestamp(start), end);
  history.push(...withoutStaleMarkers(series.slice(raw.length)));
}
const prometheus = await startPrometheusPeer([{ name: 'long', series: history, start, end }]);
if (prometheus === undefined) throw new Error('needs prometheus and promtool: run "npm run servers"');
try {
  const truth = scraped.visible((end - period) / 1000, end / 1000);
  const rows: Record<string, string | number>[] = [];
  for (const { name, rules, shown } of forms) {
    let samples = 0;
    let milliseconds = 0;
    for (const group of rules.groups) {
      for (const rule of group.rules) {
        const share = interval / (group.interval ?? interval);
        const answers = [];
        for (let i = 0; i < 5; i += 1) answers.push(await ask(prometheus, printExpr(rule.expr)));
        const fastest = Math.min(...answers.map((one) => one.milliseconds));
        samples += (answers[0]?.samples ?? 0) * share;
        milliseconds += fastest * share;
      }
    }
    const errorRatio = (await ask(prometheus, shown)).value;
    const off = errorRatio / (truth.bad / truth.total) - 1;
    rows.push({
      rules: name,
      'samples an evaluation': Math.round(samples),
      'ms an evaluation': Number(milliseconds.toFixed(1)),
      'error ratio off by': `${(off * 100).toFixed(2)} %`,
      'budget left': `${((1 - errorRatio / 0.001) * 100).toFixed(1)} %`,
    });
  }
  console.table(rows);
  console.log(`truth: ${((1 - truth.bad / truth.total / 0.001) * 100).toFixed(1)} % of the budget are left`);
} finally {
  await prometheus.stop();
}

function burnRates(): Readonly<Record<string, string>> {
  const windows = ['5m', '32m', '64m', '129m', '386m', '1543m', '6171m'];
  return Object.fromEntries(windows.map((window) => [`pyrra:burnrate${window}`, ratio(window)]));
}

function file(
  ...groups: readonly { readonly every: number; readonly records: Readonly<Record<string, string>> }[]
): RuleFile {
  return {
    groups: groups.map(
      ({ every, records }): RuleGroup => ({
        name: `every-${every}`,
        interval: duration(every * second),
        labels: new Map(),
        rules: Object.entries(records).map(([record, text]) => {
          const parsed = parseExpr(text);
          if (!parsed.ok) throw new Error(text);
          return { kind: 'recording', record, expr: parsed.value, labels: new Map() };
        }),
      }),
    ),
  };
}

/** Ours are all needed: the rules read one another. */
function isRead(rules: RuleFile): (rule: RuleFile['groups'][number]['rules'][number]) => boolean {
  const texts = rules.groups.flatMap((group) => group.rules.map((rule) => printExpr(rule.expr)));
  return (rule) =>
    rule.kind === 'recording' && (rules === forms[0]?.rules || texts.some((text) => text.includes(rule.record)));
}

async function ask({ url }: Peer, query: string): Promise<{ samples: number; milliseconds: number; value: number }> {
  const body = new URLSearchParams({ query, time: String(end / 1000), stats: 'all' });
  const response = await fetch(`${url}/api/v1/query`, { method: 'POST', body });
  const text = await response.text();
  const reply: {
    readonly data: {
      readonly result: readonly { readonly value: readonly [number, string] }[];
      readonly stats: {
        readonly timings: { readonly execTotalTime: number };
        readonly samples: { readonly totalQueryableSamples: number };
      };
    };
  } = JSON.parse(text);
  const { result, stats } = reply.data;
  return {
    samples: stats.samples.totalQueryableSamples,
    milliseconds: stats.timings.execTotalTime * 1000,
    value: Number(result[0]?.value[1]),
  };
}
