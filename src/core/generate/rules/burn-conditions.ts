import { type Duration, formatDuration } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import type { BurnRateTier, Slo } from '../../slo/index.ts';
import type { Levels } from '../levels.ts';
import {
  anyone,
  badOnly,
  groupIdentity,
  identity,
  identityLabels,
  recorded,
  totalOnly,
  windowLabel,
} from '../names.ts';
import { mainConditions, type OwnLabels } from '../scope.ts';
import { whileActive } from './profile-rules.ts';
import { remembered } from './remembered.ts';
import { latestSlow } from './sums.ts';

const { binary, call, compare, divide, multiply, on, selector } = build;

/** What of an objective decides on when its budget burns, beside its sums. */
export type Cautious = Pick<Slo, 'furtherPeriods' | 'groupBy' | 'measure' | 'minimumBadEvents' | 'minimumEvents'>;

/** The alert of a tier, without its condition. */
export interface BurnAlert {
  readonly slo: Cautious;
  readonly tier: Pick<BurnRateTier, 'longWindow' | 'shortWindow' | 'burnRate' | 'profile'>;
  readonly levels: Pick<Levels, 'slowWindows' | 'coarseStep' | 'periods'>;
  readonly labels: ReadonlyMap<string, string>;
  /** The same for alerts in whose conditions only the names and what is seen in the tier and in the labels differ. */
  readonly likeness: string;
}

const conditions = remembered<RecordingRule>();

/**
 * The condition of an alert as a rule of its own, under the names of `anyone`: it is built once for all objectives that differ in nothing
 * which a condition looks at.
 */
export function burnCondition(alert: BurnAlert): RecordingRule {
  const { longWindow, shortWindow, burnRate, profile = '' } = alert.tier;
  const labels = new Map<string, string>();
  let text = `${alert.likeness} ${longWindow} ${shortWindow} ${burnRate} ${profile}`;
  for (const [label, found] of alert.labels) {
    if (!kept.has(label)) continue;
    const value = names[label] ?? found;
    labels.set(label, value);
    // With its length it is clear where a value ends.
    text += ` ${label} ${value.length} ${value}`;
  }
  return conditions(text, () => conditionOf(alert, labels));
}

const names: Readonly<Record<string, string>> = identityLabels({ name: anyone.service }, { name: anyone.slo });

/** The labels of an alert that its condition has as well. */
const kept: ReadonlySet<string> = new Set([...identity, windowLabel, 'severity', 'profile']);

function conditionOf(alert: BurnAlert, labels: ReadonlyMap<string, string>): RecordingRule {
  const { tier } = alert;
  return {
    kind: 'recording',
    record: recorded.burning,
    expr: whileActive(isBurning(alert), tier.profile ?? 'standard', names),
    labels,
    comment: `Burn rates over ${formatDuration(tier.longWindow)} for which objectives raise an alert.`,
  };
}

/**
 * Whether both windows burn faster than the tier says and the long one holds enough bad events. The long window's burn rate counts
 * in proportion to how full the window is, as if nothing had gone wrong before there was data: otherwise the first errors of a new
 * objective would look like three bad days.
 */
function isBurning({ slo, tier, levels }: BurnAlert): Expr {
  const long = { ...names, [windowLabel]: formatDuration(tier.longWindow) };
  const short = { ...names, [windowLabel]: formatDuration(tier.shortWindow) };
  const sameSlo = on(...groupIdentity(slo));
  const burning = multiply(selector(recorded.burnRate, long), fillOf(tier.longWindow, slo, levels), sameSlo);
  const stillBurning = compare('>', selector(recorded.burnRate, short), tier.burnRate);
  const enough = compare(
    '>=',
    eventsIn({ ...long, ...badOnly }, tier.longWindow, levels),
    Math.max(fewestBad(slo), slo.minimumBadEvents),
  );
  const many = compare('>=', eventsIn({ ...long, ...totalOnly }, tier.longWindow, levels), slo.minimumEvents);
  return [stillBurning, enough, ...(0 < slo.minimumEvents ? [many] : [])].reduce<Expr>(
    (left, right) => binary('and', left, right, { matching: sameSlo }),
    compare('>', burning, tier.burnRate),
  );
}

/** How much of a window lies in time that was observed, up to 1. */
function fillOf(window: Duration, { furtherPeriods }: Cautious, { periods: [main] }: BurnAlert['levels']): Expr {
  const observed =
    main.period.kind === 'calendar'
      ? selector(recorded.windowObserved, names)
      : selector(recorded.periodObserved, mainConditions(names, furtherPeriods));
  return call('clamp_max', divide(observed, window / 1000), 1);
}

/** Fewer bad events than this never raise an alert, whatever the definition says. A slice holds many evaluations or events by itself. */
export function fewestBad({ measure }: Pick<Slo, 'measure'>): number {
  return measure.kind === 'events' ? 2 : 1;
}

function eventsIn(long: OwnLabels, window: Duration, levels: BurnAlert['levels']): Expr {
  const name = recorded.windowEvents;
  return levels.slowWindows.includes(window) ? latestSlow(name, long, levels) : selector(name, long);
}
