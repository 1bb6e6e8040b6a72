import { type Duration, formatDuration, hour, minute, parseDuration } from '../../src/core/base/index.ts';
import type { BoardPanel, Target } from '../../src/core/generate/grafana/board.ts';
import { parseExpr } from '../../src/core/promql/index.ts';
import { maximumBurnRate, type Slo } from '../../src/core/slo/index.ts';
import {
  type Events,
  eventsOf,
  gaugesAt,
  holdsAt,
  rawEventsOf,
  sum,
  type World,
  withBound,
  withLabel,
} from './world.ts';

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

export interface Truth {
  readonly board: 'overview' | 'service' | 'slo';
  readonly title: RegExp;
  readonly refId?: string;
  /** Labels by which series are told apart. */
  readonly by: readonly string[];
  readonly answer: (question: Question) => Answer;
}

/** What is promised: half a percent of what is counted. */
const allowed = 0.005;
/** Sums over days move with coarse steps of five minutes, and may be two of them behind or longer. */
const coarse = 11 * minute;

/** The events of a window that is summed at every evaluation, of one that is summed in coarse steps, or of the period. */
function candidates({ world, slo, time }: Question, window: Duration | 'period'): readonly Events[] {
  const shifts = Array.from({ length: coarse / minute + 1 }, (_, index) => index * minute);
  const periodCandidates = (length: number): readonly Events[] =>
    shifts.map((shift) => eventsOf(world, slo, time - length - shift, time));
  if (window === 'period') return periodCandidates(slo.period.length);
  // A composite reads what its members recorded, in whichever order they are evaluated.
  if (window <= 12 * hour)
    return (slo.indicator.kind === 'composite' ? [0, minute] : [0]).map((lag) =>
      eventsOf(world, slo, time - lag - window, time - lag),
    );
  return shifts.map((shift) => eventsOf(world, slo, time - shift - window, time - shift));
}

function between(values: readonly number[], share = allowed): Range {
  const low = Math.min(...values);
  const high = Math.max(...values);
  return [low - share * Math.abs(low) - 1e-9, high + share * Math.abs(high) + 1e-9];
}

function errors(question: Question, window: Duration | 'period'): Range {
  return between(candidates(question, window).map(({ bad, total }) => bad / total));
}

/** A figure that grows or falls with the error ratio. */
function byErrors(question: Question, window: Duration | 'period', figure: (errorRatio: number) => number): Range {
  const ends = errors(question, window).map(figure);
  return [Math.min(...ends) - 1e-9, Math.max(...ends) + 1e-9];
}

const budgetLeft = (question: Question): Range =>
  byErrors(question, 'period', (ratio) => 1 - ratio / question.slo.target.errorBudget);

function windows({ slo }: Question): readonly Duration[] {
  const all = slo.alerts.flatMap(({ longWindow, shortWindow }) => [longWindow, shortWindow]);
  return all.length === 0 ? [fiveMinutes] : [...new Set(all)].toSorted((a, b) => a - b);
}

const fiveMinutes = parseDuration('5m')!;

function byWindow(question: Question, figure: (errorRatio: number) => number): Answer {
  return Object.fromEntries(
    windows(question).map((window) => [formatDuration(window), byErrors(question, window, figure)]),
  );
}

function highest(question: Question): Range {
  const all = Object.values(byWindow(question, (ratio) => ratio / question.slo.target.errorBudget));
  return [Math.max(...all.map(([low]) => low)), Math.max(...all.map(([, high]) => high))];
}

/** Seconds with data; the first evaluation and the coarse steps leave a doubt of minutes. */
function seen({ world, slo, time }: Question): Range {
  const share = (length: number): number => Math.min(1, Math.max(0, length) / slo.period.length);
  return [share(time - world.begin - coarse), share(time - world.begin + minute)];
}

const met = (question: Question): Range => {
  const [low, high] = budgetLeft(question);
  if (low < 0 !== high < 0) throw new Error(`${question.slo.name} is too near to its target to judge`);
  return low < 0 ? [0, 0] : [1, 1];
};

function rate(question: Question, which: (events: Events) => number): Range {
  const [shortest = fiveMinutes] = windows(question);
  return between(candidates(question, shortest).map((events) => which(events) / (shortest / 1000)));
}

