import { type Duration, day, duration, formatDuration, hour, minute, second, unreachable } from '../../base/index.ts';
import { metricNameOf, printExpr, selectorsOf } from '../../promql/index.ts';
import {
  type AlertCondition,
  alertConditionText,
  type Condition,
  conditionText,
  type DistributionIndicator,
  indicatorText,
  metricOf,
  type Period,
  type QueriesIndicator,
  type ReviewCadence,
  type Service,
  type Slo,
  windowQueryText,
} from '../../slo/index.ts';
import { code, type Span, strong } from './model.ts';

/** A period in words: `30 days up to now`, `each calendar month (Europe/Berlin)`. */
export function periodWords(period: Period): string {
  switch (period.kind) {
    case 'rolling':
      return lengthWords(period.length);
    case 'calendar':
      return `calendar ${period.unit} (${period.timeZone})`;
    case 'continuous':
      return 'always';
    default:
      return unreachable(period);
  }
}

/** A promise in one plain sentence; what must hold stands in it as it is written. */
export function promiseWords(service: Service, slo: Slo): readonly (string | Span)[] {
  const { target, period, measure, indicator } = slo;
  const over =
    period.kind === 'rolling' ? `over any ${lengthWords(period.length)}` : `in each calendar ${unitOf(period)}`;
  const holds =
    indicator.kind === 'condition' ? conditionWords(indicator.condition) : [strong(subjectWords(service, slo))];
  if (period.kind === 'continuous') return [strong('At all times: '), ...holds];
  switch (measure.kind) {
    case 'events':
      return [strong(`At least ${target.text} ${subjectWords(service, slo)}, ${over}.`)];
    case 'slices': {
      const slices = measure.length === minute ? 'minutes' : `slices of ${lengthWords(measure.length)}`;
      const share = measure.sliceTarget === undefined ? '' : percentage(measure.sliceTarget);
      const enough = share === '' ? '' : indicator.kind === 'condition' ? `${share} of the time ` : `${share} `;
      return [strong(`In at least ${target.text} of the ${slices} ${over}: ${enough}`), ...holds];
    }
    case 'slice-ratios':
      return [
        strong(`At least ${target.text} in the mean over slices of ${lengthWords(measure.length)}, ${over}: `),
        ...holds,
      ];
    default:
      return unreachable(measure);
  }
}

function unitOf(period: Period): string {
  return period.kind === 'calendar' ? period.unit : 'period';
}

function subjectWords(service: Service, { indicator }: Slo): string {
  switch (indicator.kind) {
    case 'ratio':
      return indicator.counts === 'good' ? 'of the events are good' : 'of the events are not bad';
    case 'distribution':
      return `of the observations are at most ${boundWords(service, indicator)}`;
    case 'condition':
      return indicatorText(indicator);
    case 'queries':
      return 'of the events are good';
    case 'external':
      return `of what ${indicator.system} measures is good`;
    case 'composite':
      return `of what ${indicator.members.map(({ slo }) => slo).join(', ')} promise together (${indicator.combine})`;
    default:
      return unreachable(indicator);
  }
}

/** A bound with the unit of its metric; times in the unit that suits them. */
function boundWords({ metrics }: Service, { histogram, below }: DistributionIndicator): string {
  const [selector] = selectorsOf(histogram);
  const unit = metricOf((selector && metricNameOf(selector)) ?? '', metrics)?.unit;
  if (unit === undefined) return String(below);
  if (unit !== 'seconds') return `${below} ${unit}`;
  return below < 1 ? `${Number((1000 * below).toPrecision(6))} ms` : `${below} s`;
}

/** The selectors that an objective reads, by what they count. */
export function indicatorLines(
  service: Service,
  { indicator }: Slo,
): readonly (readonly [what: string, words: readonly (string | Span)[]])[] {
  switch (indicator.kind) {
    case 'ratio':
      return [
        [indicator.counts === 'good' ? 'Good events' : 'Bad events', [code(printExpr(indicator.events))]],
        ['All valid events', [code(printExpr(indicator.total))]],
      ];
    case 'distribution':
      return [[`Observations, good up to ${boundWords(service, indicator)}`, [code(printExpr(indicator.histogram))]]];
    case 'condition':
      return [['Holds while all is well', conditionWords(indicator.condition)]];
    case 'composite':
      return [['Members', [indicatorText(indicator)]]];
    case 'queries':
      return queriesLines(indicator);
    case 'external':
      return [[`Measured by ${indicator.system}`, [code(JSON.stringify(indicator.measures))]]];
    default:
      return unreachable(indicator);
  }
}

