import { ratiosOf } from '../document/expressions.ts';
import type { Indicator, Objective } from '../document/model.ts';
import { about, percentagesIn } from '../document/quantities.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const downtimeVsRequests: DocumentCheck = {
  id: 'downtime-vs-requests',
  severity: 'info',
  prose: true,
  meaning:
    'The budget of an objective on requests is told as minutes of downtime, which it is only while traffic never changes.',
  remedy: 'call it time "at average traffic", or state the budget in requests',
  inspect: ({ lines, objectives, indicators }) => {
    const budgeted = objectives
      .filter(({ target, thresholds }) => target !== undefined && thresholds.length === 0)
      .map((objective) => ({ objective, counts: isOnRequests(objective, indicators) }));
    return lines.flatMap(({ text, start }): readonly DocumentFinding[] => {
      const match = claim.exec(text);
      if (match === null || /\baverage traffic\b|\bconstant traffic\b|\bequivalent\b|\bfull outage\b/i.test(text))
        return [];
      const shares = percentagesIn(text).map(({ share }) => (share < 0.5 ? 1 - share : share));
      const meant = budgeted.filter(
        ({ objective: { target = 1 } }) => shares.length === 0 || shares.some((share) => about(1 - share, 1 - target)),
      );
      const [first] = meant;
      // Whose downtime it is must be plain: of an objective on time it would be right.
      if (first === undefined || meant.some(({ counts }) => !counts)) return [];
      const at = start + match.index;
      const message = `"${first.objective.name}" counts requests: how many minutes its budget lasts depends on the traffic`;
      return [{ message, span: { start: at, end: at + match[0].length } }];
    });
  },
};

/** `43.2 minutes of downtime`, `downtime ≤ 43min`. */
const claim =
  /\b\d+(?:\.\d+)?\s*(?:s|sec(?:ond)?s?|min(?:ute)?s?|h(?:our)?s?)\s+(?:of\s+)?(?:downtime|outage)\b|\bdowntime\s*(?:of|[≤<:=])+\s*\d+(?:\.\d+)?\s*(?:min|h|s)\w*/i;

function isOnRequests({ name, statement, queries }: Objective, indicators: readonly Indicator[]): boolean {
  const measured = [...queries, ...indicators.flatMap((one) => (one.name === name ? one.queries : []))];
  return (
    measured.some(({ expr }) => expr !== undefined && 0 < ratiosOf(expr).length) ||
    /%[^.\n]*\bof\s+(?:[\w`/*.{}-]+\s+){0,3}(?:requests|responses|calls|queries|pushes|messages)\b/i.test(statement)
  );
}