/** What happened within the scrapes of five minutes, a second: four steps, which `rate` reads as a second's share of each. */
function observed({ world, slo, time }: Question, below: number): number {
  const { bad, total } = eventsOf(world, withBound(slo, below), time - 4 * minute, time);
  return (total - bad) / 240;
}

function buckets({ world, slo }: Question): readonly number[] {
  if (slo.indicator.kind !== 'distribution' || slo.indicator.histogram.kind !== 'selector')
    throw new Error('no buckets');
  return [...(world.service.metrics.get(slo.indicator.histogram.name)?.buckets ?? []), Number.POSITIVE_INFINITY];
}

function band(question: Question): Range {
  const index = question.target.refId.charCodeAt(0) - 65;
  const [lower, upper] = [buckets(question)[index - 1], buckets(question)[index]!];
  return between([observed(question, upper) - (lower === undefined ? 0 : observed(question, lower))]);
}

/** A percentile as anyone would read it from the counts in the buckets: linear within one, its bound above the last. */
function quantile(question: Question): Range {
  const share = Number((question.target.legendFormat ?? '').slice(1)) / 100;
  const bounds = buckets(question);
  const counts = bounds.map((bound) => observed(question, bound));
  const rank = share * counts.at(-1)!;
  const index = counts.findIndex((count) => rank <= count);
  const bound = bounds[index]!;
  const below = index === 0 ? 0 : bounds[index - 1]!;
  if (bound === Number.POSITIVE_INFINITY) return between([below]);
  const before = index === 0 ? 0 : counts[index - 1]!;
  return between([below + ((bound - below) * (rank - before)) / (counts[index]! - before)]);
}

