import type { Diagnostic } from '../base/index.ts';
import { build, metricNameOf, printExpr, selectorsOf, type VectorSelector } from '../promql/index.ts';
import { formatBound } from '../series/index.ts';
import type { Service, Slo } from '../slo/index.ts';
import { about } from './codes.ts';

/** The counters behind an SLO. What is counted besides all events are the good or the bad ones, whichever the definition says. */
export interface Counters {
  readonly total: readonly VectorSelector[];
  readonly counted: readonly VectorSelector[];
  readonly counts: 'good' | 'bad';
  /** Changes whenever the selection does: sums of different counters must never be compared. */
  readonly fingerprint: string;
}

/** Finds the counters of an SLO, or says why exact rules can't be made of its indicator. */
export function countersOf(service: Service, slo: Slo): Counters | readonly Diagnostic[] {
  const { indicator } = slo;
  if (indicator.kind === 'condition' || indicator.kind === 'composite')
    return [
      about(service, slo, 'generate/selector', `its indicator is a ${indicator.kind}, which has no counters of events`),
    ];
  const raw =
    indicator.kind === 'ratio'
      ? {
          total: selectorsOf(indicator.total),
          counted: selectorsOf(indicator.events),
          counts: indicator.counts,
        }
      : {
          total: selectorsOf(indicator.histogram).map((base) => suffixed(base, '_count')),
          counted: selectorsOf(indicator.histogram).map((base) => bucket(base, indicator.below)),
          counts: 'good' as const,
        };
  const problems = [...raw.total, ...raw.counted].flatMap((selector) => problemOf(service, slo, selector));
  if (0 < problems.length) return problems;
  const text = [raw.counts, ...raw.total.map(printExpr), '/', ...raw.counted.map(printExpr)].join(' ');
  return { ...raw, fingerprint: fingerprint(text) };
}

function problemOf(service: Service, slo: Slo, selector: VectorSelector): readonly Diagnostic[] {
  const text = printExpr(selector);
  const complain = (message: string): readonly Diagnostic[] => [about(service, slo, 'generate/selector', message)];
  // Series are compared with themselves a moment ago, and without their name two metrics of one selector could not be told apart.
  if (metricNameOf(selector) === undefined) return complain(`${text} names no metric`);
  if (selector.offset !== undefined || selector.at !== undefined) return complain(`${text} looks at another time`);
  return [];
}

function suffixed(base: VectorSelector, suffix: string): VectorSelector {
  if (base.name !== '') return { ...base, name: base.name + suffix };
  const matchers = base.matchers.map((matcher) =>
    matcher.name === '__name__' ? { ...matcher, value: matcher.value + suffix } : matcher,
  );
  return { ...base, matchers };
}

/** The bucket of all observations up to a bound. Its text is the client library's up to Prometheus 2 and normalised from 3 on: `20` and `20.0`. */
function bucket(base: VectorSelector, bound: number): VectorSelector {
  const normal = formatBound(bound);
  const spellings = [...new Set([normal, normal.replace(/\.0$/, ''), String(bound)])];
  const [only = normal] = spellings;
  const pattern = spellings.map((text) => text.replace(/[.+]/g, '\\$&')).join('|');
  return build.withConditions(suffixed(base, '_bucket'), { le: spellings.length === 1 ? only : ['=~', pattern] });
}

/** FNV-1a over UTF-16 code units, as eight hexadecimal digits. Source: http://www.isthe.com/chongo/tech/comp/fnv/. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
