import { readLength, readTime } from '../../core/api/index.ts';
import type { Duration, Timestamp } from '../../core/base/index.ts';

/** The parameters of a request, from the query string and, for a POST, the form in its body. */
export type Parameters = URLSearchParams;

/** A request that cannot be answered because of what it says. */
export class BadRequest extends Error {
  override readonly name: string = 'BadRequest';
  readonly help: string | undefined;

  constructor(message: string, help?: string) {
    super(message);
    this.help = help;
  }
}

/** A parameter that must be there. */
export function textParameter(parameters: Parameters, name: string): string {
  const text = parameters.get(name);
  if (text === null || text === '') throw new BadRequest(`the parameter "${name}" is missing`);
  return text;
}

/** A time in seconds since the epoch or as RFC 3339, as Prometheus takes it. */
export function timeParameter(parameters: Parameters, name: string, missing: Timestamp): Timestamp {
  const text = parameters.get(name);
  if (text === null || text === '') return missing;
  const time = readTime(text);
  if (time !== undefined) return time;
  throw new BadRequest(
    `invalid parameter "${name}": cannot parse ${JSON.stringify(text)} to a valid timestamp`,
    'write seconds since the epoch (1763700000) or RFC 3339 (2026-11-21T07:00:00Z)',
  );
}

/** A length of time as a number of seconds or as a duration (`5m`). */
export function durationParameter(parameters: Parameters, name: string): Duration | undefined {
  const text = parameters.get(name);
  if (text === null || text === '') return undefined;
  const length = readLength(text);
  if (length !== undefined) return length;
  throw new BadRequest(
    `invalid parameter "${name}": cannot parse ${JSON.stringify(text)} to a valid duration`,
    'write seconds (30) or a duration (30s, 5m)',
  );
}

/** A limit: a whole number, 0 or nothing for none. */
export function limitParameter(parameters: Parameters, name = 'limit'): number {
  const text = parameters.get(name);
  if (text === null || text === '' || text === '0') return Number.POSITIVE_INFINITY;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new BadRequest(`invalid parameter "${name}": ${JSON.stringify(text)} is no whole number`);
}
