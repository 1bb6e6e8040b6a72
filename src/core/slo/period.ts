import { day, duration, formatDuration, hour, type Outcome, parseDuration, success } from '../base/index.ts';
import type { Period } from './model.ts';

/** A service level objective is judged over thirty days where nothing else is said, as in the workbook's tables. */
export const defaultPeriod: Period = { kind: 'rolling', length: duration(30 * day) };

const shortest = hour;
const longest = duration(366 * day);

/** What people write for the periods they have in mind, with the rolling one nearest to it. */
const words: Readonly<Record<string, string>> = {
  day: '1d',
  daily: '1d',
  week: '7d',
  weekly: '7d',
  month: '30d',
  monthly: '30d',
  quarter: '90d',
  quarterly: '90d',
  year: '365d',
  yearly: '365d',
};

/** Reads a rolling period: `30d`, `4w`, `24h`. Spans count from the start of the text. */
export function readPeriod(text: string): Outcome<Period> {
  const trimmed = text.trim();
  const length = parseDuration(trimmed);
  if (length !== undefined && shortest <= length && length <= longest) return success({ kind: 'rolling', length });
  const [message, help] =
    length === undefined
      ? unreadable(trimmed)
      : [
          `a period of ${formatDuration(length)} is too ${length < shortest ? 'short' : 'long'}`,
          'write a length from 1h to 1y, for example 30d',
        ];
  return {
    ok: false,
    diagnostics: [{ severity: 'error', code: 'slo/period', message, help, span: { start: 0, end: text.length } }],
  };
}

function unreadable(text: string): readonly [message: string, help: string] {
  const word = words[text.toLowerCase().replace(/^calendar[ -]?|^1 ?/, '')];
  if (word !== undefined) return ['only rolling periods are supported', `write ${word}`];
  const spaced = /^(\d+) ?(hour|day|week|year)s?$/i.exec(text);
  const [, count = '', unit = ''] = spaced ?? [];
  return [
    `\`${text}\` is not a length of time`,
    `write ${spaced === null ? 'for example 30d' : `${count}${unit.slice(0, 1).toLowerCase()}`}`,
  ];
}
