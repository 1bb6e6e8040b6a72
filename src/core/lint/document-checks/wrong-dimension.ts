import type { DocumentCheck } from '../document-check.ts';

export const wrongDimension: DocumentCheck = {
  id: 'wrong-dimension',
  severity: 'warning',
  prose: true,
  meaning: 'A time until exhaustion is compared with a multiple: the one is a length of time, the other a burn rate.',
  remedy: 'say that the burn rate exceeds the multiple, and how long the budget then lasts',
  inspect: ({ lines }) =>
    lines.flatMap(({ text, start }) => {
      const match =
        /\b(?:exhaustion|time to exhaust\w*|depletion)\b[^.]{0,60}?\b(?:exceeds?|above|over|reaches)\s+(\d+(?:\.\d+)?\s*[×x])/i.exec(
          text,
        );
      if (match === null) return [];
      const at = start + match.index;
      return [
        {
          message: `exhaustion is a time, and ${match[1]} is a burn rate`,
          span: { start: at, end: at + match[0].length },
        },
      ];
    }),
};
