import { formatFloat } from './float-text.ts';

const largePrefixes: readonly string[] = ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
const smallPrefixes: readonly string[] = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];
const binaryPrefixes: readonly string[] = ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'];

/** Four significant digits, Go's `%.4g`. */
export function fourDigits(value: number): string {
  return formatFloat(value, 'g', 4);
}

/** A number with a metric prefix: 1234.5678 is `1.235k`. Source: prometheus, template/template.go. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return fourDigits(value);
  return 1 <= Math.abs(value) ? scaledDown(value, 1000, largePrefixes) : scaledUp(value);
}

/** A number with a binary prefix: 1048576 is `1Mi`. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return fourDigits(value);
  return scaledDown(value, 1024, binaryPrefixes);
}

/** Seconds as days, hours, minutes and seconds, or with a prefix below one second. Source: prometheus/common, helpers/templates/time.go. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return fourDigits(seconds);
  if (seconds === 0) return `${fourDigits(seconds)}s`;
  if (Math.abs(seconds) < 1) return `${scaledUp(seconds)}s`;
  const sign = seconds < 0 ? '-' : '';
  const length = Math.abs(seconds);
  const whole = Math.trunc(length);
  const s = whole % 60;
  const m = Math.floor(whole / 60) % 60;
  const h = Math.floor(whole / 3600) % 24;
  const d = Math.floor(whole / 86_400);
  if (d !== 0) return `${sign}${d}d ${h}h ${m}m ${s}s`;
  if (h !== 0) return `${sign}${h}h ${m}m ${s}s`;
  return m !== 0 ? `${sign}${m}m ${s}s` : `${sign}${fourDigits(length)}s`;
}

function scaledDown(value: number, factor: number, prefixes: readonly string[]): string {
  let scaled = value;
  let prefix = '';
  for (const next of prefixes) {
    if (Math.abs(scaled) < factor) break;
    prefix = next;
    scaled /= factor;
  }
  return fourDigits(scaled) + prefix;
}

function scaledUp(value: number): string {
  let scaled = value;
  let prefix = '';
  for (const next of smallPrefixes) {
    if (1 <= Math.abs(scaled)) break;
    prefix = next;
    scaled *= 1000;
  }
  return fourDigits(scaled) + prefix;
}
