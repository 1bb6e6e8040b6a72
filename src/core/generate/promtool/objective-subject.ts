import { type Duration, duration, formatDuration, hour, minute } from '../../base/index.ts';
import {
  type BurnRateTier,
  type ConditionAlert,
  isReachable,
  maximumBurnRate,
  type Service,
  type Slo,
} from '../../slo/index.ts';
import { alertNames, identityLabels, recorded, windowLabel } from '../names.ts';
import { isPending } from '../rules/pending.ts';
import { alertReach, expectedAlert } from './condition-alerts.ts';
import type { Counted } from './counted.ts';
import { excludedIn, withoutExcluded } from './excluded.ts';
import type { LabelSet, World } from './made-series.ts';
import { periodFigures } from './period-figures.ts';
import { type Budget, isTurnedOn, levelAt } from './profiles.ts';
import type { SourceGroup } from './source.ts';
import type { Course, ExpectedAlert, ExpectedFigure, Mode, Subject } from './subject.ts';
import type { TestedObjective } from './tested-objective.ts';
import { isBurning, windowsOf } from './windows.ts';

/** An objective as a subject of tests, with those of its condition alerts that its own incident raises. */
export function objectiveSubject(tested: TestedObjective, alerts: readonly ConditionAlert[]): Subject {
  const { service, slo, levels, source } = tested;
  const tiers = testedTiers(service, slo);
  const excluded = excludedIn(tested);
  const slice = slo.measure.kind === 'events' ? levels.interval : slo.measure.length;
  const looksBack = Math.max(source.reach, ...alerts.map(({ when }) => alertReach(when) ?? 0));
  const holdFor = Math.max(0, ...alerts.map((alert) => alert.holdFor));
  const slow = slowBurn(tested, tiers);
  return {
    name: slo.name,
    metrics: source.metrics,
    incident: incidentOf(slo),
    quiet: whole(duration(Math.max(quiet, looksBack + slice + 2 * minute)), slice),
    length: whole(
      duration(Math.max(outage, source.reach + holdFor + 5 * minute, firstFiring(slo, tiers), 2 * slice)),
      slice,
    ),
    ...slow,
    canBeMissing: true,
    hasTraffic: source.hasTraffic,
    ...shareOfNothing(tested),
    series: (course) => source.groups.flatMap((group, index) => group.series(index === 0 ? course : wellIn(course))),
    expect: (course, world) => {
      const groups = source.groups.map((group, index) => {
        const raw = group.counted(index === 0 ? course : wellIn(course), world);
        const counted = withoutExcluded(raw, excluded);
        return { group, counted, figures: periodFigures(tested, group.labels, { counted, raw, excluded }, course) };
      });
      const level = levelAt(
        service,
        slo,
        groups.map(({ figures }) => figures.decisive),
      );
      return {
        alerts: [
          ...groups.flatMap(({ group, counted }, index) =>
            [
              ...burnAlerts(tested, tiers, group, counted, { level, world }),
              ...alerts
                .filter(({ when }) => index === 0 || when.kind === 'progress')
                .flatMap((alert): readonly ExpectedAlert[] => {
                  const expected = expectedAlert({ service, slo }, alert, world, group.labels);
                  if (expected === undefined) return [];
                  return [{ ...expected, isActive: isTurnedOn(expected.isActive, alert.profile, level, world) }];
                }),
            ].map((alert) => ({ ...alert, isBystander: 0 < index })),
          ),
          ...missingAlerts(tested, course, world),
        ],
        figures: [...groups.flatMap(({ figures }) => figures.all), ...profileFigure(tested, level)],
      };
    },
  };
}

/** The level of the profile, if any alert of the objective goes by it. */
function profileFigure({ service, slo }: TestedObjective, level: Budget): readonly ExpectedFigure[] {
  const switched = [...slo.alerts, ...slo.conditionAlerts].some(
    ({ profile = 'standard' }) => profile !== 'standard' && isReachable(service, slo, profile),
  );
  return switched ? [{ name: recorded.alertProfile, labels: identityLabels(service, slo), value: level }] : [];
}

/** An objective whose metric still has its former name: its fastest alert must not notice. */
export function formerNameSubject(tested: TestedObjective, own: TestedObjective): Subject {
  const { slo, source } = tested;
  const [fastest] = testedTiers(tested.service, slo).toSorted((a, b) => a.longWindow - b.longWindow);
  const alerts = fastest === undefined ? [] : [fastest];
  // That data is missing is told by what is counted under the proper name.
  const plain = objectiveSubject({ ...tested, slo: { ...slo, alerts, absentFor: duration(0), noData: 'good' } }, []);
  const { slowModes: _, slowBurn: __, ...subject } = plain;
  return {
    ...subject,
    name: `${slo.name} as ${source.metrics.join(', ')}`,
    metrics: [...new Set([...source.metrics, ...own.source.metrics])],
    canBeMissing: false,
  };
}

/** What goes on before an incident begins, and how long that lasts, unless something needs longer. */
const quiet: Duration = duration(10 * minute);
const outage: Duration = duration(20 * minute);

/** How long an outage takes to raise the first alert, and a little more; a loose objective bears it for long. */
function firstFiring({ target }: Slo, tiers: readonly BurnRateTier[]): number {
  const times = tiers.map((tier) => tier.longWindow * tier.burnRate * target.errorBudget + tier.holdFor + 5 * minute);
  const first = Math.min(...times);
  return first <= longestOutage ? first : 0;
}

const longestOutage = 2 * hour;

function whole(length: Duration, slice: Duration): Duration {
  const unit = Math.max(slice, minute);
  return duration(Math.ceil(length / unit) * unit);
}

