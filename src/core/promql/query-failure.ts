import type { Span } from '../base/index.ts';
import type { QueryError } from './evaluate/result.ts';

/** Ends the planning or the evaluation of a query; `plan` and `evaluate` turn it into a QueryError, so that it never leaves this layer. */
export class QueryFailure extends Error {
  override readonly name: string = 'QueryFailure';
  readonly kind: QueryError['kind'];
  readonly span: Span | undefined;

  constructor(message: string, span?: Span, kind: QueryError['kind'] = 'execution') {
    super(message);
    this.kind = kind;
    this.span = span;
  }
}

/** Two series of a result would have the same labels at the same time. */
export function sameLabelsFailure(span?: Span): QueryFailure {
  return new QueryFailure('vector cannot contain metrics with the same labelset', span);
}
