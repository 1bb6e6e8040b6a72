import { setMaxListeners } from 'node:events';
import { type Duration, duration, type Timestamp, timestamp } from '../core/base/index.ts';

/** Tells the time. The server's is the machine's; tests and prepared history bring their own. */
export interface Clock {
  now(): Timestamp;
}

export const systemClock: Clock = { now: () => timestamp(Date.now()) };

/** Work that recurs at fixed ticks: every time whose remainder by `interval` is `offset`. */
export interface Recurring {
  readonly name: string;
  readonly interval: Duration;
  readonly offset: Duration;
  /** The work of one tick. `tick` is the time it was due. It handles its own failures; what it throws is a bug. */
  run(tick: Timestamp, signal: AbortSignal): Promise<void>;
  /** Told how many ticks were left out because the one before took too long. */
  skipped?(count: number): void;
}

/** A place in the interval that depends on nothing but the name: the same after each restart, and spread over the interval. */
export function stableOffset(name: string, interval: Duration): Duration {
  // FNV-1a, 32 bits. Source: draft-eastlake-fnv, section 4.
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193) >>> 0;
  return duration(hash % interval);
}

/** The first tick after a time. */
export function nextTick({ interval, offset }: Pick<Recurring, 'interval' | 'offset'>, after: Timestamp): Timestamp {
  const since = after - offset;
  return timestamp(offset + (Math.floor(since / interval) + 1) * interval);
}

/** Runs the work at its ticks in real time until the signal aborts; resolves when the last runs have ended. */
export async function keepTicking(work: readonly Recurring[], clock: Clock, signal: AbortSignal): Promise<void> {
  // Each piece of work listens while it waits; Node would take more than ten for a leak.
  setMaxListeners(0, signal);
  await Promise.all(work.map((one) => tickAlone(one, clock, signal)));
}

/**
 * Runs the work at all its ticks after `from` and up to `to`, in order of time and, within one instant, in the order given, each awaited
 * before the next: simulated time, as fast as the work goes. `setNow` moves the clock that the work sees.
 */
export async function tickThrough(
  work: readonly Recurring[],
  from: Timestamp,
  to: Timestamp,
  setNow: (now: Timestamp) => void,
  signal: AbortSignal,
): Promise<void> {
  const due = work.map((one) => ({ one, tick: nextTick(one, from) }));
  for (;;) {
    let next: (typeof due)[number] | undefined;
    for (const candidate of due) if (next === undefined || candidate.tick < next.tick) next = candidate;
    if (next === undefined || to < next.tick || signal.aborted) break;
    setNow(next.tick);
    await next.one.run(next.tick, signal);
    next.tick = timestamp(next.tick + next.one.interval);
  }
  setNow(to);
}

async function tickAlone(work: Recurring, clock: Clock, signal: AbortSignal): Promise<void> {
  let tick = nextTick(work, clock.now());
  while (await waitUntil(tick, clock, signal)) {
    await work.run(tick, signal);
    const next = nextTick(work, clock.now());
    const skipped = Math.round((next - tick) / work.interval) - 1;
    // A clock that was set back must not run a tick twice: time only moves forward in the store.
    tick = next <= tick ? timestamp(tick + work.interval) : next;
    if (0 < skipped) work.skipped?.(skipped);
  }
}

/** Whether the time came; false if the signal aborted first. */
function waitUntil(time: Timestamp, clock: Clock, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (came: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(came);
    };
    const stop = (): void => end(false);
    const wait = (): void => {
      const rest = time - clock.now();
      if (rest <= 0) end(true);
      // Waking at least once a minute notices that the clock was set or the machine slept.
      else timer = setTimeout(wait, Math.min(rest, 60_000));
    };
    let timer: NodeJS.Timeout | undefined;
    signal.addEventListener('abort', stop);
    if (signal.aborted) end(false);
    else wait();
  });
}
