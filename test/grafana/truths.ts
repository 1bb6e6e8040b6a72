import { formatDuration, minute } from '../../src/core/base/index.ts';
import { parseExpr } from '../../src/core/promql/index.ts';
import {
  type Answer,
  alertLabels,
  allFiring,
  allowed,
  band,
  before,
  between,
  buckets,
  budgetLeft,
  byErrors,
  byWindow,
  candidates,
  coarse,
  eachSlo,
  errors,
  firingThresholds,
  firingTiers,
  fiveMinutes,
  gauges,
  highest,
  holds,
  inState,
  least,
  met,
  named,
  observed,
  ofAll,
  offenders,
  one,
  ones,
  parts,
  projected,
  type Question,
  quantile,
  type Range,
  rate,
  seen,
  timeSpent,
  total,
  windows,
} from './measures.ts';
import { eventsOf, rawEventsOf } from './world.ts';

/** The same figure of each period beside the main one. */
function ofOtherPeriods(q: Question, figure: (question: Question) => Range): Answer {
  return Object.fromEntries(
    q.slo.furtherPeriods.map((period) => [
      period.kind === 'calendar' ? `calendar-${period.unit}` : formatDuration(period.length),
      figure({ ...q, slo: { ...q.slo, period } }),
    ]),
  );
}

/** Of a time before the service lived nothing is said. */
function known(answer: Answer): Answer {
  return Object.fromEntries(Object.entries(answer).filter(([, [low]]) => !Number.isNaN(low)));
}

function goodBefore(q: Question): Range {
  const { bad, total: all } = before(q);
  return between([1 - bad / all], 0.0001);
}

export interface Truth {
  readonly board: 'overview' | 'service' | 'slo';
  readonly title: RegExp;
  readonly refId?: string;
  /** Labels by which series are told apart. */
  readonly by: readonly string[];
  readonly answer: (question: Question) => Answer;
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
  { board: 'slo', title: /^Budget spent, as time$/, by: [], answer: one(timeSpent) },
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
      const left = q.slo.period.kind === 'calendar' ? projected(q) : budgetLeft(q);
      const [low, high] = left.map((left) => (Math.max(0, left) * q.slo.period.length) / 1000) as [number, number];
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
      if (period.kind === 'calendar') return projected(q);
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
    refId: 'A',
    by: ['period'],
    answer: (q) => ofOtherPeriods(q, budgetLeft),
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
  { board: 'slo', title: /: percentiles$/, by: [], answer: one((q) => quantile(q)) },
  { board: 'slo', title: /: percentiles over /, by: [], answer: one((q) => quantile(q, q.slo.period.length)) },
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
  { board: 'service', title: /: percentiles$/, by: [], answer: one((q) => quantile(q)) },
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

/** The panels that only objectives on calendar periods have. */
export const calendarTruths: readonly Truth[] = [
  {
    board: 'slo',
    title: /^Error budget left of other periods$/,
    refId: 'B',
    by: ['period'],
    answer: (q) => ofOtherPeriods(q, projected),
  },
  {
    board: 'slo',
    title: /^Other periods before$/,
    by: ['period'],
    answer: (q) => known(ofOtherPeriods(q, goodBefore)),
  },
  { board: 'slo', title: /^Budget left at the end of the (day|week)$/, by: [], answer: one(projected) },
  { board: 'slo', title: /^The (day|week) before$/, by: [], answer: (q) => known({ '': goodBefore(q) }) },
  {
    board: 'slo',
    title: /^Budget left of the (day|week) before$/,
    by: [],
    answer: (q) => {
      const { bad, total: all } = before(q);
      return known({ '': between([1 - bad / all / q.slo.target.errorBudget]) });
    },
  },
];
