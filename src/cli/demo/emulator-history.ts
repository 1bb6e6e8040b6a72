import { open, rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Duration, type Timestamp, timestamp } from '../../core/base/index.ts';
import { describeFamily, eachScenarioSeries, type Scenario } from '../../core/scenario/index.ts';
import {
  isOfFamily,
  isStale,
  metricName,
  printFamily,
  printSeries,
  type Series,
  sampleLine,
} from '../../core/series/index.ts';
import type { Terminal } from '../terminal.ts';

/** Which history is written. */
export interface HistoryRange {
  readonly end: Timestamp;
  readonly length: Duration;
  /** Each scenario's own by default. */
  readonly interval?: Duration;
}

/** About this many characters are gathered before they are written. */
const chunkLength = 1 << 20;

/**
 * Writes the history of scenarios in OpenMetrics form, which `promtool tsdb create-blocks-from openmetrics` turns into blocks: series by
 * series, so that little is held in memory. A file appears only once it is whole. Gives the number of samples.
 */
export async function writeHistory(
  scenarios: readonly Scenario[],
  range: HistoryRange,
  output: string,
  terminal: Terminal,
): Promise<number> {
  if (output === '-') {
    return writeTo(scenarios, range, terminal, (text) => {
      terminal.write(text);
      return Promise.resolve();
    });
  }
  const path = resolve(terminal.cwd, output);
  const unfinished = `${path}.${process.pid}.tmp`;
  const file = await open(unfinished, 'w');
  try {
    const samples = await writeTo(scenarios, range, terminal, async (text) => {
      await file.writeFile(text);
    });
    await file.close();
    await rename(unfinished, path);
    return samples;
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function writeTo(
  scenarios: readonly Scenario[],
  range: HistoryRange,
  terminal: Terminal,
  write: (text: string) => Promise<void>,
): Promise<number> {
  let samples = 0;
  let pending = '';
  const described = new Set<string>();
  for (const owned of byFamily(scenarios, range)) {
    if (owned === undefined) {
      await listenForStop(terminal);
      continue;
    }
    const { scenario, series } = owned;
    pending += metadataOf(scenario, series, described);
    const { timestamps, values } = series;
    const name = printSeries(series.labels);
    for (let i = 0; i < timestamps.length; i += 1) {
      // OpenMetrics cannot say "the series ended here"; readers see it end after the lookback.
      if (isStale(series, i)) continue;
      pending += sampleLine(name, values[i] ?? 0, timestamps[i] ?? 0, 'openmetrics');
      samples += 1;
      if (pending.length < chunkLength) continue;
      await write(pending);
      pending = '';
      await listenForStop(terminal);
    }
  }
  await write(`${pending}# EOF\n`);
  return samples;
}

/** Ctrl-C is heard only where the work is laid down for a moment. */
async function listenForStop({ signal }: Terminal): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

interface Owned {
  readonly scenario: Scenario;
  readonly series: Series;
}

/** All series, those of one name together as the format asks, although several scenarios may have them. */
function* byFamily(
  scenarios: readonly Scenario[],
  { end, length, interval }: HistoryRange,
): Generator<Owned | undefined> {
  const range = { from: timestamp(end - length), to: end, ...(interval === undefined ? {} : { interval }) };
  const names = ['up', ...new Set(scenarios.flatMap(({ families }) => families.map(({ name }) => name)))];
  for (const name of names) {
    for (const scenario of scenarios) {
      const families = scenario.families.filter((family) => family.name === name);
      if (families.length === 0 && name !== 'up') continue;
      for (const series of eachScenarioSeries({ ...scenario, families }, range)) {
        if (series === undefined) yield undefined;
        else if ((series.labels.get(metricName) === 'up') === (name === 'up')) yield { scenario, series };
      }
    }
  }
}

function metadataOf(scenario: Scenario, series: Series, described: Set<string>): string {
  const name = series.labels.get(metricName);
  const family =
    name === 'up'
      ? ({ name, type: 'gauge', help: 'Whether the scrape succeeded.' } as const)
      : scenario.families
          .map((one) => describeFamily(one, 'openmetrics'))
          .find((candidate) => isOfFamily(name, candidate));
  if (family === undefined || described.has(family.name)) return '';
  described.add(family.name);
  return printFamily(family, 'openmetrics');
}
