import type { Span } from '../../base/index.ts';
import type { QueryError } from '../evaluate/result.ts';

/** Ends planning; `plan` turns it into a QueryError, so that it never leaves this layer. */
export class PlanError extends Error {
  override readonly name: string = 'PlanError';
  readonly kind: QueryError['kind'];
  readonly span: Span | undefined;

  constructor(message: string, span?: Span, kind: QueryError['kind'] = 'execution') {
    super(message);
    this.kind = kind;
    this.span = span;
  }
}
