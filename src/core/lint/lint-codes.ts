import type { DiagnosticCode, Severity } from '../base/index.ts';
import { suppressionCodes } from './document/suppressions.ts';
import { documentChecks } from './document-checks.ts';
import { checks } from './lint.ts';

interface Described {
  readonly id: string;
  readonly severity: Severity;
  readonly meaning: string;
  readonly remedy: string;
}

/** Every check, of definitions and of documents. One that looks into both has one id and one entry. */
const described: ReadonlyMap<string, Described> = new Map(
  [...documentChecks, ...checks].map((check) => [check.id, check] as const),
);

/** The ids of all checks, by name. */
export const lintCheckIds: readonly string[] = [...described.keys()].toSorted();

/** The codes of what the checks report, and of what is wrong with a comment that suppresses one. */
export const lintCodes: readonly DiagnosticCode[] = [
  ...lintCheckIds
    .flatMap((id) => described.get(id) ?? [])
    .map(({ id, severity, meaning, remedy }) => ({
      code: `lint/${id}`,
      severity,
      meaning,
      remedy: `${remedy.slice(0, 1).toUpperCase()}${remedy.slice(1)}.`,
    })),
  ...suppressionCodes,
];
