import { type Duration, duration } from '../../base/index.ts';
import { build, type Expr, metricNameOf, type VectorMatching } from '../../promql/index.ts';
import type { Service } from '../../slo/index.ts';
import type { CounterSource, Counters } from '../counters.ts';
import { justUnder } from '../levels.ts';
import { type CounterRecords, eventsLabel, target } from '../names.ts';
import { memory, settlingTime } from '../options.ts';
import { labelled } from './sums.ts';

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
  readonly records: CounterRecords;
  /** The labels of which each combination of values is counted for itself; empty where all is counted together. */
  readonly groups: readonly string[];
}

const perTarget = on(...target);

/** Counters of one kind of event. The kind is undefined where there is only one. */
interface Kind {
  readonly events: string | undefined;
  readonly series: readonly CounterSource[];
}

function kindsOf({ counters: { total, counted, counts } }: Subject): readonly Kind[] {
  if (counted.length === 0) return [{ events: undefined, series: total }];
  return [
    { events: 'total', series: total },
    { events: counts, series: counted },
  ];
}

/** By what sums of counters are known beside their kind: their instance and, where it counts for itself, their group. */
function sumLabels({ groups }: Subject): readonly string[] {
  return [...new Set([...target, ...groups])];
}

function perSum(subject: Subject): VectorMatching {
  return on(...sumLabels(subject), ...kindLabel(subject));
}

function kindLabel({ counters }: Subject): readonly string[] {
  return 0 < counters.counted.length ? [eventsLabel] : [];
}

/**
 * The counters as they stand, summed within each instance. A label more or less on a series changes nothing in such a sum. Where no good or
 * bad events are counted yet they are 0: most errors are counted by series born with the first one.
 */
export function counterSums(subject: Subject): Expr {
  const { total, counted, counts } = subject.counters;
  const labels = sumLabels(subject);
  const all = sumBy(labels, union(total));
  if (counted.length === 0) return all;
  const some = binary('or', sumBy(labels, union(counted)), multiply(0, all), { matching: on(...labels) });
  return or(labelled(all, eventsLabel, 'total'), labelled(some, eventsLabel, counts));
}

/** How many instances answer: by their counters or, before their first request, by being up. */
export function instanceCount(subject: Subject): Expr {
  const sums = selector(subject.records.sums, totalLabels(subject));
  const known = subject.groups.length === 0 ? sums : aggregate('count', by(...target), sums);
  return aggregate('count', by(), binary('or', known, targetsUp(subject.service), { matching: perTarget }));
}

/** The targets of the service that answered their last scrape. */
export function targetsUp(service: Service): Expr {
  return compare('==', selector('up', { job: service.job }), 1);
}

/**
 * All events since the last evaluation, and the bad ones, as the increases of their counters; none while there are no counters but
 * something answers. If the good ones are counted the bad ones are the rest of all.
 */
export function eventIncreases(subject: Subject): Expr {
  const { counters, groups, own, records } = subject;
  const nothing = multiply(0, groups.length === 0 ? knownNow(subject) : sumBy(groupLabels(subject), knownNow(subject)));
  if (counters.counts === 'good') {
    const [all, good] = [increaseOf(subject, 'total'), increaseOf(subject, 'good')];
    return or(
      labelled(or(all, nothing), eventsLabel, 'total'),
      labelled(or(subtract(all, good), nothing), eventsLabel, 'bad'),
    );
  }
  const kinds = [...groupLabels(subject), eventsLabel];
  const increased = sumBy(kinds, recordedNow(subject, records.increase, own));
  if (groups.length === 0)
    return or(increased, labelled(nothing, eventsLabel, 'total'), labelled(nothing, eventsLabel, 'bad'));
  // The sums of a group's counters are there for both kinds.
  return or(increased, multiply(0, sumBy(kinds, ofThisTick(records.sums, sumsLabels(subject), subject))));
}

/** The increase of one kind as this evaluation has recorded it, under the labels of the objective. */
function increaseOf(subject: Subject, events: string): Expr {
  const { own, records } = subject;
  const one = recordedNow(subject, records.increase, { ...own, [eventsLabel]: events });
  return sumBy(groupLabels(subject), one);
}

/** The labels of what is recorded of the objective, or of each of its groups. */
function groupLabels({ own, groups }: Subject): readonly string[] {
  return [...Object.keys(own), ...groups];
}

