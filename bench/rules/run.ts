/**
 * What the rules of one objective cost a real Prometheus, by its own count of samples and its own clock, and how far the error ratio they
 * show for thirty days is off: ours beside the shapes that Sloth and Pyrra generate. 27 series of three instances, 99.9 %, thirty days,
 * scraped and evaluated every half minute; traffic 20:1 over the day and a total outage of twenty minutes at the trough.
 * `npm run bench:rules -- --live` measures what fifty objectives cost a running Prometheus instead, `-- --quick` the same at five times the pace.
 */
import { hour, timestamp } from '../../src/core/base/index.ts';
import { printExpr } from '../../src/core/promql/index.ts';
import { evaluateRules } from '../../test/exactness/history.ts';
import { withoutStaleMarkers } from '../../test/exactness/openmetrics.ts';
import { scenarios } from '../../test/exactness/scenarios.ts';
import { scrape } from '../../test/exactness/traffic.ts';
import { type Peer, startPrometheusPeer } from '../peers.ts';
import { measureLive, quickPace, truePace } from './live.ts';
import { interval, neededRules, period, shapesOf } from './shapes.ts';

const end = Date.UTC(2026, 10, 10, 20);
const start = end - period - 3 * hour;

const [how = '--samples', ...more] = process.argv.slice(2);
const ways: Readonly<Record<string, () => Promise<void>>> = {
  '--samples': measureSamples,
  '--live': async () => console.table(await measureLive(50, truePace)),
  '--quick': async () => console.table(await measureLive(50, quickPace)),
};
const way = 0 < more.length ? undefined : ways[how];
if (way === undefined) {
  console.log(
    'npm run bench:rules [-- --live | --quick]: what the rules of one objective read and how long that takes, or what those of fifty cost a running Prometheus, at the true pace or at five times that',
  );
  process.exit(how === '--help' ? 0 : 2);
}
await way();

async function measureSamples(): Promise<void> {
  const scenario = scenarios.find(({ name }) => name === 'diurnal 20:1, an outage at the trough');
  if (scenario === undefined) throw new Error('no such scenario');
  const span = { from: start / 1000, to: end / 1000, period: period / 1000 };
  const scraped = scrape({ ...scenario.make(span), scrapeInterval: interval / 1000, from: span.from, to: span.to });
  const raw = withoutStaleMarkers(scraped.series).filter(
    ({ labels }) => !labels.get('__name__').startsWith('request_seconds'),
  );
  const history = [...raw];
  const shapes = shapesOf('availability');
  for (const shape of shapes) {
    // Of the others only what their own rules read is needed as history.
    const { series } = await evaluateRules(neededRules(shape), raw, timestamp(start), end);
    const known = new Set(history.map(({ labels }) => labels.key));
    // Both forms of Pyrra's rules record the same burn rates, and no block takes a series twice.
    history.push(...withoutStaleMarkers(series.slice(raw.length)).filter(({ labels }) => !known.has(labels.key)));
  }
  const prometheus = await startPrometheusPeer([{ name: 'long', series: history, start, end }]);
  if (prometheus === undefined) throw new Error('needs prometheus and promtool: run "npm run servers"');
  try {
    const truth = scraped.visible((end - period) / 1000, end / 1000);
    const rows: Record<string, string | number>[] = [];
    for (const { name, rules, shown } of shapes) {
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
