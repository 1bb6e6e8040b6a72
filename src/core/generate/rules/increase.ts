import { type Duration, duration } from '../../base/index.ts';
import { build, type Expr, metricNameOf, type VectorMatching } from '../../promql/index.ts';
import type { Service } from '../../slo/index.ts';
import type { CounterSource, Counters } from '../counters.ts';
import { justUnder } from '../levels.ts';
import { type EventRecords, target } from '../names.ts';
import { memory, settlingTime } from '../options.ts';

const { add, aggregate, binary, by, call, compare, multiply, offset, on, or, range, selector } = build;
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
  /** The labels of which each combination of values is counted for itself; empty where all is counted together. */
  readonly groups: readonly string[];
}

const perTarget = on(...target);

/** By what sums of counters are known: their instance and, where it counts for itself, their group. */
function sumLabels({ groups }: Subject): readonly string[] {
  return [...new Set([...target, ...groups])];
}

function perSum(subject: Subject): VectorMatching {
  return on(...sumLabels(subject));
}

/** The counters of all events, summed within each instance. A label more or less on a series changes nothing in such a sum. */
export function totalCounters(subject: Subject): Expr {
  return sumBy(sumLabels(subject), union(subject.counters.total));
}

/** The counters of the good or bad events. Where there are none yet they are 0: most errors are counted by series born with the first one. */
export function countedCounters(subject: Subject): Expr {
  const counted = sumBy(sumLabels(subject), union(subject.counters.counted));
  const all = recordedNow(subject, subject.records.instanceTotal);
  return binary('or', counted, multiply(0, all), { matching: perSum(subject) });
}

/** How many instances answer: by their counters or, before their first request, by being up. */
export function instanceCount(subject: Subject): Expr {
  const sums = selector(subject.records.instanceTotal, ownLabels(subject));
  const known = subject.groups.length === 0 ? sums : aggregate('count', by(...target), sums);
  return aggregate('count', by(), binary('or', known, targetsUp(subject.service), { matching: perTarget }));
}

/** The targets of the service that answered their last scrape. */
export function targetsUp(service: Service): Expr {
  return compare('==', selector('up', { job: service.job }), 1);
}

/** All events since the last evaluation. */
export function totalIncrease(subject: Subject): Expr {
  return increase(subject, subject.records.instanceTotal, subject.counters.total);
}

/** Bad events since the last evaluation. If the good ones are counted they are the rest of all. */
export function badIncrease(subject: Subject): Expr {
  const { counted, counts } = subject.counters;
  const increased = increase(subject, subject.records.instanceCounted, counted);
  if (counts === 'bad') return increased;
  return subtract(inGroups(subject, ofThisTick(subject.records.totalIncrease, subject)), increased);
}

/**
 * Instances of which some series stand still while others of the same metric are scraped. All series of an instance have the time of its last
 * scrape, and what a scrape no longer shows ends at once; but when Prometheus restarts, what a change of labels has left
 * behind does not end: for five minutes the old and the new series are both there.
 */
export function stoppedSeries({ counters }: Subject): Expr {
  const total = counters.total.map(({ selector: one }) => one);
  const names = total.map(metricNameOf);
  // Series of one metric that are counted besides are among all events already.
  const others = counters.counted.flatMap(({ selector: one }) => (names.includes(metricNameOf(one)) ? [] : [one]));
  const spreads = [...total, ...others].map((one) => {
    const within = withConditions(one, { instance: ['!=', ''] });
    // Seconds since 1970 are too large for their variance to be told from noise.
    const age = subtract(call('time'), call('timestamp', within));
    return compare('>', aggregate('stdvar', by(...target), age), 0);
  });
  return joined(spreads);
}

/**
 * The increase of counters since the last evaluation, whenever that was: the difference to what was recorded then. So the increases of
 * successive evaluations add up to what was counted, nothing is extrapolated, and a gap in scrapes or evaluations only makes one
 * increase larger. Where the difference is no increase, the series themselves are compared (see `seriesIncrease`).
 */
