import { type Diagnostic, type Duration, duration, hour, type Timestamp, timestamp } from '../../base/index.ts';
import { type Counters, countersOf, defaultGenerateOptions, generateRules } from '../../generate/index.ts';
import { printExpr, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import type { AbortSignalLike } from '../../series/index.ts';
import { expressionsOf, type Service, type Slo } from '../../slo/index.ts';
import { type Cost, costOf } from './cost.ts';
import { type EventFigures, eventFigures, windowsOf } from './figures.ts';
import {
  type DoctorBackend,
  doctorRange,
  type Examination,
  eventFacts,
  examination,
  seriesOf,
  targetsOf,
} from './gather.ts';
import { judgeEvents, judgeSeries } from './judge.ts';

export interface DoctorOptions {
  /** The stretch to look at. */
  readonly from: Timestamp;
  readonly to: Timestamp;
  /** Most samples that the queries about one objective may touch together; a shorter stretch is looked at where they would be more. */
  readonly mostSamples: number;
  readonly signal?: AbortSignalLike;
}

/** Samples of a day of a thousand series scraped every half minute, a few times over. */
export const defaultMostSamples = 20_000_000;

/** What the doctor says of one objective. */
export interface Diagnosis {
  readonly service: Service;
  readonly slo: Slo;
  readonly diagnostics: readonly Diagnostic[];
  /** How long a stretch was looked at. */
  readonly range: Duration;
  /** Only of objectives that count events. */
  readonly figures?: EventFigures;
  readonly cost?: Cost;
}

/** Looks at the objectives of one service, and asks once what several of them need. */
export interface Examiner {
  /** Drafts and what is retired promise nothing. */
  readonly slos: readonly Slo[];
  examine(slo: Slo): Promise<Diagnosis>;
}

export function examinerOf(backend: DoctorBackend, service: Service, options: DoctorOptions): Examiner {
  const whole = examination(backend, doctorRange(options.from, options.to), options.signal);
  return {
    slos: service.slos.filter(({ lifecycle }) => lifecycle === 'active' || lifecycle === 'pending'),
    examine: (slo) => examineSlo(backend, whole, service, slo, options),
  };
}

async function examineSlo(
  backend: DoctorBackend,
  whole: Examination,
  service: Service,
  slo: Slo,
  options: DoctorOptions,
): Promise<Diagnosis> {
  const counters = countersOf(service, slo);
  if ('length' in counters) return examineSeries(whole, service, slo);
  const asked = await affordable(backend, whole, counters, options);
  const facts = await eventFacts(asked, counters);
  const figures = eventFigures(slo, facts, asked.range);
  const { interval } = defaultGenerateOptions;
  const { file } = generateRules({ ...service, slos: [slo] }, defaultGenerateOptions);
  const cost = costOf(facts, windowsOf(slo), file, interval);
  const targets = await targetsOf(whole, service.job);
  const { range } = asked;
  const diagnostics = judgeEvents({ service, slo, range, facts, figures, cost, targets });
  return { service, slo, diagnostics, range: duration(range.to - range.from), figures, cost };
}

/** Of an indicator that counts no events it can be told whether its series are there. A composite has none of its own. */
async function examineSeries(whole: Examination, service: Service, slo: Slo): Promise<Diagnosis> {
  const rows: { readonly text: string; readonly series: Float64Array }[] = [];
  for (const selector of expressionsOf(slo.indicator).flatMap(selectorsOf))
    rows.push({ text: printExpr(selector), series: await seriesOf(whole, selector) });
  const { range } = whole;
  const diagnostics = judgeSeries({ service, slo, range }, rows);
  return { service, slo, diagnostics, range: duration(range.to - range.from) };
}

/** Five queries read each raw sample about once. */
const readings = 5;

/** The whole range, or as much of its end as may be read. */
async function affordable(
  backend: DoctorBackend,
  whole: Examination,
  counters: Counters,
  { to, mostSamples, signal }: DoctorOptions,
): Promise<Examination> {
  let perHour = 0;
  for (const selector of distinct([...counters.total, ...counters.counted].map((source) => source.selector)))
    perHour += await whole.samplesPerHour(selector, to);
  const hours = Math.max(1, Math.floor(mostSamples / (readings * perHour)));
  if ((whole.range.to - whole.range.from) / hour <= hours) return whole;
  return examination(backend, doctorRange(timestamp(to - hours * hour), to), signal);
}

function distinct(selectors: readonly VectorSelector[]): readonly VectorSelector[] {
  return [...new Map(selectors.map((each) => [printExpr(each), each])).values()];
}
