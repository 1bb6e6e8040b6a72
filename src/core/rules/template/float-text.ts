/** A positive number as decimal digits without zeros at either end; the point stands before digit `point` (0.0125 is 125 with point -1). */
interface Decimal {
  readonly digits: string;
  readonly point: number;
}

/** Exponent form, fixed form, whichever is shorter, or hexadecimal. */
export type FloatVerb = 'e' | 'f' | 'g' | 'x';

/**
 * A float as Go's strconv.FormatFloat writes it. JavaScript's toFixed and toPrecision round a tie away from zero, Go rounds it to the even
 * digit (`%.1f` of 0.25 is 0.2), so the digits come from the exact value. `precision` undefined: the fewest digits that read back the same.
 */
export function formatFloat(value: number, verb: FloatVerb, precision: number | undefined): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value < 0 ? '-Inf' : '+Inf';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return sign + formatPositive(Math.abs(value), verb, precision);
}

function formatPositive(value: number, verb: FloatVerb, precision: number | undefined): string {
  switch (verb) {
    case 'e': {
      const decimal = precision === undefined ? shortest(value) : rounded(exact(value), precision + 1);
      return exponentForm(decimal, precision ?? Math.max(decimal.digits.length - 1, 0));
    }
    case 'f': {
      const whole = precision === undefined ? shortest(value) : exact(value);
      const decimal = precision === undefined ? whole : rounded(whole, whole.point + precision);
      return fixedForm(decimal, precision ?? Math.max(decimal.digits.length - decimal.point, 0));
    }
    case 'g':
      return generalForm(value, precision);
    case 'x':
      return hexForm(value, precision);
  }
}

/** `%g`: the exponent form below 1e-4 and where there are more places than digits asked for; shortest numbers count as six digits. */
function generalForm(value: number, precision: number | undefined): string {
  const wanted = precision === undefined ? undefined : Math.max(precision, 1);
  const decimal = wanted === undefined ? shortest(value) : rounded(exact(value), wanted);
  const { digits, point } = decimal;
  const places = wanted === undefined ? 6 : digits.length < wanted && point <= digits.length ? digits.length : wanted;
  const exponent = point - 1;
  if (exponent < -4 || places <= exponent) return exponentForm(decimal, Math.max(digits.length - 1, 0));
  return fixedForm(decimal, Math.max(digits.length - point, 0));
}

/** `0x1.8p+01`: the mantissa in hexadecimal with a leading 1, and the power of two in decimal. */
function hexForm(value: number, precision: number | undefined): string {
  if (value === 0) return `0x0${precision === undefined || precision === 0 ? '' : `.${'0'.repeat(precision)}`}p+00`;
  let exponent = Math.floor(Math.log2(value));
  let mantissa = value / 2 ** exponent;
  if (mantissa < 1) {
    exponent -= 1;
    mantissa *= 2;
  }
  // 52 bits behind the leading one: 13 hexadecimal digits.
  let bits = BigInt((mantissa - 1) * 2 ** 52);
  let digits = 13;
  if (precision !== undefined && precision < digits) {
    const dropped = BigInt(4 * (digits - precision));
    const rest = bits & ((1n << dropped) - 1n);
    const half = 1n << (dropped - 1n);
    bits >>= dropped;
    if (half < rest || (rest === half && bits % 2n === 1n)) bits += 1n;
    digits = precision;
  }
  const carry = bits >> BigInt(4 * digits);
  const lead = carry === 0n ? 1 : 2;
  const fraction = (bits - (carry << BigInt(4 * digits))).toString(16).padStart(digits, '0').slice(0, digits);
  const shown = precision === undefined ? fraction.replace(/0+$/, '') : fraction.padEnd(precision, '0');
  const power = `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  return `0x${lead}${shown === '' ? '' : `.${shown}`}p${power}`;
}

function exponentForm({ digits, point }: Decimal, precision: number): string {
  const padded = digits.padEnd(precision + 1, '0');
  const exponent = digits === '' ? 0 : point - 1;
  const fraction = precision === 0 ? '' : `.${padded.slice(1, precision + 1)}`;
  return `${padded[0] ?? '0'}${fraction}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function fixedForm({ digits, point }: Decimal, precision: number): string {
  const whole = 0 < point ? digits.slice(0, point).padEnd(point, '0') : '0';
  if (precision === 0) return whole;
  const fraction = point < 0 ? '0'.repeat(-point) + digits : digits.slice(Math.max(point, 0));
  return `${whole}.${fraction.slice(0, precision).padEnd(precision, '0')}`;
}

/** The fewest digits that read back as the same number; JavaScript finds the same ones as Go. */
function shortest(value: number): Decimal {
  if (value === 0) return { digits: '', point: 0 };
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  return { digits: mantissa.replace('.', ''), point: Number(exponent) + 1 };
}

/** All digits of the binary number: mantissa * 2^e, written as an integer over a power of ten. */
function exact(value: number): Decimal {
  if (value === 0) return { digits: '', point: 0 };
  let mantissa = value;
  let exponent = 0;
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent -= 1;
  }
  const digits = (BigInt(mantissa) * 5n ** BigInt(-exponent)).toString();
  return trimmed(digits, digits.length + exponent);
}

/** The first `count` digits, rounded to nearest and ties to even. */
function rounded({ digits, point }: Decimal, count: number): Decimal {
  if (count < 0) return { digits: '', point: 0 };
  if (digits.length <= count) return { digits, point };
  const kept = digits.slice(0, count);
  const rest = digits.slice(count);
  const last = Number(kept.at(-1) ?? '0');
  const up = '5' < rest || (rest === '5' && last % 2 === 1);
  if (!up) return trimmed(kept, point);
  const raised = (BigInt(kept === '' ? '0' : kept) + 1n).toString().padStart(count, '0');
  return trimmed(raised, point + raised.length - count);
}

function trimmed(digits: string, point: number): Decimal {
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? { digits: '', point: 0 } : { digits: kept, point };
}
