import { duration, formatDuration, ratio, unreachable } from '../../base/index.ts';
import { printExpr } from '../../promql/index.ts';
import { previewAlertText } from '../../rules/index.ts';
import {
  type AlertCondition,
  allowedBadSlices,
  allowedEvents,
  allowedTime,
  type BurnRateTier,
  budgetShareAt,
  type ConditionAlert,
  expressionsOf,
  firingTime,
  resetTime,
  type Service,
  type Slo,
  sliceCount,
  windowAlert,
} from '../../slo/index.ts';
import { alertNames } from '../names.ts';
import { type Block, code, heading, type Inline, link, list, paragraph, strong, table } from './model.ts';
import {
  alertWords,
  calendarDays,
  capital,
  count,
  indicatorLines,
  lengthWords,
  percentage,
  periodWords,
  promiseWords,
  readableLength,
} from './words.ts';

/** The objectives at a glance, then each of them. */
export function objectiveBlocks(service: Service): readonly Block[] {
  const shown = service.slos.filter(({ lifecycle }) => lifecycle !== 'retired');
  const retired = service.slos.filter(({ lifecycle }) => lifecycle === 'retired');
  return [
    heading(2, 'Objectives'),
    ...table(
      ['Objective', 'Target', 'Period', 'Error budget', 'A full outage may last', 'Role', 'Criticality', 'State'],
      shown.map((slo) => [
        slo.title,
        slo.target.text,
        periodWords(slo.period),
        slo.period.kind === 'continuous' ? 'none' : percentage(slo.target.errorBudget),
        budgetTime(slo),
        slo.category === 'resource' ? 'resource' : slo.role === 'secondary' ? 'secondary' : '',
        slo.criticality ?? '',
        slo.lifecycle === 'active' ? '' : slo.lifecycle,
      ]),
    ),
    ...shown.flatMap((slo) => objective(service, slo)),
    ...(retired.length === 0
      ? []
      : [paragraph(`No longer promised: ${retired.map(({ title }) => title).join(', ')}.`)]),
  ];
}

function objective(service: Service, slo: Slo): readonly Block[] {
  const waiting = pending(service, slo);
  const isPending = 0 < waiting.length;
  return [
    heading(3, slo.title),
    ...(slo.description === undefined ? [] : [paragraph(slo.description)]),
    paragraph(...promiseWords(service, slo)),
    ...waiting,
    ...reasons(slo),
    ...list(indicatorLines(service, slo).map(([what, query]): Inline => [`${what}: `, ...query])),
    ...budget(slo),
    ...(slo.groupBy.length === 0 ? [] : [paragraph(`Judged for each value of ${slo.groupBy.join(', ')} by itself.`)]),
    ...burnAlerts(service, slo),
    ...conditionAlerts(service, slo.conditionAlerts),
    ...(isPending ? [] : [paragraph(noDataWords(slo))]),
    ...(slo.runbook === undefined ? [] : [paragraph('Runbook: ', link(slo.runbook))]),
    ...history(slo),
  ];
}

function pending(service: Service, slo: Slo): readonly Block[] {
  const waits = [...service.metrics.values()].flatMap(({ name, pendingOn }) =>
    pendingOn === undefined ? [] : [{ name, pendingOn }],
  );
  const own = waits.filter(({ name }) => expressionsOf(slo.indicator).some((expr) => printExpr(expr).includes(name)));
  if (own.length === 0 && slo.lifecycle !== 'pending') return [];
  const reason = own.map(({ name, pendingOn }) => `${name} waits for ${pendingOn}`).join('; ');
  return [
    paragraph(
      strong('Not measured yet'),
      `${reason === '' ? '' : ` (${reason})`}: its alerts are there and cannot fire, and nobody knows whether it is met.`,
    ),
  ];
}

