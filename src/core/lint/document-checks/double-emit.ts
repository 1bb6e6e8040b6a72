import type { DocumentCheck } from '../document-check.ts';

export const doubleEmit: DocumentCheck = {
  id: 'double-emit',
  severity: 'info',
  meaning: 'The same quantities are exported under two names: a pattern on names, or a sum over both, counts twice.',
  remedy: 'use one of the names in every query, and say until when the other exists',
  inspect: ({ lines }) =>
    lines.flatMap(({ text, start }) => {
      const names = [...text.matchAll(/\b([a-z]\w*_)\*/g)];
      const [first, second] = names;
      if (
        first === undefined ||
        second === undefined ||
        !/\bdual|\bboth\b|\blegacy\b|\bdeprecated\b|\bold names?\b/i.test(text)
      )
        return [];
      const at = start + second.index;
      return [
        {
          message: `\`${first[0]}\` and \`${second[0]}\` are the same quantities under two names`,
          span: { start: at, end: at + second[0].length },
        },
      ];
    }),
};
