import { type Duration, day, duration, formatDuration, hour, minute, second, unreachable } from '../../base/index.ts';
import { printExpr } from '../../promql/index.ts';
import { indicatorText, type Measure, type Period, type ReviewCadence, type Slo } from '../../slo/index.ts';

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

/** A promise in one plain sentence. */
export function promiseWords(slo: Slo): string {
  const { target, period } = slo;
  const over =
    period.kind === 'rolling'
      ? `over any ${lengthWords(period.length)}`
      : period.kind === 'calendar'
        ? `in each calendar ${period.unit}`
        : 'at all times';
  return `${capital(shareWords(slo))} ${over}${period.kind === 'continuous' ? '' : `: at least ${target.text}`}.`;
}

function shareWords(slo: Slo): string {
  const { indicator, measure } = slo;
  const what = subjectWords(slo);
  if (slo.period.kind === 'continuous') return what;
  switch (measure.kind) {
    case 'events':
      return indicator.kind === 'composite' ? what : `the share of ${what}`;
    case 'slices':
      return `the share of ${sliceWords(measure)} in which ${indicator.kind === 'condition' ? what : `enough of ${what}`}`;
    case 'slice-ratios':
      return `the mean over slices of ${lengthWords(measure.length)} of the share of ${what}`;
    default:
      return unreachable(measure);
  }
}

function sliceWords({ length }: Extract<Measure, { readonly kind: 'slices' }>): string {
  return length === minute ? 'minutes' : `slices of ${lengthWords(length)}`;
}

function subjectWords({ indicator }: Slo): string {
  switch (indicator.kind) {
    case 'ratio':
      return indicator.counts === 'good' ? 'good events' : 'events that are not bad';
    case 'distribution':
      return `observations of at most ${indicator.below}`;
    case 'condition':
      return indicatorText(indicator);
    case 'composite':
      return `what ${indicator.members.map(({ slo }) => slo).join(', ')} promise together (${indicator.combine})`;
    default:
      return unreachable(indicator);
  }
}

/** The selectors that an objective reads, by what they count. */
export function indicatorLines({ indicator }: Slo): readonly (readonly [what: string, query: string])[] {
  switch (indicator.kind) {
    case 'ratio':
      return [
        [indicator.counts === 'good' ? 'Good events' : 'Bad events', printExpr(indicator.events)],
        ['All valid events', printExpr(indicator.total)],
      ];
    case 'distribution':
      return [[`Observations, good up to ${indicator.below}`, printExpr(indicator.histogram)]];
    case 'condition':
      return [['Holds while all is well', indicatorText(indicator)]];
    case 'composite':
      return [['Members', indicatorText(indicator)]];
    default:
      return unreachable(indicator);
  }
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
