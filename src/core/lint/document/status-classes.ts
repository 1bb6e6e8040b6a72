import { compileRegex, type Matcher } from '../../series/index.ts';

const codes = [200, 201, 204, 301, 302, 304, 400, 401, 404, 409, 422, 429, 500, 502, 503, 504];

/** Values that read like HTTP status codes: `5..`, `2xx`, `200|204`, `[45]..`. */
const looksLikeStatus = /^[\^(]*(?:\[\d-?\d*\]|[1-5])(?:\.\.|xx|\d\d|\\d\\d|\\d\{2\}|\.\*|\.\+|\[0-9\])/i;

/** The classes of HTTP status (2 for 2xx) that matchers let through; undefined if none of them is about a status. */
export function statusClasses(matchers: readonly Matcher[]): ReadonlySet<number> | undefined {
  const about = matchers.filter(({ value }) => looksLikeStatus.test(value));
  if (about.length === 0) return undefined;
  const tests = about.map(({ operator, value }) => {
    const matches = operator === '=~' || operator === '!~' ? compileRegex(value) : (code: string) => code === value;
    const wanted = operator === '=' || operator === '=~';
    return (code: number) => (matches(String(code)) || matches(`${Math.trunc(code / 100)}xx`)) === wanted;
  });
  return new Set(codes.filter((code) => tests.every((test) => test(code))).map((code) => Math.trunc(code / 100)));
}

/** Classes that words name, as in `5xx`, `4xx/5xx` or `non-5xx`; undefined if they name none. */
export function classesInWords(text: string): ReadonlySet<number> | undefined {
  const negated = /non-?\s?([1-5])xx/i.exec(text);
  if (negated !== null) return otherClasses(new Set([Number(negated[1])]));
  const named = [...text.matchAll(/(?<![\w])([1-5])xx(?![a-z])/gi)].map(([, digit]) => Number(digit));
  return named.length === 0 ? undefined : new Set(named);
}

/** Every class that a request can end with, but these. */
export function otherClasses(classes: ReadonlySet<number>): ReadonlySet<number> {
  return new Set([2, 3, 4, 5].filter((one) => !classes.has(one)));
}

export function sameClasses(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}

export function showClasses(classes: ReadonlySet<number>): string {
  return [...classes]
    .toSorted((a, b) => a - b)
    .map((one) => `${one}xx`)
    .join(', ');
}
