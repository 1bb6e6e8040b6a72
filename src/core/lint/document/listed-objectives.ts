import type { Line, Query } from './model.ts';
import { boundsIn, percentagesIn } from './quantities.ts';
import { queriesBetween } from './queries.ts';
import type { Statement } from './statements.ts';

/** `- **Availability** - 99.9% of requests ...`: an item that begins with a name in bold and goes on with a target. */
const item = /^(\s*)[-*+•]\s+\*\*([^*]{2,60}?):?\*\*\s*(?:[-–—:]+\s*)?(.+)$/;

/**
 * Items of a list under a heading about objectives, each with a name in bold and a target. What is indented below an item belongs to it: its
 * query, its budget, its window.
 */
export function listedStatements(lines: readonly Line[], queries: readonly Query[]): readonly Statement[] {
  const sorted = queries.toSorted((a, b) => a.span.start - b.span.start);
  return lines.flatMap((line, index): readonly Statement[] => {
    const match = item.exec(line.text);
    if (match === null || !isAboutObjectives(line.section.title) || line.section.path.some(isAboutOthers)) return [];
    const [, indent = '', name = '', words = ''] = match;
    if (/^(?:target|objective|goal|slo|sli|window|period|scope|query)s?$|\bbudget/i.test(name)) return [];
    if (percentagesIn(words).length + boundsIn(words).length === 0) return [];
    const below: string[] = [];
    let end = line.start + line.text.length;
    for (const next of lines.slice(index + 1, index + 1 + mostLines)) {
      const isBelow = next.section === line.section && /\S/.test(next.text) && indentOf(next.text) > indent.length;
      if (!isBelow) break;
      below.push(next.text.trim());
      end = next.start + next.text.length;
    }
    const own = queriesBetween(sorted, line.start, end);
    const span = { start: line.start, end: line.start + line.text.length };
    const statement = [words, ...below].join('\n');
    return [{ name, target: words.replaceAll('*', ''), statement, section: line.section, span, queries: own }];
  });
}

/** Lines of one item beyond which it is no item of a list of objectives. */
const mostLines = 30;

function isAboutObjectives(title: string): boolean {
  return /\bSLOs?\b|\bobjectives?\b|\btargets?\b/i.test(title);
}

function isAboutOthers(title: string): boolean {
  return /\bbudget|\balert|\bburn|\bpanel|\bdashboard|\breview|\bSLAs?\b|\bgoals?\b|\bpolic/i.test(title);
}

function indentOf(text: string): number {
  return text.length - text.trimStart().length;
}
