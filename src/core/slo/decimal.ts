/** A decimal number that is not negative, exactly as it was written: `digits` divided by ten to the power of `scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** Reads `99.9`, `.5` or `100`; undefined for anything else (signs, commas, exponents). */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^(\d*)(?:\.(\d*))?$/.exec(text);
  const [, whole = '', fraction = ''] = match ?? [];
  if (whole === '' && fraction === '') return undefined;
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

/** The decimal point moved by so many places, to the left if positive: a percentage becomes a fraction of one by two. */
export function shiftPoint(value: Decimal, places: number): Decimal {
  const scale = value.scale + places;
  return 0 <= scale ? { ...value, scale } : { digits: value.digits * 10n ** BigInt(-scale), scale: 0 };
}

/** 1 - value, exactly. The value is at most one. */
export function complement(value: Decimal): Decimal {
  return { digits: 10n ** BigInt(value.scale) - value.digits, scale: value.scale };
}

/** The shortest way to write it: `99.90` as `99.9`. */
export function formatDecimal({ digits, scale }: Decimal): string {
  const padded = digits.toString().padStart(scale + 1, '0');
  const whole = padded.slice(0, padded.length - scale);
  const fraction = padded.slice(padded.length - scale).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** The nearest floating-point number: its one and only rounding. */
export function toNumber(value: Decimal): number {
  return Number(formatDecimal(value));
}
