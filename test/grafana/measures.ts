import { type Duration, formatDuration, hour, minute, parseDuration, timestamp } from '../../src/core/base/index.ts';
import type { BoardPanel, Target } from '../../src/core/generate/grafana/board.ts';
import { parseExpr } from '../../src/core/promql/index.ts';
import { maximumBurnRate, periodContaining, type Slo } from '../../src/core/slo/index.ts';
import { type Events, eventsOf, gaugesAt, holdsAt, sum, type World, withBound, withLabel } from './world.ts';

/** What a panel's query is asked about. */
export interface Question {
  readonly world: World;
  readonly panel: BoardPanel;
  readonly target: Target;
  /** The objective of the board or, on the service's board, of the panel. */
  readonly slo: Slo;
  readonly time: number;
}

/** Between which values the answer must lie, by the values of the labels that matter, joined by a space. */
export type Answer = Readonly<Record<string, Range>>;
export type Range = readonly [low: number, high: number];

/** What is promised: half a percent of what is counted. */
export const allowed = 0.005;
/** Sums over days move with coarse steps of five minutes, and may be two of them behind or longer. */
export const coarse = 11 * minute;

/** The events of a window that is summed at every evaluation, of one that is summed in coarse steps, or of the period. */
export function candidates({ world, slo, time }: Question, window: Duration | 'period'): readonly Events[] {
  const shifts = Array.from({ length: coarse / minute + 1 }, (_, index) => index * minute);
  const periodCandidates = (length: number): readonly Events[] =>
    shifts.map((shift) => eventsOf(world, slo, time - length - shift, time));
  if (window === 'period' && slo.period.kind === 'calendar')
    return [eventsOf(world, slo, periodContaining(slo.period, timestamp(time)).start, time)];
  if (window === 'period') return periodCandidates(slo.period.length);
  // A composite reads what its members recorded, in whichever order they are evaluated.
  if (window <= 12 * hour)
    return (slo.indicator.kind === 'composite' ? [0, minute] : [0]).map((lag) =>
      eventsOf(world, slo, time - lag - window, time - lag),
    );
  return shifts.map((shift) => eventsOf(world, slo, time - shift - window, time - shift));
}

export function between(values: readonly number[], share = allowed): Range {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return [low - share * Math.abs(low) - 1e-9, high + share * Math.abs(high) + 1e-9];
}

export function errors(question: Question, window: Duration | 'period'): Range {
  return between(candidates(question, window).map(({ bad, total }) => bad / total));
}

/** A figure that grows or falls with the error ratio. */
export function byErrors(
  question: Question,
  window: Duration | 'period',
  figure: (errorRatio: number) => number,
): Range {
  const ends = errors(question, window).map(figure);
  return [Math.min(...ends) - 1e-9, Math.max(...ends) + 1e-9];
}

export const budgetLeft = (question: Question): Range =>
  byErrors(question, 'period', (ratio) => 1 - ratio / question.slo.target.errorBudget);

export function windows({ slo }: Question): readonly Duration[] {
  const all = slo.alerts.flatMap(({ longWindow, shortWindow }) => [longWindow, shortWindow]);
  return all.length === 0 ? [fiveMinutes] : [...new Set(all)].toSorted((a, b) => a - b);
}

export const fiveMinutes = parseDuration('5m')!;

export function byWindow(question: Question, figure: (errorRatio: number) => number): Answer {
  return Object.fromEntries(
    windows(question).map((window) => [formatDuration(window), byErrors(question, window, figure)]),
  );
}

export function highest(question: Question): Range {
  const all = Object.values(byWindow(question, (ratio) => ratio / question.slo.target.errorBudget));
  return [Math.max(...all.map(([low]) => low)), Math.max(...all.map(([, high]) => high))];
}

/** How long the period has lasted. */
export function lengthSoFar({ period }: Slo, time: number): number {
  return period.kind === 'calendar' ? time - periodContaining(period, timestamp(time)).start : period.length;
}

/** What would be left of the budget of the whole calendar period, by which alone what burns now is judged. */
export const projected = (question: Question): Range => {
  const { slo, time } = question;
  const passed = Math.min(1, lengthSoFar(slo, time) / slo.period.length);
  const [low, high] = byErrors(question, 'period', (ratio) => 1 - (passed * ratio) / slo.target.errorBudget);
  // The share of the period that has passed is known to an evaluation.
  const step = (minute / slo.period.length) * ((1 - low) / passed);
  return [low - step, high + step];
};

/** What the calendar period before came to in the end. */
export function before({ world, slo, time }: Question): Events {
  if (slo.period.kind !== 'calendar') throw new Error('no calendar');
  const { start } = periodContaining(slo.period, timestamp(time));
  const previous = periodContaining(slo.period, timestamp(start - 1)).start;
  return eventsOf(world, slo, previous, start);
}

