import type { Diagnostic } from '../base/index.ts';
import { build, type Expr, metricNameOf, printExpr, selectorsOf, type VectorSelector } from '../promql/index.ts';
import { formatBound, metricName } from '../series/index.ts';
import { type Indicator, isNativeHistogram, namesBeside, type Service, type Slo } from '../slo/index.ts';
import { about } from './codes.ts';
import { fingerprint } from './fingerprint.ts';
import { renamedTo } from './former-names.ts';

/** The counters behind an SLO. What is counted besides all events are the good or the bad ones, whichever the definition says. */
export interface Counters {
  readonly total: readonly CounterSource[];
  readonly counted: readonly CounterSource[];
  readonly counts: 'good' | 'bad';
  /** Changes whenever the selection does: sums of different counters must never be compared. A former name of a metric is no other selection. */
  readonly fingerprint: string;
}

/** Series of one metric that count events. */
export interface CounterSource {
  readonly selector: VectorSelector;
  /** What the series have counted: their values, but for native histograms. */
  readonly count: (selector: VectorSelector) => Expr;
  /** Whether counts may have fractions, which rounding can make a little smaller although nothing was taken away. */
  readonly isFractional: boolean;
  /** Series under the metric's proper name: in instances that have any, this former name counts nothing. */
  readonly unless?: Expr;
}

/** Finds the counters of an SLO, or says why exact rules can't be made of its indicator. They are looked for once, as each alert asks for them. */
export function countersOf(service: Service, slo: Slo): Counters | readonly Diagnostic[] {
  const ofService = found.get(service) ?? new WeakMap<Slo, Counters | readonly Diagnostic[]>();
  found.set(service, ofService);
  const counters = ofService.get(slo) ?? countersOfIndicator(service, slo, slo.indicator);
  ofService.set(slo, counters);
  return counters;
}

const found = new WeakMap<Service, WeakMap<Slo, Counters | readonly Diagnostic[]>>();

/** The same for an indicator, be it that of an SLO or one without a target. */
export function countersOfIndicator(
  service: Service,
  slo: Slo | undefined,
  indicator: Indicator,
): Counters | readonly Diagnostic[] {
  switch (indicator.kind) {
    case 'condition':
    case 'composite':
    case 'queries':
    case 'external': {
      const what = indicator.kind === 'queries' ? 'made of queries' : `of the kind ${indicator.kind}`;
      return [about(service, slo, 'generate/selector', `its indicator is ${what}, which has no counters of events`)];
    }
    default:
  }
  if (indicator.kind === 'ratio') {
    const { counts } = indicator;
    return checked(service, slo, counts, selectorsOf(indicator.total), selectorsOf(indicator.events), plain, plain);
  }
  const histograms = selectorsOf(indicator.histogram);
  if (histograms.every((one) => isNativeHistogram(one, service.metrics))) {
    return checked(service, slo, 'good', histograms, histograms, observations, observationsBelow(indicator.below));
  }
  const total = histograms.map((base) => withSuffix(base, '_count'));
  const counted = histograms.map((base) => bucket(base, indicator.below));
  return checked(service, slo, 'good', total, counted, plain, plain);
}

/** The counters of the one kind of event that a condition or an alert watches, or what is wrong with their selection. */
export function watchedCounters(
  service: Service,
  slo: Slo | undefined,
  counter: Expr,
): Counters | readonly Diagnostic[] {
  return checked(service, slo, 'bad', selectorsOf(counter), [], plain, plain);
}

function checked(
  service: Service,
  slo: Slo | undefined,
  counts: 'good' | 'bad',
  total: readonly VectorSelector[],
  counted: readonly VectorSelector[],
  count: Counting,
  countOfCounted: Counting,
): Counters | readonly Diagnostic[] {
  const problems = [...total, ...counted].flatMap((selector) => problemOf(service, slo, selector));
  if (0 < problems.length) return problems;
  const expanded = (selectors: readonly VectorSelector[], how: Counting): readonly CounterSource[] =>
    selectors.flatMap((selector) => withFormerNames(service, selector, how));
  const texts = (sources: readonly VectorSelector[], { count: of }: Counting): readonly string[] =>
    sources.map((selector) => printExpr(of(selector)));
  const text = [counts, ...texts(total, count), '/', ...texts(counted, countOfCounted)].join(' ');
  return {
    total: expanded(total, count),
    counted: expanded(counted, countOfCounted),
    counts,
    fingerprint: fingerprint(text),
  };
}

type Counting = Pick<CounterSource, 'count' | 'isFractional'>;

const plain: Counting = { count: (selector) => selector, isFractional: false };

const observations: Counting = { count: (selector) => build.call('histogram_count', selector), isFractional: false };

/** Of a native histogram only the share below a bound can be asked for; without observations there is none, and no product either. */
function observationsBelow(bound: number): Counting {
  return {
    count: (selector) =>
      build.multiply(
        build.call('histogram_fraction', Number.NEGATIVE_INFINITY, bound, selector),
        build.compare('>', build.call('histogram_count', selector), 0),
      ),
    isFractional: true,
  };
}

/** The series of a selector and, for instances that don't have its metric, those under the names that the metric has besides. */
function withFormerNames(service: Service, selector: VectorSelector, counting: Counting): readonly CounterSource[] {
  const name = metricNameOf(selector) ?? '';
  const names = [name, ...namesBeside(name, service.metrics)];
  return names.map((own, index) => {
    const [first, ...rest] = names.slice(0, index).map((better) => build.selector(better));
    const source = { selector: index === 0 ? selector : renamedTo(selector, own), ...counting };
    return first === undefined ? source : { unless: build.or(first, ...rest), ...source };
  });
}

function problemOf(service: Service, slo: Slo | undefined, selector: VectorSelector): readonly Diagnostic[] {
  const complain = (what: string): readonly Diagnostic[] => [
    about(service, slo, 'generate/selector', `${printExpr(selector)} ${what}`),
  ];
  // Series are compared with themselves a moment ago, and without their name two metrics of one selector could not be told apart.
  if (metricNameOf(selector) === undefined) return complain('names no metric');
  if (selector.offset !== undefined || selector.at !== undefined) return complain('looks at another time');
  return [];
}

/** The selection of a histogram's series with a suffix. */
export function withSuffix(base: VectorSelector, suffix: string): VectorSelector {
  if (base.name !== '') return { ...base, name: base.name + suffix };
  const matchers = base.matchers.map((matcher) =>
    matcher.name === metricName ? { ...matcher, value: matcher.value + suffix } : matcher,
  );
  return { ...base, matchers };
}

/** The bucket of all observations up to a bound. Its text is the client library's up to Prometheus 2 and normalised from 3 on: `20` and `20.0`. */
export function bucket(base: VectorSelector, bound: number): VectorSelector {
  const normal = formatBound(bound);
  const spellings = [...new Set([normal, normal.replace(/\.0$/, ''), String(bound)])];
  const [only = normal] = spellings;
  const pattern = spellings.map((text) => text.replace(/[.+]/g, '\\$&')).join('|');
  return build.withConditions(withSuffix(base, '_bucket'), { le: spellings.length === 1 ? only : ['=~', pattern] });
}
