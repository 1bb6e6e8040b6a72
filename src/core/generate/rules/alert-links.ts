import { type Duration, day, duration, formatDuration, unreachable } from '../../base/index.ts';
import { build, type Expr, metricNameOf, printExpr, selectorsOf, type VectorSelector } from '../../promql/index.ts';
import { type CompositeMember, type Condition, metricOf, type Service, type Slo } from '../../slo/index.ts';
import { type CounterSource, type Counters, countersOf } from '../counters.ts';
import { boardUid } from '../grafana/names.ts';
import { literal } from '../literal.ts';
import { recorded, windowLabel } from '../names.ts';
import type { GenerateOptions } from '../options.ts';
import type { AlertOwner } from './alert-labels.ts';
import { labelled } from './sums.ts';

const { aggregate, binary, by, call, compare, multiply, on, or, range, subtract, sumBy, without } = build;

type Links = Pick<GenerateOptions, 'dashboardUrl' | 'pageUrl'>;

/** Where to look next: the runbook, the board, the page of the objective. */
export function linksOf(
  { service, slo }: AlertOwner,
  { dashboardUrl, pageUrl }: Links,
  runbook: string | undefined,
): ReadonlyMap<string, string> {
  const board = slo?.dashboard ?? placed(dashboardUrl, service, slo);
  const page = slo === undefined ? undefined : pageOf(pageUrl, service, slo);
  const links = { runbook_url: runbook ?? slo?.runbook, dashboard_url: board, page_url: page };
  return new Map(
    Object.entries(links).flatMap(([key, url]) => (url === undefined ? [] : [[key, literal(url)] as const])),
  );
}

/** The address of a board, with the service, the objective or the uid of our own board in the places that are kept for them. */
function placed(url: string | undefined, service: Service, slo: Slo | undefined): string | undefined {
  return url
    ?.replaceAll('{board}', boardUid(service, slo))
    .replaceAll('{service}', service.name)
    .replaceAll('{slo}', slo?.name ?? '');
}

/** The page of an objective on the server of Nines, whose routes stand behind `#`. */
function pageOf(url: string | undefined, service: Service, slo: Slo): string | undefined {
  return url === undefined ? undefined : `${url.replace(/\/+$/, '')}/#/slos/${service.name}/${slo.name}`;
}

/** How many of the worst there are to look at. */
const shown = 5;

/**
 * Gives, for a window, a query that names what is worst: the label sets with most bad events of the window, or the series that break a
 * condition.
 */
export function topOffenders(service: Service, slo: Slo): (window: Duration) => string | undefined {
  const { indicator } = slo;
  switch (indicator.kind) {
    case 'condition': {
      const worst = breaking(indicator.condition);
      const query = worst === undefined ? undefined : printExpr(worst);
      return () => query;
    }
    case 'composite':
      return (window) => {
        const members = indicator.members.map((member) => memberBurnRate(member, window));
        const [first, ...rest] = members;
        return first === undefined ? undefined : printExpr(call('sort_desc', or(first, ...rest)));
      };
    case 'queries':
    case 'external':
      // What its events are told apart by is not known.
      return () => undefined;
    case 'ratio':
    case 'distribution': {
      const counters = countersOf(service, slo);
      if ('length' in counters) return () => undefined;
      const labels = tellingLabels(service, [...counters.total, ...counters.counted]);
      // It is printed once for all windows.
      const query = printExpr(aggregate('topk', by(), compare('>', badBy(labels, counters, anyWindow), 0), shown));
      return (window) => query.replaceAll(anyRange, `[${formatDuration(window)}]`);
    }
    default:
      return unreachable(indicator);
  }
}

/** Stands for the window in a text that is printed for any. It is odd enough that no label has its text for a value. */
const anyWindow = duration(99 * 365 * day - 1);
const anyRange = `[${formatDuration(anyWindow)}]`;

