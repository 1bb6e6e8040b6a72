import { type Expr, walk } from '../promql/index.ts';
import { expressionsOf, type Indicator, type Metric } from '../slo/index.ts';
import { nameOf } from './definition/selectors.ts';
import { unitOfName } from './definition/units.ts';

/** What a service measures, and the native histograms among it. */
export interface Measuring {
  readonly indicator: Indicator;
  readonly native?: string;
}

/**
 * The catalogue of a service that another format describes. Only of native histograms it must be known that they are; but a catalogue that
 * has one metric has all of them, by what the queries do with them.
 */
export function catalogueOf(measured: readonly Measuring[]): ReadonlyMap<string, Metric> {
  const found = new Map<string, Metric>();
  const natives = measured.flatMap(({ native }) => native ?? []);
  if (natives.length === 0) return found;
  for (const name of natives) found.set(name, metricOf(name, 'histogram', true));
  for (const { indicator } of measured) {
    for (const [name, type] of metricsIn(indicator)) {
      const known = found.get(name)?.type;
      // What one query takes a rate of is a counter in the others, too.
      if (known === undefined || (known === 'gauge' && type === 'counter'))
        found.set(name, metricOf(name, type, false));
    }
  }
  return found;
}

function metricOf(name: string, type: Metric['type'], isNative: boolean): Metric {
  const unit = unitOfName(name);
  return {
    name,
    type,
    ...(unit === undefined ? {} : { unit }),
    labels: new Map(),
    buckets: [],
    ...(isNative && { native: true }),
  };
}

type Typed = readonly [name: string, type: Metric['type']];

function metricsIn(indicator: Indicator): readonly Typed[] {
  const expressions = expressionsOf(indicator);
  if (indicator.kind === 'distribution') return expressions.flatMap((expr) => typedIn(expr, 'histogram'));
  return expressions.flatMap((expr) => typedIn(expr, indicator.kind === 'ratio' ? 'counter' : 'gauge'));
}

/** Functions whose argument goes up only. */
const ofCounters: ReadonlySet<string> = new Set(['rate', 'irate', 'increase', 'resets']);

/** The metrics of an expression; what rates are taken of is a counter, whatever else the others are. */
function typedIn(expr: Expr, otherwise: Metric['type']): readonly Typed[] {
  const found: Typed[] = [];
  walk(expr, (part, parents) => {
    if (part.kind !== 'selector') return;
    const isRated = parents.some((parent) => parent.kind === 'call' && ofCounters.has(parent.function));
    const name = nameOf(part);
    // The series of a classic histogram are told by its own name.
    const base = /^(.+)_bucket$/.exec(name)?.[1];
    if (base !== undefined && otherwise !== 'histogram') found.push([base, 'histogram']);
    else if (name !== '') found.push([name, isRated || /_total$/.test(name) ? 'counter' : otherwise]);
  });
  return found;
}
