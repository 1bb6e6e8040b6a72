import type { Severity, Span } from '../base/index.ts';
import type { Expr } from '../promql/index.ts';
import type { LintDocument, Query } from './document/model.ts';
import { problemSpan } from './document/queries.ts';

/** One thing that the linter looks for in documents, rule files and configurations: its file, its page and its key have its name. */
export interface DocumentCheck {
  /** Words joined by hyphens; with `lint/` before it, the code of its diagnostics. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong when it finds something: one sentence. */
  readonly meaning: string;
  readonly remedy: string;
  /** Whether it reads free text, in which it may be mistaken: such checks are off unless they are asked for. */
  readonly prose?: true;
  readonly inspect: (document: LintDocument) => readonly DocumentFinding[];
}

export interface DocumentFinding {
  readonly message: string;
  readonly help?: string;
  readonly span: Span;
}

/** The place of a part of a query in the document. */
export function spanIn(query: Query, { span }: Pick<Expr, 'span'>): Span {
  return problemSpan(query, { severity: 'info', code: '', message: '', span });
}
