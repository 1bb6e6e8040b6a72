import type { Span } from '../../base/index.ts';
import type { QueryError } from './result.ts';

/** Ends an evaluation; `evaluate` turns it into a QueryError, so that it never leaves this layer. */
export class EvaluationError extends Error {
  override readonly name: string = 'EvaluationError';
  readonly kind: QueryError['kind'];
  readonly span: Span | undefined;

  constructor(message: string, span?: Span, kind: QueryError['kind'] = 'execution') {
    super(message);
    this.kind = kind;
    this.span = span;
  }
}

/** Two series of a result would have the same labels at the same time. */
export function sameLabelsError(span?: Span): EvaluationError {
  return new EvaluationError('vector cannot contain metrics with the same labelset', span);
}
