import type { DocumentCheck } from '../document-check.ts';

export const groupingNotComposition: DocumentCheck = {
  id: 'grouping-not-composition',
  severity: 'info',
  prose: true,
  meaning: 'A composite alert is left to the grouping of Alertmanager, which joins notifications and computes nothing.',
  remedy: 'write a composite objective, or inhibit the alerts of the parts',
  inspect: ({ lines }) =>
    lines.flatMap(({ text, start }) => {
      const match = /\bcomposite\b[^.]*\bgrouping\b/i.exec(text);
      if (match === null || !/alertmanager/i.test(text)) return [];
      const at = start + match.index;
      return [
        {
          message: 'grouping batches notifications; it knows no state of the whole',
          span: { start: at, end: at + match[0].length },
        },
      ];
    }),
};
