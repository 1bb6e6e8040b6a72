import { functionTable, isAggregation } from '../../promql/index.ts';
import type { LintDocument } from '../document/model.ts';
import type { DocumentCheck, DocumentFinding } from '../document-check.ts';

export const docNotation: DocumentCheck = {
  id: 'doc-notation',
  severity: 'warning',
  meaning:
    'What is presented as a query is shorthand: a name with its beginning left out, words among functions, braces without a condition.',
  remedy: 'write the query so that it can be run',
  inspect: (document) => [...inConditions(document), ...inObjectives(document), ...inPanels(document)],
};

function inConditions({ describedAlerts }: LintDocument): readonly DocumentFinding[] {
  return describedAlerts.flatMap(({ condition, span }) => {
    const what = shorthandIn(condition) ?? wordsIn(condition);
    return what === undefined ? [] : [{ message: `\`${condition}\` is no query: ${what}`, span }];
  });
}

/** Names of metrics with labels in braces in the words of an objective that nothing else measures. */
function inObjectives({ objectives }: LintDocument): readonly DocumentFinding[] {
  return objectives.flatMap(({ statement, span, queries }) => {
    if (0 < queries.length) return [];
    const what = shorthandIn(statement);
    return what === undefined ? [] : [{ message: `this is no query: ${what}`, span }];
  });
}

/** Cells of a column of queries that name something and are no expression. */
function inPanels({ queries }: LintDocument): readonly DocumentFinding[] {
  return queries.flatMap(({ role, text, span, problems }) => {
    if (role !== 'panel' || problems.length === 0) return [];
    const what = shorthandIn(text);
    return what === undefined ? [] : [{ message: `\`${text}\` is no query: ${what}`, span }];
  });
}

function shorthandIn(text: string): string | undefined {
  const elided = /(?:\.\.\.|…)_?[a-zA-Z]\w*|\b[a-zA-Z]\w*(?:\.\.\.|…)(?=[[{(])/.exec(text)?.[0];
  if (elided !== undefined) return `\`${elided}\` leaves out a part of the name`;
  const braces = /\b[a-zA-Z_:][\w:]*_[\w:]*(\{\s*[a-zA-Z_]\w*(?:\s*,\s*[a-zA-Z_]\w*)*\s*\})/.exec(text)?.[1];
  return braces === undefined ? undefined : `\`${braces}\` has no condition, as \`{label="value"}\` has`;
}

/** A word right before a call of a function: `any increase(x[5m]) > 0`. */
function wordsIn(text: string): string | undefined {
  for (const match of text.matchAll(/\b([a-z]+)\s+([a-z_]+)\(/gi)) {
    const [, word = '', name = ''] = match;
    const isCall = functionTable.has(name) || isAggregation(name);
    if (isCall && !/^(?:and|or|unless|by|without|on|ignoring|bool|atan2|offset)$/i.test(word))
      return `\`${word}\` is no part of PromQL`;
  }
  return undefined;
}
