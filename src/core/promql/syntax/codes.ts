/** The codes of diagnostics about PromQL expressions, each with what it says. They are stable: people suppress and search by them. */
export const promqlCodes = {
  'promql/syntax': 'the text is not a PromQL expression',
  'promql/limit': 'the expression is too long or too deeply nested',
  'promql/string': 'a string literal cannot be read',
  'promql/number': 'a number cannot be read or is out of range',
  'promql/duration': 'a duration cannot be read, is out of range, or must be positive',
  'promql/modifier': 'offset, @, anchored or smoothed stand where they may not, or twice',
  'promql/range': 'a range stands behind something that is not a plain selector',
  'promql/matcher': 'a selector selects everything or names its metric twice',
  'promql/label': 'a label name is not valid',
  'promql/regex': 'a regular expression is not valid RE2 syntax',
  'promql/function': 'there is no function of this name',
  'promql/arguments': 'a function or aggregation has too few or too many arguments',
  'promql/type': 'an operand or argument has the wrong type',
  'promql/operator': 'an operator or one of its modifiers does not go with its operands',
  'promql/series-notation': 'a series of a test file cannot be read',
  'promql/matching': 'the vector matching of a binary operator contradicts itself or its operator',
} as const;

export type PromqlCode = keyof typeof promqlCodes;
