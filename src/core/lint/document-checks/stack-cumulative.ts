import type { DocumentCheck } from '../document-check.ts';

export const stackCumulative: DocumentCheck = {
  id: 'stack-cumulative',
  severity: 'warning',
  prose: true,
  meaning:
    'A stacked panel of the buckets of a histogram: each bucket holds those below it, so that fast requests count many times.',
  remedy: 'stack the differences between buckets',
  inspect: ({ lines }) =>
    lines.flatMap(({ text, start }) => {
      const match = /\bstack(?:ed)?\b[^.|]*\bbuckets?\b|\bbuckets?\b[^.|]*\bstacked\b/i.exec(text);
      if (match === null || /\bdifferen/i.test(text)) return [];
      const at = start + match.index;
      return [
        {
          message: 'buckets are cumulative: stacked they add up to more than all',
          span: { start: at, end: at + match[0].length },
        },
      ];
    }),
};
