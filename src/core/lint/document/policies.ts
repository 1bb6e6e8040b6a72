import type { MarkdownDocument } from '../../formats/index.ts';
import { columnOf } from './alerts-and-tiers.ts';
import { groupBy } from './group-by.ts';
import type { Line, LintDocument, Objective, Policy, PolicyState, Section } from './model.ts';
import { sectionAt } from './sections.ts';

interface Stated extends PolicyState {
  readonly section: Section;
  readonly variable: Policy['variable'];
}

/** The error budget policies of a document: states in a table, in a list, or one to a heading. */
export function policiesOf(
  markdown: MarkdownDocument,
  lines: readonly Line[],
  sections: readonly Section[],
): readonly Policy[] {
  return [...inTables(markdown, sections), ...inLists(lines), ...inHeadings(sections)].toSorted(
    (a, b) => (a.states[0]?.span.start ?? 0) - (b.states[0]?.span.start ?? 0),
  );
}

/** The objectives that the words round a policy name, by their names or by their targets. */
export function namedObjectives(
  { lines, objectives }: Pick<LintDocument, 'lines' | 'objectives'>,
  { section }: Policy,
): readonly Objective[] {
  const parent = section.path.slice(0, -1).join('\n');
  const words = lines
    .filter((line) => line.section === section || (section.depth > 3 && line.section.path.join('\n') === parent))
    .map(({ text }) => text)
    .join('\n')
    .toLowerCase();
  return objectives.filter(({ name, target }) => {
    const percent = target === undefined ? undefined : `${Number((target * 100).toPrecision(8))}%`;
    return (
      (3 < name.length && words.includes(name.toLowerCase())) ||
      (percent !== undefined && words.replaceAll(' %', '%').includes(percent))
    );
  });
}

function inTables({ tables }: MarkdownDocument, sections: readonly Section[]): readonly Policy[] {
  return tables.flatMap(({ header, rows, span }) => {
    const column = columnOf(header, /budget/i);
    const section = sectionAt(sections, span.start);
    if (column === -1 || section === undefined) return [];
    const variable = /consum|used|spent|burn/i.test(header[column]?.text ?? '') ? 'consumed' : 'remaining';
    const states = rows.flatMap((row) => {
      const cell = row.cells[column];
      const state = cell === undefined ? undefined : stateIn(cell.text, variable, row.span.start, row.span.end);
      return state === undefined ? [] : [state];
    });
    return isPolicy(states) ? [{ variable, states, section }] : [];
  });
}

function inLists(lines: readonly Line[]): readonly Policy[] {
  const bySection = groupBy(
    lines.filter(({ text }) => /^\s*[-*+]\s/.test(text)),
    ({ section }) => section,
  );
  return [...bySection].flatMap(([section, items]) => {
    const states = items.flatMap(({ text, start }): readonly Stated[] => {
      const [condition = ''] = text.replaceAll('**', '').split(/:\s/, 1);
      const variable = variableOf(condition, section.path.join(' '));
      const state = stateIn(condition, variable, start, start + text.length);
      return state === undefined ? [] : [{ ...state, section, variable }];
    });
    const isAboutBudget = section.path.some((title) => /budget|policy/i.test(title));
    return isAboutBudget && isPolicy(states) ? [{ variable: states[0]?.variable ?? 'remaining', states, section }] : [];
  });
}

function inHeadings(sections: readonly Section[]): readonly Policy[] {
  const stated = sections.flatMap((section): readonly Stated[] => {
    if (!/budget/i.test(section.title)) return [];
    const variable = variableOf(section.title, '');
    const state = stateIn(section.title, variable, section.heading.start, section.heading.end);
    return state === undefined ? [] : [{ ...state, section, variable }];
  });
  const byParent = groupBy(stated, ({ section }) => section.path.slice(0, -1).join('\n'));
  return [...byParent.values()].flatMap((states) => {
    const first = states[0];
    return first !== undefined && isPolicy(states)
      ? [{ variable: first.variable, states, section: first.section }]
      : [];
  });
}

