import { compileRegex } from '../../series/index.ts';
import type { LabelMatcher } from './model.ts';

type Condition = Pick<LabelMatcher, 'name' | 'operator' | 'value'>;

/** A name, bare or (from 0.27 on) quoted, an operator and a value. Source: alertmanager, pkg/labels/parse.go. */
const condition = /^\s*(?:([a-zA-Z_:][\w:]*)|"((?:[^"\\]|\\.)+)")\s*(=~|!=|!~|=)\s*(.*?)\s*$/s;

/** Reads `a="b", c=~"d.*"`, with or without braces and quotes; undefined if Alertmanager would refuse it. */
export function parseMatchers(text: string): readonly Condition[] | undefined {
  const trimmed = text.trim().replace(/^\{/, '').replace(/\}$/, '');
  const found: Condition[] = [];
  for (const part of splitAtCommas(trimmed)) {
    const match = condition.exec(part);
    const value = match === null ? undefined : unquote(match[4] ?? '');
    const operator = operators.find((one) => one === match?.[3]);
    if (value === undefined || operator === undefined) return undefined;
    found.push({ name: match?.[1] ?? match?.[2] ?? '', operator, value });
  }
  return found;
}

const operators = ['=~', '!=', '!~', '='] as const;

/** Commas inside of quotes part nothing; neither does one at the end. */
function splitAtCommas(text: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i += 1) {
    const char = text[i];
    if (char === '\\') i += 1;
    else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  const last = text.slice(start);
  return last.trim() === '' ? parts : [...parts, last];
}

/** A value in double quotes, in which a backslash escapes a quote, a backslash and `n`; or a bare one. */
function unquote(text: string): string | undefined {
  if (!text.startsWith('"')) return text.includes('"') ? undefined : text;
  if (text.length < 2 || !/^"(?:[^"\\]|\\.)*"$/s.test(text)) return undefined;
  return text.slice(1, -1).replaceAll(/\\([n"\\])/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

/** Whether an alert with these labels meets every condition. A pattern must match the whole value; one that is no pattern matches nothing. */
export function matchesLabels(matchers: readonly Condition[], labels: ReadonlyMap<string, string>): boolean {
  return matchers.every(({ name, operator, value }) => {
    const actual = labels.get(name) ?? '';
    if (operator === '=' || operator === '!=') return (actual === value) === (operator === '=');
    try {
      return compileRegex(value)(actual) === (operator === '=~');
    } catch {
      return false;
    }
  });
}