/** Seconds with data; the first evaluation and the coarse steps leave a doubt of minutes. */
export function seen({ world, slo, time }: Question): Range {
  const length = lengthSoFar(slo, time);
  const share = (known: number): number => Math.min(1, Math.max(0, known) / length);
  // A calendar period is as long as the evaluation before this one saw it.
  return [
    share(time - world.begin - coarse),
    Math.min(1, share(time - world.begin + minute) / (1 - minute / length) + 1e-9),
  ];
}

export const met = (question: Question): Range => {
  const [low, high] = budgetLeft(question);
  if (low < 0 !== high < 0) throw new Error(`${question.slo.name} is too near to its target to judge`);
  return low < 0 ? [0, 0] : [1, 1];
};

/** The bad share of the period as so many seconds of a full outage. */
export const timeSpent = (question: Question): Range =>
  byErrors(question, 'period', (ratio) => (ratio * lengthSoFar(question.slo, question.time)) / 1000);

export function rate(question: Question, which: (events: Events) => number): Range {
  const [shortest = fiveMinutes] = windows(question);
  return between(candidates(question, shortest).map((events) => which(events) / (shortest / 1000)));
}

/** What happened within the scrapes of five minutes, a second: four steps, which `rate` reads as a second's share of each. */
export function observed({ world, slo, time }: Question, below: number, over: number = 4 * minute): number {
  const { bad, total } = eventsOf(world, withBound(slo, below), time - over, time);
  return (total - bad) / (over / 1000);
}

export function buckets({ world, slo }: Question): readonly number[] {
  if (slo.indicator.kind !== 'distribution' || slo.indicator.histogram.kind !== 'selector')
    throw new Error('no buckets');
  const metric = world.service.metrics.get(slo.indicator.histogram.name);
  return [...(metric?.native === true ? [slo.indicator.below] : (metric?.buckets ?? [])), Number.POSITIVE_INFINITY];
}

export function band(question: Question): Range {
  const index = question.target.refId.charCodeAt(0) - 65;
  const [lower, upper] = [buckets(question)[index - 1], buckets(question)[index]!];
  return between([observed(question, upper) - (lower === undefined ? 0 : observed(question, lower))]);
}

/** A percentile as anyone would read it from the counts in the buckets: linear within one, its bound above the last. */
export function quantile(question: Question, over?: number): Range {
  const share = Number((question.target.legendFormat ?? '').slice(1)) / 100;
  const bounds = buckets(question);
  const counts = bounds.map((bound) => observed(question, bound, over));
  const rank = share * counts.at(-1)!;
  const index = counts.findIndex((count) => rank <= count);
  const bound = bounds[index]!;
  const below = index === 0 ? 0 : bounds[index - 1]!;
  if (bound === Number.POSITIVE_INFINITY) return between([below]);
  const before = index === 0 ? 0 : counts[index - 1]!;
  return between([below + ((bound - below) * (rank - before)) / (counts[index]! - before)]);
}

/** The values of a label with bad events; an hour of `increase` is 59 minutes of scrapes, read as 60. */
export function offenders(question: Question): Answer {
  const { world, slo, time, panel } = question;
  const [, label = ''] = / by (\w+)$/.exec(panel.title) ?? [];
  const values = new Set(world.raw.map(({ labels }) => labels.get(label) ?? '').filter((value) => value !== ''));
  const found = [...values].flatMap((value): readonly (readonly [string, Range])[] => {
    const { bad } = eventsOf(world, withLabel(slo, label, value), time - 59 * minute, time);
    return bad === 0 ? [] : [[value, between([(bad * 60) / 59])]];
  });
  return Object.fromEntries(found);
}

/** The gauges that the panel shows, by instance. */
export function gauges({ world, time }: Question, metric: string, figure = (value: number): number => value): Answer {
  const parsed = parseExpr(metric);
  if (!parsed.ok) throw new Error(metric);
  const found = gaugesAt(world, parsed.value, time);
  if (found.length === 0) throw new Error(`no ${metric}`);
  return Object.fromEntries(found.map(([instance, value]) => [instance, between([figure(value)], 0)]));
}

export function total(answer: Answer): Answer {
  return { '': [sum(Object.values(answer).map(([low]) => low)), sum(Object.values(answer).map(([, high]) => high))] };
}

const truthOf = (value: boolean | undefined): Range => {
  if (value === undefined) throw new Error('unknown');
  return value ? [1, 1] : [0, 0];
};

export function holds({ world, time, slo }: Question): Range {
  if (slo.indicator.kind !== 'condition') throw new Error('no condition');
  return truthOf(holdsAt(world, slo.indicator.condition, time));
}

