/** What objectives cost a running Prometheus: the share of a core that its whole process uses while it scrapes and evaluates. */
import { execFile } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { day, duration, formatDuration, hour, minute } from '../../src/core/base/index.ts';
import { recorded } from '../../src/core/generate/index.ts';
import { printRuleFile, type RuleFile } from '../../src/core/rules/index.ts';
import { Labels, metricName, type Series } from '../../src/core/series/index.ts';
import { evaluateRules } from '../../test/exactness/history.ts';
import { withoutStaleMarkers } from '../../test/exactness/openmetrics.ts';
import { freePort, type RunningServer, startServer } from '../../test/processes.ts';
import { serverBinary, serverEnvironment } from '../../test/servers.ts';
import { openMetricsText } from '../datasets.ts';
import { writeSamples } from './remote-write.ts';
import { interval, ninesRules, type Shape, shapesOf } from './shapes.ts';

export interface LiveRow {
  readonly rules: string;
  readonly 'rules a second': number;
  /** The share of the evaluations that were due. Where it is less than all, the machine has too much else to do, and the other figures are too small. */
  readonly evaluated: string;
  /** What its process uses of a core. */
  readonly cores: number;
  /** The same without what a Prometheus uses that scrapes and has no rules. */
  readonly 'cores for rules': number;
}

/** How a live measurement goes about it. */
export interface Pace {
  /** How many times as often as the ranges expect everything is scraped and evaluated. */
  readonly speed: number;
  readonly warmUpSeconds: number;
  readonly measuredSeconds: number;
}

/** Everything as often as in earnest. */
export const truePace: Pace = { speed: 1, warmUpSeconds: 90, measuredSeconds: 300 };

/**
 * Five times as often. Ranges hold a few samples more than they should and the figures are nonsense, but an evaluation costs what it does in earnest,
 * and two minutes hold as many as ten in earnest do.
 */
export const quickPace: Pace = { speed: 5, warmUpSeconds: 60, measuredSeconds: 120 };

const instances = ['a', 'b', 'c'];

/**
 * Runs one Prometheus for each shape side by side, with the raw history that its windows need; ours with the history of what it records as
 * well. That of the others is left out, which flatters them: their sums over thirty days are short.
 */
export async function measureLive(objectives: number, pace: Pace): Promise<readonly LiveRow[]> {
  const began = Math.floor(Date.now() / interval) * interval;
  const since = began - 31 * day;
  const exporter = await startExporter(since);
  const folder = await mkdtemp(join(tmpdir(), 'nines-live-'));
  const running: Running[] = [];
  try {
    const slos = Array.from({ length: objectives }, (_, i) => `slo-${i}`);
    const past = await ninesHistory(began);
    const start = async (name: string, rules: RuleFile, more: readonly Series[]): Promise<void> => {
      const history = [...rawHistory(since, began, 5 * day), ...more];
      const due = paced(rules, pace);
      const server = await startRules(join(folder, name), due, history, exporter.port, pace);
      running.push({ name, server, due: evaluationsDue(due) });
    };
    await start('none', { groups: [] }, []);
    await start(
      'Nines, objectives of one service',
      ninesRules(slos),
      slos.flatMap((slo) => past.map((one) => ofObjective(one, 'shop', slo))),
    );
    await start(
      'Nines, a service each',
      each(slos, (slo) => ninesRules([slo], slo)),
      slos.flatMap((slo) => past.map((one) => ofObjective(one, slo, slo))),
    );
    const sloth = (slo: string): Shape | undefined => shapesOf(slo).find(({ name }) => name === 'Sloth');
    await start(
      'Sloth',
      each(slos, (slo) => sloth(slo)?.rules ?? { groups: [] }),
      [],
    );
    const used = await Promise.all(running.map((one) => measure(one, pace)));
    const idle = used[0]?.cores ?? 0;
    return used.map(({ name, perSecond, due, cores }) => ({
      rules: name,
      'rules a second': Number((perSecond / pace.speed).toFixed(1)),
      evaluated: due === 0 ? '' : `${Math.round((100 * perSecond) / due)} %`,
      cores: Number((cores / pace.speed).toFixed(4)),
      'cores for rules': Number(((cores - idle) / pace.speed).toFixed(4)),
    }));
  } finally {
    for (const { server } of running) await server.stop();
    await rm(folder, { recursive: true, force: true });
    exporter.server.close();
  }
}

