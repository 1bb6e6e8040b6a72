import { type Duration, duration, formatDuration, type Timestamp, timestamp } from '../../core/base/index.ts';
import { defaultGenerateOptions, objectiveRules, passingRecords } from '../../core/generate/index.ts';
import { printExpr, type VectorSelector } from '../../core/promql/index.ts';
import { type RuleFile, recordInParts, usualPart } from '../../core/rules/index.ts';
import { isStale, metricName, printSeries, type Series, sampleLine } from '../../core/series/index.ts';
import type { Service, Slo } from '../../core/slo/index.ts';
import type { Terminal } from '../terminal.ts';
import type { RawHistory } from './backfill-sources.ts';

export interface BackfillRange {
  readonly from: Timestamp;
  readonly to?: Timestamp;
  readonly interval: Duration;
}

export interface Backfilled {
  readonly samples: number;
  readonly objectives: number;
  /** What could not be computed, in words. */
  readonly problems: readonly string[];
}

type Write = (text: string) => Promise<void>;

/** About this many characters are gathered before they are written. */
const chunkLength = 1 << 20;
/** Of what is recorded only for the next evaluations, this much before the end is enough: the counters are remembered for 35 minutes. */
const passingLength = 3_600_000;
/** A line of progress at most this often. */
const quietMilliseconds = 2000;

/** Writes what the rules of objectives would have recorded, objective by objective, in the text that promtool makes blocks of. */
export async function backfill(
  terminal: Terminal,
  services: readonly Service[],
  raw: RawHistory,
  range: BackfillRange,
  write: Write,
): Promise<Backfilled> {
  const problems: string[] = [];
  let samples = 0;
  let objectives = 0;
  for (const service of services) {
    for (const slo of service.slos) {
      const name = `${service.name}/${slo.name}`;
      const options = { ...defaultGenerateOptions, interval: range.interval };
      const { file, diagnostics, missing } = objectiveRules(services, { service, slo }, options);
      if (file.groups.length === 0) {
        problems.push(`${name} has no rules: ${diagnostics[0]?.message ?? 'it is a draft or retired'}`);
        continue;
      }
      if (0 < missing.length) {
        problems.push(
          `${name} can not be computed without its members: name the definitions of ${missing.join(', ')} too`,
        );
        continue;
      }
      const to = range.to ?? (await raw.endOf(service, slo, range.from));
      const own = await backfillObjective({ terminal, service, slo, file, raw, range: { ...range, to } }, write);
      samples += own.samples;
      objectives += 1;
      if (own.samples === 0) problems.push(`${name}: no raw history between the two times`);
      if (own.failure !== undefined) problems.push(`${name}: ${own.failure}`);
    }
  }
  await write('# EOF\n');
  return { samples, objectives, problems };
}

interface Objective {
  readonly terminal: Terminal;
  readonly service: Service;
  readonly slo: Slo;
  readonly file: RuleFile;
  readonly raw: RawHistory;
  readonly range: Required<BackfillRange>;
}

async function backfillObjective(
  { terminal, service, slo, file, raw, range }: Objective,
  write: Write,
): Promise<{ readonly samples: number; readonly failure?: string }> {
  const from = onGrid(range.from, file, Math.ceil);
  const to = onGrid(range.to, file, Math.floor);
  if (to <= from) return { samples: 0 };
  const name = `${service.name}/${slo.name}`;
  // What the members of a composite record is written as theirs.
  const isOwn = ({ labels }: Series): boolean =>
    labels.get('service') === service.name && labels.get('slo') === slo.name;
  let samples = 0;
  let failure: string | undefined;
  let told = performance.now();
  const tell = (end: Timestamp): void => {
    told = performance.now();
    terminal.writeError(`${name}: ${formatDuration(duration(end - from))} of ${formatDuration(duration(to - from))}\n`);
  };
  const read = (selectors: readonly VectorSelector[], start: Timestamp, end: Timestamp): Promise<readonly Series[]> =>
    raw.read(unique(selectors), start, end);
  const control = { signal: terminal.signal };
  const parts = recordInParts(file, { from, to, interval: range.interval, part: usualPart, control, read });
  for await (const { to: end, series, failures } of parts) {
    terminal.signal.throwIfAborted();
    failure ??= failures[0]?.message;
    samples += await writeSeries(series.filter(isOwn), to, write);
    if (quietMilliseconds < performance.now() - told && end < to) tell(end);
    // Lets Ctrl-C be heard between two parts.
    await new Promise((next) => setImmediate(next));
  }
  tell(to);
  return { samples, ...(failure !== undefined && { failure }) };
}

async function writeSeries(all: readonly Series[], to: Timestamp, write: Write): Promise<number> {
  let samples = 0;
  let pending = '';
  for (const series of all) {
    const { labels, timestamps, values } = series;
    const since = passingRecords.has(labels.get(metricName)) ? to - passingLength : 0;
    const head = printSeries(labels);
    for (let i = 0; i < timestamps.length; i += 1) {
      const time = timestamps[i] ?? 0;
      // OpenMetrics cannot say "the series ended here"; readers see it end after the lookback.
      if (time < since || isStale(series, i)) continue;
      pending += sampleLine(head, values[i] ?? 0, time, 'openmetrics');
      samples += 1;
    }
    if (pending.length < chunkLength) continue;
    await write(pending);
    pending = '';
  }
  await write(pending);
  return samples;
}

/** A time at which every group is evaluated. */
function onGrid(time: Timestamp, { groups }: RuleFile, round: (count: number) => number): Timestamp {
  const step = Math.max(...groups.map(({ interval }) => interval ?? 0));
  return timestamp(round(time / step) * step);
}

/** Selectors that differ, whatever time they look at. */
function unique(selectors: readonly VectorSelector[]): readonly VectorSelector[] {
  const byText = new Map<string, VectorSelector>();
  for (const { offset: _, ...plain } of selectors) byText.set(printExpr(plain), plain);
  return [...byText.values()];
}
