import { selectorsOf } from '../../promql/index.ts';
import { metricsOf } from '../document/expressions.ts';
import type { LintDocument, Query } from '../document/model.ts';
import { type DocumentCheck, type DocumentFinding, spanIn } from '../document-check.ts';

export const commentVsExpr: DocumentCheck = {
  id: 'comment-vs-expr',
  severity: 'error',
  meaning: 'The comment above an expression says that something is left out, and no matcher leaves anything out.',
  remedy: 'add the matcher, or correct the comment',
  inspect: (document) => {
    const found = new Map<Query, string>();
    for (const { query, comment } of commented(document)) {
      const claim = brokenClaim(query, comment);
      if (claim !== undefined) found.set(query, claim);
    }
    const recorded = new Map(
      document.rules.flatMap(({ kind, name, query }) => {
        const claim = kind === 'record' ? found.get(query) : undefined;
        return claim === undefined ? [] : [[name, claim] as const];
      }),
    );
    const own = [...found].map(([query, claim]) => ({
      message: `the comment says "${claim}", and no matcher leaves anything out`,
      span: query.expr === undefined ? query.span : spanIn(query, query.expr),
    }));
    return [...own, ...document.queries.flatMap((query) => readers(query, recorded))];
  },
};

function commented({ rules, queries }: LintDocument): readonly { readonly query: Query; readonly comment: string }[] {
  return [
    ...rules.map(({ query, comment }) => ({ query, comment })),
    ...queries
      .filter(({ role }) => role === 'measurement' || role === 'panel')
      .map((query) => ({ query, comment: query.title })),
  ];
}

/** What a comment says is left out, if nothing is. */
function brokenClaim({ expr, text }: Query, comment: string): string | undefined {
  // "Without events" and "without data" speak of a time in which there is nothing, not of a part that is left out.
  const claim =
    /\b(?:excluding|except(?:\s+for)?|without(?!\s+(?:events?|data|traffic|samples?)\b)|ignoring|not counting)\s+([^,.;()]{3,40})/i.exec(
      comment,
    )?.[0];
  if (claim === undefined || expr === undefined) return undefined;
  const negative = selectorsOf(expr).some(({ matchers }) => matchers.some(({ operator }) => operator.startsWith('!')));
  const subtracts = /\bunless\b|\)\s*-\s*\(?\s*sum/.test(text);
  return negative || subtracts ? undefined : claim.trim();
}

/** Whoever reads the record gets what its comment denies. */
function readers(query: Query, recorded: ReadonlyMap<string, string>): readonly DocumentFinding[] {
  if (query.expr === undefined || query.role === 'recording') return [];
  const expr = query.expr;
  return metricsOf(expr).flatMap((name) => {
    const claim = recorded.get(name);
    if (claim === undefined) return [];
    const message = `\`${name}\` is said to be "${claim}", and its rule leaves nothing out`;
    return [{ message, span: spanIn(query, expr) }];
  });
}
