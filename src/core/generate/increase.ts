import { type Duration, duration } from '../base/index.ts';
import { build, type Expr, metricNameOf } from '../promql/index.ts';
import type { Service } from '../slo/index.ts';
import type { CounterSource, Counters } from './counters.ts';
import { justUnder } from './levels.ts';
import { type EventRecords, target } from './names.ts';
import { memory, settlingTime } from './options.ts';

const { aggregate, and, binary, by, call, compare, groupLeft, multiply, offset, on, or, range, selector } = build;
const { subtract, sum, sumBy, unless, withConditions } = build;

/** What the expressions of one SLO's increases are made of. */
export interface Subject {
  readonly service: Service;
  readonly counters: Counters;
  readonly interval: Duration;
  /** The labels of what is recorded. */
  readonly own: Readonly<Record<string, string>>;
  /** The names under which it is recorded. */
  readonly records: EventRecords;
}

const perTarget = on(...target);

/** The counters of all events, summed within each instance. A label more or less on a series changes nothing in such a sum. */
export function totalCounters({ counters }: Subject): Expr {
  return sumBy(target, union(counters.total));
}

/** The counters of the good or bad events. Where there are none yet they are 0: most errors are counted by series born with the first one. */
export function countedCounters(subject: Subject): Expr {
  const counted = sumBy(target, union(subject.counters.counted));
  return binary('or', counted, multiply(0, totalCounters(subject)), { matching: perTarget });
}

/** How many instances answer: by their counters or, before their first request, by being up. */
export function instanceCount(subject: Subject): Expr {
  const known = selector(subject.records.instanceTotal, ownLabels(subject));
  return aggregate('count', by(), binary('or', known, targetsUp(subject.service), { matching: perTarget }));
}

/** The targets of the service that answered their last scrape. */
export function targetsUp(service: Service): Expr {
  return compare('==', selector('up', { job: service.job }), 1);
}

/** All events since the last evaluation. */
export function totalIncrease(subject: Subject): Expr {
  return increase(subject, totalCounters(subject), subject.records.instanceTotal, subject.counters.total);
}

/** Bad events since the last evaluation. If the good ones are counted they are the rest of all. */
export function badIncrease(subject: Subject): Expr {
  const { counted, counts } = subject.counters;
  const increased = increase(subject, countedCounters(subject), subject.records.instanceCounted, counted);
  if (counts === 'bad') return increased;
  return subtract(sum(ofThisTick(subject.records.totalIncrease, subject)), increased);
}

/**
 * The increase of counters since the last evaluation, whenever that was: the difference to what was recorded then. So the increases of
 * successive evaluations add up to what was counted, nothing is extrapolated, and a gap in scrapes or evaluations only makes one
 * increase larger. Where the difference is no increase, the series themselves are compared (see `seriesIncrease`).
 */
function increase(subject: Subject, now: Expr, record: string, series: readonly CounterSource[]): Expr {
  const before = call(
    'last_over_time',
    offset(range(selector(record, ownLabels(subject)), justUnder(memory)), subject.interval),
  );
  const telescoped = grown(subtract(now, before, perTarget), series);
  const perInstance = unless(
    binary('or', telescoped, seriesIncrease(subject, series), { matching: perTarget }),
    renamed(subject),
    perTarget,
  );
  const nothing = multiply(0, sum(ofThisTick(subject.records.instances, subject)));
  return or(sum(perInstance), nothing);
}

/**
 * The increase by the series of an instance, for instances whose sum fell or is new. A series that fell has restarted and a new one began
 * at 0, so their values are increases; one that stayed while another was deleted counts by its difference. A new series does not count
 * if its past is unknown.
 */
function seriesIncrease(subject: Subject, series: readonly CounterSource[]): Expr {
  const parts = series.map((source, index) => {
    const now = source.count(source.selector);
    const earlier = source.count(offset(source.selector, subject.interval));
    const more = grown(subtract(now, earlier), [source]);
    const restarted = and(now, earlier);
    const young = unless(now, unknownPast(subject.service, subject.interval), perTarget);
    const born = binary('and', young, settled(subject), { matching: on() });
    return tagged(or(more, restarted, born), index, series);
  });
  return sumBy(target, joined(parts));
}

/** A difference if it is an increase; of counts with fractions half an event less is the noise of rounding. */
function grown(difference: Expr, series: readonly CounterSource[]): Expr {
  if (!series.some(({ isFractional }) => isFractional)) return compare('>=', difference, 0);
  return call('clamp_min', compare('>', difference, -0.5), 0);
}

/**
 * Instances that were not scraped a moment ago though their process is old: after a change of their labels, or of what is scraped. Their
 * counters may hold years. Processes that don't tell their start are taken to be new.
 */
function unknownPast({ job }: Service, interval: Duration): Expr {
  const start = selector('process_start_time_seconds', { job });
  const old = compare('<', start, subtract(call('time'), memory / 1000));
  const scraped = compare('==', offset(selector('up', { job }), interval), 1);
  return unless(old, scraped, perTarget);
}

/** Whether the SLO had instances some time before: when Prometheus starts all of them look new. */
function settled({ records, own, interval }: Subject): Expr {
  const since = duration(Math.max(settlingTime, 4 * interval));
  const instances = selector(records.instances, own);
  return call('last_over_time', offset(range(instances, justUnder(duration(memory - since))), since));
}

/**
 * Series that appear in an instance while another of the same metric has stopped without a stale marker, as a change of labels leaves
 * them when Prometheus restarts: for five minutes both are there, and what appears is no increase.
 */
function renamed(subject: Subject): Expr {
  const { counters, interval } = subject;
  const total = counters.total.map(({ selector: one }) => one);
  const names = total.map(metricNameOf);
  // Series of one metric that are counted besides are among all events already.
  const others = counters.counted.flatMap(({ selector: one }) => (names.includes(metricNameOf(one)) ? [] : [one]));
  const parts = [...total, ...others].map((one) => {
    const within = withConditions(one, { instance: ['!=', ''] });
    const appeared = unless(within, offset(within, interval));
    const seen = call('timestamp', within);
    const newest = aggregate('max', by(...target), seen);
    const stopped = binary('<', seen, newest, { matching: groupLeft(perTarget) });
    return binary('and', appeared, stopped, { matching: perTarget });
  });
  return joined(parts);
}

/** What was recorded under a name at this evaluation; a server that writes late gives the evaluation before. */
function ofThisTick(record: string, { own, interval }: Subject): Expr {
  return call('last_over_time', range(selector(record, own), justUnder(duration(2 * interval))));
}

/** The labels of the recorded counters: a change of their selection starts them anew. */
function ownLabels({ own, counters }: Subject): Readonly<Record<string, string>> {
  return { ...own, sli: counters.fingerprint };
}

/** The series of several selectors side by side. */
function union(series: readonly CounterSource[]): Expr {
  return joined(series.map((one, index) => tagged(one.count(one.selector), index, series)));
}

function joined(parts: readonly Expr[]): Expr {
  const [first, ...rest] = parts;
  if (first === undefined) throw new RangeError('an SLI without counters');
  return or(first, ...rest);
}

/**
 * Marks a selector's series so that those of several metrics with the same labels stay apart, and leaves out those under a former name
 * of the metric in instances that have it under its own.
 */
function tagged(expr: Expr, index: number, among: readonly CounterSource[]): Expr {
  const better = among[index]?.unless;
  const counting = better === undefined ? expr : unless(expr, better, perTarget);
  if (among.length === 1) return counting;
  const text = build.string;
  return call('label_replace', counting, text('nines_term'), text(String(index)), text(''), text(''));
}
