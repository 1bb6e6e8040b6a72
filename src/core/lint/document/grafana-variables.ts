/** `$name`, `${name}`, `${name:format}`, `[[name]]`. A digit after the dollar is a group of a pattern. */
const variable = /\$([a-zA-Z_]\w*)|\$\{([a-zA-Z_]\w*)(?:[:.][^{}]*)?\}|\[\[([a-zA-Z_]\w*)(?::\w+)?\]\]/g;

export interface GrafanaVariable {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The variables of Grafana in an expression, in the order written. */
export function grafanaVariables(text: string): readonly GrafanaVariable[] {
  return [...text.matchAll(variable)].map((match) => ({
    name: match[1] ?? match[2] ?? match[3] ?? '',
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/**
 * The expression with a value in the place of each variable, of the same length, so that every other character keeps its place: a length
 * of time inside brackets and behind `offset`, digits before a unit, otherwise a name.
 */
export function withoutVariables(text: string): { readonly text: string; readonly standsForName: boolean } {
  let result = text;
  let standsForName = false;
  for (const { name, start, end } of grafanaVariables(text)) {
    const before = result.slice(0, start);
    const value = valueFor(name, before, result.slice(end));
    if (value === 'name') standsForName = true;
    result = `${before}${standIn(value, end - start)}${result.slice(end)}`;
  }
  return { text: result, standsForName };
}

type Value = 'text' | 'number' | 'length' | 'name';

function valueFor(name: string, before: string, after: string): Value {
  const isQuoted = (before.replaceAll(/\\./g, '').match(/"/g)?.length ?? 0) % 2 === 1;
  if (isQuoted) return 'text';
  if (/^(?:ms|[smhdwy])(?!\w)/.test(after) || /_(?:s|ms)$/.test(name)) return 'number';
  const isRange = /\[[^\][]*$/.test(before) || /\boffset\s+-?$/i.test(before);
  return isRange || /^__(?:rate_interval|interval|range)$/.test(name) ? 'length' : 'name';
}

function standIn(value: Value, length: number): string {
  if (value === 'number') return '1'.padStart(length, '0');
  return value === 'length' ? '1m'.padEnd(length, ' ') : 'v'.repeat(length);
}
