import { day, hour, minute } from '../base/index.ts';
import type { Traffic } from './model.ts';
import { keyOf, polyline } from './random.ts';

/** Seconds of mean traffic up to a time in milliseconds: where it runs twice as fast, requests come twice as often. */
export type TrafficClock = (time: number) => number;

/** The clock of events that come at the same rate all day. */
export const steadyClock: TrafficClock = (time) => time / 1000;

/** The scales on which traffic strays from its daily curve. */
const scales = [minute, 10 * minute, 2 * hour] as const;

/**
 * The clock of a service's traffic. Over a day it follows 1 + a·cos, whose integral is known, so that any time can be asked for
 * directly. Noise bends the time that goes in: a polyline whose slope lies in [-1, 1] changes the rate by at most its amplitude.
 */
export function dailyClock(traffic: Traffic, seed: number): TrafficClock {
  const { peakToTrough, peakAt, noise } = traffic;
  const amplitude = (peakToTrough - 1) / (peakToTrough + 1);
  const turn = (2 * Math.PI) / day;
  const keys = scales.map((_, i) => keyOf(seed, `traffic ${i}`));
  return (time) => {
    let bent = time;
    for (let i = 0; i < scales.length; i += 1) {
      const scale = scales[i] ?? minute;
      bent += (noise / scales.length / 2) * scale * polyline(keys[i] ?? 0, time / scale);
    }
    return (bent + (amplitude / turn) * Math.sin(turn * (bent - peakAt))) / 1000;
  };
}

/** Where between trough (0) and peak (1) the day is. */
export function dayLevel(traffic: Traffic, time: number): number {
  return (1 + Math.cos(((2 * Math.PI) / day) * (time - traffic.peakAt))) / 2;
}
