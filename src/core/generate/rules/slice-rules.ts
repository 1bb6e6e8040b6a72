import { type Duration, duration, formatDuration, unreachable } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import type { Condition, Service, Slo } from '../../slo/index.ts';
import { justUnder } from '../levels.ts';
import { badOnly, eventsLabel, identity, identityLabels, recorded, totalOnly } from '../names.ts';
import { memory } from '../options.ts';
import { isPending } from './pending.ts';
import { record } from './record.ts';
import { betweenKinds, labelled, sumOver } from './sums.ts';

const { add, binary, call, compare, compareBool, divide, groupLeft, multiply, offset, on, or, range } = build;
const { selector, subtract, unless } = build;

/** The time slices of an objective, aligned by the clock: those of a minute begin with the minutes. */
export interface Slices {
  readonly service: Service;
  readonly slo: Slo;
  readonly length: Duration;
  readonly interval: Duration;
}

const sameSlo = on(...identity);

/**
 * Where an evaluation stands among the slices. The first evaluation in a slice closes the slice before: it counts as one event, and with
 * it the slices that nobody evaluated.
 */
export function slicePositionRules(slices: Slices): readonly RecordingRule[] {
  const own = ownOf(slices);
  const seconds = slices.length / 1000;
  const now = call('time');
  return [
    record(
      recorded.slice,
      call('vector', subtract(now, binary('%', now, seconds))),
      own,
      `Slices of ${formatDuration(slices.length)}: the start of the one that this evaluation lies in, and of that of the evaluation before.`,
    ),
    record(recorded.previousSlice, before(slices, recorded.slice), own),
  ];
}

/**
 * The slices of a condition as events: a slice is bad if the condition was broken at any evaluation in it, or at a larger share of them
 * than the slice's target leaves.
 */
export function conditionSliceRules(slices: Slices): readonly RecordingRule[] {
  const own = ownOf(slices);
  const { measure } = slices.slo;
  if (measure.kind === 'slice-ratios' || (measure.kind === 'slices' && measure.sliceTarget !== undefined))
    return increaseRules(slices, shareIncreases(slices, brokenShare(slices)));
  const condition = selector(recorded.condition, own);
  const slice = selector(recorded.slice, own);
  const perGroup = groupLeft(sameSlo);
  return [
    record(
      recorded.knownSlice,
      add(multiply(0, condition), slice, perGroup),
      own,
      'The slice, at evaluations that know the condition, and at those at which it is broken.',
    ),
    record(recorded.brokenSlice, add(compare('==', condition, 0), slice, perGroup), own),
    ...increaseRules(slices, conditionIncreases(slices)),
  ];
}

/** The share of the last slice's evaluations at which a condition was broken. Quotients of counts are exact where a difference from one is not. */
function brokenShare(slices: Slices): SliceShare {
  const known = selector(recorded.condition, ownOf(slices));
  // This evaluation lies in the next slice already.
  const slice = offset(range(known, justUnder(slices.length)), slices.interval);
  const evaluations = call('count_over_time', slice);
  const share = divide(subtract(evaluations, call('sum_over_time', slice)), evaluations);
  return { known, now: evaluations, share };
}

/** The slices of events as events: a slice is bad if its own share of good events misses the slice's target. */
export function eventSliceRules(slices: Slices): readonly RecordingRule[] {
  const own = ownOf(slices);
  const inSlice = (kind: build.Conditions): Expr =>
    sumOver(recorded.slicedIncrease, { ...own, ...kind }, slices.length);
  const events = compare('>', inSlice(totalOnly), 0);
  const share = betweenKinds(call('clamp_min', inSlice(badOnly), 0), events);
  const known = selector(recorded.slicedIncrease, { ...own, ...totalOnly });
  return increaseRules(slices, shareIncreases(slices, { known, now: events, share }));
}

/** The same of slices whose share of bad events is recorded itself. */
export function recordedSliceRules(slices: Slices): readonly RecordingRule[] {
  const share = selector(recorded.queryErrors, ownOf(slices));
  return increaseRules(slices, shareIncreases(slices, { known: share, now: share, share }));
}

interface Increases {
  readonly total: Expr;
  /** There only at evaluations that say of slices whether they were bad. */
  readonly bad: Expr;
  /** What slices are of which nothing is said. */
  readonly others: 'good' | 'bad';
}

/** The two kinds are recorded before they stand under one name, so that none is read under the name that it is recorded by. */
function increaseRules(slices: Slices, { total, bad, others }: Increases): readonly RecordingRule[] {
  const own = ownOf(slices);
  const closed = (kind: build.Conditions): Expr =>
    call('last_over_time', range(selector(recorded.closedSlices, { ...own, ...kind }), justUnder(slices.interval)));
  const all = closed(totalOnly);
  const rest = labelled(others === 'good' ? multiply(0, all) : all, eventsLabel, 'bad');
  const comment =
    'Slices since the last evaluation, and bad ones among them: 1 at the first evaluation after a slice, 0 at the others, more after a ' +
    `gap. ${noDataText(slices)}`;
  return [
    record(recorded.closedSlices, total, { ...own, ...totalOnly }, comment),
    record(recorded.closedSlices, bad, { ...own, ...badOnly }),
    record(
      recorded.eventsIncrease,
      or(closed({}), rest),
      own,
      `The same as events: slices not known to be bad are ${others}.`,
    ),
  ];
}

