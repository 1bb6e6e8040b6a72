import { type Duration, formatDuration } from '../../base/index.ts';
import { build, type Expr, type VectorMatching } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import type { Service } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import {
  badOnly,
  eventsLabel,
  groupIdentity,
  identity,
  identityLabels,
  recorded,
  totalOnly,
  turnLabel,
  windowLabel,
} from '../names.ts';
import { type PeriodLevels, periodName, periodWords } from '../period-levels.ts';
import { type OwnLabels, periodScope } from '../scope.ts';
import { elapsedSelector } from './calendar-rules.ts';
import type { Named, Promised } from './promised.ts';
import { record } from './record.ts';
import { betweenKinds, latestSlow } from './sums.ts';

const { binary, call, compare, compareBool, divide, groupLeft, multiply, number, on, or, range, selector } = build;
const { subtract, sumBy } = build;

/** The rules that record the events of the calendar period before this one. */
export type PreviousEvents = (level: PeriodLevels) => readonly RecordingRule[];

/** What people and alerts read: shares, burn rates, the budget, and how much of each period was seen. */
export function figureRules(
  service: Named,
  slo: Promised,
  levels: Levels,
  previous: PreviousEvents,
): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  return [
    ratioRule(own, levels),
    ...burnRateRules(own, slo),
    ...levels.periods.map((level) => periodFillRule(service, slo, level)),
    ...levels.periods.flatMap((level) => periodRules(service, slo, level, previous)),
  ];
}

/** The promise itself, for dashboards and joins. */
export function promiseRules(service: Service, slo: Promised, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const constant = (value: number): Expr => call('vector', number(value));
  const { target } = slo;
  const info = {
    ...own,
    owner: service.owner,
    target: target.text,
    period: periodName(slo.period),
    ...(slo.lifecycle === 'pending' && { lifecycle: slo.lifecycle }),
  };
  return [
    record(recorded.objective, constant(target.ratio), own, 'What was promised.'),
    record(recorded.errorBudget, constant(target.errorBudget), own),
    ...levels.periods.map((level) =>
      record(recorded.periodLength, constant(level.period.length / 1000), periodScope(service, slo, level).labels),
    ),
    record(recorded.info, constant(1), info),
  ];
}

function ratioRule(own: OwnLabels, levels: Levels): RecordingRule {
  const { fastWindows, slowWindows } = levels;
  const parts: Expr[] = [];
  if (0 < fastWindows.length) {
    const conditions = { ...own, ...windowCondition(fastWindows) };
    parts.push(share((kind) => selector(recorded.windowEvents, { ...conditions, ...kind })));
  }
  if (0 < slowWindows.length) {
    const conditions = { ...own, ...windowCondition(slowWindows) };
    parts.push(share((kind) => latestSlow(recorded.windowEvents, { ...conditions, ...kind }, levels)));
  }
  const [first = number(0), ...rest] = parts;
  const comment = 'Shares of bad events in the windows; none without events.';
  return record(recorded.errorRatio, or(first, ...rest), own, comment);
}

/** An invariant allows nothing, of which there are no multiples. */
function burnRateRules(own: OwnLabels, { target }: Promised): readonly RecordingRule[] {
  if (target.errorBudget === 0) return [];
  const rate = divide(selector(recorded.errorRatio, own), target.errorBudget);
  return [record(recorded.burnRate, rate, own, 'The same as multiples of what the target allows.')];
}

function periodFillRule(service: Named, slo: Promised, level: PeriodLevels): RecordingRule {
  const { labels, conditions } = periodScope(service, slo, level);
  const observed = selector(recorded.periodObserved, conditions);
  const isCalendar = level.period.kind === 'calendar';
  // Before the first evaluation of a period nothing of it has passed.
  const passed = isCalendar ? compare('>', elapsedSelector(service, slo, level), 0) : level.period.length / 1000;
  return record(
    recorded.periodFill,
    call('clamp_max', isCalendar ? divide(observed, passed, toWhole(slo)) : divide(observed, passed), 1),
    labels,
    isCalendar
      ? `How full the time with data makes the ${periodWords(level.period)} so far: figures of a new objective are no certainty.`
      : 'How full the time with data makes the period: figures of a new objective are no certainty.',
  );
}