/** The values of a label with bad events; an hour of `increase` is 59 minutes of scrapes, read as 60. */
function offenders(question: Question): Answer {
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
function gauges({ world, time }: Question, metric: string, figure = (value: number): number => value): Answer {
  const parsed = parseExpr(metric);
  if (!parsed.ok) throw new Error(metric);
  const found = gaugesAt(world, parsed.value, time);
  if (found.length === 0) throw new Error(`no ${metric}`);
  return Object.fromEntries(found.map(([instance, value]) => [instance, between([figure(value)], 0)]));
}

function total(answer: Answer): Answer {
  return { '': [sum(Object.values(answer).map(([low]) => low)), sum(Object.values(answer).map(([, high]) => high))] };
}

const truthOf = (value: boolean | undefined): Range => {
  if (value === undefined) throw new Error('unknown');
  return value ? [1, 1] : [0, 0];
};

function holds({ world, time, slo }: Question): Range {
  if (slo.indicator.kind !== 'condition') throw new Error('no condition');
  return truthOf(holdsAt(world, slo.indicator.condition, time));
}

function parts({ world, time, slo }: Question): Answer {
  const { indicator } = slo;
  if (indicator.kind !== 'condition' || !('of' in indicator.condition)) throw new Error('no parts');
  const all = indicator.condition.of.map(
    (part, index) => [`${index + 1}`, truthOf(holdsAt(world, part, time))] as const,
  );
  return Object.fromEntries(all);
}

/** The tiers whose two windows burn fast enough, as far as the long one is filled. */
function firingTiers(question: Question): readonly string[] {
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

const ones = (names: readonly string[]): Answer => Object.fromEntries(names.map((name) => [name, [1, 1] as const]));

function ofAll<T>(question: Question, make: (one: Question) => T): readonly (readonly [name: string, made: T])[] {
  return question.world.service.slos.map((slo) => [slo.name, make({ ...question, slo })] as const);
}

const eachSlo =
  (make: (one: Question) => Range) =>
  (question: Question): Answer =>
    Object.fromEntries(ofAll(question, make));

/** How many objectives are in the state that the query counts. */
function inState(question: Question): Answer {
  const state = question.target.legendFormat;
  const count = ofAll(question, (one) => {
    const [low, high] = budgetLeft(one);
    const told = (value: number): string => (value < 0 ? 'missed' : value < 0.25 ? 'at risk' : 'met');
    if (told(low) !== told(high)) throw new Error(`${one.slo.name} is too near to a quarter of its budget to judge`);
    return told(low);
  }).filter(([, found]) => found === state).length;
  return { '': [count, count] };
}

const one =
  (make: (question: Question) => Range) =>
  (question: Question): Answer => ({ '': make(question) });
const least =
  (names: readonly string[] | undefined) =>
  (question: Question): Range => {
    const all = ofAll(question, budgetLeft).filter(([name]) => names?.includes(name) ?? true);
    return [Math.min(...all.map(([, [low]]) => low)), Math.min(...all.map(([, [, high]]) => high))];
  };
const allFiring = (question: Question): Answer => ones(ofAll(question, firingTiers).flatMap(([, names]) => names));

const alertLabels = ['alertname', 'slo', 'severity', 'window', 'threshold', 'instance'];

/** Thresholds that a gauge has been beyond for as long as they wait, by instance. */
function firingThresholds(question: Question): readonly string[] {
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

/** Each panel, and how what it shows follows from what truly happened. */
export const truths: readonly Truth[] = [
  { board: 'slo', title: /^Promise$/, by: [], answer: one(met) },
  { board: 'slo', title: /^Service level$/, by: [], answer: one((q) => byErrors(q, 'period', (ratio) => 1 - ratio)) },
  { board: 'slo', title: /^Error budget left now$/, by: [], answer: one(budgetLeft) },
  { board: 'slo', title: /^Period seen$/, by: [], answer: one(seen) },
  {
    board: 'slo',
    title: /^Bad and all events$/,
    refId: 'A',
    by: [],
    answer: one((q) => between(candidates(q, 'period').map(({ bad }) => bad))),
  },
  {
    board: 'slo',
    title: /^Bad and all events$/,
    refId: 'B',
    by: [],
    answer: one((q) => between(candidates(q, 'period').map((all) => all.total))),
  },
  {
    board: 'slo',
    title: /^Bad and all events$/,
    refId: 'C',
    by: [],
    answer: one((q) => {
      const left = candidates(q, 'period').map(({ bad, total: all }) => all * q.slo.target.errorBudget - bad);
      const scale =
        allowed *
        Math.max(...candidates(q, 'period').map(({ bad, total: all }) => bad + all * q.slo.target.errorBudget));
      return [Math.min(...left) - scale, Math.max(...left) + scale];
    }),
  },
  { board: 'slo', title: /^Highest burn rate now$/, by: [], answer: one(highest) },
  {
    board: 'slo',
    title: /^Budget lasts$/,
    by: [],
    answer: (q) => {
      const window = q.slo.alerts[0]?.longWindow ?? fiveMinutes;
      const [slow, fast] = byErrors(q, window, (ratio) => ratio / q.slo.target.errorBudget);
      // Where nothing burns, nothing is said.
      if (fast < 1e-6) return {};
      const [low, high] = budgetLeft(q).map((left) => (Math.max(0, left) * q.slo.period.length) / 1000) as [
        number,
        number,
      ];
      return { '': [low / fast - 1e-6, high / slow + 1e-6] };
    },
  },
  { board: 'slo', title: /^Active alerts$/, by: alertLabels, answer: (q) => ones(firingTiers(q)) },
  {
    board: 'slo',
    title: /^Service level over the period$/,
    refId: 'A',
    by: [],
    answer: one((q) => byErrors(q, 'period', (ratio) => 1 - ratio)),
  },
  {
    board: 'slo',
    title: /^Service level over the period$/,
    refId: 'B',
    by: [],
    answer: one(({ slo }) => between([slo.target.ratio], 0)),
  },
  { board: 'slo', title: /^Bad share by window$/, by: ['window'], answer: (q) => byWindow(q, (ratio) => ratio) },
  { board: 'slo', title: /^Error budget left$/, refId: 'A', by: [], answer: one(budgetLeft) },
  { board: 'slo', title: /^Error budget left$/, refId: 'B', by: [], answer: one(seen) },
  {
    board: 'slo',
    title: /^Error budget left$/,
    refId: 'C',
    by: [],
    answer: one((q) => {
      const { period, target } = q.slo;
      const left = Array.from({ length: coarse / minute + 1 }, (_, index) => {
        const { bad, total: all } = rawEventsOf(q.world, q.slo, q.time - period.length - index * minute, q.time);
        return bad / all;
      });
      const [low, high] = between(left);
      return [1 - high / target.errorBudget, 1 - low / target.errorBudget];
    }),
  },
  {
    board: 'slo',
    title: /^Error budget left of other periods$/,
    by: ['period'],
    answer: (q) =>
      Object.fromEntries(
        q.slo.furtherPeriods.map((period) => [
          formatDuration(period.length),
          budgetLeft({ ...q, slo: { ...q.slo, period } }),
        ]),
      ),
  },
  {
    board: 'slo',
    title: /^Members$/,
    by: [],
    answer: one((q) => {
      const { indicator } = q.slo;
      const member = indicator.kind === 'composite' ? indicator.members[q.target.refId.charCodeAt(0) - 65] : undefined;
      return budgetLeft({ ...q, slo: named(q, member?.slo ?? '') });
    }),
  },
  {
    board: 'slo',
    title: /^Burn rate by window$/,
    by: ['window'],
    answer: (q) => byWindow(q, (ratio) => ratio / q.slo.target.errorBudget),
  },
  {
    board: 'slo',
    title: /^Good and bad /,
    refId: 'A',
    by: [],
    answer: one((q) => rate(q, ({ bad, total: all }) => all - bad)),
  },
  { board: 'slo', title: /^Good and bad /, refId: 'B', by: [], answer: one((q) => rate(q, ({ bad }) => bad)) },
  { board: 'slo', title: /: bands$/, by: [], answer: one(band) },
  { board: 'slo', title: /: percentiles$/, by: [], answer: one(quantile) },
  {
    board: 'slo',
    title: /: heat map$/,
    by: ['le'],
    answer: (q) =>
      Object.fromEntries(
        buckets(q).map((bound) => [
          bound === Number.POSITIVE_INFINITY ? '+Inf' : Number.isInteger(bound) ? `${bound}.0` : `${bound}`,
          between([observed(q, bound)]),
        ]),
      ),
  },
  { board: 'slo', title: /^Most bad events by route$/, by: ['route'], answer: offenders },
  { board: 'slo', title: /^Most bad events by status$/, by: ['status'], answer: offenders },
  { board: 'slo', title: /^Most bad events by instance$/, by: ['instance'], answer: offenders },
  { board: 'slo', title: /: held or broken$/, by: [], answer: one(holds) },
  { board: 'slo', title: /: parts$/, by: ['part'], answer: parts },
  { board: 'slo', title: /^Queue: value$/, by: ['instance'], answer: (q) => gauges(q, 'queue_depth') },
  { board: 'slo', title: /^Workers: value$/, by: ['instance'], answer: (q) => gauges(q, 'workers') },
  { board: 'slo', title: /^Workers of the service$/, by: [], answer: (q) => total(gauges(q, 'workers')) },

  { board: 'service', title: /^Objectives by state$/, by: [], answer: inState },
  { board: 'service', title: /^Release policy: state$/, by: [], answer: one(least(['jobs', 'latency'])) },
  {
    board: 'service',
    title: /^Active alerts$/,
    by: alertLabels,
    answer: (q) => ({ ...allFiring(q), ...ones(firingThresholds(q)) }),
  },
  {
    board: 'service',
    title: /^(Availability|Jobs done|Buying|Within \d+ ms|Queue|Workers)$/,
    by: [],
    answer: one((q) => byErrors(q, 'period', (ratio) => 1 - ratio)),
  },
  { board: 'service', title: /^Error budget (left|over time)$/, by: ['slo'], answer: eachSlo(budgetLeft) },
  { board: 'service', title: /^Highest burn rate$/, by: ['slo'], answer: eachSlo(highest) },
  { board: 'service', title: /: bad share$/, by: [], answer: one((q) => errors(q, windows(q)[0]!)) },
  {
    board: 'service',
    title: /: traffic$/,
    refId: 'A',
    by: [],
    answer: one((q) => rate(q, ({ bad, total: all }) => all - bad)),
  },
  { board: 'service', title: /: traffic$/, refId: 'B', by: [], answer: one((q) => rate(q, ({ bad }) => bad)) },
  { board: 'service', title: /: percentiles$/, by: [], answer: one(quantile) },
  { board: 'service', title: /: bands$/, by: [], answer: one(band) },
  {
    board: 'service',
    title: /^Conditions held or broken$/,
    refId: 'A',
    by: [],
    answer: one((q) => holds({ ...q, slo: named(q, 'queue') })),
  },
  {
    board: 'service',
    title: /^Conditions held or broken$/,
    refId: 'B',
    by: [],
    answer: one((q) => holds({ ...q, slo: named(q, 'workers') })),
  },
  { board: 'service', title: /^Queue: value$/, by: ['instance'], answer: (q) => gauges(q, 'queue_depth') },
  { board: 'service', title: /^Workers: value$/, by: ['instance'], answer: (q) => gauges(q, 'workers') },
  {
    board: 'service',
    title: /^Memory$/,
    by: ['instance'],
    answer: (q) => gauges(q, 'memory_bytes', (bytes) => bytes / 1e6),
  },
  { board: 'service', title: /^Spare workers$/, by: ['instance'], answer: (q) => gauges(q, 'workers') },
  {
    board: 'service',
    title: /^Orders$/,
    by: [],
    answer: one((q) => {
      const everything = { ...named(q, 'availability') };
      if (everything.indicator.kind !== 'ratio') throw new Error('no ratio');
      const parsed = parseExpr('http_requests_total{route="/pay"}');
      if (!parsed.ok) throw new Error('orders');
      const indicator = { ...everything.indicator, events: parsed.value, total: parsed.value };
      return between([eventsOf(q.world, { ...everything, indicator }, q.time - 4 * minute, q.time).total / 240]);
    }),
  },
  { board: 'service', title: /^Workers now$/, by: [], answer: (q) => total(gauges(q, 'workers')) },
  { board: 'service', title: /^Queue now$/, by: ['instance'], answer: (q) => gauges(q, 'queue_depth') },
  {
    board: 'service',
    title: /^Queue and workers$/,
    refId: 'A',
    by: ['instance'],
    answer: (q) => gauges(q, 'queue_depth'),
  },
  { board: 'service', title: /^Queue and workers$/, refId: 'B', by: ['instance'], answer: (q) => gauges(q, 'workers') },
  { board: 'service', title: /^Memory by bar$/, by: ['instance'], answer: (q) => gauges(q, 'memory_bytes') },

  { board: 'overview', title: /^Objectives by state$/, by: [], answer: inState },
  { board: 'overview', title: /^Service health$/, by: ['service'], answer: (q) => ({ shop: least(undefined)(q) }) },
  { board: 'overview', title: /^Active burn-rate alerts$/, by: alertLabels, answer: allFiring },
  { board: 'overview', title: /^Other active alerts$/, by: alertLabels, answer: (q) => ones(firingThresholds(q)) },
  { board: 'overview', title: /^Objectives, worst first$/, refId: 'A', by: ['slo'], answer: eachSlo(budgetLeft) },
  { board: 'overview', title: /^Objectives, worst first$/, refId: 'B', by: ['slo'], answer: eachSlo(met) },
  {
    board: 'overview',
    title: /^Objectives, worst first$/,
    refId: 'C',
    by: ['slo'],
    answer: eachSlo((q) => byErrors(q, 'period', (ratio) => 1 - ratio)),
  },
  {
    board: 'overview',
    title: /^Objectives, worst first$/,
    refId: 'D',
    by: ['slo'],
    answer: eachSlo(({ slo }) => between([slo.target.ratio], 0)),
  },
  { board: 'overview', title: /^Objectives, worst first$/, refId: 'E', by: ['slo'], answer: eachSlo(highest) },
  { board: 'overview', title: /^Objectives, worst first$/, refId: 'F', by: ['slo'], answer: eachSlo(seen) },
  {
    board: 'overview',
    title: /^Objectives, worst first$/,
    refId: 'G',
    by: ['slo'],
    answer: (q) =>
      Object.fromEntries(
        ofAll(q, firingTiers).flatMap(([name, { length }]) =>
          length === 0 ? [] : [[name, [length, length] as const]],
        ),
      ),
  },
  {
    board: 'overview',
    title: /^Error budget consumed$/,
    by: ['slo'],
    answer: eachSlo((q) => byErrors(q, 'period', (ratio) => ratio / q.slo.target.errorBudget)),
  },
];

function named({ world }: Question, name: string): Slo {
  const slo = world.service.slos.find((each) => each.name === name);
  if (slo === undefined) throw new Error(name);
  return slo;
}