function reasons(slo: Slo): readonly Block[] {
  const { rationale, impact, costs, journey, customers, dependsOn, evidence } = slo;
  return [
    ...(rationale === undefined ? [] : [paragraph(strong('Why: '), rationale)]),
    ...(impact.length === 0 ? [] : [paragraph(strong('If it is missed: '), impact.join(' '))]),
    ...(costs.length === 0 ? [] : [paragraph(strong('What that costs: '), costs.join(' '))]),
    ...(journey === undefined ? [] : [paragraph(strong('Journey: '), journey)]),
    ...(customers.length === 0 ? [] : [paragraph(strong('Customers: '), customers.join(', '))]),
    ...(dependsOn.length === 0 ? [] : [paragraph(strong('Depends on: '), dependsOn.join(', '))]),
    ...(evidence === undefined ? [] : [paragraph(strong('Evidence: '), evidence)]),
  ];
}

/** The budget in the ways it is talked about: a share, events, slices, time. */
function budget(slo: Slo): readonly Block[] {
  const { target, measure, period } = slo;
  if (period.kind === 'continuous') return [paragraph('There is no error budget: it must never be broken.')];
  const { errorBudget } = target;
  if (measure.kind !== 'events') {
    const slices = sliceCount(period.length, measure.length);
    const allowed = allowedBadSlices(slices, errorBudget);
    return [
      paragraph(
        strong('Error budget: '),
        `${percentage(errorBudget)}, which is ${count(allowed)} of ${count(slices)} slices of ${lengthWords(measure.length)}.`,
      ),
    ];
  }
  const example = 100_000;
  return [
    paragraph(
      strong('Error budget: '),
      `${percentage(errorBudget)}. Of ${count(example)} events ${count(allowedEvents(example, errorBudget))} may be bad; ` +
        `at even traffic that is a full outage of ${budgetTime(slo)}.`,
    ),
  ];
}

function budgetTime({ target, period }: Slo): string {
  if (period.kind === 'continuous') return '';
  const time = (length: typeof period.length): string => readableLength(allowedTime(target.errorBudget, length));
  if (period.kind === 'rolling') return time(period.length);
  const [shortest, longest] = calendarDays(period.unit);
  return shortest === longest ? time(longest) : `${time(shortest)} to ${time(longest)}`;
}

/** For how much of the traffic an incident is shown. */
const errorRatios = [1, 0.1, 0.01].map(ratio);

/** When each tier fires, from the closed forms: for endless incidents that begin out of nothing at even traffic. */
function burnAlerts(service: Service, slo: Slo): readonly Block[] {
  if (slo.alerts.length === 0 || slo.target.errorBudget === 0) return [];
  const rows = slo.alerts.map((tier): readonly Inline[] => {
    const { severity, longWindow, shortWindow, burnRate, name } = tier;
    const spent = budgetShareAt(burnRate, longWindow, slo.period.length);
    return [
      code(name ?? alertNames.burn),
      service.severityLabels[severity],
      `the budget burns ${burnRate === 1 ? 'faster than allowed' : `at more than ${burnRate} times the allowed rate`} (${percentage(burnRate * slo.target.errorBudget)} errors) over ${formatDuration(longWindow)} and ${formatDuration(shortWindow)}`,
      percentage(spent),
      ...errorRatios.map((errors) => detection(slo, tier, errors)),
      reset(slo, tier),
    ];
  });
  const columns = errorRatios.map((errors) => `Fires at ${percentage(errors)} errors after`);
  return [
    ...table(['Alert', 'Severity', 'Fires while', 'Budget spent by then', ...columns, 'Silent after'], rows),
    paragraph(
      `The times are those of an incident that begins out of nothing at even traffic, before an evaluation and a scrape are added; it needs at least ${slo.minimumBadEvents} bad events. ` +
        'The last column counts from the end of a full outage.',
    ),
  ];
}

