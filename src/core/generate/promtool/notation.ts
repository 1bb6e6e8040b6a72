import { quoteString } from '../../series/index.ts';
import { clean, type MadeSeries } from './made-series.ts';

/** A series in the notation of rule tests; a label without a value is none. */
export function written({ name, labels }: Pick<MadeSeries, 'name' | 'labels'>): string {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => `${label}=${quoteString(value)}`);
  return `${name}{${pairs.join(',')}}`;
}

/**
 * The values of a series from the first to the last evaluation in the notation of rule tests: what stays or grows evenly is written once,
 * `stale` ends a series, `_` is no sample.
 */
export function valuesOf({ at }: MadeSeries, last: number): string {
  const parts: string[] = [];
  let index = 0;
  while (index <= last) {
    const count = runFrom(at, index, last);
    parts.push(run(at, index, count));
    index += count + 1;
  }
  while (parts.at(-1)?.startsWith('_') === true) parts.pop();
  return parts.join(' ');
}

/** How many values after one go on like it. */
function runFrom(at: MadeSeries['at'], start: number, last: number): number {
  const first = at(start);
  if (first === undefined && at(start - 1) !== undefined) return 0;
  const growth = stepAfter(at, start);
  let end = start;
  while (end < last && stepAfter(at, end) === growth) end += 1;
  return end - start === 1 && growth !== 0 ? 0 : end - start;
}

/** From one value to the next; not a number where there is none. */
function stepAfter(at: MadeSeries['at'], index: number): number | undefined {
  const value = at(index);
  const next = at(index + 1);
  if (value === undefined) return next === undefined ? undefined : Number.NaN;
  return next === undefined ? Number.NaN : clean(next - value);
}

function run(at: MadeSeries['at'], start: number, count: number): string {
  const value = at(start);
  if (value === undefined) return start === 0 || at(start - 1) === undefined ? repeated('_', count) : 'stale';
  if (count === 0) return String(value);
  const growth = stepAfter(at, start) ?? 0;
  return growth === 0 ? `${value}x${count}` : `${value}${signed(growth)}x${count}`;
}

function repeated(text: string, count: number): string {
  return `${text}x${count + 1}`;
}

function signed(value: number): string {
  return value < 0 ? String(value) : `+${value}`;
}
