import type { DocumentCheck } from '../document-check.ts';

export const tooManySlos: DocumentCheck = {
  id: 'too-many-slos',
  severity: 'info',
  meaning: 'The document has more objectives than it says a service should have.',
  remedy: 'keep the few that users would notice; make indicators of the rest',
  inspect: ({ lines, objectives }) =>
    lines.flatMap(({ text, start }) => {
      const match = /(\d+)\s*(?:-|–|to)\s*(\d+)\s+(?:\w+\s+){0,2}SLOs\b/i.exec(text);
      const most = Number(match?.[2]);
      if (match === null || objectives.length <= most) return [];
      const at = start + match.index;
      return [
        { message: `the document has ${objectives.length} objectives`, span: { start: at, end: at + match[0].length } },
      ];
    }),
};
