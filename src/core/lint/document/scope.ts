import type { LintDocument, Section } from './model.ts';

/** The endpoints that a part of the document lists in code, with the methods beside them. */
export function scopePaths(
  { markdown }: LintDocument,
  section: Section | undefined,
): { readonly paths: readonly string[]; readonly methods: readonly string[] } {
  if (section === undefined) return { paths: [], methods: [] };
  const found = markdown.codes.flatMap(({ text, span }) => {
    if (span.start < section.start || section.end <= span.start) return [];
    const match = /^(?:(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+)?(\/[\w/{}:.-]*)$/.exec(text);
    return match === null ? [] : [{ method: match[1], path: match[2] ?? '' }];
  });
  return {
    paths: [...new Set(found.map(({ path }) => path))],
    methods: [...new Set(found.flatMap(({ method }) => method ?? []))],
  };
}
