import { type Diagnostic, type Duration, duration, hour, type Timestamp, timestamp } from '../../base/index.ts';
import { countersOf, defaultGenerateOptions, generateRules, periodName } from '../../generate/index.ts';
import { printExpr, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import type { AbortSignalLike } from '../../series/index.ts';
import { type CompositeIndicator, type Condition, expressionsOf, type Service, type Slo } from '../../slo/index.ts';
import { judgeAlerts } from './alert-judge.ts';
import { judgeComposite, type MemberFacts, recordedOf } from './composite-judge.ts';
import { heldOf, statementFacts, statementsOf } from './condition-facts.ts';
import { brokenShare, judgeCondition } from './condition-judge.ts';
import { type Cost, costOf } from './cost.ts';
import type { DoctorRange } from './facts.ts';
import { type EventFigures, eventFigures, windowsOf } from './figures.ts';
import {
  type DoctorBackend,
  doctorRange,
  type Examination,
  eventFacts,
  examination,
  inTurn,
  selectorsOfAll,
  targetsOf,
} from './gather.ts';
import { judgeEvents } from './judge.ts';
import { unique } from './say.ts';

export interface DoctorOptions {
  /** The stretch to look at. */
  readonly from: Timestamp;
  readonly to: Timestamp;
  /** Most samples that the queries about one objective may touch together; a shorter stretch is looked at where they would be more. */
  readonly mostSamples: number;
  readonly signal?: AbortSignalLike;
  /** Services in which members of composites may be defined, besides that which is examined. */
  readonly others?: readonly Service[];
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
  /** Share of bad events, or of broken stretches of time; of composites as they join it. Absent where nothing is known. */
  readonly errorRatio?: number;
}

/** Looks at the objectives of one service, and asks once what several of them need. */
export interface Examiner {
  /** Drafts and what is retired promise nothing. */
  readonly slos: readonly Slo[];
  examine(slo: Slo): Promise<Diagnosis>;
}

export function examinerOf(backend: DoctorBackend, service: Service, options: DoctorOptions): Examiner {
  const whole = examination(backend, doctorRange(options.from, options.to), options.signal);
  const known = new Map<string, Promise<Diagnosis>>();
  const examine = (home: Service, slo: Slo): Promise<Diagnosis> => {
    const key = `${home.name}/${slo.name}`;
    const found = known.get(key) ?? examineSlo({ backend, whole, options, examine }, home, slo);
    known.set(key, found);
    return found;
  };
  return {
    slos: service.slos.filter(({ lifecycle }) => lifecycle === 'active' || lifecycle === 'pending'),
    examine: (slo) => examine(service, slo),
  };
}

/** With what objectives are examined. */
interface Practice {
  readonly backend: DoctorBackend;
  readonly whole: Examination;
  readonly options: DoctorOptions;
  /** Examines an objective once: several composites may ask for one. */
  examine(service: Service, slo: Slo): Promise<Diagnosis>;
}

async function examineSlo(practice: Practice, service: Service, slo: Slo): Promise<Diagnosis> {
  const { indicator } = slo;
  const own =
    indicator.kind === 'condition'
      ? await examineCondition(practice, service, slo, indicator.condition)
      : indicator.kind === 'composite'
        ? await examineComposite(practice, service, slo, indicator)
        : await examineEvents(practice, service, slo);
  const alerts = await judgeAlerts(practice.whole, service, slo);
  return { ...own, diagnostics: unique([...own.diagnostics, ...alerts]) };
}

async function examineEvents({ backend, whole, options }: Practice, service: Service, slo: Slo): Promise<Diagnosis> {
  const counters = countersOf(service, slo);
  if ('length' in counters) return diagnosisOf(service, slo, whole.range, { diagnostics: [] });
  const asked = await affordable(backend, whole, selectorsOfAll([...counters.total, ...counters.counted]), options);
  const facts = await eventFacts(asked, counters);
  const figures = eventFigures(slo, facts, asked.range);
  const { interval } = defaultGenerateOptions;
  const { file } = generateRules({ ...service, slos: [slo] }, defaultGenerateOptions);
  const cost = costOf(facts, windowsOf(slo), file, interval);
  const targets = await targetsOf(whole, service.job);
  const diagnostics = judgeEvents({ service, slo, range: asked.range, facts, figures, cost, targets });
  const { errorRatio } = figures;
  const more = { diagnostics, figures, cost, ...(errorRatio !== undefined && { errorRatio }) };
  return diagnosisOf(service, slo, asked.range, more);
}

async function examineCondition(
  { backend, whole, options }: Practice,
  service: Service,
  slo: Slo,
  condition: Condition,
): Promise<Diagnosis> {
  const asked = await affordable(backend, whole, expressionsOf(slo.indicator).flatMap(selectorsOf), options);
  const facts = await inTurn(statementsOf(condition), (one) => statementFacts(asked, service, one));
  const held = heldOf(condition, facts);
  const diagnostics = judgeCondition({ service, slo, range: asked.range, condition, facts, held });
  const errorRatio = brokenShare(held);
  return diagnosisOf(service, slo, asked.range, { diagnostics, ...(errorRatio !== undefined && { errorRatio }) });
}

async function examineComposite(
  { whole, options, examine }: Practice,
  service: Service,
  slo: Slo,
  indicator: CompositeIndicator,
): Promise<Diagnosis> {
  const members = await inTurn(indicator.members, async (member): Promise<MemberFacts> => {
    const home =
      member.service === service.name ? service : options.others?.find(({ name }) => name === member.service);
    const found = home?.slos.find(({ name }) => name === member.slo);
    if (home === undefined || found === undefined) return { member, ...(await recordedOf(whole, member)) };
    const { figures, errorRatio } = await examine(home, found);
    return {
      member,
      periods: [found.period, ...found.furtherPeriods].map(periodName),
      ...(errorRatio !== undefined && { errorRatio }),
      ...(figures !== undefined && { events: { bad: figures.bad, total: figures.total } }),
    };
  });
  const { diagnostics, errorRatio } = judgeComposite({ service, slo, indicator, members });
  return diagnosisOf(service, slo, whole.range, { diagnostics, ...(errorRatio !== undefined && { errorRatio }) });
}

function diagnosisOf(
  service: Service,
  slo: Slo,
  { from, to }: DoctorRange,
  found: Omit<Diagnosis, 'service' | 'slo' | 'range'>,
): Diagnosis {
  return { service, slo, range: duration(to - from), ...found };
}

/** Five queries read each raw sample about once. */
const readings = 5;

/** The whole range, or as much of its end as may be read. */
async function affordable(
  backend: DoctorBackend,
  whole: Examination,
  selectors: readonly VectorSelector[],
  { to, mostSamples, signal }: DoctorOptions,
): Promise<Examination> {
  let perHour = 0;
  for (const selector of distinct(selectors)) perHour += await whole.samplesPerHour(selector, to);
  const hours = Math.max(1, Math.floor(mostSamples / (readings * perHour)));
  if ((whole.range.to - whole.range.from) / hour <= hours) return whole;
  return examination(backend, doctorRange(timestamp(to - hours * hour), to), signal);
}

function distinct(selectors: readonly VectorSelector[]): readonly VectorSelector[] {
  return [...new Map(selectors.map((each) => [printExpr(each), each])).values()];
}