function each(slos: readonly string[], make: (slo: string) => RuleFile): RuleFile {
  return { groups: slos.flatMap((slo) => make(slo).groups) };
}

function ofObjective({ labels, ...samples }: Series, service: string, slo: string): Series {
  return { ...samples, labels: labels.with('service', service).with('slo', slo) };
}

interface Running {
  readonly name: string;
  readonly server: RunningServer;
  /** How many rules it should evaluate in a second. */
  readonly due: number;
}

function evaluationsDue({ groups }: RuleFile): number {
  return groups.reduce((sum, group) => sum + (group.rules.length * 1000) / (group.interval ?? interval), 0);
}

function paced(rules: RuleFile, { speed }: Pace): RuleFile {
  const groups = rules.groups.map((group) => ({ ...group, interval: duration((group.interval ?? interval) / speed) }));
  return { groups };
}

async function measure(
  { name, server, due }: Running,
  { warmUpSeconds, measuredSeconds }: Pace,
): Promise<{ readonly name: string; readonly perSecond: number; readonly due: number; readonly cores: number }> {
  await sleep(warmUpSeconds);
  const [before, evaluatedBefore] = [await cpuSeconds(server), await evaluations(server)];
  const start = performance.now();
  await sleep(measuredSeconds);
  const elapsed = (performance.now() - start) / 1000;
  const cores = ((await cpuSeconds(server)) - before) / elapsed;
  const perSecond = ((await evaluations(server)) - evaluatedBefore) / elapsed;
  return { name, perSecond, due, cores };
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Nine counters of each instance, as a function of time, so that what is scraped goes on from the history. */
function counters(since: number, time: number): readonly (readonly [Readonly<Record<string, string>>, number])[] {
  const seconds = (time - since) / 1000;
  return instances.flatMap((instance) =>
    ['/a', '/b', '/c'].flatMap((endpoint) => [
      [{ instance, endpoint, method: 'GET', code: '200' }, Math.floor(seconds * 3.3)] as const,
      [{ instance, endpoint, method: 'POST', code: '200' }, Math.floor(seconds * 3.4)] as const,
      [{ instance, endpoint, method: 'GET', code: '500' }, Math.floor(seconds * 0.003)] as const,
    ]),
  );
}

function rawHistory(since: number, to: number, length: number): readonly Series[] {
  const count = Math.floor(length / interval);
  const times = Float64Array.from({ length: count }, (_, i) => to - (count - 1 - i) * interval);
  const values = Array.from(times, (time) => counters(since, time));
  const requests = counters(since, to).map(([labels], index) => ({
    labels: Labels.of({ [metricName]: 'requests_total', job: 'shop', ...labels }),
    timestamps: times,
    values: Float64Array.from(values, (one) => one[index]?.[1] ?? 0),
  }));
  const up = instances.map((instance) => ({
    labels: Labels.of({ [metricName]: 'up', job: 'shop', instance }),
    timestamps: times,
    values: times.map(() => 1),
  }));
  return [...requests, ...up];
}

/** What one objective would have recorded, for as long as it is read back. */
async function ninesHistory(to: number): Promise<readonly Series[]> {
  const from = to - 7 * hour;
  const raw = rawHistory(to - 31 * day, to, 7 * hour + 10 * minute);
  const { series } = await evaluateRules(ninesRules(['slo-0']), raw, from, to);
  const own = withoutStaleMarkers(series.slice(raw.length)).filter(
    ({ labels }) => !labels.get(metricName).startsWith('ALERTS'),
  );
  return own.map((one) => keptOf(one, to));
}

const coarse: readonly string[] = [recorded.eventsCoarse, recorded.observedCoarse];
const fine: readonly string[] = [recorded.eventsIncrease];

function keptOf({ labels, timestamps, values }: Series, to: number): Series {
  const name = labels.get(metricName);
  if (coarse.includes(name)) {
    const last = timestamps.at(-1) ?? to;
    const times = Array.from({ length: 30 * 288 + 12 }, (_, i) => last - i * 5 * minute).reverse();
    const value = values.at(-1) ?? 0;
    return { labels, timestamps: Float64Array.from(times), values: Float64Array.from(times, () => value) };
  }
  const length = fine.includes(name) ? 6.2 * hour : 65 * minute;
  const first = timestamps.findIndex((time) => to - length <= time);
  return { labels, timestamps: timestamps.slice(first), values: values.slice(first) };
}

async function startExporter(since: number): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((request, response) => {
    const wanted = (request.url ?? '').split('/')[1];
    const lines = counters(since, Date.now()).flatMap(([{ instance, ...labels }, value]) => {
      const pairs = Object.entries(labels).map(([name, text]) => `${name}="${text}"`);
      return instance === wanted ? [`requests_total{${pairs.join(',')}} ${value}\n`] : [];
    });
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(lines.join(''));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, port };
}

async function startRules(
  folder: string,
  rules: RuleFile,
  history: readonly Series[],
  exporterPort: number,
  { speed }: Pace,
): Promise<RunningServer> {
  const [prometheus, promtool] = [serverBinary('prometheus'), serverBinary('promtool')];
  if (prometheus === undefined || promtool === undefined) throw new Error('needs prometheus: run "npm run servers"');
  await mkdir(folder, { recursive: true });
  const [text, data] = [join(folder, 'history.om'), join(folder, 'data')];
  const newest = Math.max(0, ...history.map(({ timestamps }) => timestamps.at(-1) ?? 0));
  const older = history.map((one) => before(one, newest - inMemory)).filter(({ timestamps }) => 0 < timestamps.length);
  const dataset = { name: 'long', series: older, start: 0, end: 0 } as const;
  if (0 < older.length) {
    await pipeline(Readable.from(openMetricsText(dataset)), createWriteStream(text));
    const loading = ['tsdb', 'create-blocks-from', '--max-block-duration=54h', '--quiet', 'openmetrics', text, data];
    await promisify(execFile)(promtool, loading, { maxBuffer: 1e9, env: { ...process.env, ...serverEnvironment() } });
    await rm(text);
  }
  const targets = instances.map(
    (name) => `{ targets: ['127.0.0.1:${exporterPort}'], labels: { instance: ${name}, __metrics_path__: /${name} } }`,
  );
  const every = formatDuration(duration(interval / speed));
  const configuration = `global: { scrape_interval: ${every}, evaluation_interval: ${every} }
rule_files: [rules.yml]
scrape_configs: [{ job_name: shop, static_configs: [${targets.join(', ')}] }]
`;
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, 'global: {}\n');
  const port = await freePort();
  const args = [
    `--config.file=${file}`,
    `--storage.tsdb.path=${data}`,
    '--storage.tsdb.retention.time=100y',
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-remote-write-receiver',
    '--web.enable-lifecycle',
    '--log.level=warn',
    // Else the blocks that were loaded, each of 54 hours, are compacted while the evaluations are measured.
    '--storage.tsdb.min-block-duration=2h',
    '--storage.tsdb.max-block-duration=2h',
  ];
  const server = await startServer(prometheus, args, `http://127.0.0.1:${port}`, '/-/ready', serverEnvironment());
  // Nothing may be scraped before the history is there: it would be too old.
  await writeSamples(server.url, history, newest - inMemory + 1, newest);
  await writeFile(join(folder, 'rules.yml'), printRuleFile(rules));
  await writeFile(file, configuration);
  const reloaded = await fetch(`${server.url}/-/reload`, { method: 'POST' });
  if (!reloaded.ok) throw new Error(`${folder}: ${await reloaded.text()}`);
  return server;
}

/** A Prometheus keeps one to three hours in memory. */
const inMemory = 2.5 * hour;

function before({ labels, timestamps, values }: Series, end: number): Series {
  const first = timestamps.findIndex((time) => end < time);
  const count = first === -1 ? timestamps.length : first;
  return { labels, timestamps: timestamps.slice(0, count), values: values.slice(0, count) };
}

/** User and system time of the process. Source: proc(5), /proc/pid/stat fields 14 and 15 in ticks of 10 ms. */
async function cpuSeconds({ process: { pid } }: RunningServer): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

async function evaluations({ url }: RunningServer): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith('prometheus_rule_evaluations_total{'));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
