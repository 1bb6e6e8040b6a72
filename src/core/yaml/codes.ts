import type { Diagnostic, DiagnosticCode, Span } from '../base/index.ts';

/** The codes that reading YAML reports. */
export const yamlCodes: readonly DiagnosticCode[] = [
  {
    code: 'yaml/syntax',
    severity: 'error',
    meaning: 'The text is not YAML.',
    remedy:
      'Correct the place shown; quote a value that contains `: ` or ` #`, or begins with one of `{ [ & * ! | > % @`.',
  },
  {
    code: 'yaml/indentation',
    severity: 'error',
    meaning: 'A line is indented in a way that fits no enclosing block.',
    remedy: 'Give all keys of one block the same number of leading spaces.',
  },
  {
    code: 'yaml/tab',
    severity: 'error',
    meaning: 'A tab is used as indentation, which YAML forbids.',
    remedy: 'Indent with spaces.',
  },
  {
    code: 'yaml/duplicate-key',
    severity: 'error',
    meaning: 'A map has the same key twice; one of the two would be lost without a word.',
    remedy: 'Remove or rename one of them.',
  },
  {
    code: 'yaml/key',
    severity: 'error',
    meaning: 'A key is not a plain string: it is empty, a list or a map.',
    remedy: 'Write the key as a word, in quotes if it has special characters.',
  },
  {
    code: 'yaml/alias',
    severity: 'error',
    meaning: 'An alias names no anchor above it, contains itself, or is used as a merge of something that is no map.',
    remedy: 'Define the anchor (`&name`) before the alias (`*name`) and outside of it.',
  },
  {
    code: 'yaml/tag',
    severity: 'error',
    meaning: 'A tag asks for a type that is not one of YAML 1.2: string, number, boolean, null, list, map.',
    remedy: 'Remove the tag.',
  },
  {
    code: 'yaml/too-large',
    severity: 'error',
    meaning: 'The text, or what its aliases expand to, is larger than the limit.',
    remedy: 'Split the file; aliases that multiply each other are refused because they fill the memory.',
  },
  {
    code: 'yaml/too-deep',
    severity: 'error',
    meaning: 'Lists and maps are nested deeper than the limit.',
    remedy: 'Flatten the document; no format that Nines reads nests this deep.',
  },
  {
    code: 'yaml/binary',
    severity: 'error',
    meaning: 'The text has NUL bytes or other control characters: it is a binary file, or text in UTF-16.',
    remedy: 'Check the path; save the file as UTF-8.',
  },
];

/** A problem of a text, with the remedy that is registered for its code unless a better one is known. */
export function yamlProblem(code: string, message: string, span: Span, help?: string): Diagnostic {
  const known = yamlCodes.find((entry) => entry.code === code);
  if (known === undefined) throw new RangeError(`unregistered code ${code}`);
  return { severity: known.severity, code, message, help: help ?? known.remedy, span };
}
