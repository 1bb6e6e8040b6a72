import type { DocumentCheck } from '../document-check.ts';

export const slaUndefined: DocumentCheck = {
  id: 'sla-undefined',
  severity: 'info',
  prose: true,
  meaning: 'The text warns of breaking an agreement that it neither states nor names.',
  remedy: 'link to the agreement, or remove the words',
  inspect: ({ lines, sections }) => {
    const isStated =
      sections.some(({ title }) => /\bSLAs?\b|service level agreement/i.test(title)) ||
      lines.some(({ text }) => /\bSLA\b.*(?:\d\s*%|\]\()/.test(text));
    if (isStated) return [];
    return lines.flatMap(({ text, start }) => {
      const match = /\bSLA\s+(?:breach(?:es)?|violations?|penalt(?:y|ies)|credits?)\b/i.exec(text);
      if (match === null) return [];
      const at = start + match.index;
      return [{ message: 'no agreement is stated in this document', span: { start: at, end: at + match[0].length } }];
    });
  },
};
