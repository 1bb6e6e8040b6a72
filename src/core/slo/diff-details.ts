import { formatDuration } from '../base/index.ts';
import { alertConditionText } from './alert-text.ts';
import { differentTexts } from './diff-values.ts';
import { type Difference, difference } from './difference.ts';
import { measureText } from './measure.ts';
import type { ConditionAlert } from './model/alert.ts';
import type { Period, Service, ServiceDetails, Slo } from './model.ts';
import { periodText } from './period.ts';
import { percentileText } from './target.ts';

type Place = Pick<Difference, 'service' | 'slo'>;

/** `99.9% of 1m slices`. */
export function targetText({ target, measure }: Pick<Slo, 'target' | 'measure'>): string {
  return `${target.text}${measureText(measure)}`;
}

/** `calendar month in Europe/Berlin`. */
export function zonedPeriodText(period: Period): string {
  return period.kind === 'calendar' ? `${periodText(period)} in ${period.timeZone}` : periodText(period);
}

/** What changes in what an objective says beyond its promise. */
export function differentDetails(place: Place, old: Slo, now: Slo): readonly Difference[] {
  const own = (aspect: string, textOf: (slo: Slo) => string | undefined): readonly Difference[] => {
    const [before, after] = [textOf(old) || undefined, textOf(now) || undefined];
    return before === after ? [] : [difference({ ...place, aspect }, before, after)];
  };
  return [
    ...own('sliceTarget', ({ measure }) =>
      measure.kind === 'slices' && measure.sliceTarget !== undefined
        ? `${percentileText(measure.sliceTarget).slice(1)}%`
        : undefined,
    ),
    ...own('periods', ({ furtherPeriods }) => furtherPeriods.map(zonedPeriodText).join(', ')),
    ...own('groupBy', ({ groupBy }) => groupBy.toSorted().join(', ')),
    ...differentConditionAlerts(place, old.conditionAlerts, now.conditionAlerts),
    ...own('minimumEvents', ({ minimumEvents }) => String(minimumEvents)),
    ...own('quantiles', ({ quantiles }) => quantiles.map(percentileText).join(', ')),
    ...own('role', ({ role }) => role),
    ...own('category', ({ category }) => category),
    ...own('lifecycle', ({ lifecycle }) => lifecycle),
    ...own('criticality', ({ criticality }) => criticality),
    ...own('family', ({ family }) => family),
    ...own('journey', ({ journey }) => journey),
    ...own('customers', ({ customers }) => customers.toSorted().join(', ')),
    ...own('rationale', ({ rationale }) => rationale),
    ...own('impact', ({ impact }) => impact.join('; ')),
    ...own('costs', ({ costs }) => costs.join('; ')),
    ...own('dependsOn', ({ dependsOn }) => dependsOn.toSorted().join(', ')),
    ...own('aspiration', ({ aspiration }) => aspiration?.text),
    ...own('evidence', ({ evidence }) => evidence),
    ...own('targetHistory', ({ targetHistory }) =>
      targetHistory
        .map(({ target, since, reason }) => `${target.text} since ${since}${reason === undefined ? '' : `, ${reason}`}`)
        .join('; '),
    ),
    ...own('dashboard', ({ dashboard }) => dashboard),
  ];
}

/** What changes in the alerts on other things than budgets, which go by their names. */
export function differentConditionAlerts(
  place: Place,
  old: readonly ConditionAlert[],
  now: readonly ConditionAlert[],
): readonly Difference[] {
  const names = [...new Set([...old, ...now].map(({ name }) => name))].toSorted();
  return names.flatMap((name): readonly Difference[] => {
    const aspect = `alert ${name}`;
    const before = old.find((alert) => alert.name === name);
    const after = now.find((alert) => alert.name === name);
    if (before === undefined || after === undefined)
      return [difference({ ...place, aspect }, before && wholeText(before), after && wholeText(after))];
    const own = (what: string, a: string, b: string): readonly Difference[] =>
      a === b ? [] : [difference({ ...place, aspect: `${aspect} ${what}` }, a, b)];
    const { when: _when, holdFor: _for, ...oldWords } = before;
    const { when: _now, holdFor: _hold, ...nowWords } = after;
    return [
      ...own('when', alertConditionText(before.when), alertConditionText(after.when)),
      ...own('for', formatDuration(before.holdFor), formatDuration(after.holdFor)),
      ...differentTexts(oldWords, nowWords).map(([what, a, b]) =>
        difference({ ...place, aspect: `${aspect} ${what}` }, a, b),
      ),
    ];
  });
}

function wholeText({ severity, when, holdFor }: ConditionAlert): string {
  const hold = holdFor === 0 ? '' : ` for ${formatDuration(holdFor)}`;
  return `${severity} if ${alertConditionText(when)}${hold}`;
}

/** The parts of a service beyond its metrics, objectives and alerts, by the words of the definition. */
const sections: readonly (readonly [key: Exclude<keyof ServiceDetails, 'alerts'>, word: string])[] = [
  ['criticality', 'criticality'],
  ['severityLabels', 'severities'],
  ['indicators', 'indicator'],
  ['policies', 'policy'],
  ['thresholds', 'threshold'],
  ['slas', 'SLA'],
  ['exclusions', 'exclusion'],
  ['goals', 'goal'],
  ['notifications', 'notifications'],
  ['panels', 'panels'],
  ['environments', 'environment'],
  ['contacts', 'contact'],
  ['reviews', 'review'],
  ['changeProcess', 'changes'],
  ['proposals', 'proposal'],
  ['actionItems', 'action item'],
  ['document', 'document'],
  ['outOfScope', 'out of scope'],
  ['glossary', 'glossary'],
  ['resources', 'resource'],
];

/** What changes in what a service says beyond its objectives. */
export function differentSections(old: Service, now: Service): readonly Difference[] {
  const place = { service: now.name };
  return [
    ...differentConditionAlerts(place, old.alerts, now.alerts),
    ...sections.flatMap(([key, word]) =>
      differentTexts(old[key], now[key]).map(([what, before, after]) =>
        difference({ ...place, aspect: what === '' ? word : `${word} ${what.replaceAll('/', ' ')}` }, before, after),
      ),
    ),
  ];
}