/** What slices without any known evaluation count as. */
function noDataOf({ service, slo }: Slices): Slo['noData'] {
  return isPending(service, slo) ? 'unknown' : slo.noData;
}

function noDataText(slices: Slices): string {
  const noData = noDataOf(slices);
  return noData === 'unknown' ? 'Slices without data are not counted.' : `Slices without data count as ${noData}.`;
}

function conditionIncreases(slices: Slices): Increases {
  const own = ownOf(slices);
  const previous = selector(recorded.previousSlice, own);
  const perGroup = groupLeft(sameSlo);
  // The last evaluation that was known (or broken) lies in the slice that is closed: the slice was.
  const closedWith = (name: string): Expr => {
    const inPrevious = binary('==', before(slices, name), previous, { matching: perGroup });
    return binary('<', inPrevious, selector(recorded.slice, own), { matching: perGroup });
  };
  const known = closedWith(recorded.knownSlice);
  const broken = closedWith(recorded.brokenSlice);
  const noData = noDataOf(slices);
  if (noData === 'unknown') {
    const total = or(one(known), multiply(0, selector(recorded.condition, own)));
    return { total, bad: one(broken), others: 'good' };
  }
  const total = perKnownGroup(slices, settled(slices, closedCount(slices)));
  if (noData === 'good') return { total, bad: settled(slices, one(broken)), others: 'good' };
  const good = one(unless(known, broken));
  return { total, bad: subtract(total, good), others: 'bad' };
}

/** Without groups there is one; with groups those count that were known a while ago. */
function perKnownGroup(slices: Slices, count: Expr): Expr {
  if (slices.slo.groupBy.length === 0) return count;
  return add(multiply(0, before(slices, recorded.knownSlice)), count, groupLeft(sameSlo));
}

/** The share of bad events in the slice up to this evaluation. */
interface SliceShare {
  /** What is recorded as long as there is data. */
  readonly known: Expr;
  /** There only if the slice had events. */
  readonly now: Expr;
  readonly share: Expr;
}

function shareIncreases(slices: Slices, { known: counted, now, share }: SliceShare): Increases {
  const { slo } = slices;
  const closed = compare('>', closedCount(slices), 0);
  const perGroup = groupLeft(sameSlo);
  const weight =
    slo.measure.kind === 'slice-ratios' ? call('clamp_max', share, 1) : compareBool('>', share, budgetOf(slo));
  const bad = multiply(weight, closed, perGroup);
  const known = add(multiply(0, now), closed, perGroup);
  const noData = noDataOf(slices);
  if (noData === 'unknown') return { total: or(known, multiply(0, counted)), bad, others: 'good' };
  // Without groups slices go by even where no series of events was ever seen.
  const passed = settled(slices, closedCount(slices));
  const total =
    slo.groupBy.length === 0
      ? passed
      : add(multiply(0, before(slices, recorded.slicedIncrease, totalOnly)), passed, perGroup);
  return { total, bad: settled(slices, bad), others: noData };
}

/** The share of bad events that a good slice may have. Without a target for slices every bad event makes its slice bad. */
function budgetOf({ measure }: Slo): number {
  const target = measure.kind === 'slices' ? (measure.sliceTarget ?? 1) : 1;
  // Targets are decimals of at most twelve places; a plain difference would miss them by a binary fraction.
  return Number((1 - target).toFixed(12));
}

/** How many slices an evaluation closes: none within a slice, one at the first evaluation in the next, more after missed evaluations. */
function closedCount(slices: Slices): Expr {
  const own = ownOf(slices);
  const passed = subtract(selector(recorded.slice, own), selector(recorded.previousSlice, own));
  return divide(passed, slices.length / 1000);
}

/**
 * Time without data counts only once data could have been there: after the first scrapes, and for a heartbeat after the stretch within
 * which it must be heard. Otherwise a new objective would begin with slices that nobody could have kept.
 */
function settled(slices: Slices, count: Expr): Expr {
  const { slo, length, interval } = slices;
  const within = slo.indicator.kind === 'condition' ? longestWithin(slo.indicator.condition) : 0;
  const settling = duration(Math.ceil((within + length) / interval) * interval + 2 * interval);
  const since = call(
    'last_over_time',
    offset(range(selector(recorded.slice, ownOf(slices)), justUnder(memory)), settling),
  );
  return binary('and', count, since, { matching: sameSlo });
}

/** The longest stretch that a part of a condition looks back over. */
function longestWithin(condition: Condition): number {
  switch (condition.kind) {
    case 'comparison':
      return 0;
    case 'progress':
    case 'invariant':
      return condition.within;
    case 'all':
    case 'any':
      return Math.max(...condition.of.map(longestWithin));
    default:
      return unreachable(condition);
  }
}

function one(expr: Expr): Expr {
  return add(multiply(0, expr), 1);
}

/** What was recorded last before this evaluation, a slice and the longest gap back. */
function before(slices: Slices, name: string, kind: build.Conditions = {}): Expr {
  const length = justUnder(duration(slices.length + memory));
  return call('last_over_time', offset(range(selector(name, { ...ownOf(slices), ...kind }), length), slices.interval));
}

function ownOf({ service, slo }: Slices): Readonly<Record<string, string>> {
  return identityLabels(service, slo);
}
