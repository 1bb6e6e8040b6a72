import { type Diagnostic, duration, formatDuration, type Severity, unreachable } from '../base/index.ts';
import { build, type Expr, printExpr, selectorsOf, type VectorSelector } from '../promql/index.ts';
import { formatBound } from '../series/index.ts';
import {
  type DistributionIndicator,
  defaultMeasure,
  isNativeHistogram,
  measureText,
  type Service,
  type Slo,
  sameMeasure,
  usualAlertName,
} from '../slo/index.ts';
import { nameOf } from './definition/selectors.ts';

/** Services in another format, and what of them it cannot say. */
export interface WrittenServices {
  readonly text: string;
  /** Without places: they begin with the names of the service and the objective, `shop/checkout:`. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Says of a service or an objective what the format cannot. */
export type SayLoss = (severity: Severity, about: string, message: string, help: string) => void;

/** Collects what is lost. */
export function lossesInto(diagnostics: Diagnostic[]): SayLoss {
  return (severity, about, message, help) => {
    const code = severity === 'error' ? 'dialect/unsupported' : 'dialect/lost';
    diagnostics.push({ severity, code, message: `${about}: ${message}`, help, span: { start: 0, end: 0 } });
  };
}

/** The two sums that an objective is about, for formats that have only counters. */
export interface CounterPair {
  readonly counts: 'good' | 'bad';
  readonly events: readonly VectorSelector[];
  readonly total: readonly VectorSelector[];
}

/** How the bucket of a bound is selected: by all its spellings, or by the one of Prometheus 2's client libraries. */
export type BoundSpelling = 'every' | 'one';

/** The counters of an objective; of a distribution the bucket of its bound and the count of all observations. Other kinds have none. */
export function counterPair({ indicator }: Slo, spelling: BoundSpelling): CounterPair | undefined {
  switch (indicator.kind) {
    case 'ratio':
      return {
        counts: indicator.counts,
        events: selectorsOf(indicator.events),
        total: selectorsOf(indicator.total),
      };
    case 'distribution':
      return bucketPair(indicator, spelling);
    case 'condition':
    case 'composite':
    case 'queries':
    case 'external':
      return undefined;
    default:
      return unreachable(indicator);
  }
}

/** Says of an objective that it is left out, as the format cannot express it. */
export function sayLeftOut(service: Service, slo: Slo, why: string, say: SayLoss): undefined {
  say('error', `${service.name}/${slo.name}`, `${why}; it is left out`, 'keep this objective in a definition of Nines');
}

/** Says of an objective that the format, which has counters only, cannot express it. */
export function sayNoCounters(service: Service, slo: Slo, say: SayLoss): undefined {
  return sayLeftOut(service, slo, `the format has no indicator of the kind \`${slo.indicator.kind}\``, say);
}

/** The name of the native histogram that an objective is about; its series have no buckets by their bounds. */
export function nativeHistogramOf({ metrics }: Pick<Service, 'metrics'>, { indicator }: Slo): string | undefined {
  if (indicator.kind !== 'distribution') return undefined;
  const native = selectorsOf(indicator.histogram).find((one) => isNativeHistogram(one, metrics));
  return native === undefined ? undefined : nameOf(native);
}

function bucketPair({ histogram, below }: DistributionIndicator, spelling: BoundSpelling): CounterPair {
  const normal = formatBound(below);
  const plain = normal.replace(/\.0$/, '');
  const spellings = [...new Set([plain, normal])];
  const pattern = spellings.map((text) => text.replaceAll(/[.+]/g, '\\$&')).join('|');
  const le = spelling === 'one' || spellings.length === 1 ? plain : (['=~', pattern] as const);
  const bases = selectorsOf(histogram);
  const suffixed = (base: VectorSelector, suffix: string): VectorSelector =>
    build.selector(
      `${nameOf(base)}${suffix}`,
      base.matchers.filter(({ name }) => name !== '__name__'),
    );
  return {
    counts: 'good',
    events: bases.map((base) => build.withConditions(suffixed(base, '_bucket'), { le })),
    total: bases.map((base) => suffixed(base, '_count')),
  };
}

/** The sum of the selectors' rates over a window, with the word of the format in its place. */
export function rateQuery(selectors: readonly VectorSelector[], word: string): string {
  return withWindow(rates(selectors), word);
}

/** The bad events as what is left of all events without the good ones. */
export function restQuery(total: readonly VectorSelector[], good: readonly VectorSelector[], word: string): string {
  const right = rates(good);
  const wrapped: Expr = 1 < good.length ? { kind: 'paren', expr: right, span: build.emptySpan } : right;
  return withWindow(
    { kind: 'binary', operator: '-', left: rates(total), right: wrapped, bool: false, span: build.emptySpan },
    word,
  );
}

/** A length that nobody writes, for which the word is put once the tree is printed. */
const window = duration(59_999_999);
const printedWindow = formatDuration(window);

function rates(selectors: readonly VectorSelector[]): Expr {
  return plusAll(selectors.map((selector) => build.sum(build.call('rate', build.range(selector, window)))));
}

/** The sum of counters, without rates. */
export function sumQuery(selectors: readonly VectorSelector[]): string {
  return printExpr(plusAll(selectors.map((selector) => build.sum(selector))));
}

function plusAll(terms: readonly Expr[]): Expr {
  const [first, ...rest] = terms;
  if (first === undefined) throw new Error('a sum of no selectors');
  return rest.reduce<Expr>(
    (left, right) => ({ kind: 'binary', operator: '+', left, right, bool: false, span: build.emptySpan }),
    first,
  );
}

/** The share of a native histogram's observations up to its bound, or above it. */
export function nativeShare({ histogram, below }: DistributionIndicator, counts: 'good' | 'bad', word: string): string {
  const share = build.call('histogram_fraction', Number.NEGATIVE_INFINITY, below, rates(selectorsOf(histogram)));
  return withWindow(counts === 'good' ? share : build.subtract(1, share), word);
}

function withWindow(expr: Expr, word: string): string {
  return printExpr(expr).replaceAll(`[${printedWindow}]`, `[${word}]`);
}

/** What of an objective counts as what is measured or promised, and cannot be said where there are counters over rolling periods only. */
export function beyondCounters({ indicator, measure, period, groupBy }: Slo, canGroup: boolean): string | undefined {
  if (indicator.kind === 'composite') return 'the format has no objectives made of others';
  if (period.kind === 'calendar') return `the format has no periods of the calendar, as \`calendar ${period.unit}\``;
  if (period.kind === 'continuous') return 'the format has no `continuous` period: its objectives have a budget';
  // The mean of the shares of five minutes is what Sloth makes of queries.
  const isUsual = indicator.kind === 'queries' && sameMeasure(measure, defaultMeasure(indicator));
  if (indicator.kind !== 'condition' && measure.kind !== 'events' && !isUsual)
    return `the format counts events, and the target is one${measureText(measure)}`;
  if (!canGroup && 0 < groupBy.length)
    return `the format has no groups: each value of ${groupBy.map((label) => `\`${label}\``).join(', ')} has a budget of its own`;
  return undefined;
}

/** Whether two lists of alerts are the same. */
export function sameTiers(a: Slo['alerts'], b: Slo['alerts']): boolean {
  return (
    a.length === b.length &&
    a.every((tier, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        tier.severity === other.severity &&
        tier.longWindow === other.longWindow &&
        tier.shortWindow === other.shortWindow &&
        tier.burnRate === other.burnRate &&
        tier.holdFor === other.holdFor
      );
    })
  );
}

/** The one name of alerts for a format that has room for one; of several names it is said that they are not kept. */
export function alertNameOf(service: Service, slo: Slo, say: SayLoss): string {
  const names = new Set(slo.alerts.map(({ name }) => name));
  const [name] = names;
  if (1 < names.size)
    say(
      'warning',
      `${service.name}/${slo.name}`,
      'the format has one name for all alerts of an objective, and no place for `alertNames`',
      'keep the definition of Nines as the source',
    );
  return (names.size === 1 ? name : undefined) ?? usualAlertName;
}
