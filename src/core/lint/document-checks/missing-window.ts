import type { DocumentCheck } from '../document-check.ts';

export const missingWindow: DocumentCheck = {
  id: 'missing-window',
  severity: 'warning',
  prose: true,
  meaning:
    'An objective states a share and not over how long, or a day without saying which: 24 hours, or a day in which time zone.',
  remedy: 'add the period: `over 30 days, rolling`',
  inspect: ({ objectives, lines }) => {
    if (lines.some(({ text }) => saysForAll.test(text))) return [];
    return objectives.flatMap(({ name, target, period, statement, span }) => {
      if (target === undefined || /\bcontinuous\b|\balways\b|\brolling\b|\bburst\b/i.test(statement)) return [];
      if (period === undefined) return [{ message: `"${name}" does not say over how long`, span }];
      const daily = /\b(?:daily|per day|a day)\b/i.exec(statement)?.[0];
      if (daily === undefined || /\bUTC\b|\btime zone\b|\b24\s*h|\b1 day\b/i.test(statement)) return [];
      return [
        { message: `"${name}" says "${daily}": the last 24 hours, or a day of the calendar in which time zone?`, span },
      ];
    });
  },
};

/** A window that is said once for all objectives: `All SLOs use a four-week rolling window`. */
const saysForAll =
  /\b(?:SLOs?|objectives?|targets?)\b(?!-?\s?\d)[^.|%]*\b(?:\d+|seven|thirty|four|one|a)[\s-]*(?:d|days?|weeks?|months?)\b[^.|%]*\b(?:window|period|rolling)|\b(?:window|period)\b[^.|%]*\b(?:all|each|every|these)\b[^.|%]*\b(?:SLOs?|objectives?)\b[^.|%]*\b(?:\d+|seven|thirty|four|one|a)[\s-]*(?:d|days?|weeks?|months?)\b/i;
