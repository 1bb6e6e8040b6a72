import type { Diagnostic } from '../base/index.ts';
import type { Expr } from '../promql/index.ts';
import type { YamlPath } from '../yaml/index.ts';
import { canonicalExpr } from './definition/queries.ts';
import { type Reading, writtenAt } from './definition/reading.ts';
import { parseWindowQuery } from './definition/window-queries.ts';
import { aboutGroups, type Measured, type QueryForm, readRatio, readShare } from './dialect-query.ts';

/** Reads the indicator from a query of good or bad events and one of all events; what is no sum of counters is kept as it stands. */
export function readShareOrQueries(
  reading: Reading,
  counts: 'good' | 'bad',
  events: YamlPath,
  total: YamlPath,
  form: QueryForm,
): Measured | undefined {
  const since = reading.diagnostics.length;
  const measured = readShare(reading, counts, events, total, form);
  if (measured !== undefined) return measured;
  const [counted, all] = [events, total].map((path) => queryAt(reading, path, form));
  if (counted === undefined || all === undefined || !replaceRefusal(reading, since)) return undefined;
  return { indicator: { kind: 'queries', counts, events: counted, total: all } };
}

/** Reads the indicator from one query that gives a share; one that is no quotient of counters is kept as it stands. */
export function readRatioOrQuery(
  reading: Reading,
  counts: 'good' | 'bad',
  path: YamlPath,
  form: QueryForm,
): Measured | undefined {
  const since = reading.diagnostics.length;
  const measured = readRatio(reading, counts, path, form);
  if (measured !== undefined) return measured;
  const share = queryAt(reading, path, form);
  if (share === undefined || !replaceRefusal(reading, since)) return undefined;
  return { indicator: { kind: 'queries', counts, events: share } };
}

function queryAt(reading: Reading, path: YamlPath, { window }: QueryForm): Expr | undefined {
  const query = parseWindowQuery(writtenAt(reading, path), window);
  return query.kind === 'query' ? canonicalExpr(query.expr) : undefined;
}

const exactHelp = 'for exact figures write the selectors of counters, if there are any';

/** Says in place of why a query counts no events what is lost by keeping it; not if something else is wrong with it. */
function replaceRefusal({ diagnostics }: Reading, since: number): boolean {
  const found = diagnostics.slice(since).filter(({ severity }) => severity === 'error');
  const [first] = found;
  if (first === undefined || found.some(({ code }) => code !== 'dialect/expression')) return false;
  const kept: Diagnostic = {
    ...first,
    severity: 'warning',
    code: 'dialect/assumed',
    message: `${first.message}: the query is kept, and the mean of its shares over slices of time is judged, a quiet slice like a busy one`,
    help: first.message === aboutGroups && first.help !== undefined ? first.help : exactHelp,
  };
  diagnostics.splice(since, diagnostics.length, kept);
  return true;
}
