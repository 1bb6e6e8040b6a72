const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};

/** A length of time as people write it, in milliseconds: `30d`, `5 min`, `43.2 minutes`, `1 hour`. */
const lengthPattern =
  /(\d+(?:[.,]\d+)?)\s*-?(ms|milliseconds?|s|secs?|seconds?|min|mins|minutes?|m|h|hrs?|hours?|d|days?|w|weeks?|months?|years?)\b/gi;

export interface Length {
  readonly ms: number;
  readonly index: number;
  readonly text: string;
}

/** Every length of time in a text, in the order written. */
export function lengthsIn(text: string): readonly Length[] {
  return [...text.matchAll(lengthPattern)].map((match) => ({
    ms: numberOf(match[1] ?? '') * unitOf(match[2] ?? ''),
    index: match.index,
    text: match[0],
  }));
}

function unitOf(word: string): number {
  const lower = word.toLowerCase();
  if (/^(?:ms|milli)/.test(lower)) return 1;
  if (lower.startsWith('mon')) return 30 * 86_400_000;
  return unitMs[lower.slice(0, 1)] ?? 0;
}

/** `0.5`, `0,5`; a comma before three digits separates thousands. */
export function numberOf(text: string): number {
  return Number(/^\d{1,3}(?:,\d{3})+$/.test(text) ? text.replaceAll(',', '') : text.replace(',', '.'));
}

/** Every percentage in a text, as a share from 0 to 1. */
export function percentagesIn(text: string): readonly { readonly share: number; readonly index: number }[] {
  return [...text.matchAll(/(\d+(?:[.,]\d+)?)\s*%/g)].map((match) => ({
    share: percent(match[1] ?? ''),
    index: match.index,
  }));
}

/** 99.9 becomes 0.999, not 0.9990000000000001: the decimal point is moved in the text. */
function percent(text: string): number {
  return Number(`${text.replace(',', '.')}e-2`);
}

/** The period that a text states for an objective, in milliseconds. */
export function periodIn(text: string): number | undefined {
  const lower = text.toLowerCase();
  const rolling = /(\d+)[\s-]*(d|days?|h|hours?|w|weeks?|min|minutes?|m)\b[\s(]*rolling/.exec(lower);
  if (rolling !== null) return numberOf(rolling[1] ?? '') * unitOf(rolling[2] ?? '');
  const stated =
    /\b(?:over|per|within|in|every|any|of|trailing|last|past|rolling)\s+(?:(?:a|an|any|each|the|last|past|trailing|rolling)\s+)*(\d+)[\s-]*(d|days?|w|weeks?)\b/.exec(
      lower,
    ) ?? /\b(\d+)[\s-]*(d|days?|w|weeks?)[\s-]*(?:window|period)\b/.exec(lower);
  if (stated !== null) return numberOf(stated[1] ?? '') * unitOf(stated[2] ?? '');
  if (/\bmonth(?:ly)?\b/.test(lower)) return 30 * 86_400_000;
  if (/\bweek(?:ly)?\b/.test(lower)) return 7 * 86_400_000;
  if (/\b(?:quarter|quarterly)\b/.test(lower)) return 90 * 86_400_000;
  if (/\b(?:daily|per day)\b/.test(lower)) return 86_400_000;
  return undefined;
}

/** `p95`, `95th percentile`: the quantile from 0 to 1. */
export function quantilesIn(text: string): readonly number[] {
  const found = text.matchAll(/(?:\b|(?<=[a-z]))p(\d{2}(?:\.\d+)?|9\d{2})\b|\b(\d{2}(?:\.\d+)?)th\b/gi);
  return [...found].map(([, short, long]) => {
    const digits = short ?? long ?? '';
    return /^\d{3}$/.test(digits) ? Number(`${digits}e-3`) : Number(`${digits}e-2`);
  });
}

/** Bounds of latency in a text, in seconds: `< 200ms`, `≤ 20 seconds`, `under 100ms`, `> 2s`. */
export function boundsIn(text: string): readonly number[] {
  const plain = text.replaceAll('*', '');
  const found = plain.matchAll(
    /(?:[<>≤≥]=?|under|below|within|above|over|exceed(?:s|ing)?)\s*(\d+(?:[.,]\d+)?)\s*(ms|milliseconds?|s|secs?|seconds?)(?![a-z]*\/)/gi,
  );
  return [...found].map(([, digits = '', unit = '']) => (numberOf(digits) * unitOf(unit)) / 1000);
}

/** Whether two numbers are the same for anybody who rounds to two or three digits. */
export function about(a: number, b: number, tolerance = 0.011): boolean {
  return Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b));
}

/** A length of time for a message: `50 h`, `1.67 h`, `43.2 min`, `3.6 s`. */
export function showLength(ms: number): string {
  for (const [unit, size] of [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ] as const) {
    if (size * (unit === 'd' ? 3 : 1) <= ms) return `${short(ms / size)} ${unit}`;
  }
  return `${short(ms)} ms`;
}

/** At most four digits. */
export function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}

/** `0.1 %`. */
export function showShare(share: number): string {
  return `${short(share * 100)} %`;
}

/** Whether the parts of a name in capitals hold a word of another name. */
export function sharesWord(camel: string, name: string): boolean {
  const words = new Set(
    name
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((word) => 3 < word.length),
  );
  return camel.split(/(?=[A-Z])|[^a-zA-Z]/).some((part) => words.has(part.toLowerCase()));
}
