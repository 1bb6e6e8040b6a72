import type { Duration } from '../../base/index.ts';
import { type Expr, selectorsOf, walk } from '../../promql/index.ts';
import { metricOf, type Service } from '../../slo/index.ts';
import { labelsTaken, metricsOf } from './label-values.ts';
import { clean, counter, gauge, type LabelSet, type MadeSeries } from './made-series.ts';

/** What an atom of a state is worth: a gauge's value, a counter's growth at each evaluation; undefined where its series is gone. */
export type Level = number | undefined;

/** A series, or the buckets of a histogram, that take one of a few levels. */
export interface Atom {
  readonly kind: 'counter' | 'gauge';
  readonly parts: readonly AtomPart[];
  /** What is tried, likely levels first. */
  readonly levels: readonly Level[];
}

interface AtomPart {
  readonly name: string;
  readonly labels: LabelSet;
  /** What the part has of the atom's level. */
  readonly share: (level: number) => number;
}

/** Two states of the series that expressions read: in one of them all is well, in the other it is not. */
export interface TwoStates {
  readonly atoms: readonly Atom[];
  readonly well: readonly Level[];
  readonly broken: readonly Level[];
}

/** What series are looked for. */
export interface StateSearch {
  readonly service: Service;
  readonly exprs: readonly Expr[];
  /** Bounds that values are held against. */
  readonly bounds: readonly number[];
  /** Whether series may be missing in the broken state. */
  readonly mayBeGone: boolean;
  readonly place: LabelSet;
  readonly interval: Duration;
  /** Whether all is well at an evaluation, with series that have been as they are for long; undefined where nobody can say. */
  readonly judge: (series: readonly MadeSeries[]) => (() => boolean | undefined) | undefined;
  /** The evaluation at which that is asked. */
  readonly at: number;
}

/** More combinations of levels than this are not tried. */
const mostTried = 20_000;

/** Looks for two states that differ in as few series as can be. */
export function twoStates(search: StateSearch): TwoStates | undefined {
  const atoms = atomsOf(search);
  if (atoms === undefined || atoms.length === 0) return undefined;
  const current: Level[] = atoms.map(({ levels }) => levels[0]);
  const series = atoms.flatMap((atom, index) => steady(atom, () => current[index]));
  const judged = search.judge(series);
  const constants = constantsOf(search);
  if (judged === undefined) return undefined;
  const well: (readonly Level[])[] = [];
  const broken: (readonly Level[])[] = [];
  for (const levels of combinations(atoms)) {
    for (const [index, level] of levels.entries()) current[index] = level;
    const verdict = judged();
    if (verdict === true && !levels.includes(undefined)) well.push(levels);
    else if (verdict === false) broken.push(levels);
  }
  const isFirm = (levels: readonly Level[]): boolean => {
    const asked = (changed: readonly Level[]): boolean | undefined => {
      for (const [index, level] of changed.entries()) current[index] = level;
      return judged();
    };
    const verdict = asked(levels);
    return levels.every(
      (level, index) =>
        // A level that is a bound itself was chosen for those who ask for equality.
        constants.includes(level ?? 0) ||
        [0.99, 1.01].every(
          (factor) => asked(levels.with(index, level === undefined ? level : level * factor)) === verdict,
        ),
    );
  };
  const weighed = (some: readonly (readonly Level[])[]): readonly Weighed[] =>
    some.slice(0, mostPaired).map((levels) => ({ levels, firm: isFirm(levels) }));
  const others = weighed(broken);
  const pairs = weighed(well).flatMap((one) => others.map((other) => ({ one, other, cost: costOf(one, other) })));
  const [first, ...more] = pairs;
  if (first === undefined) return undefined;
  const best = more.reduce((least, pair) => (pair.cost < least.cost ? pair : least), first);
  return { atoms, well: best.one.levels, broken: best.other.levels };
}

/** So many states of a kind are held against those of the other. */
const mostPaired = 100;

interface Weighed {
  readonly levels: readonly Level[];
  /** Whether a little more or less of a level makes no difference. */
  readonly firm: boolean;
}

/** States that differ in few series are easy to read; those that lie at a bound are the last choice. */
function costOf(one: Weighed, other: Weighed): number {
  const distance = one.levels.filter((level, index) => level !== other.levels[index]).length;
  return distance + (one.firm ? 0 : 10) + (other.firm ? 0 : 10);
}

/** The series of two states where it is given at which evaluations they are broken; after those the series are gone. */
export function seriesOf({ atoms, well, broken }: TwoStates, isBroken: readonly boolean[]): readonly MadeSeries[] {
  return atoms.flatMap(({ kind, parts }, index) => {
    const levels = isBroken.map((breaks) => (breaks ? broken[index] : well[index]));
    return parts.map(({ name, labels, share }) => {
      const own = levels.map((level) => (level === undefined ? undefined : share(level)));
      return kind === 'gauge'
        ? gauge(name, labels, own)
        : counter(
            name,
            labels,
            own.map((level) => level ?? 0),
          );
    });
  });
}

