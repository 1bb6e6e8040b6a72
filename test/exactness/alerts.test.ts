import { expect, test } from 'vitest';
import { day, duration, hour, minute, ratio, second } from '../../src/core/base/index.ts';
import { alertNames } from '../../src/core/generate/index.ts';
import { Labels, metricName, type Series } from '../../src/core/series/index.ts';
import { type Slo, timeToExhaustion } from '../../src/core/slo/index.ts';
import { evaluateRules } from './history.ts';
import { objective, rulesOf, shop } from './rules.ts';

/** Alerts in situations in which those of others stay silent or cry wolf. Times count from the first sample. */
const interval = duration(30 * second);
const start = 1_700_000_100_000;
const slo = objective('bad', duration(30 * day));

test('a container that goes down raises the alert about missing data, as a page, once it has been gone long enough', async () => {
  const down = 2 * hour;
  const fired = await firings(slo, 3 * hour, [counter({ code: '200' }, 0, down, () => 10), up(3 * hour, down)]);
  expect(fired).toEqual([{ alert: alertNames.missing, severity: 'page', by: 'no-target', at: down + slo.absentFor }]);
});

test('a target that is not found any more does the same', async () => {
  const gone = 2 * hour;
  const fired = await firings(slo, 3 * hour, [counter({ code: '200' }, 0, gone, () => 10), up(gone)]);
  expect(fired).toEqual([{ alert: alertNames.missing, severity: 'page', by: 'no-target', at: gone + slo.absentFor }]);
});

test('a metric that is gone while the target answers raises a ticket', async () => {
  const renamed = 2 * hour;
  const fired = await firings(slo, 3 * hour, [counter({ code: '200' }, 0, renamed, () => 10), up(3 * hour)]);
  expect(fired).toEqual([
    { alert: alertNames.missing, severity: 'ticket', by: 'no-metric', at: renamed + slo.absentFor },
  ]);
});

test('a metric that was never there raises a ticket', async () => {
  const fired = await firings(slo, hour, [up(hour)]);
  expect(fired).toEqual([{ alert: alertNames.missing, severity: 'ticket', by: 'no-metric', at: slo.absentFor }]);
});

test('no traffic raises nothing', async () => {
  const series = [counter({ code: '200' }, 0, 6 * hour, (time) => (time < hour ? 10 : 0)), up(6 * hour)];
  expect(await firings(slo, 6 * hour, series)).toEqual([]);
});

test('one failed request in a quiet night raises nothing', async () => {
  const series = [
    counter({ code: '200' }, 0, 8 * hour, (time) => (time % (5 * minute) === 0 ? 1 : 0)),
    counter({ code: '500' }, 7 * hour, 8 * hour, (time) => (time === 7 * hour ? 1 : 0)),
  ];
  expect(await firings(slo, 8 * hour, series)).toEqual([]);
});

test('two errors in a hundred, right after the rules were loaded, page when the budget share is spent, not at the first error', async () => {
  const series = [counter({ code: '200' }, 0, 2 * hour, () => 98), counter({ code: '500' }, 0, 2 * hour, () => 2)];
  const [page] = (await firings(slo, 2 * hour, series)).filter(({ severity }) => severity === 'page');
  // 2 % of the budget of thirty days are 43.2 minutes of 2 % errors at a target of 99.9 %: alert-quality's E11 fires after three.
  const spent = 0.02 * (timeToExhaustion(ratio(1), 20, slo.period.length) ?? 0);
  expect(page?.by).toBe('1h');
  expect(page?.at).toBeGreaterThanOrEqual(spent);
  expect(page?.at).toBeLessThanOrEqual(spent + 12 * minute);
});

test('an objective that alerts nobody has no alerts', async () => {
  const series = [counter({ code: '500' }, 0, hour, () => 10)];
  expect(await firings({ ...slo, alerts: [] }, 2 * hour, series)).toEqual([]);
});

interface Fired {
  readonly alert: string;
  readonly severity: string;
  /** The window or the reason. */
  readonly by: string;
  readonly at: number;
}

async function firings(judged: Slo, length: number, series: readonly Series[]): Promise<readonly Fired[]> {
  const { alerts } = await evaluateRules(rulesOf(shop(judged), interval), series, start, start + length);
  return alerts.flatMap(({ rule, episodes }) =>
    episodes.flatMap(({ labels, firedAt }) =>
      firedAt === undefined
        ? []
        : [
            {
              alert: rule.alert,
              severity: labels.get('severity'),
              by: labels.get('window') || labels.get('reason'),
              at: firedAt - start,
            },
          ],
    ),
  );
}

/** A counter with an increase at each sample from `from` up to but without `to`, where it ends. */
function counter(
  labels: Readonly<Record<string, string>>,
  from: number,
  to: number,
  increase: (time: number) => number,
): Series {
  let value = from === 0 ? 1000 : 0;
  return column({ [metricName]: 'requests_total', ...labels }, from, to, (time) => {
    value += increase(time);
    return value;
  });
}

/** Whether scrapes succeed, until the target is found no more. */
function up(until: number, downFrom = until): Series {
  return column({ [metricName]: 'up' }, 0, until, (time) => (time < downFrom ? 1 : 0));
}

function column(
  labels: Readonly<Record<string, string>>,
  from: number,
  to: number,
  value: (time: number) => number,
): Series {
  const times = Array.from({ length: (to - from) / interval + 1 }, (_, i) => from + i * interval);
  return {
    labels: Labels.of({ job: 'shop', instance: 'a', ...labels }),
    timestamps: Float64Array.from(times, (time) => start + time),
    values: Float64Array.from(times, (time) => (time === to ? Number.NaN : value(time))),
    staleMarkers: Int32Array.of(times.length - 1),
  };
}
