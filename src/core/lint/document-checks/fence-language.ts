import type { DocumentCheck } from '../document-check.ts';

export const fenceLanguage: DocumentCheck = {
  id: 'fence-language',
  severity: 'info',
  prose: true,
  meaning: 'A block of PromQL holds several expressions: nobody can paste it and run it.',
  remedy: 'give each expression a block of its own',
  inspect: ({ markdown, queries }) =>
    markdown.fences.flatMap(({ span, language }) => {
      const own = queries.filter((query) => span.start <= query.span.start && query.span.end <= span.end);
      if (own.length < 2 || own.some(({ role }) => role === 'recording' || role === 'alert')) return [];
      if (!/^(?:promql|prometheus|metricsql)?$/.test(language)) return [];
      const [first] = own;
      return first === undefined ? [] : [{ message: `the block holds ${own.length} expressions`, span: first.span }];
    }),
};