function increase(subject: Subject, record: string, series: readonly CounterSource[]): Expr {
  const now = recordedNow(subject, record);
  const before = call(
    'last_over_time',
    offset(range(selector(record, ownLabels(subject)), justUnder(memory)), subject.interval),
  );
  const telescoped = grown(subtract(now, before, perSum(subject)), series);
  const unknown = recordedNow(subject, subject.records.unknownPast);
  const bySeries = unless(seriesIncrease(subject, now, series), unknown, perTarget);
  const perInstance = unless(
    binary('or', telescoped, bySeries, { matching: perSum(subject) }),
    newlyStopped(subject),
    perTarget,
  );
  // Of a group nothing is known once it has no counters, of the objective as a whole while any instance answers.
  const known = subject.groups.length === 0 ? subject.records.instances : subject.records.instanceTotal;
  const nothing = multiply(0, inGroups(subject, ofThisTick(known, subject)));
  return or(inGroups(subject, perInstance), nothing);
}

function inGroups({ groups }: Subject, expr: Expr): Expr {
  return groups.length === 0 ? sum(expr) : sumBy(groups, expr);
}

/**
 * The increase by the series of an instance, for instances whose sum fell or is new: the sum without what the series that did not fall had
 * counted before. A series that fell has restarted and a new one began at 0, so their values are increases; what a series had counted that is gone is
 * left out of both sums.
 */
function seriesIncrease(subject: Subject, now: Expr, series: readonly CounterSource[]): Expr {
  const kept = series.map((source, index) => {
    const earlier = source.count(offset(source.selector, subject.interval));
    const present = source.count(source.selector);
    // Of counts with fractions half an event less is the noise of rounding.
    return tagged(compare('<=', earlier, source.isFractional ? add(present, 0.5) : present), index, series);
  });
  const increased = subtract(now, sumBy(sumLabels(subject), joined(kept)), perSum(subject));
  const whole = series.some(({ isFractional }) => isFractional) ? call('clamp_min', increased, 0) : increased;
  return binary('or', whole, now, { matching: perSum(subject) });
}

/** A difference if it is an increase; of counts with fractions half an event less is the noise of rounding. */
function grown(difference: Expr, series: readonly CounterSource[]): Expr {
  if (!series.some(({ isFractional }) => isFractional)) return compare('>=', difference, 0);
  return call('clamp_min', compare('>', difference, -0.5), 0);
}

/**
 * Instances that had no counters at the last evaluation and whose counters may hold years: their process is old but was not scraped a moment
 * ago, as after a change of labels or of what is scraped; or the SLO itself is new, so that everything is. Processes that don't tell
 * their start are taken to be new.
 */
export function unknownPast(subject: Subject): Expr {
  const { service, interval, records } = subject;
  const start = selector('process_start_time_seconds', { job: service.job });
  const old = compare('<', start, subtract(call('time'), memory / 1000));
  const scraped = compare('==', offset(selector('up', { job: service.job }), interval), 1);
  const isNew = call('absent', settled(subject));
  const all = binary('and', selector(records.instanceTotal, ownLabels(subject)), isNew, { matching: on() });
  const known = offset(selector(records.instanceTotal, ownLabels(subject)), interval);
  const unknown = unless(binary('or', unless(old, scraped, perTarget), all, { matching: perTarget }), known, perTarget);
  return aggregate('group', by(...target), unknown);
}

/** Whether the SLO had instances some time before: when Prometheus starts all of them look new. */
function settled({ records, own, interval }: Subject): Expr {
  const since = duration(Math.max(settlingTime, 4 * interval));
  const instances = selector(records.instances, own);
  return call('last_over_time', offset(range(instances, justUnder(duration(memory - since))), since));
}

/** Instances that have stopped series since this evaluation: what appears beside those is no increase. */
function newlyStopped(subject: Subject): Expr {
  const stopped = selector(subject.records.stopped, ownLabels(subject));
  return unless(stopped, offset(stopped, subject.interval), perTarget);
}

/**
 * What this evaluation has recorded of instances a moment ago: most of what the rules of an objective cost is reading raw series, so their sums are made
 * once.
 */
function recordedNow(subject: Subject, record: string): Expr {
  return call('last_over_time', range(selector(record, ownLabels(subject)), justUnder(subject.interval)));
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