function variableOf(text: string, context: string): Policy['variable'] {
  if (/remain|left/i.test(text)) return 'remaining';
  return /consum|used|spent/i.test(`${text} ${context}`) ? 'consumed' : 'remaining';
}

function isPolicy(states: readonly PolicyState[]): boolean {
  return 2 < states.length && states.some(({ low }) => 0 < low);
}

/** `> 50%`, `25-50%`, `< 25%`, `exhausted`, `[25, 50)`: a stretch of the axis, in percent. */
function stateIn(text: string, variable: Policy['variable'], start: number, end: number): PolicyState | undefined {
  const range = readRange(text, variable);
  return range === undefined
    ? undefined
    : { text: text.replace(/^\s*[-*+]\s+/, '').trim(), span: { start, end }, ...range };
}

type Range = Pick<PolicyState, 'low' | 'high' | 'lowIncluded' | 'highIncluded'>;

/** Comparisons in words as signs; `up to 50%` has its bound inside. */
const signs: readonly (readonly [RegExp, string])[] = [
  [/\b(?:more than|greater than|above|over)(?=\s*\d)/gi, '>'],
  [/\b(?:less than|fewer than|below|under)(?=\s*\d)/gi, '<'],
  [/\b(?:at least|no less than)(?=\s*\d)/gi, '>='],
  [/\b(?:at most|up to|no more than)(?=\s*\d)/gi, '<='],
  [/(?<![\d.<>=≤≥]\s*)\b(?=\d+(?:\.\d+)?\s*%\s+or\s+(?:less|fewer|below)\b)/gi, '<='],
  [/(?<![\d.<>=≤≥]\s*)\b(?=\d+(?:\.\d+)?\s*%\s+or\s+(?:more|above)\b)/gi, '>='],
];

function readRange(words: string, variable: Policy['variable']): Range | undefined {
  const text = signs.reduce((said, [pattern, sign]) => said.replaceAll(pattern, sign), words);
  const bracketed = /([[(])\s*(-?\d+|-?inf|-?∞)\s*%?\s*,\s*(\d+|inf|∞)\s*%?\s*([\])])/i.exec(text);
  if (bracketed !== null) {
    const [, open, low = '', high = '', close] = bracketed;
    return { low: bound(low), high: bound(high), lowIncluded: open === '[', highIncluded: close === ']' };
  }
  const span = /(\d+(?:\.\d+)?)\s*%?\s*(?:[-–]|to|and)\s*(\d+(?:\.\d+)?)\s*%/.exec(text);
  if (span !== null) return { low: Number(span[1]), high: Number(span[2]), lowIncluded: true, highIncluded: true };
  const [one, other] = [...text.matchAll(/(>=|≥|>|<=|≤|<)\s*(\d+(?:\.\d+)?)\s*%/g)];
  if (one !== undefined && other !== undefined) {
    const [low, high] = /[>≥]/.test(one[1] ?? '') ? [one, other] : [other, one];
    if (!/[>≥]/.test(low[1] ?? '') || !/[<≤]/.test(high[1] ?? '')) return undefined;
    const [lowIncluded, highIncluded] = [low, high].map(([, sign]) => /[=≥≤]/.test(sign ?? ''));
    return {
      low: Number(low[2]),
      high: Number(high[2]),
      lowIncluded: lowIncluded === true,
      highIncluded: highIncluded === true,
    };
  }
  if (one !== undefined) {
    const value = Number(one[2]);
    const included = /[=≥≤]/.test(one[1] ?? '');
    if (/[>≥]/.test(one[1] ?? ''))
      return { low: value, high: Number.POSITIVE_INFINITY, lowIncluded: included, highIncluded: true };
    return { low: Number.NEGATIVE_INFINITY, high: value, lowIncluded: true, highIncluded: included };
  }
  if (!/exhausted|depleted/i.test(text)) return undefined;
  if (variable === 'remaining')
    return { low: Number.NEGATIVE_INFINITY, high: 0, lowIncluded: true, highIncluded: true };
  return { low: 100, high: Number.POSITIVE_INFINITY, lowIncluded: true, highIncluded: true };
}

function bound(text: string): number {
  if (/inf|∞/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}
