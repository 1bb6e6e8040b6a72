import type { Line, LintDocument, Objective } from '../document/model.ts';
import { boundsIn, percentagesIn, short, showShare } from '../document/quantities.ts';
import type { DocumentCheck } from '../document-check.ts';

export const slaNotLooser: DocumentCheck = {
  id: 'sla-not-looser',
  severity: 'warning',
  meaning:
    'The agreement with users promises as much as the objective: who misses the objective has broken the agreement.',
  remedy: 'promise less than you aim for, so that the objective warns before the agreement is broken',
  inspect: (document) =>
    agreements(document).flatMap(({ text: line, start, header }) => {
      const text = `${header} ${line}`;
      const [share] = percentagesIn(text);
      if (share === undefined) return [];
      const [bound] = boundsIn(text);
      const objective = document.objectives.find((one) =>
        bound === undefined ? isAvailability(one, text) : isLatency(one, bound, share.share),
      );
      if (objective?.target === undefined || share.share < objective.target) return [];
      const promise =
        bound === undefined ? showShare(share.share) : `${showShare(share.share)} within ${short(bound)} s`;
      const message = `the agreement is ${promise}, which is no looser than the objective "${objective.name}"`;
      return [{ message, span: { start, end: start + line.length } }];
    }),
};

/** The lines under a heading about an agreement, and those that begin with the word. */
function agreements({ lines, markdown }: LintDocument): readonly Agreement[] {
  const headers = new Map(
    markdown.tables.flatMap(({ header, rows }) =>
      rows.map(({ span }) => [span.start, header.map(({ text }) => text).join(' ')] as const),
    ),
  );
  const found = lines.filter(
    ({ text, section }) =>
      section.path.some((title) => /\bSLAs?\b|service level agreement/i.test(title) && !/\bSLOs?\b/.test(title)) ||
      /^\s*[-*+|]*\s*\**SLA\**\s*[:|]/.test(text),
  );
  return found.map((line) => ({ ...line, header: headers.get(line.start) ?? '' }));
}

interface Agreement extends Line {
  /** Of a row of a table, what its columns are called. */
  readonly header: string;
}

function isAvailability({ name, statement, target, thresholds, statesErrors }: Objective, text: string): boolean {
  if (target === undefined || 0 < thresholds.length || statesErrors) return false;
  return /uptime|availab|success/i.test(text) && /uptime|availab|success/i.test(`${name} ${statement}`);
}

/** A longer bound is looser, and so is a smaller share. */
function isLatency({ target, thresholds }: Objective, bound: number, share: number): boolean {
  return target !== undefined && target <= share && thresholds.some((one) => bound <= one);
}
