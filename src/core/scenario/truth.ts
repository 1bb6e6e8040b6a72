import { type Duration, type Ratio, ratio, type Timestamp } from '../base/index.ts';
import { labelsPredicate, type Matcher } from '../series/index.ts';
import type { Slo } from '../slo/index.ts';
import { trueSlices } from './condition-truth.ts';
import { countersOf, type Expr, selectorsOf } from './counted.ts';
import type { Scenario } from './model.ts';
import { type Count, countAtTime, type HistogramGroup, type Process, processOf } from './process.ts';
import { anchoredAt, type ScrapeRange } from './series.ts';
import { lifeAt } from './values.ts';

/** How many events of an SLO really happened, as far as scrapes could see them; those of a condition are its time slices. */
export interface TrueEvents {
  readonly bad: number;
  readonly good: number;
  readonly total: number;
}

/**
 * The events of an SLO that became visible at the scrapes after `from`, up to and including `to`, straight from the
 * process: no series is sampled and no PromQL evaluated. What is in: the first value of a counter that was born in between, and what
 * a restarted counter has counted anew. What is out, as nobody can see it: events between a process's last scrape and its end.
 */
export function trueEvents(scenario: Scenario, slo: Slo, range: ScrapeRange): TrueEvents {
  const process = processOf(anchoredAt(scenario, range.to));
  const { indicator } = slo;
  if (indicator.kind === 'distribution') {
    const [selector] = selectorsOf(indicator.histogram);
    const groups = selector === undefined ? [] : histogramGroups(process, selector);
    const total = sum(groups, (group) => increase(process, group.replica, group.counts, range));
    const good = sum(groups, (group) => {
      const within = group.counts.filter(
        (_, i) => (group.family.buckets[i] ?? Number.POSITIVE_INFINITY) <= indicator.below,
      );
      return increase(process, group.replica, within, range);
    });
    return { good, bad: total - good, total };
  }
  if (indicator.kind === 'condition') {
    const { bad, total } = trueSlices(process, slo, indicator.condition, range);
    return { bad, good: total - bad, total };
  }
  if (indicator.kind !== 'ratio') throw new RangeError(`a ${indicator.kind} has no events`);
  const count = (expr: Expr): number =>
    sum(selectorsOf(expr), (selector) =>
      sum(countersOf(process, selector), ({ replica, counts }) => increase(process, replica, counts, range)),
    );
  const events = count(indicator.events);
  const total = count(indicator.total);
  return indicator.counts === 'bad'
    ? { bad: events, good: total - events, total }
    : { bad: total - events, good: events, total };
}

/** The share of bad events; undefined if there were none at all. */
export function trueErrorRatio(scenario: Scenario, slo: Slo, range: ScrapeRange): Ratio | undefined {
  const { bad, total } = trueEvents(scenario, slo, range);
  return total === 0 ? undefined : ratio(bad / total);
}

function histogramGroups(process: Process, selector: readonly Matcher[]): readonly HistogramGroup[] {
  const matches = labelsPredicate(selector);
  return process.groups.flatMap((group) => (group.kind === 'histogram' && matches(group.labels) ? [group] : []));
}

/**
 * What scrapes after `from` saw the counts grow by. Of each life of the process the last scrape in the range counts, less the last
 * scrape before the range if it met the same life; a life first met within the range counts from zero.
 */
function increase(process: Process, replica: number, counts: readonly Count[], range: ScrapeRange): number {
  const replicaLife = process.timeline.replicas[replica];
  if (replicaLife === undefined) return 0;
  const interval = range.interval ?? process.scenario.interval;
  const seen = (life: number, until: Timestamp): number | undefined => {
    const { from, to } = replicaLife.lives[life] ?? { from: 0, to: 0 };
    // Ends are exclusive: a process that stops at a scrape's instant does not answer it.
    const latest = Math.min(until, Math.ceil(to) - 1);
    let at = range.from + Math.floor((latest - range.from) / interval) * interval;
    while (from <= at && lifeAt(replicaLife, at) !== life)
      at = beforeUnseen(replicaLife.unreachable, at, range, interval);
    return from <= at ? at : undefined;
  };
  return sum(replicaLife.lives, ({ from, to }, life) => {
    if (to <= range.from || range.to < from) return 0;
    const last = seen(life, range.to);
    if (last === undefined || last <= range.from) return 0;
    const origin = seen(life, range.from) ?? from;
    return sum(counts, (count) => countAtTime(process, count, last) - countAtTime(process, count, origin));
  });
}

/** The scrape before the stretch in which this one fails. */
function beforeUnseen(
  unreachable: readonly { readonly from: number; readonly to: number }[],
  at: number,
  range: ScrapeRange,
  interval: Duration,
): number {
  const stretch = unreachable.find(({ from, to }) => from <= at && at < to);
  const before = Math.ceil(stretch?.from ?? at) - 1;
  return range.from + Math.floor((before - range.from) / interval) * interval;
}

function sum<T>(items: readonly T[], value: (item: T, index: number) => number): number {
  return items.reduce((total, item, index) => total + value(item, index), 0);
}
