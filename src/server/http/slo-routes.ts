import type { Context, Hono } from 'hono';
import type { ServiceList, SloList } from '../../core/api/index.ts';
import { duration, type Timestamp, timestamp } from '../../core/base/index.ts';
import type { StatusBoard } from '../status/status-board.ts';
import type { Clock } from '../ticks.ts';
import { fail } from './app.ts';
import { BadRequest, type Parameters } from './parameters.ts';

/** Most points of a history: more than a screen has pixels. */
const mostPoints = 11_000;
const mostPointsByDefault = 500;

/** The routes about services and their objectives. */
export function sloRoutes(api: Hono, board: StatusBoard, clock: Clock): void {
  api.get('/services', async (context) => {
    const list: ServiceList = { services: await board.services() };
    return context.json(list);
  });
  api.get('/services/:service', async (context) => {
    const { service } = context.req.param();
    const detail = await board.service(service);
    if (detail !== undefined) return context.json(detail);
    const message = `there is no service ${JSON.stringify(service)}`;
    return fail(context, 404, 'unknown-service', message, 'GET /api/v1/services lists all');
  });
  api.get('/slos', async (context) => {
    const list: SloList = { slos: await board.slos() };
    return context.json(list);
  });
  api.get('/slos/:service/:slo', async (context) => {
    const { service, slo } = context.req.param();
    const detail = await board.slo(service, slo);
    return detail === undefined ? unknownSlo(context, service, slo) : context.json(detail);
  });
  api.get('/slos/:service/:slo/history', async (context) => {
    const { service, slo } = context.req.param();
    const parameters = new URL(context.req.url).searchParams;
    const { from, to, step } = stretchOf(parameters, clock.now());
    const group = groupOf(parameters);
    const history = await board.history(service, slo, group, { from, to, step }, context.req.raw.signal);
    return history === undefined ? unknownSlo(context, service, slo) : context.json(history);
  });
}

function unknownSlo(context: Context, service: string, slo: string): Response {
  const message = `there is no objective ${JSON.stringify(slo)} of a service ${JSON.stringify(service)}`;
  return fail(context, 404, 'unknown-slo', message, 'GET /api/v1/slos lists all');
}

/** The labels of a group: `group.endpoint=/a`. */
function groupOf(parameters: URLSearchParams): Readonly<Record<string, string>> {
  const prefix = 'group.';
  const named = [...parameters].filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(named.map(([name, value]) => [name.slice(prefix.length), value]));
}

interface Stretch {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly step: ReturnType<typeof duration>;
}

/** The last day unless told otherwise. Times are milliseconds since the epoch, the step is seconds, as everywhere in this API. */
function stretchOf(parameters: Parameters, now: Timestamp): Stretch {
  const to = numberOf(parameters, 'to') ?? now;
  const from = numberOf(parameters, 'from') ?? to - 86_400_000;
  if (to < from) throw new BadRequest('"to" lies before "from"');
  const stepSeconds = numberOf(parameters, 'step') ?? Math.max(1, Math.ceil((to - from) / 1000 / mostPointsByDefault));
  if (stepSeconds <= 0)
    throw new BadRequest('"step" must be above zero', 'write the distance of two points in seconds');
  if (mostPoints <= (to - from) / 1000 / stepSeconds) {
    throw new BadRequest(
      `the stretch has more than ${mostPoints} points`,
      'ask for a larger step or a shorter stretch',
    );
  }
  return { from: timestamp(from), to: timestamp(to), step: duration(Math.round(stepSeconds * 1000)) };
}

/** A whole number below the largest time that a date can hold. */
function numberOf(parameters: Parameters, name: string): number | undefined {
  const text = parameters.get(name);
  if (text === null || text === '') return undefined;
  if (/^\d{1,15}(?:\.\d{1,9})?$/.test(text)) return Math.round(Number(text) * 1000) / 1000;
  const help = name === 'step' ? 'write seconds' : 'write milliseconds since the epoch';
  throw new BadRequest(`"${name}" is ${JSON.stringify(text)}, which is no number`, help);
}
