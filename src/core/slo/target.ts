import { type Diagnostic, type Outcome, type Ratio, ratio, success } from '../base/index.ts';
import { complement, type Decimal, formatDecimal, parseDecimal, shiftPoint, toNumber } from './decimal.ts';
import type { Target } from './model.ts';

/** More decimals than anyone can measure; it also keeps the ratio below one as a floating-point number. */
const mostDecimals = 12;

/**
 * Reads a target from its decimal text: `99.9%`, `99.95 %`, or the fraction `0.999`. Its error budget is taken from the text, so that
 * 99.9 % leaves 0.001 and not the 0.0010000000000000009 of a floating subtraction. Spans count from the start of the text.
 */
export function readTarget(text: string): Outcome<Target> {
  const trimmed = text.trim();
  const isPercentage = trimmed.endsWith('%');
  const written = parseDecimal((isPercentage ? trimmed.slice(0, -1) : trimmed).trim());
  if (written === undefined) return refuse(text, ...unreadable(trimmed));
  const fraction = isPercentage ? shiftPoint(written, 2) : written;
  const one = 10n ** BigInt(fraction.scale);
  if (fraction.digits === 0n) return refuse(text, 'a target of zero promises nothing', 'write for example 99.9%');
  if (one <= fraction.digits) return refuse(text, ...tooHigh(trimmed, isPercentage, fraction));
  const normal = parseDecimal(formatDecimal(fraction)) ?? fraction;
  if (mostDecimals < normal.scale) {
    return refuse(text, `a target of ${trimmed} has more decimals than can be measured`, 'write at most ten nines');
  }
  const target = targetOf(normal);
  // `0.999%` reads like the fraction 0.999 with a percent sign too many.
  if (isPercentage && written.digits < 10n ** BigInt(written.scale)) {
    const help = `write ${formatDecimal(shiftPoint(written, -2))}% if you mean the fraction ${formatDecimal(written)}`;
    const message = `a target of ${trimmed} lets more than 99 of 100 events fail`;
    return success(target, [{ ...whole(text), severity: 'warning', code: 'slo/target-low', message, help }]);
  }
  return success(target);
}

/** The target of an invariant: nothing may go wrong, and there is no budget. */
export const invariantTarget: Target = { text: '100%', ratio: ratio(1), errorBudget: ratio(0) };

/** The target that leaves an error budget of this text: `0.5%` makes 99.5 %. */
export function readErrorBudget(text: string): Outcome<Target> {
  const trimmed = text.trim();
  const isPercentage = trimmed.endsWith('%');
  const written = parseDecimal((isPercentage ? trimmed.slice(0, -1) : trimmed).trim());
  const fraction = written === undefined || !isPercentage ? written : shiftPoint(written, 2);
  if (fraction === undefined || fraction.digits === 0n || 10n ** BigInt(fraction.scale) <= fraction.digits) {
    const help = 'write the share of bad events that is allowed, for example 0.5%, or a fraction such as 0.005';
    return refuse(text, `\`${trimmed}\` is no share of bad events between 0 and 100 %`, help);
  }
  const target = readTarget(formatDecimal(complement(fraction)));
  return target.ok
    ? target
    : refuse(text, 'the share has more decimals than can be measured', 'write at most ten zeros');
}

/** The share that a percentile stands for: `p99.9` is 0.999. As a target it says that so many observations are below a bound. */
export function readPercentile(text: string): Outcome<Target> {
  const [, digits] = /^p(\d{1,2}(?:\.\d+)?)$/i.exec(text.trim()) ?? [];
  const target = digits === undefined ? undefined : readTarget(`${digits}%`);
  if (target?.ok) return success(target.value);
  const plain = /^\d+(?:\.\d+)?(?=%?$|th$|st$|nd$|rd$)/.exec(text.trim())?.[0];
  return refuse(text, `\`${text.trim()}\` is not a percentile`, `write for example \`p${plain ?? '95'}\``);
}

/** A percentile as definitions write it: 0.999 is `p99.9`. */
export function percentileText(share: Ratio): string {
  const decimal = parseDecimal(String(share));
  return decimal === undefined ? `p${100 * share}` : `p${formatDecimal(shiftPoint(decimal, -2))}`;
}

function targetOf(fraction: Decimal): Target {
  return {
    text: `${formatDecimal(shiftPoint(fraction, -2))}%`,
    ratio: ratio(toNumber(fraction)),
    errorBudget: ratio(toNumber(complement(fraction))),
  };
}

function unreadable(text: string): readonly [message: string, help: string] {
  const point = text.replace(',', '.');
  if (text !== point && parseDecimal(point.replace('%', '').trim()) !== undefined) {
    return [`\`${text}\` has a comma`, `write a decimal point: ${suggestion(point)}`];
  }
  if (/^[-−]/.test(text)) return ['a target cannot be negative', 'write for example 99.9%'];
  if (/^[<>≤≥=]/.test(text)) {
    return [
      'a target is a number without a sign of comparison',
      `write ${suggestion(text.replace(/^[<>≤≥=\s]+/, ''))}`,
    ];
  }
  if (text === '') return ['the target is empty', 'write for example 99.9%'];
  return [`\`${text}\` is not a target`, 'write a percentage such as 99.9%, or a fraction such as 0.999'];
}

/** The text if it is a target by itself, otherwise an example. */
function suggestion(text: string): string {
  const candidate = text.endsWith('%') || !/^\d{1,2}(\.\d+)?$/.test(text) || text.startsWith('0') ? text : `${text}%`;
  return readTarget(candidate).ok ? candidate : '99.9%';
}

function tooHigh(text: string, isPercentage: boolean, fraction: Decimal): readonly [message: string, help: string] {
  const one = 10n ** BigInt(fraction.scale);
  if (fraction.digits === one) {
    const help = 'write a target below 100%, for example 99.9%';
    return ['a target of 100 % leaves no error budget', isPercentage ? help : `${help}; for one percent write 1%`];
  }
  if (isPercentage)
    return [`a target of ${text} is more than all events`, 'write a percentage below 100%, for example 99.9%'];
  const hundred = 100n * one;
  return fraction.digits < hundred
    ? [`a target without a percent sign is a fraction of one, and ${text} is above one`, `write ${text}%`]
    : [`a target of ${text} is more than all events`, 'write a percentage below 100%, for example 99.9%'];
}

function refuse(text: string, message: string, help: string): Outcome<Target> {
  return { ok: false, diagnostics: [{ ...whole(text), severity: 'error', code: 'slo/target', message, help }] };
}

function whole(text: string): Pick<Diagnostic, 'span'> {
  return { span: { start: 0, end: text.length } };
}
