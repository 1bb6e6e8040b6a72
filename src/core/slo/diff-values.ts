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

function collect(value: unknown, place: string, found: Map<string, string>): void {
  const below = (key: string): string => (place === '' ? key : `${place}/${key}`);
  if (value === undefined || value === null) return;
  if (typeof value !== 'object') {
    const key = place.slice(place.lastIndexOf('/') + 1);
    found.set(place, typeof value === 'number' && lengths.has(key) ? formatDuration(duration(value)) : String(value));
  } else if (isExpr(value)) found.set(place, printExpr(value));
  else if (value instanceof Map) for (const [key, item] of value) collect(item, below(String(key)), found);
  else if (Array.isArray(value)) collectList(value, place, found);
  else for (const [key, item] of Object.entries(value)) collect(item, below(key), found);
}

/** Items that have a name stand under it; lists of words are one text. */
function collectList(items: readonly unknown[], place: string, found: Map<string, string>): void {
  if (items.length === 0) return;
  if (items.every((item) => typeof item !== 'object')) {
    found.set(place, items.join(', '));
    return;
  }
  for (const [index, item] of items.entries()) {
    const name = typeof item === 'object' && item !== null && 'name' in item ? String(item.name) : String(index + 1);
    collect(item, place === '' ? name : `${place}/${name}`, found);
  }
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
