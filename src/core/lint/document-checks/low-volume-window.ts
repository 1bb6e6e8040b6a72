import { ratio } from '../../base/index.ts';
import { eventsForOneAllowed } from '../../slo/index.ts';
import type { LintDocument, Objective } from '../document/model.ts';
import { short, showLength, showShare } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const lowVolumeWindow: DocumentCheck = {
  id: 'low-volume-window',
  severity: 'warning',
  meaning: 'The period holds so few events that the target allows no failure at all, or nobody says how many it holds.',
  remedy: 'lengthen the period, lower the target, or count slices of time; say how many events there are',
  inspect: (document) =>
    document.objectives.flatMap((objective) => {
      const { target, period, span } = objective;
      if (target === undefined || target <= 0 || 1 <= target || period === undefined) return [];
      const needed = eventsForOneAllowed(ratio(Number((1 - target).toPrecision(9))));
      const volume = statedVolume(document, objective);
      if (volume !== undefined) {
        const events = volume * period;
        if (needed <= events) return [];
        const message = `${short(events)} events in ${showLength(period)} allow no failure: ${showShare(target)} needs ${needed} for one`;
        return [{ message, span }];
      }
      const rare = rareEvent(objective);
      if (rare === undefined) return [];
      const message = `with fewer than ${needed} ${rare} in ${showLength(period)}, one failure misses ${showShare(target)}: say how many there are`;
      return [{ message, span }];
    }),
};

/** What happens by plan or by hand, some times a day at most, unlike requests. */
function rareEvent({ name, statement, thresholds }: Objective): string | undefined {
  if (0 < thresholds.length) return undefined;
  const word =
    /\b(backup|restore|deploy(?:ment)?|release|migration|payroll|nightly|batch|cron ?job|billing run|failover)s?\b/i.exec(
      `${name} ${statement}`,
    )?.[1];
  if (word === undefined) return undefined;
  const noun = word.toLowerCase();
  return noun === 'nightly' ? 'nightly runs' : noun === 'batch' ? 'batches' : `${noun}s`;
}

const lengths: Readonly<Record<string, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  month: 30 * 86_400_000,
};

/** `about 40 requests a day`, in the part about the objective; events a millisecond. */
function statedVolume({ lines }: LintDocument, { section }: Objective): number | undefined {
  for (const line of lines) {
    if (line.section !== section || /\bexample\b/i.test(line.text)) continue;
    const match =
      /(\d[\d,]*(?:\.\d+)?)\s*(?:requests|events|jobs|runs|calls|backups|messages|orders|builds|deployments|transactions)\s*(?:\/|per|an?|each|every)\s*(second|minute|hour|day|week|month)\b/i.exec(
        line.text,
      );
    if (match === null) continue;
    return Number((match[1] ?? '').replaceAll(',', '')) / (lengths[(match[2] ?? '').toLowerCase()] ?? 1);
  }
  return undefined;
}
