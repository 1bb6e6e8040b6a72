import { join } from 'node:path';
import { day, hour, minute, timestamp } from '../../src/core/base/index.ts';
import { generateRules } from '../../src/core/generate/index.ts';
import { selectorsOf, type VectorSelector } from '../../src/core/promql/index.ts';
import { recordHistory } from '../../src/core/rules/index.ts';
import {
  bucketsFrom,
  emptyHistogram,
  Labels,
  labelsPredicate,
  memorySource,
  metricName,
  type Series,
} from '../../src/core/series/index.ts';
import type { Service, Slo } from '../../src/core/slo/index.ts';
import { definitionOf } from '../example-services.ts';
import { type Events, interval, options, sum, type World } from './world.ts';

/** A service whose objectives are of the kinds that the shop has none of: grouped, on native histograms, on calendar periods. */
export const kinds: Service = definitionOf(join('test', 'grafana', 'testdata', 'kinds.yaml'));

/** Saturday, 2026-11-21 07:00 UTC; the service began to live on Thursday at 15:00. */
const now = Date.UTC(2026, 10, 21, 7);
const begin = now - 40 * hour;

/** What happens in the minute that ends at a moment. Yesterday all requests of an hour failed; since half an hour those of one tenant do. */
function inMinute(labels: Labels, time: number): number {
  const isBad = labels.get('code') === '500';
  const yesterday = now - 7 * hour - day;
  const isDown = yesterday + 10 * hour < time && time <= yesterday + 11 * hour;
  const isFailing = labels.get('tenant') === 'acme' && now - 30 * minute < time;
  const all = labels.get('tenant') === 'acme' ? 600 : 300;
  const bad = isDown ? all : isFailing ? 90 : 1;
  return isBad ? bad : all - bad;
}

/** Of 600 answers a minute so many take 0.3 seconds; the others take 0.8. */
function fastInMinute(time: number): number {
  return now - 2 * hour < time ? 540 : 599;
}

const times = Array.from({ length: (now - begin) / minute + 1 }, (_, index) => begin + index * minute);

function counter(tenant: string, code: string): Series {
  const labels = Labels.of({ [metricName]: 'requests_total', job: 'kinds', instance: 'a:80', tenant, code });
  let value = 0;
  const values = times.map((time, index) => {
    if (0 < index) value += inMinute(labels, time);
    return value;
  });
  return { labels, timestamps: Float64Array.from(times), values: Float64Array.from(values) };
}

/** Bounds of a native histogram are powers of two: 0.3 lies between 0.25 and 0.5, and 0.8 between 0.5 and 1. */
function answers(): Series {
  let [fast, slow] = [0, 0];
  const histograms = times.map((time, index) => {
    if (0 < index) {
      fast += fastInMinute(time);
      slow += 600 - fastInMinute(time);
    }
    const filled = { count: fast + slow, sum: 0.3 * fast + 0.8 * slow, positive: bucketsFrom(-1, [fast, slow]) };
    return [index, { ...emptyHistogram, ...filled }] as const;
  });
  return {
    labels: Labels.of({ [metricName]: 'answer_seconds', job: 'kinds', instance: 'a:80' }),
    timestamps: Float64Array.from(times),
    values: Float64Array.from(times, () => Number.NaN),
    histograms: new Map(histograms),
  };
}

function up(): Series {
  const labels = Labels.of({ [metricName]: 'up', job: 'kinds', instance: 'a:80' });
  return { labels, timestamps: Float64Array.from(times), values: Float64Array.from(times, () => 1) };
}

export async function liveThroughKinds(): Promise<World> {
  const counters = ['acme', 'globex'].flatMap((tenant) => ['200', '500'].map((code) => counter(tenant, code)));
  const raw = [...counters, answers(), up()];
  const span = { from: timestamp(begin), to: timestamp(now), interval };
  const { series, failures } = await recordHistory(generateRules(kinds, options).file, memorySource(raw), span);
  if (0 < failures.length) throw new Error(failures.map(({ message }) => message).join('\n'));
  const counted = (selector: VectorSelector, from: number, to: number): number => {
    const matches = labelsPredicate([{ name: metricName, operator: '=', value: selector.name }, ...selector.matchers]);
    const own = counters.filter(({ labels }) => matches(labels));
    return sum(
      times
        .filter((time) => from < time && time <= to)
        .flatMap((time) => own.map(({ labels }) => inMinute(labels, time))),
    );
  };
  const happened = ({ indicator }: Slo, { from, to }: { readonly from: number; readonly to: number }): Events => {
    if (indicator.kind === 'distribution') {
      const fast = sum(times.filter((time) => from < time && time <= to).map(fastInMinute));
      const total = 600 * times.filter((time) => from < time && time <= to).length;
      return { bad: indicator.below === 0.5 ? total - fast : 0, total };
    }
    if (indicator.kind !== 'ratio') throw new Error('the test does not know the truth of that');
    const of = (side: 'events' | 'total'): number =>
      sum(selectorsOf(indicator[side]).map((one) => counted(one, from, to)));
    return { bad: of('events'), total: of('total') };
  };
  const all = [...raw, ...series];
  return { service: kinds, happened, raw, series: all, source: memorySource(all), begin, now };
}
