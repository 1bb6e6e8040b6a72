import { formatDuration, unreachable } from '../base/index.ts';
import { type Expr, equalExpr, printExpr, selectorsOf } from '../promql/index.ts';
import { differentAlerts } from './diff-alerts.ts';
import { differentDetails, differentSections, targetText, zonedPeriodText } from './diff-details.ts';
import { textsOf } from './diff-values.ts';
import { type Difference, difference } from './difference.ts';
import { indicatorText } from './indicator-text.ts';
import type { Indicator } from './model/indicator.ts';
import type { Metric, Service, Slo } from './model.ts';

/**
 * What changes in meaning from one set of services to another; nothing if both promise, measure and alert the same. The order of
 * services, objectives, conditions and labels means nothing, nor does how a value is written.
 */
export function diffServices(before: readonly Service[], after: readonly Service[]): readonly Difference[] {
  return paired(before, after).flatMap(([old, now]): readonly Difference[] => {
    if (old === undefined) return now === undefined ? [] : [{ service: now.name, aspect: 'service', after: now.title }];
    if (now === undefined) return [{ service: old.name, aspect: 'service', before: old.title }];
    return diffService(old, now);
  });
}

/** Those of one name together, in the order of the names. */
function paired<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
): readonly (readonly [T | undefined, T | undefined])[] {
  const old = new Map(before.map((item) => [item.name, item]));
  const now = new Map(after.map((item) => [item.name, item]));
  const names = [...new Set([...old.keys(), ...now.keys()])].toSorted();
  return names.map((name) => [old.get(name), now.get(name)]);
}

function diffService(old: Service, now: Service): readonly Difference[] {
  const { name: service } = now;
  const own = (aspect: string, before: string | undefined, after: string | undefined): readonly Difference[] =>
    before === after ? [] : [difference({ service, aspect }, before, after)];
  const slos = paired(old.slos, now.slos);
  const added = slos.flatMap(([gone, come]) => (gone === undefined && come !== undefined ? [come] : []));
  const renamed = new Map<string, Slo>();
  for (const [gone, come] of slos) {
    if (gone === undefined || come !== undefined) continue;
    const twin = added.find((slo) => ![...renamed.values()].includes(slo) && diffSlo(service, gone, slo).length === 0);
    if (twin !== undefined) renamed.set(gone.name, twin);
  }
  const isNewName = (slo: Slo): boolean => [...renamed.values()].includes(slo);
  return [
    ...own('title', old.title, now.title),
    ...own('description', old.description, now.description),
    ...own('owner', old.owner || undefined, now.owner || undefined),
    ...own('job', old.job, now.job),
    ...diffMetrics(old, now),
    ...differentSections(old, now),
    ...slos.flatMap(([before, after]): readonly Difference[] => {
      if (before === undefined)
        return after === undefined || isNewName(after)
          ? []
          : [{ service, slo: after.name, aspect: 'slo', after: promiseOf(after) }];
      if (after !== undefined) return diffSlo(service, before, after);
      const twin = renamed.get(before.name);
      if (twin !== undefined)
        return [{ service, slo: before.name, aspect: 'name', before: before.name, after: twin.name }];
      return [{ service, slo: before.name, aspect: 'slo', before: promiseOf(before) }];
    }),
  ];
}

/** `99.9% over 30d`. */
function promiseOf(slo: Slo): string {
  return `${targetText(slo)} over ${zonedPeriodText(slo.period)}`;
}

/** The catalogue says what the metrics are; it changes what is checked, and the unit that a bound is in. */
function diffMetrics({ name: service, metrics: old }: Service, { metrics: now }: Service): readonly Difference[] {
  return [...new Set([...old.keys(), ...now.keys()])].toSorted().flatMap((name) => {
    const [before, after] = [old.get(name), now.get(name)].map((metric) =>
      metric === undefined
        ? undefined
        : [
            metric.type,
            metric.unit ?? '',
            [...metric.labels]
              .map(([label, values]) => `${label}=${values.toSorted().join('|')}`)
              .toSorted()
              .join(' '),
            metric.buckets.join(' '),
            ...originOf(metric),
          ]
            .filter((part) => part !== '')
            .join(', '),
    );
    return before === after ? [] : [difference({ service, aspect: `metric ${name}` }, before, after)];
  });
}

/** What is said of what a metric is and where it comes from. */
function originOf({ help, native, aliases, pendingOn, exporter, rows }: Metric): readonly string[] {
  return [...textsOf({ help, native, aliases, pendingOn, exporter, rows })].map(([key, text]) => `${key} ${text}`);
}

function diffSlo(service: string, old: Slo, now: Slo): readonly Difference[] {
  const place = { service, slo: now.name };
  const own = (aspect: string, before: string | undefined, after: string | undefined): readonly Difference[] =>
    before === after ? [] : [difference({ ...place, aspect }, before, after)];
  const labels = [...new Set([...old.labels.keys(), ...now.labels.keys()])].toSorted();
  const titleOf = (slo: Slo): string | undefined => (slo.title === slo.name ? undefined : slo.title);
  return [
    ...own('title', titleOf(old), titleOf(now)),
    ...own('description', old.description, now.description),
    ...own('target', targetText(old), targetText(now)),
    ...own('period', zonedPeriodText(old.period), zonedPeriodText(now.period)),
    ...(sameIndicator(old.indicator, now.indicator)
      ? []
      : [{ ...place, aspect: 'indicator', before: indicatorText(old.indicator), after: indicatorText(now.indicator) }]),
    ...differentAlerts(place, old, now),
    ...own('minimumBadEvents', String(old.minimumBadEvents), String(now.minimumBadEvents)),
    ...differentDetails(place, old, now),
    ...own('noData', old.noData, now.noData),
    ...own('absentFor', formatDuration(old.absentFor), formatDuration(now.absentFor)),
    ...own('runbook', old.runbook, now.runbook),
    ...labels.flatMap((label) => own(`label ${label}`, old.labels.get(label), now.labels.get(label))),
  ];
}

/** Whether both measure the same, in whatever order their conditions and terms stand. */
function sameIndicator(a: Indicator, b: Indicator): boolean {
  switch (a.kind) {
    case 'ratio':
      return b.kind === a.kind && a.counts === b.counts && sameSum(a.events, b.events) && sameSum(a.total, b.total);
    case 'distribution':
      return b.kind === a.kind && a.below === b.below && equalExpr(a.histogram, b.histogram);
    case 'condition':
    case 'composite':
    case 'queries':
    case 'external':
      return indicatorText(a) === indicatorText(b);
    default:
      return unreachable(a);
  }
}

function sameSum(a: Expr, b: Expr): boolean {
  const [left, right] = [a, b].map((expr) => selectorsOf(expr).map(printExpr).toSorted());
  return left?.join('\n') === right?.join('\n');
}
