import type { Source } from '../../base/index.ts';
import { type Fence, type MarkdownDocument, readMarkdown } from '../../formats/index.ts';
import type { Expr } from '../../promql/index.ts';
import { entryOf, readYaml, type YamlLimits, type YamlNode } from '../../yaml/index.ts';
import { describedAlertsOf, plain, tiersOf } from './alerts-and-tiers.ts';
import { catalogueOf } from './catalogue.ts';
import { shownMetrics } from './metric-examples.ts';
import type { DocumentRule, LintDocument, Query, QueryRole, Section, YamlBlock } from './model.ts';
import { indicatorsOf, objectivesOf } from './objectives.ts';
import { policiesOf } from './policies.ts';
import { fenceQueries, holdsPromql, inlineQuery, looksLikePromql } from './queries.ts';
import { rulesOf } from './rules.ts';
import { linesOf, sectionAt, sectionsOf } from './sections.ts';
import { alertCells, tabledRules } from './tabled-alerts.ts';

/** Most values of a rule file: a hundred thousand rules have about a million. */
export const largeLimits: Partial<YamlLimits> = { maxNodes: 3_000_000, maxLength: 40_000_000 };

/** Reads a Markdown document about objectives. */
export function readMarkdownDocument(source: Source): LintDocument {
  const { text } = source;
  const markdown = readMarkdown(text);
  const sections = sectionsOf(text, markdown);
  const lines = linesOf(text, markdown, sections);
  const yaml = markdown.fences.flatMap((fence) => yamlBlock(fence, sectionAt(sections, fence.span.start)));
  const catalogue = new Map([...catalogueOf(text, markdown, lines, sections), ...shownMetrics(markdown)]);
  const { rules: written, panels } = allRules(yaml);
  const fenced = markdown.fences.filter(holdsPromql).flatMap((fence) => queriesOfFence(fence, sections));
  const inline = inlineQueries(markdown, sections);
  const queries = [...fenced, ...inline, ...panels, ...written.map(({ query }) => query)];
  const parts = { text, markdown, lines, sections, yaml, queries };
  // A rule says more than the row of a table about the same alert.
  const tabled = tabledRules(markdown, inline).filter(({ name }) => !written.some((rule) => rule.name === name));
  const rules = [...written, ...tabled];
  return {
    kind: 'markdown',
    source,
    markdown,
    lines,
    sections,
    yaml,
    queries,
    rules,
    catalogue,
    describedAlerts: describedAlertsOf(markdown, lines),
    objectives: objectivesOf(parts),
    indicators: indicatorsOf(text, parts),
    tiers: tiersOf(markdown, lines),
    policies: policiesOf(markdown, lines, sections),
    recorded: recordedBy(rules),
  };
}

/** Reads a rule file or a configuration: a document that is one block of YAML. */
export function readYamlDocument(source: Source, kind: Exclude<LintDocument['kind'], 'markdown'>): LintDocument {
  const outcome = readYaml(source.text, largeLimits);
  const block: YamlBlock = {
    text: source.text,
    roots: outcome.ok ? outcome.value : [],
    problems: outcome.diagnostics,
    language: kind === 'dashboard' ? 'json' : 'yaml',
    toSource: (offset) => offset,
    section: undefined,
  };
  const { rules, panels } = rulesOf(block);
  return {
    kind,
    source,
    markdown: { headings: [], fences: [], codes: [], tables: [] },
    lines: [],
    sections: [],
    yaml: [block],
    queries: [...panels, ...rules.map(({ query }) => query)],
    rules,
    describedAlerts: [],
    objectives: [],
    indicators: [],
    tiers: [],
    policies: [],
    catalogue: new Map(),
    recorded: recordedBy(rules),
  };
}

function yamlBlock(fence: Fence, section: Section | undefined): readonly YamlBlock[] {
  const { language, text, toSource } = fence;
  const isYaml =
    /^(?:ya?ml|json)$/.test(language) ||
    (language === '' && /^\s*(?:- )?(?:alert|record|groups|route|receivers):/m.test(text));
  if (!isYaml) return [];
  const outcome = readYaml(text);
  return [{ text, roots: outcome.ok ? outcome.value : [], problems: outcome.diagnostics, language, toSource, section }];
}

function allRules(yaml: readonly YamlBlock[]): {
  readonly rules: readonly DocumentRule[];
  readonly panels: readonly Query[];
} {
  const found = yaml.map(rulesOf);
  return { rules: found.flatMap(({ rules }) => rules), panels: found.flatMap(({ panels }) => panels) };
}

function queriesOfFence(fence: Fence, sections: readonly Section[]): readonly Query[] {
  const section = sectionAt(sections, fence.span.start);
  if (section === undefined) return [];
  const role: QueryRole = section.path.some((title) => /dashboard|panel|grafana/i.test(title))
    ? 'panel'
    : 'measurement';
  return fenceQueries(fence, role, section);
}

/** Code in a line is a query if it reads like one; in a column of a table for queries, whatever it reads like. */
function inlineQueries(markdown: MarkdownDocument, sections: readonly Section[]): readonly Query[] {
  const { codes, tables } = markdown;
  const alerts = alertCells(markdown);
  const panels = new Map<number, string>();
  for (const { header, rows } of tables) {
    const column = header.findIndex(({ text }) => /\b(?:query|promql|expr(?:ession)?)\b/i.test(text));
    if (column === -1) continue;
    for (const { cells } of rows) {
      const cell = cells[column];
      if (cell !== undefined) panels.set(cell.span.start, plain(cells[0]?.text ?? ''));
    }
  }
  return codes.flatMap((code) => {
    const section = sectionAt(sections, code.span.start);
    if (section === undefined) return [];
    const alert = alerts.get(code.span.start - 1) ?? alerts.get(code.span.start - 2);
    if (alert !== undefined && looksLikePromql(code.text)) return [inlineQuery(code, 'alert', alert, section)];
    const panel = panels.get(code.span.start - 1) ?? panels.get(code.span.start - 2);
    if (panel !== undefined) return [inlineQuery(code, 'panel', panel, section)];
    return looksLikePromql(code.text) ? [inlineQuery(code, 'inline', '', section)] : [];
  });
}

function recordedBy(rules: readonly DocumentRule[]): ReadonlyMap<string, Expr> {
  return new Map(
    rules.flatMap(({ kind, name, query }) =>
      kind === 'record' && query.expr !== undefined ? [[name, query.expr] as const] : [],
    ),
  );
}

/** What a YAML text is, by what it holds; undefined if it is none of what the linter knows. */
export function kindOfYaml(roots: readonly YamlNode[]): Exclude<LintDocument['kind'], 'markdown'> | undefined {
  const [root] = roots;
  const has = (key: string) => entryOf(root, key) !== undefined;
  if (has('scrape_configs') || has('rule_files') || has('remote_write')) return 'prometheus';
  if (has('route') || has('receivers')) return 'alertmanager';
  if (has('groups')) return 'rules';
  const [first] = root?.kind === 'list' ? root.items : [];
  return entryOf(first, 'alert') !== undefined || entryOf(first, 'record') !== undefined ? 'rules' : undefined;
}
