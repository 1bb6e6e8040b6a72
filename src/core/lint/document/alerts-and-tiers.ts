import type { MarkdownDocument } from '../../formats/index.ts';
import type { BurnTier, DescribedAlert, Line } from './model.ts';
import { lengthsIn, numberOf } from './quantities.ts';

const severities = 'page|ticket|critical|warning|info|error|high|medium|low|sev\\d|p\\d';

/** Alerts in a table, or in lines that were one before the page was copied. */
export function describedAlertsOf({ tables }: MarkdownDocument, lines: readonly Line[]): readonly DescribedAlert[] {
  const inTables = tables.flatMap(({ header, rows }) => {
    const name = columnOf(header, /^alert(?:\s*name)?$/i);
    const condition = columnOf(header, /condition|expression|trigger|threshold/i);
    const severity = columnOf(header, /severity|priority/i);
    if (name === -1 || condition === -1) return [];
    return rows.map(({ cells, span }) => ({
      name: plain(cells[name]?.text ?? ''),
      condition: plain(cells[condition]?.text ?? ''),
      severity: plain(cells[severity]?.text ?? ''),
      span,
    }));
  });
  return [...inTables, ...lines.flatMap(flattenedAlert), ...lines.flatMap(sentenceAlert)];
}

/** A row without its bars: a name in capitals, a condition that begins with what conditions begin with, a severity. */
function flattenedAlert({ text, start }: Line): readonly DescribedAlert[] {
  const row = new RegExp(
    `^([A-Z][a-z]+(?:[A-Z0-9][A-Za-z0-9]*?)+)(?=p\\d{2}\\b|p\\d{2} |(?:failed|failures?|errors?|bad)/|any |increase\\(|rate\\(|sum\\(|absent\\(|no )(.+?)(${severities})$`,
  ).exec(text.trim());
  if (row === null) return [];
  const [, name = '', condition = '', severity = ''] = row;
  return [{ name, condition, severity, span: { start, end: start + text.length } }];
}

/** `Alert threshold: > 0.1 % for 5 minutes`, `alert rules (e.g., latency > 300ms)`. */
function sentenceAlert({ text, start }: Line): readonly DescribedAlert[] {
  if (!/\balert/i.test(text) || text.includes('|')) return [];
  const match = /((?:\b\w+\s+)?[<>≥≤]=?\s*\d+(?:\.\d+)?\s*(?:%|ms\b|s\b|seconds?\b)[^)\n]*)/.exec(
    text.replaceAll('*', ' '),
  );
  const isDefinition = /\balerts?\s+(?:thresholds?|conditions?|rules?)\b|\balert\s+(?:when|if)\b/i.test(
    text.replaceAll('*', ' '),
  );
  if (match === null || !isDefinition) return [];
  return [{ name: '', condition: (match[1] ?? '').trim(), severity: '', span: { start, end: start + text.length } }];
}

/** The tiers of burn rate alerts: windows and factors in a table, or in lines that were one. */
export function tiersOf({ tables }: MarkdownDocument, lines: readonly Line[]): readonly BurnTier[] {
  const inTables = tables.flatMap(({ header, rows }): readonly BurnTier[] => {
    const factor = columnOf(header, /burn/i);
    if (factor === -1) return [];
    const long = columnOf(header, /long/i);
    const short = columnOf(header, /short/i);
    const exhaustion = columnOf(header, /exhaust|time to|depletion/i);
    const severity = columnOf(header, /severity|priority/i);
    return rows.map(({ cells, span }) => ({
      name: plain(cells[0]?.text ?? ''),
      span,
      ...optional('factor', factorIn(cells[factor]?.text ?? '')),
      ...optional('long', lengthsIn(cells[long]?.text ?? '')[0]?.ms),
      ...optional('short', lengthsIn(cells[short]?.text ?? '')[0]?.ms),
      ...optional('exhaustion', lengthsIn(cells[exhaustion]?.text ?? '')[0]?.ms),
      severity: plain(cells[severity]?.text ?? ''),
    }));
  });
  return [...inTables, ...lines.flatMap(flattenedTier)];
}

function flattenedTier({ text, start }: Line): readonly BurnTier[] {
  const length = '\\d+(?:min|[smhd])';
  const row = new RegExp(`^(${severities})(${length})(${length})(?:(\\d+(?:\\.\\d+)?)\\s*[×x])?$`, 'i').exec(
    text.trim(),
  );
  if (row === null) return [];
  const [, severity = '', long = '', short = '', factor] = row;
  return [
    {
      name: severity,
      severity,
      span: { start, end: start + text.length },
      ...optional('factor', factor === undefined ? undefined : Number(factor)),
      ...optional('long', lengthsIn(long)[0]?.ms),
      ...optional('short', lengthsIn(short)[0]?.ms),
    },
  ];
}

function optional<K extends string>(key: K, value: number | undefined): { readonly [P in K]?: number } {
  const made: { [P in K]?: number } = {};
  if (value !== undefined) made[key] = value;
  return made;
}

function factorIn(text: string): number | undefined {
  const digits = /(\d+(?:[.,]\d+)?)\s*[×x]?/.exec(text)?.[1];
  return digits === undefined ? undefined : numberOf(digits);
}

/** The column whose heading matches, or -1. */
export function columnOf(header: readonly { readonly text: string }[], pattern: RegExp): number {
  return header.findIndex(({ text }) => pattern.test(plain(text)));
}

/** Without the marks of bold, italics and code. */
export function plain(text: string): string {
  return text.replace(/[*`]|\b__|__\b/g, '').trim();
}