export function parts({ world, time, slo }: Question): Answer {
  const { indicator } = slo;
  if (indicator.kind !== 'condition' || !('of' in indicator.condition)) throw new Error('no parts');
  const all = indicator.condition.of.map(
    (part, index) => [`${index + 1}`, truthOf(holdsAt(world, part, time))] as const,
  );
  return Object.fromEntries(all);
}

/** The tiers whose two windows burn fast enough, as far as the long one is filled. */
export function firingTiers(question: Question): readonly string[] {
  const { slo, time, world } = question;
  const { errorBudget } = slo.target;
  return slo.alerts.flatMap(({ burnRate, longWindow, shortWindow, severity }) => {
    if (maximumBurnRate(errorBudget) <= burnRate) return [];
    const fill = Math.min(1, (time - world.begin) / longWindow);
    const long = candidates(question, longWindow).map(({ bad, total: all }) => (fill * bad) / all / errorBudget);
    const short = candidates(question, shortWindow).map(({ bad, total: all }) => bad / all / errorBudget);
    const isAbove = (values: readonly number[]): boolean => {
      const above = values.filter((value) => burnRate < value).length;
      if (0 < above && above < values.length) throw new Error(`${slo.name}: ${severity} is too near to judge`);
      return 0 < above;
    };
    const { bad } = candidates(question, longWindow)[0]!;
    const isFiring = isAbove(long) && isAbove(short) && Math.max(1, slo.minimumBadEvents) <= bad;
    return isFiring ? [`ErrorBudgetBurn ${slo.name} ${severity} ${formatDuration(longWindow)}`] : [];
  });
}

export const ones = (names: readonly string[]): Answer =>
  Object.fromEntries(names.map((name) => [name, [1, 1] as const]));

export function ofAll<T>(
  question: Question,
  make: (one: Question) => T,
): readonly (readonly [name: string, made: T])[] {
  return question.world.service.slos.map((slo) => [slo.name, make({ ...question, slo })] as const);
}

export const eachSlo =
  (make: (one: Question) => Range) =>
  (question: Question): Answer =>
    Object.fromEntries(ofAll(question, make));

/** How many objectives are in the state that the query counts. */
export function inState(question: Question): Answer {
  const state = question.target.legendFormat;
  const count = ofAll(question, (one) => {
    const [low, high] = budgetLeft(one);
    const told = (value: number): string => (value < 0 ? 'missed' : value < 0.25 ? 'at risk' : 'met');
    if (told(low) !== told(high)) throw new Error(`${one.slo.name} is too near to a quarter of its budget to judge`);
    return told(low);
  }).filter(([, found]) => found === state).length;
  return { '': [count, count] };
}

export const one =
  (make: (question: Question) => Range) =>
  (question: Question): Answer => ({ '': make(question) });
export const least =
  (names: readonly string[] | undefined) =>
  (question: Question): Range => {
    const all = ofAll(question, budgetLeft).filter(([name]) => names?.includes(name) ?? true);
    return [Math.min(...all.map(([, [low]]) => low)), Math.min(...all.map(([, [, high]]) => high))];
  };
export const allFiring = (question: Question): Answer =>
  ones(ofAll(question, firingTiers).flatMap(([, names]) => names));

export const alertLabels = ['alertname', 'slo', 'severity', 'window', 'threshold', 'instance'];

/** Thresholds that a gauge has been beyond for as long as they wait, by instance. */
export function firingThresholds(question: Question): readonly string[] {
  const { world, time } = question;
  const values = (name: string, at: number): Answer =>
    name === 'memory'
      ? gauges({ ...question, time: at }, 'memory_bytes', (bytes) => bytes / 1e6)
      : gauges({ ...question, time: at }, 'workers');
  return world.service.thresholds.flatMap(({ name, operator, warning, critical, holdFor }) => {
    const levelOf = (value: number): string => {
      const isBeyond = (bound: number): boolean => (operator === '>' ? bound < value : value < bound);
      if (isBeyond(critical)) return 'Critical page';
      return isBeyond(warning) ? 'Warning ticket' : 'none';
    };
    return Object.entries(values(name, time)).flatMap(([instance, [, now]]) => {
      const level = levelOf(now - 1e-9);
      for (let at = time; time - holdFor <= at; at -= minute)
        if (levelOf((values(name, at)[instance]?.[1] ?? Number.NaN) - 1e-9) !== level) return [];
      const [word = '', severity = ''] = level.split(' ');
      return level === 'none' ? [] : [`OperationalThreshold${word}  ${severity}  ${name} ${instance}`];
    });
  });
}

export function named({ world }: Question, name: string): Slo {
  const slo = world.service.slos.find((each) => each.name === name);
  if (slo === undefined) throw new Error(name);
  return slo;
}