function periodRules(
  service: Named,
  slo: Promised,
  level: PeriodLevels,
  previous: PreviousEvents,
): readonly RecordingRule[] {
  const { labels, conditions } = periodScope(service, slo, level);
  const { period } = level;
  const errors = share((kind) => selector(recorded.periodEvents, { ...conditions, ...kind }));
  const left = budgetLeft(selector(recorded.periodErrorRatio, conditions), slo);
  const name = period.kind === 'calendar' ? `the ${periodWords(period)}` : formatDuration(period.length);
  return [
    record(
      recorded.periodErrorRatio,
      errors,
      labels,
      `Share of bad events in ${name}, and what it leaves of the budget.`,
    ),
    record(recorded.periodBudgetRemaining, left, labels),
    ...(period.kind === 'calendar' ? calendarFigures(service, slo, level, previous) : []),
  ];
}

/** What only a period with a beginning and an end has: a budget for the whole of it, and a period before. */
function calendarFigures(
  service: Named,
  slo: Promised,
  level: PeriodLevels,
  previous: PreviousEvents,
): readonly RecordingRule[] {
  const { labels, conditions } = periodScope(service, slo, level);
  const { period } = level;
  const spent = divide(selector(recorded.periodErrorRatio, conditions), slo.target.errorBudget);
  const elapsed = elapsedSelector(service, slo, level);
  const passed = call('clamp_max', divide(elapsed, period.length / 1000), 1);
  return [
    record(
      recorded.periodProjectedBudget,
      subtract(1, multiply(spent, passed, toWhole(slo))),
      labels,
      'What would be left of the budget at its end, if its traffic went on as so far and nothing more went wrong.',
    ),
    ...previous(level),
    record(
      recorded.previousErrorRatio,
      share((kind) => selector(recorded.previousEvents, { ...conditions, ...kind })),
      labels,
    ),
  ];
}

/** The sums of the calendar period before, as they were closed. */
export function closedEvents(service: Named, slo: Promised): PreviousEvents {
  return (level) => {
    const { labels, conditions } = periodScope(service, slo, level);
    const previous = selector(recorded.previousTurn, conditions);
    const latest = call('last_over_time', range(selector(recorded.closedEvents, conditions), level.longest));
    const ofPrevious = binary('and', latest, previous, { matching: on(...identity, turnLabel) });
    const events = sumBy([...groupIdentity(slo), eventsLabel], ofPrevious);
    return [record(recorded.previousEvents, events, labels, previousComment(level))];
  };
}

/** What to say of the rules of the calendar period before. */
export function previousComment({ period }: PeriodLevels): string {
  return `The ${periodWords(period)} before.`;
}

/** What is left of the budget. An invariant has none to spend: it is untouched until the first violation, and gone with it. */
function budgetLeft(errors: Expr, { target }: Promised): Expr {
  return target.errorBudget === 0 ? compareBool('==', errors, 0) : subtract(1, divide(errors, target.errorBudget));
}

/** Joins a group's series with one about the objective as a whole. */
function toWhole({ groupBy }: Promised): VectorMatching {
  return groupBy.length === 0 ? on(...identity) : groupLeft(on(...identity));
}

/**
 * The share of bad events. Without events there is none: no division of nothing by nothing is recorded. Good events are not read at the
 * instant of the others by every exporter, so that for a moment there may seem to be more of them.
 */
function share(eventsOf: (kind: build.Conditions) => Expr): Expr {
  return betweenKinds(call('clamp_min', eventsOf(badOnly), 0), compare('>', eventsOf(totalOnly), 0));
}

function windowCondition(windows: readonly Duration[]): build.Conditions {
  const [only = '', ...more] = windows.map(formatDuration);
  return { [windowLabel]: more.length === 0 ? only : ['=~', [only, ...more].join('|')] };
}
