import type { DiagnosticCode, Severity } from '../base/index.ts';

/** The codes that reading and writing other tools' formats reports. */
export const dialectCodes: readonly DiagnosticCode[] = [
  entry(
    'dialect/unknown',
    'error',
    'The document is in none of the formats that are read, or of a version that is not known.',
    'Name a file of Nines, OpenSLO, Sloth, Pyrra or slo-generator, or say which by `--from`.',
  ),
  entry(
    'dialect/unknown-key',
    'error',
    'A key is not one of the format: misspelt, or in the wrong place.',
    'Take the key that is suggested, or remove it.',
  ),
  entry('dialect/missing-key', 'error', 'A key that the format needs is missing or has no value.', 'Add it.'),
  entry(
    'dialect/type',
    'error',
    'A value has another type than its key asks for, or is not one of the words that the format has.',
    'Write what the message asks for.',
  ),
  entry(
    'dialect/reference',
    'error',
    'An object refers to one that is not there.',
    'Give the file of the missing object as well, or correct the name.',
  ),
  entry('dialect/duplicate', 'error', 'Two objects have the same name.', 'Rename one of them.'),
  entry(
    'dialect/expression',
    'error',
    'A query is no sum of rates or increases of counters, so that what it counts cannot be told.',
    'Write the query as the message says, or write the indicator by hand.',
  ),
  entry(
    'dialect/plugin',
    'error',
    'What is measured stands in the code of a plugin, which is not run here.',
    'Write the queries that the plugin gives in its place.',
  ),
  entry(
    'dialect/unsupported',
    'error',
    'The definition says something that changes what is promised and that cannot be said in the other format.',
    'See the message for the nearest that can be said.',
  ),
  entry(
    'dialect/lost',
    'warning',
    'Something that does not change the promise cannot be said in the other format and is left out.',
    'Keep it by hand if it is needed.',
  ),
  entry(
    'dialect/assumed',
    'info',
    'The definition leaves something open that is now said.',
    'Check that it is what you mean.',
  ),
  entry(
    'dialect/name',
    'info',
    'A name is not made of lower-case words joined by hyphens and has been changed to be.',
    'Nothing needs to be done; dashboards that use the old name need the new one.',
  ),
];

function entry(code: string, severity: Severity, meaning: string, remedy: string): DiagnosticCode {
  return { code, severity, meaning, remedy };
}
