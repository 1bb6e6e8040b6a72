import { type Duration, formatDuration } from '../../base/index.ts';
import { slothWindow } from '../../formats/index.ts';
import { build, type Expr, parseExpr } from '../../promql/index.ts';

/** A query of Sloth's file with a window put in, in parentheses as Sloth puts it into its rules. */
export function overWindow(text: string, window: Duration): Expr {
  const parsed = parseExpr(text.replace(slothWindow, formatDuration(window)));
  if (!parsed.ok) throw new Error(`a query that was read before does not parse: ${text}`);
  return build.paren(parsed.value);
}
