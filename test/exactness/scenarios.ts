import type { Instance, Traffic } from './traffic.ts';

/** A kind of traffic and trouble that today's generators misstate. */
export interface Scenario {
  readonly name: string;
  readonly make: (span: Span) => Omit<Traffic, 'scrapeInterval' | 'from' | 'to'>;
}

/** Seconds since the epoch: the first scrape, the end, and the length of the period that ends there. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly period: number;
}

const minutes = 60;
const hours = 3600;
const days = 86_400;
const background = 0.0001;

/** The shapes of the measured baseline, with some that break rules in other ways. Traffic peaks at noon UTC. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'flat traffic, an outage and a slow burn',
    make: (span) => shop(span, { errorRatio: outageAndSlowBurn(span) }),
  },
  { name: 'diurnal 20:1, an outage at the trough', make: (span) => diurnal(span, outage(span, 0)) },
  { name: 'diurnal 20:1, an outage at the peak', make: (span) => diurnal(span, outage(span, 12)) },
  { name: 'diurnal 20:1, 3 % errors every night', make: (span) => diurnal(span, daily(22, 6, 0.03)) },
  { name: 'diurnal 20:1, 3 % errors every day', make: (span) => diurnal(span, daily(10, 18, 0.03)) },
  { name: 'diurnal 20:1, a nightly batch with 0.5 % errors', make: (span) => diurnal(span, daily(1, 5, 0.005)) },
  {
    name: 'daily restarts',
    make: (span) => shop(span, { errorRatio: outageAndSlowBurn(span), instances: restarting(span, days) }),
  },
  {
    name: 'pods replaced every 6 hours',
    make: (span) =>
      shop(span, { errorRatio: outageAndSlowBurn(span), instances: churning(span, 6 * hours), lazy: true }),
  },
  {
    name: 'pods replaced every hour',
    make: (span) => shop(span, { errorRatio: outageAndSlowBurn(span), instances: churning(span, hours), lazy: true }),
  },
  {
    name: '0.02 requests a second',
    make: (span) => shop(span, { rate: () => 0.02 / 3, errorRatio: () => 0.002 }),
  },
  {
    name: '0.02 requests a second, error series born with their first error, pods replaced daily',
    make: (span) =>
      shop(span, { rate: () => 0.02 / 3, errorRatio: () => 0.002, instances: churning(span, days), lazy: true }),
  },
  {
    name: 'no traffic at night',
    make: (span) =>
      shop(span, {
        rate: (time) => (between(time, 0, 6) ? 0 : 20),
        errorRatio: outage(span, 14),
        lazy: true,
      }),
  },
  {
    name: 'scrapes fail: single ones, and all for 20 minutes',
    make: (span) => shop(span, { errorRatio: outageAndSlowBurn(span), instances: failing(span) }),
  },
  {
    name: 'bursts of errors of five seconds',
    make: (span) => shop(span, { errorRatio: (time) => (time % 1200 < 5 ? 0.15 : background) }),
  },
  {
    name: 'a target down for 20 minutes',
    make: (span) =>
      shop(span, { instances: fleet(span).map((one, i) => (i === 0 ? downFor(one, span, 20 * minutes) : one)) }),
  },
  {
    name: 'error series exist only during the incident',
    make: (span) => shop(span, { lazy: true, errorRatio: (time) => (inOutage(time, span, 15) ? 0.5 : 0) }),
  },
  {
    name: 'series get another label',
    make: (span) =>
      shop(span, {
        errorRatio: outageAndSlowBurn(span),
        instances: fleet(span).map((one) => ({ ...one, relabelledAt: span.to - span.period / 2 })),
      }),
  },
];

function shop(
  { from, to }: Span,
  changes: Partial<Omit<Traffic, 'scrapeInterval' | 'from' | 'to'>>,
): ReturnType<Scenario['make']> {
  return {
    instances: fleet({ from, to }),
    rate: () => 20,
    errorRatio: () => background,
    lazy: false,
    seed: 7,
    ...changes,
  };
}

function diurnal(span: Span, errorRatio: Traffic['errorRatio']): ReturnType<Scenario['make']> {
  // The mean is 20 a second, the peak twenty times the trough.
  const mean = 20;
  const swing = 19 / 21;
  const rate = (time: number): number => mean * (1 - swing * Math.cos((2 * Math.PI * (time % days)) / days));
  return shop(span, { rate, errorRatio });
}

function fleet({ from, to }: Pick<Span, 'from' | 'to'>): readonly Instance[] {
  return ['a', 'b', 'c'].map((name) => instance(name, from, to + hours));
}

function instance(name: string, from: number, to: number, more: Partial<Instance> = {}): Instance {
  return { name, from, to, restarts: [], fails: () => false, ...more };
}

/** A total outage of 20 minutes at an hour of the day, some time before the end: a period of 36 hours is the shortest that holds it. */
function outage(span: Span, hour: number): Traffic['errorRatio'] {
  return (time) => (inOutage(time, span, hour) ? 1 : background);
}

function inOutage(time: number, { to, period }: Span, hour: number): boolean {
  const latest = to - period / 4 - hour * hours;
  const start = Math.floor(latest / days) * days + hour * hours;
  return start <= time && time < start + 20 * minutes;
}

/** The same, and 1 % of errors for six hours. */
function outageAndSlowBurn(span: Span): Traffic['errorRatio'] {
  const start = span.to - 0.3 * span.period;
  return (time) => {
    if (inOutage(time, span, 15)) return 1;
    return start <= time && time < start + 6 * hours ? 0.01 : background;
  };
}

function daily(from: number, to: number, ratio: number): Traffic['errorRatio'] {
  return (time) => (between(time, from, to) ? ratio : background);
}

function between(time: number, from: number, to: number): boolean {
  const hour = (time % days) / hours;
  return from <= to ? from <= hour && hour < to : from <= hour || hour < to;
}

function restarting(span: Span, every: number): readonly Instance[] {
  return fleet(span).map((one, index) => {
    const first = span.from + ((index + 1) * every) / 3.7;
    const restarts = Array.from({ length: Math.ceil((span.to - first) / every) }, (_, i) => first + i * every);
    return { ...one, restarts };
  });
}

/** Three pods at a time; each is replaced by one with another name, which is there at once. */
function churning(span: Span, every: number): readonly Instance[] {
  const pods: Instance[] = [];
  for (let slot = 0; slot < 3; slot += 1) {
    let from = span.from - (every * slot) / 3 - 17;
    for (let life = 0; from < span.to; life += 1, from += every) {
      if (span.from < from + every) pods.push(instance(`pod-${slot}-${life}`, Math.max(from, span.from), from + every));
    }
  }
  return pods;
}

function failing(span: Span): readonly Instance[] {
  const gap = span.to - 0.4 * span.period;
  return fleet(span).map((one, index) => ({
    ...one,
    fails: (time: number) => Math.floor(time / 30) % (37 + index) === 0 || (gap <= time && time < gap + 20 * minutes),
  }));
}

function downFor(one: Instance, span: Span, length: number): Instance {
  const start = span.to - span.period / 2;
  return { ...one, restarts: [start + length], fails: (time) => start <= time && time < start + length };
}
