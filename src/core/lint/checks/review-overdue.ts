import { day, formatDuration, parseDuration, parseInstant } from '../../base/index.ts';
import type { Check } from '../check.ts';

/** A promise that nobody has looked at for longer than its own document allows may be one that nobody makes any more. */
export const reviewOverdue: Check = {
  id: 'review-overdue',
  severity: 'warning',
  meaning: 'The last review of a definition is longer ago than its own `reviewEvery` says.',
  remedy: 'review the objectives, then write the day into `updated`',
  run: ({ document }, { now }) => {
    const { updated, reviewEvery } = document;
    const reviewed = parseInstant(`${updated}T00:00Z`);
    const allowed = parseDuration(reviewEvery ?? '');
    if (now === undefined || reviewed === undefined || allowed === undefined) return [];
    // The day of the review counts as a whole, wherever on Earth it was.
    const age = now - reviewed - day;
    if (age <= allowed) return [];
    const days = Math.floor((now - reviewed) / day);
    return [
      {
        message: `the last review was ${days} days ago, and one is due every ${formatDuration(allowed)}`,
        path: ['document', 'updated'],
      },
    ];
  },
};
