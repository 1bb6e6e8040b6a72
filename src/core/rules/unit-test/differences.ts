import { formatFloat } from '../template/float-text.ts';
import { type ComparedAlert, type ComparedSample, compareTexts, printTexts } from './print.ts';

/** In what alerts differ from those expected, in words; empty if in nothing. Both lists are sorted. */
export function alertDifferences(expected: readonly ComparedAlert[], got: readonly ComparedAlert[]): readonly string[] {
  const { missing, unexpected } = unmatched(expected, got, sameAlert);
  const differences: string[] = [];
  for (const [wanted, given] of pairUp(missing, unexpected, distanceOfAlerts)) {
    if (given === undefined) differences.push(`missing alert ${printTexts(wanted.labels)}`);
    else {
      const of = 1 < expected.length ? ` of ${printTexts(wanted.labels)}` : '';
      differences.push(
        ...textDifferences('label', wanted.labels, given.labels, of),
        ...textDifferences('annotation', wanted.annotations, given.annotations, of),
      );
    }
  }
  for (const alert of leftOver(missing, unexpected, distanceOfAlerts)) {
    differences.push(`unexpected alert ${printTexts(alert.labels)}`);
  }
  return differences;
}

/** In what samples differ from those expected, in words; empty if in nothing. */
export function sampleDifferences(
  expected: readonly ComparedSample[],
  got: readonly ComparedSample[],
  sameValue: (a: number, b: number) => boolean,
): readonly string[] {
  const same = (a: ComparedSample, b: ComparedSample): boolean =>
    a.histogram === b.histogram && sameValue(a.value, b.value) && compareTexts(a.labels, b.labels) === 0;
  const { missing, unexpected } = unmatched(expected, got, same);
  const differences: string[] = [];
  for (const [wanted, given] of pairUp(missing, unexpected, distanceOfSamples)) {
    const name = printTexts(wanted.labels);
    if (given === undefined) differences.push(`missing ${name}`);
    else if (compareTexts(wanted.labels, given.labels) === 0) {
      const nan = Number.isNaN(wanted.value) ? ' (NaN equals nothing, not even NaN)' : '';
      differences.push(`${name}: expected ${shown(wanted)}, got ${shown(given)}${nan}`);
    } else differences.push(...textDifferences('label', wanted.labels, given.labels, ` of ${name}`));
  }
  for (const sample of leftOver(missing, unexpected, distanceOfSamples)) {
    differences.push(`unexpected ${printTexts(sample.labels)} with ${shown(sample)}`);
  }
  return differences;
}

function shown({ value, histogram }: ComparedSample): string {
  return histogram === '' ? formatFloat(value, 'g', undefined) : histogram;
}

function sameAlert(a: ComparedAlert, b: ComparedAlert): boolean {
  return compareTexts(a.labels, b.labels) === 0 && compareTexts(a.annotations, b.annotations) === 0;
}

/** What of two lists has no equal in the other; equal items that occur several times count as often. */
function unmatched<T>(
  expected: readonly T[],
  got: readonly T[],
  same: (a: T, b: T) => boolean,
): { readonly missing: readonly T[]; readonly unexpected: readonly T[] } {
  const unexpected = [...got];
  const missing = expected.filter((wanted) => {
    const index = unexpected.findIndex((given) => same(wanted, given));
    if (index === -1) return true;
    unexpected.splice(index, 1);
    return false;
  });
  return { missing, unexpected };
}

/**
 * Gives missing items the most similar unexpected ones, the most similar pairs first, as long as at least half of their labels are the
 * same.
 */
function pairUp<T>(
  missing: readonly T[],
  unexpected: readonly T[],
  distance: (a: T, b: T) => number,
): readonly (readonly [wanted: T, given: T | undefined])[] {
  const pairs = missing
    .flatMap((wanted) => unexpected.map((given) => ({ wanted, given, far: distance(wanted, given) })))
    .filter(({ far }) => far <= 1)
    .sort((a, b) => a.far - b.far);
  const partners = new Map<T, T>();
  const taken = new Set<T>();
  for (const { wanted, given } of pairs) {
    if (partners.has(wanted) || taken.has(given)) continue;
    partners.set(wanted, given);
    taken.add(given);
  }
  return missing.map((wanted) => [wanted, partners.get(wanted)]);
}

function leftOver<T>(missing: readonly T[], unexpected: readonly T[], distance: (a: T, b: T) => number): readonly T[] {
  const taken = new Set(pairUp(missing, unexpected, distance).map(([, given]) => given));
  return unexpected.filter((item) => !taken.has(item));
}

function distanceOfAlerts(a: ComparedAlert, b: ComparedAlert): number {
  return textDistance(a.labels, b.labels);
}

function distanceOfSamples(a: ComparedSample, b: ComparedSample): number {
  return textDistance(a.labels, b.labels);
}

/** 0: the same labels; 1: as many that differ as are the same; more than that: hardly the same thing. */
function textDistance(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): number {
  const names = new Set([...a.keys(), ...b.keys()]);
  const common = [...names].filter((name) => a.get(name) === b.get(name)).length;
  const differing = names.size - common;
  return differing === 0 ? 0 : common === 0 ? Number.POSITIVE_INFINITY : differing / common;
}

function textDifferences(
  what: string,
  expected: ReadonlyMap<string, string>,
  got: ReadonlyMap<string, string>,
  of: string,
): readonly string[] {
  const differences: string[] = [];
  for (const name of new Set([...expected.keys(), ...got.keys()])) {
    const wanted = expected.get(name);
    const given = got.get(name);
    if (wanted === given) continue;
    const left = wanted === undefined ? 'expected none' : `expected ${JSON.stringify(wanted)}`;
    const right = given === undefined ? 'got none' : `got ${JSON.stringify(given)}`;
    differences.push(`${what} ${name}${of}: ${left}, ${right}`);
  }
  return differences;
}