/** Bad events of a window. */
function badBy(labels: readonly string[] | undefined, { counts, counted, total }: Counters, window: Duration): Expr {
  const sum = (sources: readonly CounterSource[]): Expr => increaseBy(labels, sources, window);
  if (counts === 'bad') return sum(counted);
  // Where nothing was good there is no series of good events.
  const all = sum(total);
  return subtract(all, binary('or', sum(counted), multiply(0, all), matchedOn(labels)));
}

function memberBurnRate({ service, slo }: CompositeMember, window: Duration): Expr {
  return build.selector(recorded.burnRate, { service, slo, [windowLabel]: formatDuration(window) });
}

function matchedOn(labels: readonly string[] | undefined): build.BinaryOptions {
  return labels === undefined ? {} : { matching: on(...labels) };
}

/** The increase of counters within a window as `increase` sees it, good enough to look at; without labels, all but those of buckets stay. */
export function increaseBy(
  labels: readonly string[] | undefined,
  sources: readonly CounterSource[],
  window: Duration,
): Expr {
  const parts = sources.map(({ selector, count }, index) => {
    const increased =
      count(selector) === selector
        ? call('increase', range(selector, window))
        : nativeIncrease(selector, count, window);
    return sources.length === 1 ? increased : labelled(increased, 'nines_term', String(index));
  });
  const [first, ...rest] = parts;
  if (first === undefined) throw new RangeError('an SLI without counters');
  const all = or(first, ...rest);
  if (labels !== undefined) return sumBy(labels, all);
  // What tells the parts of a sum or the buckets of a histogram apart is nobody's label.
  const hidden = [...(1 < sources.length ? ['nines_term'] : []), ...(sources.some(isBucket) ? ['le'] : [])];
  return hidden.length === 0 ? all : aggregate('sum', without(...hidden), all);
}

function isBucket({ selector }: CounterSource): boolean {
  return selector.matchers.some(({ name }) => name === 'le');
}

/** The increase of a native histogram is a histogram, of which the same is asked as of the histogram as it stands. */
function nativeIncrease(selector: VectorSelector, count: CounterSource['count'], window: Duration): Expr {
  const increased = call('increase', range(selector, window));
  const replace = (expr: Expr): Expr => {
    if (expr === selector) return increased;
    if (expr.kind === 'call') return { ...expr, args: expr.args.map(replace) };
    return expr.kind === 'binary' ? { ...expr, left: replace(expr.left), right: replace(expr.right) } : expr;
  };
  return replace(count(selector));
}

/** The labels that the catalogue knows and the selection leaves open, with the instance; undefined without a catalogue. */
function tellingLabels({ metrics }: Service, sources: readonly CounterSource[]): readonly string[] | undefined {
  const known = sources.map(({ selector }) => metricOf(metricNameOf(selector) ?? '', metrics));
  const labels = new Set<string>(['instance']);
  for (const metric of known) {
    if (metric === undefined || metric.labels.size === 0) return undefined;
    for (const label of metric.labels.keys()) if (label !== 'le') labels.add(label);
  }
  for (const { selector } of sources)
    for (const { name, operator } of selector.matchers) if (operator === '=') labels.delete(name);
  return [...labels].sort();
}

/** The series that break a condition; undefined where no query of one line shows them. */
function breaking(condition: Condition): Expr | undefined {
  switch (condition.kind) {
    case 'comparison': {
      const { value, operator, bound } = condition;
      const opposite = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '==': '!=', '!=': '==' } as const;
      return compare(opposite[operator], value, bound);
    }
    case 'progress':
    case 'invariant': {
      const [only, ...more] = selectorsOf(condition.counter);
      return only === undefined || 0 < more.length ? undefined : call('increase', range(only, condition.within));
    }
    case 'all':
    case 'any': {
      const parts = condition.of.map(breaking).filter((part) => part !== undefined);
      const [first, ...rest] = parts;
      return first === undefined ? undefined : or(first, ...rest);
    }
    default:
      return unreachable(condition);
  }
}
