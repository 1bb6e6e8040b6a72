import { day, duration, hour, minute, type Ratio, ratio } from '../../../src/core/base/index.ts';
import {
  averageBurnRate,
  type CalendarState,
  type DayCounts,
  exhaustionAlert,
  exhaustionWithExpiries,
  exhaustsBeforeEnd,
  median,
  nearestRank,
  roundBudgetUp,
  roundDown,
  roundLatencyUp,
  sustainableBurnRate,
  windowRatios,
} from '../../../src/core/simulate/index.ts';
import { burnState, timeToExhaustion, wilsonInterval } from '../../../src/core/slo/index.ts';
import {
  budget,
  type Facts,
  find,
  findTime,
  has,
  inUnits,
  list,
  number,
  numbers,
  period,
  text,
  time,
  Unanswered,
} from '../facts.ts';
import type { Answers, Group } from '../group.ts';
import { burnRates } from './alerts.ts';

/** Groups on forecasts and suggestions. */
export const proofAnswers: Readonly<Record<string, Group>> = {
  tte: (facts) => forecast(facts),
  forecast: (facts) => forecast(facts),
  status: (facts) => state(facts),
  suggest: (facts) => suggestion(facts),
};

/** How long a budget lasts, and what a calendar period can still bear. */
export function forecast(facts: Facts): Answers {
  const remaining = (): Ratio =>
    ratio(
      has(facts, 'consumed') ? 1 - number(facts, 'consumed') : has(facts, 'remaining') ? number(facts, 'remaining') : 1,
    );
  const calendar = (): CalendarState => ({
    period: period(facts),
    elapsed: findTime(facts, 'elapsed') ?? duration(number(facts, 'elapsed') * day),
    consumed: ratio(1 - remaining()),
  });
  const rate = (): number => (has(facts, 'burn') ? number(facts, 'burn') : (averageBurnRate(calendar()) ?? 0));
  const horizon = () => time(facts, 'honeycombExhaustion', 'exhaustion', 'horizon', 'tte');
  const alert = () => exhaustionAlert(horizon(), remaining(), period(facts));
  const lasts = () =>
    has(facts, 'factors', 'burns')
      ? undefined
      : exhaustionWithExpiries(remaining(), rate(), period(facts), expiries(facts));
  const naive = () => timeToExhaustion(remaining(), rate(), period(facts));
  const each = (unit: number): readonly (number | null)[] =>
    numbers(facts, 'factors', 'burns').map((burn) => {
      const length = timeToExhaustion(remaining(), burn, period(facts));
      return length === undefined ? null : length / unit;
    });
  return {
    ...burnRates(facts),
    ...inUnits('', lasts),
    ...inUnits('tte', lasts),
    ...inUnits('exhaust', lasts),
    ...inUnits('naive', naive),
    ...inUnits('withExpiry', lasts),
    ...(has(facts, 'factors', 'burns')
      ? { seconds: () => each(1000), minutes: () => each(minute), hours: () => each(hour), days: () => each(day) }
      : {}),
    avgBurn: () => averageBurnRate(calendar()) ?? null,
    exhaustsBeforePeriodEnd: () => exhaustsBeforeEnd(calendar(), rate()),
    sustainableBurn: () => sustainableBurnRate(calendar()) ?? null,
    burnThreshold: () => alert().burnRate,
    ...inUnits('lookback', () => alert().lookback),
    ...state(facts),
  };
}

/** What comes back of a rolling budget: a share, and when. */
function expiries(facts: Facts): readonly { readonly after: ReturnType<typeof time>; readonly share: Ratio }[] {
  const share = find(facts, 'expiring', 'expiringShare', 'expires', 'expiry');
  if (typeof share !== 'number') return [];
  return [
    { after: time(facts, 'expiresIn', 'expiresAfter', 'expiresAt', 'expiringIn', 'expiryIn'), share: ratio(share) },
  ];
}

function state(facts: Facts): Answers {
  const label = (): string =>
    burnState(number(facts, 'long'), number(facts, 'short'), number(facts, 'threshold', 'burn', 'T'));
  return { status: label, state: label, label };
}

function suggestion(facts: Facts): Answers {
  const windows = (): readonly Ratio[] => windowRatios(daysOf(facts), number(facts, 'windowDays'));
  const pooled = (): number => {
    const days = daysOf(facts);
    return days.reduce((sum, { good }) => sum + good, 0) / days.reduce((sum, { total }) => sum + total, 0);
  };
  return {
    target: () => {
      if (!has(facts, 'sli', 'availability')) return roundedLatency(facts, 'latency', 'value');
      const rule = has(facts, 'rule') ? text(facts, 'rule') : 'round down';
      const sli = ratio(number(facts, 'sli', 'availability'));
      if (/budget/i.test(rule) && /up/i.test(rule)) return roundBudgetUp(sli);
      if (/down/i.test(rule)) return roundDown(sli);
      throw new Unanswered(`\`${rule}\` is no rule that is known`);
    },
    ...Object.fromEntries(
      ['latencyMs', 'ms', 'threshold', 'thresholdMs', 'target_ms', 'targetMs', 'suggestedMs'].map((name) => [
        name,
        () => roundedLatency(facts, 'latency', 'value', 'p95', 'p90', 'p99'),
      ]),
    ),
    pooled,
    windows: () => windows().length,
    min: () => Math.min(...windows()),
    max: () => Math.max(...windows()),
    median: () => median(windows()) ?? null,
    ...Object.fromEntries(
      [1, 5, 10, 25, 50, 75, 90, 95, 99].flatMap((percentile) =>
        [`p${percentile}NearestRank`, `p${percentile}`].map((name) => [
          name,
          () =>
            has(facts, `p${percentile}`)
              ? roundedLatency(facts, `p${percentile}`)
              : (nearestRank(windows(), ratio(percentile / 100)) ?? null),
        ]),
      ),
    ),
    shareMet: () => {
      const least = 1 - budget(facts);
      return windows().filter((each) => least <= each + 1e-12).length / windows().length;
    },
    wilsonLow: () => wilsonInterval(number(facts, 'good'), number(facts, 'total'), number(facts, 'z'))?.low ?? null,
  };
}

/** A latency in milliseconds, rounded up to 50 of them as in the workbook. */
function roundedLatency(facts: Facts, ...names: readonly string[]): number {
  const given = findTime(facts, ...names) ?? duration(number(facts, ...names, 'ms', 'sli'));
  return roundLatencyUp(given, duration(50));
}

/** Days in writing: `20×99.95 %,5×99.9 % of 100000, in this order`; or as a list of ratios, each with as many events. */
function daysOf(facts: Facts): readonly DayCounts[] {
  const daily = find(facts, 'daily', 'days');
  if (Array.isArray(daily)) {
    return list(facts, 'daily', 'days').map((value) => {
      if (typeof value !== 'number') throw new Unanswered('a day is a ratio');
      return { good: value, total: 1 };
    });
  }
  const written = text(facts, 'daily');
  const total = Number(/ of ([\d_ ]+)/.exec(written)?.[1]?.replace(/\D/g, '') ?? '1');
  const days = [...written.matchAll(/(?:(\d+) ?[×x*] ?)?([\d.]+) ?%/g)].flatMap(([, count = '1', percent = '']) =>
    Array.from({ length: Number(count) }, () => ({ good: (Number(percent) / 100) * total, total })),
  );
  if (days.length === 0) throw new Unanswered(`\`${written}\` is no list of days`);
  return days;
}
