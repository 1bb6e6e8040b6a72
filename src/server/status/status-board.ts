import type {
  MemberStatus,
  ServiceDetail,
  ServiceSummary,
  SloDetail,
  SloHistory,
  SloMeasure,
  SloSummary,
} from '../../core/api/index.ts';
import type { Duration, Timestamp } from '../../core/base/index.ts';
import type { Service, Slo } from '../../core/slo/index.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../ticks.ts';
import { measureOf } from './measure.ts';
import { detailService, type ServiceFigures } from './service-status.ts';
import {
  detailSlo,
  type SloFigures,
  type Surroundings,
  summarizeService,
  summarizeSlo,
  worstFirst,
} from './summarize.ts';

/** A stretch of time in equal steps. */
export interface Steps {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly step: Duration;
}

/** What a history is about: an objective, or one group of a grouped one. */
export interface HistorySubject {
  readonly service: Service;
  readonly slo: Slo;
  readonly group: Readonly<Record<string, string>>;
  readonly measure: SloMeasure['kind'];
}

/** What is known of objectives, by `sloKey`, and of services by name; what nothing is known about may be missing. */
export interface StatusFigures {
  readonly slos: ReadonlyMap<string, SloFigures>;
  readonly services: ReadonlyMap<string, ServiceFigures>;
}

/** Where the figures of all objectives come from. It throws if its source does not answer. */
export interface FigureReader {
  /** What is known at one instant. */
  read(time: Timestamp, signal: AbortSignal): Promise<StatusFigures>;
  history(subject: HistorySubject, steps: Steps, signal: AbortSignal): Promise<SloHistory>;
}

/** How all objectives stand, as fresh as `maxAge` allows; when the source is away, as they last stood, said to be old. */
export interface StatusBoard {
  services(): Promise<readonly ServiceSummary[]>;
  service(name: string): Promise<ServiceDetail | undefined>;
  /** The worst first. */
  slos(): Promise<readonly SloSummary[]>;
  slo(service: string, slo: string): Promise<SloDetail | undefined>;
  /** Of a grouped objective, that of the group with these labels, or else of the one that is the worst now. */
  history(
    service: string,
    slo: string,
    group: Readonly<Record<string, string>>,
    steps: Steps,
    signal: AbortSignal,
  ): Promise<SloHistory | undefined>;
  /** Reads the figures now. What fails is logged and remembered, not thrown. */
  refresh(): Promise<void>;
  /** Why the last reading failed; undefined if it did not. */
  trouble(): string | undefined;
}

/** Figures are not read again before this multiple of the time that reading them took: status must not become the main load. */
const restAfterReading = 10;

export function statusBoard(
  all: readonly Service[],
  reader: FigureReader,
  clock: Clock,
  maxAge: Duration,
  log: Log,
): StatusBoard {
  // Who looks at a page has no use for promises that are given no more.
  const services = all.map((service) => ({
    ...service,
    slos: service.slos.filter(({ lifecycle }) => lifecycle !== 'retired'),
  }));
  let figures: StatusFigures = { slos: new Map(), services: new Map() };
  let trouble: string | undefined;
  let freshUntil = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function readAll(): Promise<void> {
    const start = performance.now();
    const time = clock.now();
    try {
      figures = await reader.read(time, new AbortController().signal);
      if (trouble !== undefined) log('info', 'the status can be read again');
      trouble = undefined;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (trouble === undefined) log('warn', 'the status cannot be read', { reason });
      trouble = reason;
      figures = { slos: aged(figures.slos), services: aged(figures.services) };
    }
    freshUntil = time + Math.max(maxAge, restAfterReading * (performance.now() - start));
  }

  /** One reading at a time: who asks meanwhile waits for it. */
  function refresh(): Promise<void> {
    reading ??= readAll().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  async function current(): Promise<StatusFigures> {
    if (freshUntil <= clock.now()) await refresh();
    return figures;
  }

  const find = (service: string, slo: string): readonly [Service, Slo] | undefined => {
    const owner = services.find(({ name }) => name === service);
    const found = owner?.slos.find(({ name }) => name === slo);
    return owner === undefined || found === undefined ? undefined : [owner, found];
  };

  const surroundings = (): Surroundings => ({ find, now: clock.now() });

  const summaries = async (service: Service): Promise<readonly SloSummary[]> => {
    const { slos: now } = await current();
    const around = surroundings();
    return service.slos.map((slo) => summarizeSlo(service, slo, now.get(sloKey(service.name, slo.name)), around));
  };

  const summarize = async (service: Service): Promise<ServiceSummary> => {
    const known = (await current()).services.get(service.name);
    return summarizeService(service, await summaries(service), known?.outdated === false ? known.alerts : []);
  };

  const members = async ({ indicator }: Slo): Promise<readonly MemberStatus[]> => {
    if (indicator.kind !== 'composite') return [];
    const { slos: now } = await current();
    return indicator.members.map(({ service, slo, weight }): MemberStatus => {
      const found = find(service, slo);
      const one = found && summarizeSlo(...found, now.get(sloKey(service, slo)), surroundings());
      return {
        service,
        slo,
        title: one?.title ?? null,
        weight: indicator.combine === 'weighted' ? weight : null,
        state: one?.state ?? null,
        sli: one?.sli ?? null,
        budgetRemaining: one?.budget.remainingRatio ?? null,
      };
    });
  };

  return {
    services: () => Promise.all(services.map(summarize)),
    async service(name) {
      const found = services.find((service) => service.name === name);
      if (found === undefined) return undefined;
      return detailService(found, await summarize(found), (await current()).services.get(name));
    },
    slos: async () => worstFirst((await Promise.all(services.map(summaries))).flat()),
    async slo(serviceName, sloName) {
      const found = find(serviceName, sloName);
      if (found === undefined) return undefined;
      const known = (await current()).slos.get(sloKey(serviceName, sloName));
      return detailSlo(...found, known, surroundings(), await members(found[1]));
    },
    async history(serviceName, sloName, asked, steps, signal) {
      const found = find(serviceName, sloName);
      if (found === undefined) return undefined;
      const [service, slo] = found;
      const isAsked = slo.groupBy.every((label) => asked[label] !== undefined);
      const group = isAsked ? asked : (await current()).slos.get(sloKey(serviceName, sloName))?.group;
      const measure = measureOf(slo, find).kind;
      return await reader.history({ service, slo, group: group ?? {}, measure }, steps, signal);
    },
    refresh,
    trouble: () => trouble,
  };
}

/** The same figures, said to be old. */
function aged<T>(figures: ReadonlyMap<string, T>): ReadonlyMap<string, T & { readonly outdated: boolean }> {
  return new Map([...figures].map(([key, known]) => [key, { ...known, outdated: true }]));
}

/** What an objective is known by among all services. */
export function sloKey(service: string, slo: string): string {
  return `${service}\0${slo}`;
}