/** The other groups of an objective: all is well with them as long as there is traffic. */
function wellIn(course: Course): Course {
  return { ...course, modes: course.modes.map((mode) => (mode === 'silent' ? mode : 0)) };
}

/** No traffic, no share of it: as far as the shortest window looks back. */
function shareOfNothing({ service, slo, levels }: TestedObjective): Pick<Subject, 'shareOfNothing'> {
  const [shortest = levels.period] = [...levels.fastWindows, ...levels.slowWindows];
  if (slo.measure.kind !== 'events' || 25 * minute < shortest) return {};
  const labels = { ...identityLabels(service, slo), [windowLabel]: formatDuration(shortest) };
  return { shareOfNothing: [{ name: recorded.errorRatio, labels }] };
}

function incidentOf({ indicator, groupBy }: Slo): string {
  const what = indicator.kind === 'condition' ? 'its condition is broken' : 'everything fails';
  return 0 < groupBy.length ? `${what} in one group` : what;
}

/** The tiers that have an alert by which they are found: one for each severity and long window. */
export function testedTiers(service: Service, slo: Slo): readonly BurnRateTier[] {
  const reachable = 0 < slo.target.errorBudget ? maximumBurnRate(slo.target.errorBudget) : 0;
  const useful = slo.alerts.filter(
    ({ burnRate, profile = 'standard' }) => burnRate < reachable && isReachable(service, slo, profile),
  );
  const key = ({ severity, longWindow }: BurnRateTier): string => `${severity} ${longWindow}`;
  return useful.filter((tier, index) => useful.findIndex((other) => key(other) === key(tier)) === index);
}

/** What the alert of a tier is found by. */
export function tierLabels(service: Service, slo: Slo, tier: BurnRateTier): LabelSet {
  // What a template makes of an alert only the alert knows.
  const own = [...(tier.labels ?? [])].filter(([, value]) => !value.includes('{{'));
  return {
    alertname: tier.name ?? alertNames.burn,
    alertstate: 'firing',
    ...Object.fromEntries(own),
    ...identityLabels(service, slo),
    severity: service.severityLabels[tier.severity],
    [windowLabel]: formatDuration(tier.longWindow),
  };
}

function burnAlerts(
  { service, slo, levels }: TestedObjective,
  tiers: readonly BurnRateTier[],
  { labels }: SourceGroup,
  counted: Counted,
  { level, world }: { readonly level: Budget; readonly world: World },
): readonly ExpectedAlert[] {
  const windows = windowsOf(counted, levels);
  return tiers.map((tier) => ({
    labels: { ...tierLabels(service, slo, tier), ...labels },
    isActive: isTurnedOn((evaluation) => isBurning(windows, slo, tier, evaluation), tier.profile, level, world),
    holdFor: tier.holdFor,
    keepFiringFor: tier.keepFiringFor ?? duration(0),
  }));
}

/** The alerts that nobody knows: no target answers, or targets answer without the metric. */
function missingAlerts(
  { service, slo, source }: TestedObjective,
  course: Course,
  world: World,
): readonly ExpectedAlert[] {
  const asks = 0 < slo.alerts.length + slo.conditionAlerts.length && slo.noData !== 'good' && !isPending(service, slo);
  const evidence = source.groups.map((group) => group.evidence(course, world));
  if (!asks) return [];
  const isMissing = (evaluation: number): boolean => !evidence.some((isThere) => isThere(evaluation));
  const alert = (reason: string, isActive: (evaluation: number) => boolean): ExpectedAlert => ({
    labels: { alertname: alertNames.missing, alertstate: 'firing', ...identityLabels(service, slo), reason },
    isActive,
    holdFor: slo.absentFor,
    keepFiringFor: duration(0),
  });
  return [
    alert('no-metric', (evaluation) => isMissing(evaluation) && evaluation < course.answers),
    alert('no-target', (evaluation) => isMissing(evaluation) && course.answers <= evaluation),
  ];
}

/**
 * Errors just below what the fastest alert asks for, which the slower ones reach one after the other. Of slices one in so many is bad.
 */
function slowBurn(
  { slo, levels, source }: TestedObjective,
  tiers: readonly BurnRateTier[],
): Pick<Subject, 'slowModes' | 'slowBurn'> {
  const fastest = Math.max(0, ...tiers.map(({ burnRate }) => burnRate));
  if (tiers.every(({ burnRate }) => burnRate === fastest)) return {};
  const share = Math.min(1, Number((0.95 * fastest * slo.target.errorBudget).toPrecision(4)));
  if (slo.measure.kind !== 'slices') {
    return {
      slowModes: (count) => Array.from({ length: count }, () => share),
      slowBurn: `${percent(share)} of the events fail`,
    };
  }
  const every = Math.ceil(1 / share);
  const slice = slo.measure.length / levels.interval;
  if (every < 2 || 0 < source.reach) return {};
  // An evaluation that closes a slice knows its last events, and looks at the condition of the next one.
  const length = slo.indicator.kind === 'condition' ? Math.max(1, slice - 1) : slice;
  const { sliceTarget = 1 } = slo.measure;
  // A slice of events is bad by little more than what it may have, and good with half of that.
  const [bad, good] = sliceTarget === 1 ? [1, 0] : [Math.min(1, 1.5 * (1 - sliceTarget)), (1 - sliceTarget) / 2];
  return {
    slowModes: (count) =>
      Array.from({ length: count }, (_, index): Mode => (index % (every * slice) < length ? bad : good)),
    slowBurn: `one in ${every} slices is bad`,
  };
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(4))} %`;
}
