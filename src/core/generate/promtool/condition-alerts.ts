import { type Duration, duration, minute, unreachable } from '../../base/index.ts';
import { selectorsOf } from '../../promql/index.ts';
import { type AlertCondition, alertExpressions, type ConditionAlert, type Service, type Slo } from '../../slo/index.ts';
import { identityLabels } from '../names.ts';
import { pendingMetrics } from '../rules/pending.ts';
import { reachOf } from './arithmetic.ts';
import { alertsOn } from './conditions.ts';
import { labelsTaken, metricsOf } from './label-values.ts';
import { counter, firstView, type LabelSet, type World } from './made-series.ts';
import { raises } from './raised.ts';
import { longestReach } from './source.ts';
import { type Atom, seriesOf, type TwoStates, twoStates } from './states.ts';
import { type ExpectedAlert, placeOf, type Subject } from './subject.ts';

/** Who raises an alert: a service, or one of its objectives. */
export interface Owner {
  readonly service: Service;
  readonly slo?: Slo;
}

/** What a case expects of an alert on a condition; undefined if its expressions are not worked out. */
export function expectedAlert(
  { service, slo }: Owner,
  alert: ConditionAlert,
  world: World,
  group: LabelSet,
  more: LabelSet = {},
): ExpectedAlert | undefined {
  // Progress is watched in each group; what other alerts say of groups is up to their expressions.
  const own = alert.when.kind === 'progress' ? group : {};
  const isActive = alertsOn(alert.when, { ...world, job: service.job, group: own });
  if (isActive === undefined) return undefined;
  return {
    labels: {
      alertname: alert.name,
      alertstate: 'firing',
      ...(slo === undefined ? { service: service.name } : identityLabels(service, slo)),
      severity: service.severityLabels[alert.severity],
      ...own,
      ...more,
    },
    isMany: true,
    isActive,
    holdFor: alert.holdFor,
    keepFiringFor: alert.keepFiringFor,
  };
}

/** An alert as a subject of its own, with series made up for it alone; a text says why there is none. Some have labels of their own besides. */
export function alertSubject(
  owner: Owner,
  alert: ConditionAlert,
  interval: Duration,
  more: LabelSet = {},
): Subject | string {
  const { slo } = owner;
  if (alert.profile !== 'standard') return `the alert ${alert.name} is off until a policy turns it on`;
  const name = [alert.name, ...Object.values(more)].join(' ');
  const reach = alertReach(alert.when);
  if (reach === undefined || longestReach < reach)
    return `the alert ${name} looks too far back, or by a form that is not worked out`;
  const states =
    alert.when.kind === 'relative' ? risingStates(owner, alert.when, interval) : found(owner, alert, interval, reach);
  if (states === undefined)
    return `no series were found for which the alert ${name} fires, and others for which it does not`;
  const made = states.atoms.flatMap(({ parts }) => parts.map(({ name }) => name));
  const counts = awaitedCounts(owner, alert).filter((name) => !made.includes(name));
  const subject: Subject = {
    name: slo === undefined ? alert.name : `${slo.name}: ${alert.name}`,
    metrics: [...new Set([...made, ...counts])],
    incident: `the condition of ${alert.name} holds`,
    quiet: duration(reach + 5 * minute),
    length: duration(Math.max(20 * minute, alert.holdFor + 5 * minute)),
    canBeMissing: false,
    series: ({ modes }) => [
      ...seriesOf(
        states,
        modes.map((mode) => mode !== 'silent' && 0 < mode),
      ),
      ...counts.map((name) =>
        counter(
          name,
          placeOf(owner.service.job),
          modes.map(() => 1),
        ),
      ),
    ],
    expect: (_, world) => {
      const expected = expectedAlert(owner, alert, world, {}, more);
      return { alerts: expected === undefined ? [] : [expected], figures: [] };
    },
  };
  // What looks back for long may take as long to change its mind.
  const patient = { ...subject, length: duration(subject.length + reach) };
  const firing = [subject, patient].find((one) => raises(one, alert.name, { job: owner.service.job, interval }));
  return firing ?? `no evaluation is certain to raise the alert ${name}`;
}

/** What waits for a histogram fires only once that has a count, which expressions on its buckets do not read. */
function awaitedCounts({ service }: Owner, { when }: ConditionAlert): readonly string[] {
  return pendingMetrics(service, alertExpressions(when)).flatMap(({ name, type, native }) =>
    type === 'histogram' && native !== true ? [`${name}_count`] : [],
  );
}

function found({ service }: Owner, alert: ConditionAlert, interval: Duration, reach: number): TwoStates | undefined {
  const at = Math.ceil(reach / interval) + 20;
  return twoStates({
    service,
    exprs: alertExpressions(alert.when),
    bounds: boundsOf(alert.when),
    mayBeGone: looksForAbsence(alert.when),
    place: placeOf(service.job),
    interval,
    at,
    judge: (series) => {
      const isActive = alertsOn(alert.when, { series, interval, ...firstView, job: service.job, group: {} });
      return isActive === undefined ? undefined : () => !isActive(at);
    },
  });
}

/** A rate by which nothing fires, and one that is well above the floor and so many times the first. */
function risingStates(
  { service }: Owner,
  { counter, factor, floor }: Extract<AlertCondition, { kind: 'relative' }>,
  interval: Duration,
): TwoStates | undefined {
  const selectors = selectorsOf(counter);
  const atoms = (metricsOf(selectors) ?? []).flatMap((metric): readonly Atom[] => {
    const own = selectors.filter((one) => metricsOf([one])?.[0] === metric);
    return labelsTaken(service, metric, own, placeOf(service.job)).map(({ labels }) => ({
      kind: 'counter',
      parts: [{ name: metric, labels, share: (level) => level }],
      levels: [],
    }));
  });
  if (atoms.length === 0) return undefined;
  const usual = Math.max(1, Math.ceil((floor * interval) / 1000));
  return { atoms, well: atoms.map(() => usual), broken: atoms.map(() => Math.ceil(3 * factor) * usual) };
}

/** How far back an alert looks; undefined where it cannot be told. */
export function alertReach(when: AlertCondition): number | undefined {
  switch (when.kind) {
    case 'threshold':
      return reachOf(when.value);
    case 'absent':
      return reachOf(when.series);
    case 'progress':
      return when.within;
    case 'relative':
      return when.baselineOffset + when.baselineWindow + when.window;
    case 'all':
    case 'any': {
      const reaches = when.of.map(alertReach).filter((reach) => reach !== undefined);
      return reaches.length < when.of.length ? undefined : Math.max(...reaches);
    }
    default:
      return unreachable(when);
  }
}

function boundsOf(when: AlertCondition): readonly number[] {
  if ('of' in when) return when.of.flatMap(boundsOf);
  return when.kind === 'threshold' ? [when.bound] : [];
}

function looksForAbsence(when: AlertCondition): boolean {
  return 'of' in when ? when.of.some(looksForAbsence) : when.kind === 'absent';
}