/** A series that has been at its level all the time. */
function steady({ kind, parts }: Atom, level: () => Level): readonly MadeSeries[] {
  return parts.map(({ name, labels, share }) => ({
    name,
    labels,
    at: (evaluation) => {
      const now = level();
      if (now === undefined || evaluation < 0) return undefined;
      return kind === 'counter' ? share(now) * evaluation : share(now);
    },
  }));
}

function* combinations(atoms: readonly Atom[]): Generator<readonly Level[]> {
  const total = atoms.reduce((product, { levels }) => product * levels.length, 1);
  for (let index = 0; index < Math.min(total, mostTried); index += 1) {
    let rest = index;
    yield atoms.map(({ levels }) => {
      const level = levels[rest % levels.length];
      rest = Math.floor(rest / levels.length);
      return level;
    });
  }
}

function atomsOf(search: StateSearch): readonly Atom[] | undefined {
  const selectors = search.exprs.flatMap(selectorsOf);
  const metrics = metricsOf(selectors);
  if (metrics === undefined) return undefined;
  const constants = constantsOf(search);
  const atoms = metrics.flatMap((metric): readonly (Atom | undefined)[] => {
    const own = selectors.filter((one) => metricsOf([one])?.[0] === metric);
    const taken = labelsTaken(search.service, metric, own, search.place);
    if (taken.length === 0 || own.some((_, index) => !taken.some(({ by }) => by.includes(index)))) return [undefined];
    const kind = isCounter(search, metric) ? 'counter' : 'gauge';
    return taken.map(({ labels }) =>
      metric.endsWith('_bucket') && own.every(({ matchers }) => matchers.every(({ name }) => name !== 'le'))
        ? bucketsOf(search.service, metric, labels, constants)
        : {
            kind,
            parts: [{ name: metric, labels, share: (level) => level }],
            levels: levelsFor(kind, search, constants),
          },
    );
  });
  const known = atoms.filter((atom) => atom !== undefined);
  return known.length < atoms.length ? undefined : known;
}

/**
 * Observations at each evaluation, all of them in one bucket: the lowest one, the first above all bounds, or the first between two of them.
 * A level is the place of that bucket.
 */
function bucketsOf({ metrics }: Service, metric: string, labels: LabelSet, constants: readonly number[]): Atom {
  const known = metricOf(metric, metrics)?.buckets ?? [];
  const highest = Math.max(0, ...constants);
  const bounds = [...(0 < known.length ? known : [highest / 2, highest, 2 * highest]), Number.POSITIVE_INFINITY];
  const between = constants.map((constant, index) =>
    bounds.findIndex((bound) => constant < bound && bound <= (constants[index + 1] ?? Number.POSITIVE_INFINITY)),
  );
  const levels = [0, ...between.toReversed()].filter((place) => place !== -1);
  return {
    kind: 'counter',
    levels: [...new Set(levels)],
    parts: bounds.map((bound, place) => ({
      name: metric,
      labels: { ...labels, le: bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound) },
      // A level that is tried a little higher or lower is the same bucket.
      share: (level) => (Math.round(level) <= place ? observations : 0),
    })),
  };
}

const observations = 60;

/**
 * Well beyond the constants, well below them and between them, so that no level meets a bound; the constants themselves last, for those who ask
 * for equality.
 */
function levelsFor(kind: Atom['kind'], search: StateSearch, constants: readonly number[]): readonly Level[] {
  const seconds = search.interval / 1000;
  const around = [
    ...constants.flatMap((constant) => [2 * constant, constant / 2]),
    ...constants.slice(1).map((constant, index) => (constant + (constants[index] ?? 0)) / 2),
  ];
  const levels =
    kind === 'gauge'
      ? [1, 0, ...around, ...constants, 100, 1000]
      : [60, 0, 600, 6, ...around.map((rate) => clean(rate * seconds))];
  return [...new Set<Level>([...levels, ...(search.mayBeGone ? [undefined] : [])])];
}

/** Lengths of time stand in ranges and are none of them; a share that a quantile is asked for is no bound either. */
function constantsOf({ exprs, bounds }: StateSearch): readonly number[] {
  const found: number[] = [...bounds];
  for (const expr of exprs) {
    walk(expr, (node) => {
      if (node.kind === 'number') found.push(node.value);
    });
  }
  return [...new Set(found)].filter((value) => 0 < value && Number.isFinite(value)).toSorted((a, b) => a - b);
}

function isCounter({ service, exprs }: StateSearch, metric: string): boolean {
  const type = service.metrics.get(metric)?.type;
  if (type !== undefined) return type === 'counter';
  let rated = /_(?:total|bucket|count|sum)$/.test(metric);
  for (const expr of exprs) {
    walk(expr, (node) => {
      if (node.kind !== 'call' || (node.function !== 'rate' && node.function !== 'increase')) return;
      if (node.args.some((arg) => selectorsOf(arg).some((one) => metricsOf([one])?.[0] === metric))) rated = true;
    });
  }
  return rated;
}