function detection({ target }: Slo, tier: BurnRateTier, errors: ReturnType<typeof ratio>): string {
  const endless = duration(Number.MAX_SAFE_INTEGER);
  const time = firingTime(windowAlert(tier, target.errorBudget), {
    background: ratio(0),
    during: errors,
    length: endless,
  });
  return time === undefined ? 'never' : readableLength(time);
}

function reset({ target }: Slo, tier: BurnRateTier): string {
  const time = resetTime(tier, target.errorBudget, { background: ratio(0), during: ratio(1) });
  return time === undefined ? 'never' : readableLength(time);
}

/** Alerts on something other than a budget. */
export function conditionAlerts({ severityLabels }: Service, alerts: readonly ConditionAlert[]): readonly Block[] {
  return table(
    ['Alert', 'Severity', 'Fires while', 'For', 'What it says at its bound', 'What to do'],
    alerts.map(({ name, severity, when, holdFor, summary, description, steps, dependsOn, runbook }) => [
      code(name),
      severityLabels[severity],
      alertWords(when),
      holdFor === 0 ? '' : formatDuration(holdFor),
      sentences([summary, description], (text) => previewAlertText(name, text, valueAtBound(when))),
      [
        ...(runbook === undefined ? [] : [link(runbook), ' ']),
        steps.join(' '),
        dependsOn.length === 0 ? '' : ` Depends on: ${dependsOn.join(', ')}.`,
      ],
    ]),
  );
}

/** Texts one after the other, each ended as a sentence. */
function sentences(texts: readonly (string | undefined)[], read: (text: string) => string): string {
  const said = texts.flatMap((text) => (text === undefined ? [] : [read(text)]));
  return said.map((text, index) => (index < said.length - 1 && /\w\)?$/.test(text) ? `${text}.` : text)).join(' ');
}

/** The value with which an alert is about to fire, by which its text is shown. */
function valueAtBound(when: AlertCondition): number {
  switch (when.kind) {
    case 'threshold':
      return when.bound;
    case 'progress':
      return when.fires === 'stalled' ? 0 : 1;
    case 'relative':
      return when.floor;
    case 'absent':
      return 1;
    case 'all':
    case 'any':
      return when.of[0] === undefined ? 1 : valueAtBound(when.of[0]);
    default:
      return unreachable(when);
  }
}

function noDataWords({ noData, absentFor }: Slo): string {
  const words = {
    unknown: 'Time without data counts neither way: nobody knows',
    bad: 'Time without data counts as bad',
    good: 'Time without data counts as good',
  };
  const alert =
    noData === 'good' ? '' : `; when all series are missing for ${lengthWords(absentFor)}, that is an alert of its own`;
  return `${words[noData]}${alert}.`;
}

function history({ aspiration, targetHistory, furtherPeriods, quantiles }: Slo): readonly Block[] {
  return [
    ...(aspiration === undefined ? [] : [paragraph(`It is to grow to ${aspiration.text}.`)]),
    ...(furtherPeriods.length === 0
      ? []
      : [paragraph(`It is shown over ${furtherPeriods.map(periodWords).join(', ')} as well.`)]),
    ...(quantiles.length === 0
      ? []
      : [
          paragraph(
            `Shown beside it: ${quantiles.map((each) => `P${Number((100 * each).toPrecision(6))}`).join(', ')}.`,
          ),
        ]),
    ...table(
      ['Target', 'Since', 'Reason'],
      targetHistory.map(({ target, since, reason }) => [target.text, since, reason ?? '']),
    ),
  ];
}

/** Figures without targets. */
export function indicatorBlocks(service: Service): readonly Block[] {
  if (service.indicators.length === 0) return [];
  return [
    heading(2, 'Shown without a target'),
    ...table(
      ['Figure', 'Query', 'Unit', ''],
      service.indicators.map(({ title, description, indicator, unit }) => [
        capital(title),
        indicator.kind === 'query' ? code(printExpr(indicator.value)) : '',
        unit ?? '',
        description ?? '',
      ]),
    ),
  ];
}
