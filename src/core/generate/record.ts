import type { Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';

/** A recording rule. The comment says what it is for to whoever opens the file. */
export function record(
  name: string,
  expr: Expr,
  labels: Readonly<Record<string, string>>,
  comment?: string,
): RecordingRule {
  return {
    kind: 'recording',
    record: name,
    expr,
    labels: new Map(Object.entries(labels)),
    ...(comment !== undefined && { comment }),
  };
}
