import type { MarkdownDocument } from '../../formats/index.ts';
import { entryOf, type YamlNode } from '../../yaml/index.ts';
import { groupBy } from './group-by.ts';
import { listedStatements } from './listed-objectives.ts';
import type { Indicator, Line, Objective, Query, Section, YamlBlock } from './model.ts';
import { boundsIn, percentagesIn, periodIn, quantilesIn } from './quantities.ts';
import { placed } from './rules.ts';
import type { Statement } from './statements.ts';
import { classesInWords, otherClasses } from './status-classes.ts';
import { periodColumns, tabledStatements } from './tabled-objectives.ts';
import { toldStatements } from './told-objectives.ts';

/** Objectives are compared with each other; a document with more than these was not written by people. */
const mostObjectives = 500;

interface Parts {
  readonly text: string;
  readonly markdown: MarkdownDocument;
  readonly lines: readonly Line[];
  readonly sections: readonly Section[];
  readonly yaml: readonly YamlBlock[];
  readonly queries: readonly Query[];
}

/** The objectives of a document, in the order of the text, in whichever of the usual forms they are written. */
export function objectivesOf(parts: Parts): readonly Objective[] {
  const inYaml = parts.yaml.flatMap((block) => block.roots.flatMap((root) => yamlStatements(block, root)));
  const measured = measurements(parts.queries);
  const bySection = groupBy(parts.lines, ({ section }) => section);
  const taken = new Set(inYaml.map(({ section }) => section));
  const labelled = parts.sections
    .filter((section) => !taken.has(section))
    .flatMap((section) => labelledStatement(bySection.get(section) ?? [], section));
  for (const { section } of labelled) taken.add(section);
  const others = [
    ...tabledStatements(parts.markdown, parts.sections, parts.queries),
    ...listedStatements(parts.lines, parts.queries),
    ...toldStatements(parts.text, parts.lines, parts.markdown.fences, parts.queries),
  ].filter(({ section }) => !taken.has(section));
  const told = new Set(others.map(({ span }) => span.start));
  const periods = periodColumns(parts.markdown);
  const rows = parts.lines.flatMap((line, index) =>
    taken.has(line.section) || told.has(line.start)
      ? []
      : rowStatement(line, parts.lines[index - 1]).map((statement) => {
          const period = periods.get(line.start);
          return period === undefined ? statement : { ...statement, period };
        }),
  );
  return [...inYaml, ...labelled, ...others, ...rows]
    .toSorted((a, b) => a.span.start - b.span.start)
    .slice(0, mostObjectives)
    .map((statement) => objective(statement, measured));
}

/** By section: what is said to measure something, or where nothing is, the rules and panels that stand there. */
function measurements(queries: readonly Query[]): ReadonlyMap<Section | undefined, readonly Query[]> {
  const bySection = groupBy(
    queries.filter(({ role }) => role === 'measurement' || role === 'recording' || role === 'panel'),
    ({ section }) => section,
  );
  return new Map(
    [...bySection].map(([section, own]) => {
      const said = own.filter(({ role }) => role === 'measurement');
      return [section, 0 < said.length ? said : own];
    }),
  );
}

function objective(statement: Statement, measured: ReadonlyMap<Section | undefined, readonly Query[]>): Objective {
  const { name, span, section, target } = statement;
  const words = `${name} ${statement.statement}`;
  const shares = percentagesIn(target);
  const share = shares[0]?.share;
  const before = shares[0] === undefined ? '' : target.slice(0, shares[0].index);
  const statesErrors =
    share !== undefined && (share < 0.5 || /\b(?:error|failure|fail|5xx)\w*\b/i.test(before)) && share < 0.5;
  const named = classesInWords(words.replaceAll(/\b(?:excluding|except|without|ignoring|not counting)\b[^.\n]*/gi, ''));
  const bad = named !== undefined && /error|fail|bad/i.test(`${name} ${target}`) && !/non-?\s?[1-5]xx/i.test(words);
  const own = statement.queries ?? measured.get(section) ?? [];
  const period = statement.period ?? periodIn(statement.statement);
  const [quantile] = quantilesIn(target).concat(quantilesIn(name));
  const thresholds = boundsIn(target);
  const isLatency = 0 < thresholds.length;
  return {
    name,
    span,
    section,
    statement: statement.statement,
    statesErrors,
    thresholds,
    queries: own,
    hasBudget: share !== undefined && !/\bN\/A\b/.test(statement.statement),
    ...(share === undefined ? {} : { target: statesErrors ? 1 - share : share }),
    ...(quantile !== undefined ? { quantile } : isLatency && share !== undefined ? { quantile: share } : {}),
    ...(period === undefined ? {} : { period }),
    ...(named === undefined ? {} : { good: bad ? otherClasses(named) : named }),
  };
}

const targetKeys = ['target', 'objective'];
const nameKeys = ['slo_name', 'name', 'slo', 'title', 'sloName'];

