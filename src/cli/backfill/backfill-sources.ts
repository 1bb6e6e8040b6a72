import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { type Duration, duration, formatDiagnostic, hour, type Timestamp, timestamp } from '../../core/base/index.ts';
import { identityLabels, recorded, totalOnly } from '../../core/generate/index.ts';
import { build, printExpr, type VectorSelector } from '../../core/promql/index.ts';
import { type Labels, metricName, type RangeSeries, type Series } from '../../core/series/index.ts';
import type { Service, Slo } from '../../core/slo/index.ts';
import { type PrometheusClient, readExpositionFile, readSamples } from '../../sources/index.ts';
import { fileReason } from '../file-errors.ts';
import type { Terminal } from '../terminal.ts';

/** Where raw history comes from. */
export interface RawHistory {
  /** The samples of what the selectors select, both ends included. */
  read(selectors: readonly VectorSelector[], from: Timestamp, to: Timestamp): Promise<readonly Series[]>;
  /** Up to when the history of an objective is to be computed. */
  endOf(service: Service, slo: Slo, from: Timestamp): Promise<Timestamp>;
}

/** How much raw history is asked for at once. */
const stretch = 6 * hour;

/** The samples as a server gives them to whoever asks for a range of them. */
export function prometheusHistory(client: PrometheusClient, signal: AbortSignal): RawHistory {
  return {
    async read(selectors, from, to) {
      const parts: RangeSeries[] = [];
      for (let end = Math.min(from + stretch, to), start: number = from; start <= to; ) {
        for (const selector of selectors) {
          // Ranges are open on the left from Prometheus 3 on, so one begins a millisecond early; what comes twice is left out below.
          const range = build.range(selector, duration(end - start + 1));
          const time = (end / 1000).toFixed(3);
          const { data } = await client.call('query', { query: printExpr(range), time }, signal);
          parts.push(...readSamples(data));
        }
        start = end + 1;
        end = Math.min(end + stretch, to);
      }
      return joined(parts);
    },
    async endOf(service, slo, from) {
      const now = timestamp(Date.now());
      // Composites that join ratios record no increases.
      const isJoint = slo.indicator.kind === 'composite' && slo.indicator.combine !== 'pooled';
      const evidence = isJoint ? recorded.periodEvents : recorded.eventsIncrease;
      const own = build.selector(evidence, { ...identityLabels(service, slo), ...totalOnly });
      const first = build.call(
        'min_over_time',
        build.subquery(build.call('timestamp', own), duration(Math.max(1, now - from)), recordedStep),
      );
      const found = await client.query(printExpr(build.aggregate('min', build.by(), first)), now, signal);
      const seconds = found[0]?.value;
      return seconds === undefined ? now : timestamp(Math.floor(seconds * 1000) - 1);
    },
  };
}

/** How closely the beginning of recorded series is looked for. */
const recordedStep: Duration = duration(60_000);

/** A file with the history, read at once. */
export async function fileHistory(terminal: Terminal, path: string): Promise<RawHistory> {
  const name = path === '-' ? '<stdin>' : path;
  const text = path === '-' ? await terminal.readInput() : await readWhole(resolve(terminal.cwd, path), path);
  const file = readExpositionFile({ name, text }, timestamp(Date.now()));
  if (!file.ok) {
    const source = { name, text };
    throw new Error(file.diagnostics.map((diagnostic) => formatDiagnostic({ ...diagnostic, source })).join('\n'));
  }
  const { source, newest } = file.value;
  return {
    async read(selectors, from, to) {
      const found = await source.select(selectors.map((selector) => ({ matchers: matchersOf(selector), from, to })));
      return joined(found.flat());
    },
    endOf: () => Promise.resolve(newest),
  };
}

async function readWhole(path: string, shown: string): Promise<string> {
  try {
    return await textOf(createReadStream(path));
  } catch (error) {
    throw new Error(`cannot read ${shown}: ${fileReason(error)}`);
  }
}

function matchersOf({ name, matchers }: VectorSelector): VectorSelector['matchers'] {
  return name === '' ? matchers : [{ name: metricName, operator: '=', value: name }, ...matchers];
}

/** Parts of series in one each, with what answers don't say: where a series ended. */
function joined(parts: readonly RangeSeries[]): readonly Series[] {
  const byKey = new Map<string, { readonly labels: Labels; readonly times: number[]; readonly values: number[] }>();
  for (const { labels, timestamps, values } of parts) {
    const own = byKey.get(labels.key) ?? { labels, times: [], values: [] };
    byKey.set(labels.key, own);
    for (let i = 0; i < timestamps.length; i += 1) {
      const time = timestamps[i] ?? 0;
      // Several selectors may select one series.
      if (time <= (own.times.at(-1) ?? Number.NEGATIVE_INFINITY)) continue;
      own.times.push(time);
      own.values.push(values[i] ?? Number.NaN);
    }
  }
  const newest = Math.max(...[...byKey.values()].map(({ times }) => times.at(-1) ?? 0));
  return [...byKey.values()].map(({ labels, times, values }) => withEnds(labels, times, values, newest));
}

/**
 * A series with stale markers where it must have ended: Prometheus gives no markers to whoever asks for samples. Where several scrapes in a row are
 * missing, the first of them found the series gone.
 */
function withEnds(labels: Labels, times: readonly number[], values: readonly number[], newest: number): Series {
  const distances = times.slice(1).map((time, i) => time - (times[i] ?? 0));
  const usual = distances.toSorted((a, b) => a - b)[distances.length >> 1];
  const all: number[] = [];
  const every: number[] = [];
  const stale: number[] = [];
  for (const [i, time] of times.entries()) {
    all.push(time);
    every.push(values[i] ?? Number.NaN);
    const next = times[i + 1] ?? newest;
    if (usual === undefined || next - time <= 1.5 * usual) continue;
    stale.push(all.length);
    all.push(time + usual);
    every.push(Number.NaN);
  }
  return {
    labels,
    timestamps: Float64Array.from(all),
    values: Float64Array.from(every),
    ...(0 < stale.length && { staleMarkers: Int32Array.from(stale) }),
  };
}
