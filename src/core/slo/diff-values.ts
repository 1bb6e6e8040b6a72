import { duration, formatDuration } from '../base/index.ts';
import { type Expr, printExpr } from '../promql/index.ts';

/** The figures of a value by where they stand in it, as people read them: `states/caution/above` is `0.5`. */
export function textsOf(value: unknown, place = ''): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  collect(value, place, found);
  return found;
}

/** What differs between two values, place by place, in the order of the places. */
export function differentTexts(
  before: unknown,
  after: unknown,
): readonly (readonly [place: string, before: string | undefined, after: string | undefined])[] {
  const old = textsOf(before);
  const now = textsOf(after);
  return [...new Set([...old.keys(), ...now.keys()])]
    .toSorted()
    .flatMap((place) => (old.get(place) === now.get(place) ? [] : [[place, old.get(place), now.get(place)] as const]));
}

/** The keys of the model under which lengths of time stand, which are numbers like others. */
const lengths: ReadonlySet<string> = new Set([
  'holdFor',
  'keepFiringFor',
  'within',
  'window',
  'baselineWindow',
  'baselineOffset',
  'length',
  'slice',
  'over',
  'response',
  'groupWait',
  'groupInterval',
  'repeatInterval',
]);

/** The keys under which shares of one stand, which people read in percent. */
const shares: ReadonlySet<string> = new Set(['above', 'share']);

function collect(value: unknown, place: string, found: Map<string, string>): void {
  const below = (key: string): string => (place === '' ? key : `${place}/${key}`);
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') {
    const key = place.slice(place.lastIndexOf('/') + 1);
    found.set(place, typeof value === 'number' ? numberText(value, key) : String(value));
  } else if (isExpr(value)) found.set(place, printExpr(value));
  else if ('text' in value && 'ratio' in value) found.set(place, String(value.text));
  else if (value instanceof Map) for (const [key, item] of value) collect(item, below(String(key)), found);
  else if (Array.isArray(value)) collectList(value, place, found);
  else for (const [key, item] of Object.entries(value)) collect(item, below(key), found);
}

function numberText(value: number, key: string): string {
  if (lengths.has(key)) return formatDuration(duration(value));
  return shares.has(key) ? `${Number((100 * value).toPrecision(12))} %` : String(value);
}

/** Items that have a name or a title stand under it; lists of words are one text. */
function collectList(items: readonly unknown[], place: string, found: Map<string, string>): void {
  if (items.length === 0) return;
  if (items.every((item) => typeof item !== 'object')) {
    found.set(place, items.join(', '));
    return;
  }
  const taken = new Set<string>();
  for (const [index, item] of items.entries()) {
    const called = nameOf(item);
    const name = called === undefined || taken.has(called) ? String(index + 1) : called;
    taken.add(name);
    collect(item, place === '' ? name : `${place}/${name}`, found);
  }
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  if ('name' in item) return String(item.name);
  return 'title' in item ? String(item.title) : undefined;
}

const exprKinds: ReadonlySet<unknown> = new Set<Expr['kind']>([
  'number',
  'string',
  'selector',
  'matrix',
  'subquery',
  'call',
  'aggregation',
  'binary',
  'unary',
  'paren',
]);

function isExpr(value: object): value is Expr {
  return 'kind' in value && 'span' in value && exprKinds.has(value.kind);
}