/** A map with a name and a target in words, as templates for SLO documents have it. */
function yamlStatements(block: YamlBlock, root: YamlNode): readonly Statement[] {
  const maps = root.kind === 'list' ? root.items : [root];
  return maps.flatMap((map) => {
    const target = targetKeys.map((key) => entryOf(map, key)?.value).find((value) => value?.kind === 'scalar');
    const name = nameKeys.map((key) => entryOf(map, key)?.value).find((value) => value?.kind === 'scalar');
    if (map.kind !== 'map' || target?.kind !== 'scalar' || name?.kind !== 'scalar' || block.section === undefined)
      return [];
    const statement = map.entries
      .map(({ key, value }) => (value.kind === 'scalar' ? `${key}: ${value.text}` : ''))
      .join('\n');
    const { section } = block;
    return [{ name: name.text, target: target.text, statement, section, span: placed(block, target.span) }];
  });
}

const label = /^\s*\**(target|objective|goal|slo|sli|scope|indicator|window|period)s?\**\s*:\**\s*(.*)$/i;

/** `**Target:** 99.9 % …` in a section of its own; the items of a list below the label belong to it. */
function labelledStatement(own: readonly Line[], section: Section): readonly Statement[] {
  const said: string[] = [];
  let main: { readonly line: Line; readonly text: string } | undefined;
  let last = '';
  for (const line of own) {
    const match = label.exec(line.text);
    if (match !== null) last = (match[1] ?? '').toLowerCase();
    else if (!/^\s*([-*+]\s|$)/.test(line.text)) last = '';
    const isItem = match === null && last !== '' && line.text.trim() !== '';
    if (match === null && !isItem) continue;
    const text = match?.[2] ?? line.text.replace(/^\s*[-*+]\s+/, '');
    said.push(text);
    const isMain = /^(?:target|objective|goal|slo)$/.test(last) && text !== '';
    if (isMain && (main === undefined || (!/\d/.test(main.text) && /\d/.test(text)))) main = { line, text };
  }
  if (main === undefined) return [];
  const { line, text } = main;
  const span = { start: line.start, end: line.start + line.text.length };
  return [
    {
      name: section.title.replace(/^\d+[.)]\s*/, ''),
      target: text.replaceAll('*', ''),
      statement: said.join('\n'),
      section,
      span,
    },
  ];
}

/** A row of a list of objectives: `SLO-1: Availability 99.9 % …`, or a name, a bar and a target under a heading about objectives. */
function rowStatement(line: Line, previous: Line | undefined): readonly Statement[] {
  const { section, text } = line;
  const span = { start: line.start, end: line.start + text.length };
  const numbered = /^\s*\|?\s*(SLO[-\s]?\d+)\s*[:.|]\s*(.+)$/.exec(text);
  if (numbered !== null) {
    const words = numbered[2] ?? '';
    return [{ name: `${numbered[1]}: ${nameIn(words)}`, target: words, statement: words, section, span }];
  }
  const isList =
    /\bSLOs?\b|objectives?\b/i.test(section.title) && !/\bbudget|alert|burn|panel|review/i.test(section.title);
  const row = /^\s*\|?\s*\**([A-Z][^|]{2,40}?)\**\s*\|\s*([^|]*?\d[^|]*?)\s*(?:\|.*)?$/.exec(text);
  const states = /%|\d\s*(?:ms|s)\b/;
  if (!isList || row === null || !states.test(row[2] ?? '') || previous === undefined) return [];
  return [{ name: row[1] ?? '', target: (row[2] ?? '').replaceAll('*', ''), statement: text, section, span }];
}

function nameIn(words: string): string {
  return /^[^\d≥<>|_]{3,40}?(?=\s*[\d≥<>|]|p\d|\s+of\b|\s\w*_)/.exec(words)?.[0].trim() ?? words.slice(0, 40);
}

/** The rows of a list of indicators: a name, then code, then words. */
export function indicatorsOf(text: string, { lines, queries }: Parts): readonly Indicator[] {
  return lines.flatMap((line) => {
    const isList = line.section.path.some(
      (title) =>
        /\bSLIs?\b|indicators?\b/i.test(title) && !/\bSLOs?\b.*\bSLIs?\b|\bSLIs?\b.*\/.*\bSLOs?\b/i.test(title),
    );
    const row = /^\s*\|?\s*\**([A-Z][^|`]{2,40}?)\**\s*\|(.*`.*)$/.exec(line.text);
    if (!isList || row === null) return [];
    const end = line.start + line.text.length;
    const own = queries.filter(({ span }) => line.start <= span.start && span.end <= end);
    const lastCode = line.text.lastIndexOf('`');
    const description = line.text
      .slice(lastCode + 1)
      .replace(/^[\s|-]+/, '')
      .trim();
    const start = line.start + (text.slice(line.start, end).length - text.slice(line.start, end).trimStart().length);
    return [{ name: row[1] ?? '', description, span: { start, end }, queries: own }];
  });
}