function queriesLines({ counts, events, total }: QueriesIndicator): ReturnType<typeof indicatorLines> {
  const kind = counts === 'good' ? 'Good' : 'Bad';
  const text = code(windowQueryText(events));
  if (total === undefined) return [[`${kind} share in a slice`, [text]]];
  return [
    [`${kind} events in a slice`, [text]],
    ['All events in a slice', [code(windowQueryText(total))]],
  ];
}

/** A condition with its queries as code and the words between them as words. */
function conditionWords(condition: Condition): readonly (string | Span)[] {
  switch (condition.kind) {
    case 'comparison':
      return [code(conditionText(condition))];
    case 'progress':
      return [code(printExpr(condition.counter)), ` increases within ${lengthWords(condition.within)}`];
    case 'invariant':
      return [code(printExpr(condition.counter)), ` does not increase within ${lengthWords(condition.within)}`];
    case 'all':
    case 'any':
      return joined(condition.of.map(conditionWords), condition.kind === 'all' ? ' and ' : ' or ');
    default:
      return unreachable(condition);
  }
}

/** What a condition alert looks at, in the same way. */
export function alertWords(when: AlertCondition): readonly (string | Span)[] {
  switch (when.kind) {
    case 'threshold':
      return [code(alertConditionText(when))];
    case 'progress': {
      const verb = when.fires === 'stalled' ? 'does not increase' : 'increases';
      return [code(printExpr(when.counter)), ` ${verb} within ${lengthWords(when.within)}`];
    }
    case 'relative': {
      const { counter, window, baselineWindow, baselineOffset, factor, floor } = when;
      const baseline = `${lengthWords(baselineWindow)} that ended ${lengthWords(baselineOffset)} ago`;
      return [
        code(printExpr(counter)),
        ` counts over ${lengthWords(window)} more than ${factor} times as fast as over the ${baseline}, and more than ${floor} a second`,
      ];
    }
    case 'absent':
      return [code(printExpr(when.series)), ' is missing'];
    case 'all':
    case 'any':
      return joined(when.of.map(alertWords), when.kind === 'all' ? ' and ' : ' or ');
    default:
      return unreachable(when);
  }
}

function joined(parts: readonly (readonly (string | Span)[])[], word: string): readonly (string | Span)[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [word, ...part]));
}

const unitWords: readonly (readonly [unit: Duration, word: string])[] = [
  [day, 'day'],
  [hour, 'hour'],
  [minute, 'minute'],
  [second, 'second'],
];

/** A whole length of time in words: `30 days`, `5 minutes`; any other as Prometheus writes it. */
export function lengthWords(length: Duration): string {
  const fitting = unitWords.find(([unit]) => length % unit === 0 && 0 < length);
  if (fitting === undefined) return formatDuration(length);
  const [unit, word] = fitting;
  const count = length / unit;
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** A length of time as people read it, in the unit that suits it: `43.2 min`, `1.5 s`, `7.2 h`. */
export function readableLength(length: Duration): string {
  if (length === 0) return '0 s';
  const [unit, word] =
    length < minute ? [second, 's'] : length < 2 * hour ? [minute, 'min'] : length < 2 * day ? [hour, 'h'] : [day, 'd'];
  return `${Number((length / unit).toPrecision(3))} ${word}`;
}

/** The rule of a review in words, where it is one of the usual ones. */
export function cadenceWords(cadence: ReviewCadence): string {
  if (cadence.kind === 'event') return `at each ${cadence.event}`;
  const words: Readonly<Record<string, string>> = {
    'FREQ=DAILY': 'every day',
    'FREQ=WEEKLY': 'every week',
    'FREQ=MONTHLY': 'every month',
    'FREQ=MONTHLY;INTERVAL=3': 'every quarter',
    'FREQ=YEARLY': 'every year',
  };
  return words[cadence.rule] ?? cadence.rule;
}

/** A share as people read it: `0.1 %`. */
export function percentage(share: number): string {
  return `${Number((100 * share).toPrecision(4))} %`;
}

/** A count with its thousands parted. */
export function count(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** The longest and the shortest a calendar unit can be, in days. */
export function calendarDays(
  unit: 'day' | 'week' | 'month' | 'quarter' | 'year',
): readonly [shortest: Duration, longest: Duration] {
  const days = { day: [1, 1], week: [7, 7], month: [28, 31], quarter: [90, 92], year: [365, 366] } as const;
  const [shortest, longest] = days[unit];
  return [duration(shortest * day), duration(longest * day)];
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
