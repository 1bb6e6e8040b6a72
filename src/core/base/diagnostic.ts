/** A half-open range of UTF-16 offsets into one source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A text that a person wrote, and what they call it: a path, or `<stdin>`. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

export type Severity = 'error' | 'warning' | 'info';

/** What a finding is about, by name. */
export interface Subject {
  readonly service: string;
  /** An objective of the service; without it the service as a whole is meant. */
  readonly slo?: string;
}

/** One thing wrong with, or worth knowing about, a text that a person wrote. */
export interface Diagnostic {
  readonly severity: Severity;
  /** Stable, registered by the layer that reports it: `promql/syntax`, `slo/target`. */
  readonly code: string;
  readonly message: string;
  /** The remedy: what the reader can do about it. */
  readonly help?: string;
  readonly span: Span;
  /** Said where a layer knows objects and not their texts: who holds the text finds the place. */
  readonly subject?: Subject;
}

/** A diagnostic with the text it points into, ready to be printed. */
export interface LocatedDiagnostic extends Diagnostic {
  readonly source: Source;
}

/** An entry of a layer's register of codes, from which the reference page of diagnostics is printed. */
export interface DiagnosticCode {
  readonly code: string;
  /** The severity it is usually reported with. */
  readonly severity: Severity;
  /** What is wrong when it appears: one sentence. */
  readonly meaning: string;
  /** What to do about it: one sentence. */
  readonly remedy: string;
}

/** What reading text gives: a value, or the reasons there is none. Warnings may come with either. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export function success<T>(value: T, diagnostics: readonly Diagnostic[] = []): Outcome<T> {
  return { ok: true, value, diagnostics };
}

export function failure(...diagnostics: readonly Diagnostic[]): {
  readonly ok: false;
  readonly diagnostics: readonly Diagnostic[];
} {
  return { ok: false, diagnostics };
}
