import type { DocumentCheck } from '../document-check.ts';

export const invariantSemantics: DocumentCheck = {
  id: 'invariant-semantics',
  severity: 'warning',
  meaning:
    'An objective says that a counter is zero: once it has counted it never is again, until the process restarts.',
  remedy: 'say that it does not grow: `increase(x[1h]) == 0`',
  inspect: ({ lines }) =>
    lines.flatMap(({ text, start }) => {
      const match =
        /([a-zA-Z_]\w*_total)\b`?(?:\{[^}]*\})?`?\s+(?:is|stays|remains|equals|must be|should be|==?)\s+(?:zero|0\b)/.exec(
          text,
        );
      if (match === null) return [];
      const at = start + match.index;
      return [
        {
          message: `\`${match[1]}\` is a counter: it can be required not to grow, not to be zero`,
          span: { start: at, end: at + match[0].length },
        },
      ];
    }),
};
