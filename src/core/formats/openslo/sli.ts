import type { Expr } from '../../promql/index.ts';
import type { Condition, ExternalIndicator } from '../../slo/index.ts';
import type { Measured } from '../dialect-query.ts';

/** What an SLI measures: events, or a value that objectives compare with their bounds. */
export type ReadSli =
  | ({ readonly kind: 'events' } & Measured)
  | {
      readonly kind: 'threshold';
      readonly value: Expr;
      /** The condition that the value stands for, where it is 1 while that holds. */
      readonly condition?: Condition;
    }
  | (Omit<ExternalIndicator, 'kind'> & {
      readonly kind: 'external';
      /** Whether it is a value that objectives compare with their bounds. */
      readonly isCompared: boolean;
    });