/** What shows that nothing was missed: of a group its counters, of the objective as a whole that any instance answers. */
function knownNow(subject: Subject): Expr {
  const { own, groups, records } = subject;
  return groups.length === 0
    ? ofThisTick(records.instances, own, subject)
    : ofThisTick(records.sums, totalLabels(subject), subject);
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
 * increase larger. Where the difference is no increase, the series themselves are compared (see `seriesIncrease`). All kinds are looked at together,
 * since what an evaluation costs is paid for each selector.
 */
export function counterIncrease(subject: Subject): Expr {
  const { counters, groups, interval, records } = subject;
  const own = sumsLabels(subject);
  const now = recordedNow(subject, records.sums, own);
  const before = call('last_over_time', offset(range(selector(records.sums, own), justUnder(memory)), interval));
  const telescoped = grown(subtract(now, before), counters);
  const bySeries = unless(seriesIncrease(subject, now), unknownPast(subject), perTarget);
  const perInstance = unless(
    binary('or', telescoped, bySeries, { matching: perSum(subject) }),
    newlyStopped(subject),
    perTarget,
  );
  const labels = [...groups, ...kindLabel(subject)];
  return labels.length === 0 ? sum(perInstance) : sumBy(labels, perInstance);
}

/** The same for counters of one kind, with 0 while it is known that nothing was counted. */
export function watchedIncrease(subject: Subject): Expr {
  const { groups } = subject;
  const known = knownNow(subject);
  return or(counterIncrease(subject), multiply(0, groups.length === 0 ? sum(known) : sumBy(groups, known)));
}

/**
 * The increase by the series of an instance, for instances whose sum fell or is new: the sum without what the series that did not fall had
 * counted before. A series that fell has restarted and a new one began at 0, so their values are increases; what a series had counted that is gone is
 * left out of both sums.
 */
function seriesIncrease(subject: Subject, now: Expr): Expr {
  const kept = joined(kindsOf(subject).map((kind) => keptCounts(subject, kind)));
  const increased = subtract(now, kept, perSum(subject));
  const whole = isFractional(subject.counters) ? call('clamp_min', increased, 0) : increased;
  return binary('or', whole, now, { matching: perSum(subject) });
}

/** What the series of a kind that did not fall had counted at the last evaluation. */
function keptCounts(subject: Subject, { events, series }: Kind): Expr {
  const kept = series.map((source, index) => {
    const earlier = source.count(offset(source.selector, subject.interval));
    const present = source.count(source.selector);
    // Of counts with fractions half an event less is the noise of rounding.
    return tagged(compare('<=', earlier, source.isFractional ? add(present, 0.5) : present), index, series);
  });
  const sums = sumBy(sumLabels(subject), joined(kept));
  return events === undefined ? sums : labelled(sums, eventsLabel, events);
}

/** A difference if it is an increase; of counts with fractions half an event less is the noise of rounding. */
function grown(difference: Expr, counters: Counters): Expr {
  if (!isFractional(counters)) return compare('>=', difference, 0);
  return call('clamp_min', compare('>', difference, -0.5), 0);
}

function isFractional({ total, counted }: Counters): boolean {
  return [...total, ...counted].some((source) => source.isFractional);
}

/**
 * Instances that had no counters at the last evaluation and whose counters may hold years: their process is old but was not scraped a moment
 * ago, as after a change of labels or of what is scraped; or the SLO itself is new, so that everything is. Processes that don't tell
 * their start are taken to be new.
 */
function unknownPast(subject: Subject): Expr {
  const { service, interval, records } = subject;
  const start = selector('process_start_time_seconds', { job: service.job });
  const old = compare('<', start, subtract(call('time'), memory / 1000));
  const scraped = compare('==', offset(selector('up', { job: service.job }), interval), 1);
  const sums = selector(records.sums, totalLabels(subject));
  const all = binary('and', sums, call('absent', settled(subject)), { matching: on() });
  return unless(
    binary('or', unless(old, scraped, perTarget), all, { matching: perTarget }),
    offset(sums, interval),
    perTarget,
  );
}

/** Whether the SLO had instances some time before: when Prometheus starts all of them look new. */
function settled({ records, own, interval }: Subject): Expr {
  const since = duration(Math.max(settlingTime, 4 * interval));
  const instances = selector(records.instances, own);
  return call('last_over_time', offset(range(instances, justUnder(duration(memory - since))), since));
}

/** Instances that have stopped series since this evaluation: what appears beside those is no increase. */
function newlyStopped(subject: Subject): Expr {
  const stopped = selector(subject.records.stopped, sumsLabels(subject));
  return unless(stopped, offset(stopped, subject.interval), perTarget);
}

/**
 * What this evaluation has recorded a moment ago: most of what the rules of an objective cost is reading raw series, so their sums are made
 * once.
 */
function recordedNow({ interval }: Subject, record: string, labels: build.Conditions): Expr {
  return call('last_over_time', range(selector(record, labels), justUnder(interval)));
}

/** What was recorded under a name at this evaluation; a server that writes late gives the evaluation before. */
function ofThisTick(record: string, labels: build.Conditions, { interval }: Subject): Expr {
  return call('last_over_time', range(selector(record, labels), justUnder(duration(2 * interval))));
}

/** The labels of the recorded counters: a change of their selection starts them anew. */
export function sumsLabels({ own, counters }: Subject): Readonly<Record<string, string>> {
  return { ...own, sli: counters.fingerprint };
}

/** The labels of the recorded counters of all events. */
function totalLabels(subject: Subject): Readonly<Record<string, string>> {
  return { ...sumsLabels(subject), ...(0 < subject.counters.counted.length && { [eventsLabel]: 'total' }) };
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
  return labelled(counting, 'nines_term', String(index));
}
