import { closest, type Duration, parseDuration, parseInstant, type Ratio, ratio } from '../../../base/index.ts';
import { type Expr, parseExpr, selectorsOf, typeOf } from '../../../promql/index.ts';
import { isTimeZone } from '../../../slo/index.ts';
import { nodeAt, type YamlPath } from '../../../yaml/index.ts';
import { checkSelector } from '../check-selector.ts';
import type { Catalogue } from '../metrics.ts';
import { canonicalExpr } from '../queries.ts';
import { accept, alternatives, type Reading, reportValue, writtenAt } from '../reading.ts';

/** What references of one kind may name. */
export interface Names {
  /** `objective`, `contact`, `receiver`. */
  readonly kind: string;
  readonly known: readonly string[];
}

/** Keeps the names that exist; the others are reported where they stand. */
export function keepKnown(
  reading: Reading,
  path: YamlPath,
  written: readonly string[],
  names: Names,
): readonly string[] {
  return written.filter((name, index) => isKnown(reading, [...path, index], name, names));
}

/** Whether a reference names something that exists. */
export function isKnown(reading: Reading, path: YamlPath, name: string, { kind, known }: Names): boolean {
  if (known.includes(name)) return true;
  const meant = closest(name, known);
  const help =
    meant !== undefined
      ? `did you mean \`${meant}\`?`
      : known.length === 0
        ? `there is no ${kind} in this definition: add one`
        : `write ${alternatives(known.slice(0, 8))}`;
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/reference',
    message: `there is no ${kind} \`${name}\``,
    help,
  });
  return false;
}

/** A length of time that must be there and longer than nothing. */
export function readPositive(reading: Reading, path: YamlPath, text: string | undefined): Duration | undefined {
  if (text === undefined) return undefined;
  const length = parseDuration(text.trim());
  if (length !== undefined && 0 < length) return length;
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/duration',
    message: length === 0 ? 'this length of time is zero' : `\`${text}\` is not a length of time`,
    help: 'write for example `30s`, `5m` or `7d`',
  });
  return undefined;
}

/** A share such as `50%` or 0.5, from zero to one. */
export function readShare(reading: Reading, path: YamlPath): Ratio | undefined {
  const written = writtenAt(reading, path).trim();
  const isPercentage = written.endsWith('%');
  const digits = isPercentage ? written.slice(0, -1).trim() : written;
  // The decimal point moves in the text, so that 14.4 % is 0.144 and not a neighbour of it.
  const value = /^\d+(\.\d+)?$/.test(digits) ? Number(isPercentage ? `${digits}e-2` : digits) : Number.NaN;
  if (0 <= value && value <= 1) return ratio(value);
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/share',
    message: `\`${written}\` is not a share from 0 to 100 %`,
    help: 1 < value && value <= 100 && !isPercentage ? `write ${written}%` : 'write for example `50%`',
  });
  return undefined;
}

/** Whether a text is a date, or an instant with its offset. */
export function isDate(text: string): boolean {
  const [, date = '', time] =
    /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/.exec(text) ?? [];
  return date !== '' && parseInstant(time === undefined ? `${date}T00:00Z` : text) !== undefined;
}

/** Reports a text that is no date. */
export function checkDate(reading: Reading, path: YamlPath, text: string | undefined): void {
  if (text === undefined || isDate(text)) return;
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/date',
    message: `\`${text}\` is not a date`,
    help: 'write a date such as 2026-03-01, or an instant such as 2026-03-01T02:00:00Z',
  });
}

/** Reports a zone that the calendar does not know. */
export function checkTimeZone(reading: Reading, path: YamlPath, zone: string): boolean {
  if (isTimeZone(zone)) return true;
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/time-zone',
    message: `there is no time zone \`${zone}\``,
    help: 'write a name of the IANA database, such as Europe/Berlin or UTC',
  });
  return false;
}

/** PromQL that gives figures, with its metrics and labels checked against the catalogue. */
export function readQuery(reading: Reading, path: YamlPath, catalogue: Catalogue): Expr | undefined {
  const expr = accept(reading, path, parseExpr(writtenAt(reading, path)));
  if (expr === undefined) return undefined;
  const type = typeOf(expr);
  if (type !== 'vector' && type !== 'scalar') {
    reportValue(reading, path, {
      severity: 'error',
      code: 'definition/query',
      message: `the query gives a ${type}, not figures`,
      help: 'aggregate it: rates of ranges, sums of series',
    });
    return undefined;
  }
  for (const selector of selectorsOf(expr)) checkSelector(reading, path, selector, 'query', catalogue);
  return canonicalExpr(expr);
}

/** Whether something stands at a path. */
export function isWritten(reading: Reading, path: YamlPath): boolean {
  return nodeAt(reading.root, path) !== undefined;
}
