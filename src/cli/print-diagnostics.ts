import { formatDiagnostic, type LocatedDiagnostic, placeOf, type Severity, unreachable } from '../core/base/index.ts';
import { diagnosticCodes } from './diagnostic-codes.ts';

/** The forms in which diagnostics are printed: for people, for programs, and for the two systems that show them beside a change. */
export const diagnosticFormats = ['text', 'json', 'github', 'sarif'] as const;
export type DiagnosticFormat = (typeof diagnosticFormats)[number];

/** Prints diagnostics in a form. The text form closes with how many there are; without any it is empty. */
export function printDiagnostics(diagnostics: readonly LocatedDiagnostic[], format: DiagnosticFormat): string {
  switch (format) {
    case 'text':
      if (diagnostics.length === 0) return '';
      return `${diagnostics.map(formatDiagnostic).join('\n\n')}\n\n${countDiagnostics(diagnostics)}\n`;
    case 'json':
      return `${JSON.stringify({ diagnostics: diagnostics.map(wireDiagnostic) }, undefined, 2)}\n`;
    case 'github':
      return diagnostics.map((diagnostic) => `${annotation(diagnostic)}\n`).join('');
    case 'sarif':
      return `${JSON.stringify(sarif(diagnostics), undefined, 2)}\n`;
    default:
      return unreachable(format);
  }
}

/** How many there are of each severity: `2 errors, 1 warning`. */
function countDiagnostics(diagnostics: readonly LocatedDiagnostic[]): string {
  const counts = (['error', 'warning', 'info'] as const).flatMap((severity) => {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    if (count === 0) return [];
    return [`${count} ${severity === 'info' ? 'info' : severity}${count === 1 || severity === 'info' ? '' : 's'}`];
  });
  return counts.join(', ');
}

/** A diagnostic as other programs read it: lines and columns count from 1, columns in UTF-16 units; the end is exclusive. */
export interface WireDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string | null;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The diagnostic as JSON has it. */
export function wireDiagnostic({ code, severity, message, help, source, span }: LocatedDiagnostic): WireDiagnostic {
  const start = placeOf(source.text, span.start);
  const end = placeOf(source.text, span.end);
  return {
    code,
    severity,
    message,
    help: help ?? null,
    file: source.name,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
  };
}

const githubLevels = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** A workflow command of GitHub Actions, which shows the message beside the line of a pull request. */
function annotation(diagnostic: LocatedDiagnostic): string {
  const { code, severity, message, help, file, line, column, endLine, endColumn } = wireDiagnostic(diagnostic);
  // GitHub refuses columns over several lines.
  const columns = line === endLine ? `,col=${column},endColumn=${endColumn}` : '';
  const properties = `file=${escapeProperty(file)},line=${line},endLine=${endLine}${columns},title=${escapeProperty(code)}`;
  return `::${githubLevels[severity]} ${properties}::${escapeData(help === null ? message : `${message}\nhelp: ${help}`)}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const sarifLevels = { error: 'error', warning: 'warning', info: 'note' } as const;

/** SARIF 2.1.0, which GitHub code scanning and most editors read. Source: OASIS, sarif-v2.1.0. */
function sarif(diagnostics: readonly LocatedDiagnostic[]): unknown {
  const used = [...new Set(diagnostics.map(({ code }) => code))].toSorted();
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'nines', rules: used.map(sarifRule) } },
        columnKind: 'utf16CodeUnits',
        results: diagnostics.map((diagnostic) => sarifResult(diagnostic, used.indexOf(diagnostic.code))),
      },
    ],
  };
}

function sarifRule(code: string): unknown {
  const known = diagnosticCodes.find((entry) => entry.code === code);
  if (known === undefined) return { id: code };
  return { id: code, shortDescription: { text: known.meaning }, help: { text: known.remedy } };
}

function sarifResult(diagnostic: LocatedDiagnostic, ruleIndex: number): unknown {
  const { code, severity, message, help, file, line, column, endLine, endColumn } = wireDiagnostic(diagnostic);
  return {
    ruleId: code,
    ruleIndex,
    level: sarifLevels[severity],
    message: { text: help === null ? message : `${message} (help: ${help})` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/') },
          region: { startLine: line, startColumn: column, endLine, endColumn },
        },
      },
    ],
  };
}
