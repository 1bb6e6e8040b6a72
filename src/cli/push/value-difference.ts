import type { PlainValue } from '../../core/yaml/index.ts';

/** How much of a value is shown. */
const widest = 160;

/**
 * Where two values differ, for people, a line each: `+` what is new, `-` what is gone, and for a change the path with both values. What is
 * equal when parsed is equal, however it was written.
 */
export function valueDifference(before: PlainValue, after: PlainValue, path: string = ''): readonly string[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => {
      const inner = path === '' ? key : `${path}.${key}`;
      const [old, now] = [before[key], after[key]];
      if (old === undefined) return now === undefined ? [] : [`+ ${inner}: ${shown(now)}`];
      return now === undefined ? [`- ${inner}: ${shown(old)}`] : valueDifference(old, now, inner);
    });
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) => index).flatMap((index) => {
      const [old, now] = [before[index], after[index]];
      const inner = `${path}[${index}]`;
      if (old === undefined) return now === undefined ? [] : [`+ ${inner}: ${shown(now)}`];
      return now === undefined ? [`- ${inner}: ${shown(old)}`] : valueDifference(old, now, inner);
    });
  }
  if (Object.is(before, after)) return [];
  return [`~ ${path}`, `    - ${shown(before)}`, `    + ${shown(after)}`];
}

function shown(value: PlainValue): string {
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\p{Cc}/gu, ' ');
  return text.length <= widest ? text : `${text.slice(0, widest)}...`;
}

function isObject(value: PlainValue): value is { [key: string]: PlainValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
