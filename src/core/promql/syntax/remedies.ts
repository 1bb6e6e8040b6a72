import type { TokenKind } from './token.ts';

/** What to write instead of a character that PromQL does not know, for those that people often write; undefined for all others. */
export function remedyForCharacter(char: string, inBraces: boolean): string | undefined {
  switch (char) {
    case '$':
      return 'dashboard variables are not PromQL; write what they stand for, such as 5m';
    case '&':
      return 'both conditions is written and';
    case '|':
      return inBraces ? 'alternatives are a regular expression: label=~"a|b"' : 'either one is written or';
    case '\u201c':
    case '\u201d':
    case '\u2018':
    case '\u2019':
      return `write plain quotes: " or '`;
    case '<':
    case '>':
    case '*':
    case '/':
    case '+':
    case '-':
      return inBraces ? notComputed : undefined;
    default:
      return inBraces && '0' <= char && char <= '9' ? notComputed : undefined;
  }
}

/** What to do about a token in a place where it makes no sense, for frequent mistakes. */
export function remedyForToken(kind: TokenKind, context: string, expected: string): string | undefined {
  if (context === 'label matching') return remedyInBraces(kind, expected);
  if (context !== '' && context !== 'aggregation') return undefined;
  switch (kind) {
    case '=':
      return 'a comparison is written ==';
    case 'by':
    case 'without':
      return 'it stands between the aggregation and its parenthesis, or behind the closing one: sum by (job) (x)';
    case 'bool':
      return 'it stands right behind a comparison: a > bool b';
    case 'group_left':
    case 'group_right':
      return 'it follows on (...) or ignoring (...)';
    case 'offset':
      return 'it follows a selector or a subquery: x offset 5m';
    default:
      return undefined;
  }
}

const notComputed =
  'labels are compared with strings only, by =, !=, =~ or !~; values of series are compared outside the braces';

function remedyInBraces(kind: TokenKind, expected: string): string | undefined {
  if (expected === 'string') return kind === 'identifier' ? 'put the value in quotes: label="value"' : undefined;
  if (expected !== 'label matching operator') return undefined;
  return 'write label="value"; label!="" matches any value';
}
