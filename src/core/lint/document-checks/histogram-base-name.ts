import type { DocumentCheck } from '../document-check.ts';

export const histogramBaseName: DocumentCheck = {
  id: 'histogram-base-name',
  severity: 'warning',
  meaning: 'A percentile is said to be "of" a histogram by its base name, which has no series.',
  remedy:
    'write the query: `histogram_quantile(0.95, sum by (le) (rate(<name>_bucket[5m])))`, with the bound in the unit of the metric',
  inspect: ({ lines }) =>
    lines.flatMap(({ text, start }) => {
      const match =
        /\b\w*?p(\d{2}(?:\.\d+)?)\s+of\s+`?([a-zA-Z_:][\w:]*_(?:seconds|milliseconds|ms|bytes|duration|latency))\b(?!_bucket)(\{[^}]*\})?/.exec(
          text,
        );
      if (match === null) return [];
      const [, quantile = '', name = '', braces = ''] = match;
      const at = start + match.index + match[0].indexOf(name);
      const help = `write \`histogram_quantile(0.${quantile}, sum by (le) (rate(${name}_bucket${braces}[5m])))\`, and the bound in the unit of the metric`;
      return [
        {
          message: `\`${name}\` has no series of that name: a percentile is taken from \`${name}_bucket\``,
          help,
          span: { start: at, end: at + name.length },
        },
      ];
    }),
};
