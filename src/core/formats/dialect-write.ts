import { type Diagnostic, duration, formatDuration, type Severity, unreachable } from '../base/index.ts';
import { build, type Expr, printExpr, selectorsOf, type VectorSelector } from '../promql/index.ts';
import { formatBound } from '../series/index.ts';
import type { DistributionIndicator, Service, Slo } from '../slo/index.ts';
import { defaultAbsentFor, defaultMinimumBadEvents } from './definition/defaults.ts';
import { nameOf } from './definition/selectors.ts';
import { jobOf } from './dialect-service.ts';

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
      return undefined;
    default:
      return unreachable(indicator);
  }
}

/** Says of an objective that the format, which has counters only, cannot express it. */
export function sayNoCounters(service: Service, slo: Slo, say: SayLoss): void {
  const message = `the format has no indicator of the kind \`${slo.indicator.kind}\``;
  say('error', `${service.name}/${slo.name}`, message, 'keep this objective in a definition of Nines');
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

function withWindow(expr: Expr, word: string): string {
  return printExpr(expr).replaceAll(`[${printedWindow}]`, `[${word}]`);
}

/** Says what none of the formats has a place for. */
export function sayCommonLosses(service: Service, say: SayLoss, kept: ReadonlySet<string>): void {
  const { name } = service;
  const later = 'keep the definition of Nines as the source';
  const lose = (what: string, isSaid: boolean, about = name): void => {
    if (isSaid && !kept.has(what)) say('warning', about, `the format has no place for \`${what}\``, later);
  };
  lose('title', service.title !== name);
  lose('description', service.description !== undefined);
  lose('job', service.job !== jobOf(name, service.slos));
  if (0 < service.metrics.size) say('info', name, 'the format has no place for the metric catalogue', later);
  for (const slo of service.slos) {
    const about = `${name}/${slo.name}`;
    lose('slo title', slo.title !== slo.name, about);
    lose('minimumBadEvents', slo.minimumBadEvents !== defaultMinimumBadEvents, about);
    lose('noData', slo.noData !== 'unknown', about);
    lose('absentFor', slo.absentFor !== defaultAbsentFor, about);
    lose('runbook', slo.runbook !== undefined, about);
  }
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
