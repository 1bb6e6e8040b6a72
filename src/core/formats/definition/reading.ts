import type { Diagnostic, Outcome, Severity, Span } from '../../base/index.ts';
import { firstLineOf, keySpanAt, nodeAt, scalarOffset, type YamlNode, type YamlPath } from '../../yaml/index.ts';

/** One document on its way to a service: its text and places, and what was found wrong so far. */
export interface Reading {
  readonly text: string;
  readonly root: YamlNode;
  readonly diagnostics: Diagnostic[];
  /** Places of keys that were meant by misspelt ones: those are not missing as well. */
  readonly misspelt: Set<string>;
}

/** What there is to say about a place, without the place. */
export interface Remark {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly help?: string;
}

/** Reports at the value of a path. */
export function reportValue(reading: Reading, path: YamlPath, remark: Remark): void {
  const node = nodeAt(reading.root, path);
  reading.diagnostics.push({ ...remark, span: node === undefined ? keySpanAt(reading.root, path) : firstLineOf(node) });
}

/** Reports at the key of a path. */
export function reportKey(reading: Reading, path: YamlPath, remark: Remark): void {
  reading.diagnostics.push({ ...remark, span: keySpanAt(reading.root, path) });
}

/** Reports inside the scalar at a path; the span counts from the start of its value. */
export function reportInside(reading: Reading, path: YamlPath, span: Span, remark: Remark): void {
  const node = nodeAt(reading.root, path);
  if (node?.kind !== 'scalar') {
    reportValue(reading, path, remark);
    return;
  }
  // White space at the end of a block is no place to point at: what is missing is missing behind the last word.
  const last = node.text.trimEnd().length;
  const start = scalarOffset(reading.text, node, Math.min(span.start, last));
  const end = scalarOffset(reading.text, node, Math.min(span.end, last));
  reading.diagnostics.push({ ...remark, span: { start, end: Math.max(start, end) } });
}

/** The value of what was read from the scalar at a path; its diagnostics are reported there. */
export function accept<T>(reading: Reading, path: YamlPath, outcome: Outcome<T>): T | undefined {
  for (const { span, ...remark } of outcome.diagnostics) reportInside(reading, path, span, remark);
  return outcome.ok ? outcome.value : undefined;
}

/** The characters of the scalar at a path as they were written: of the number 99.90 all five. */
export function writtenAt(reading: Reading, path: YamlPath): string {
  const node = nodeAt(reading.root, path);
  return node?.kind === 'scalar' ? node.text : '';
}

/** Whether what stands at a path is told about already: it is there but wrong, or misspelt. */
export function isToldAbout(reading: Reading, path: YamlPath): boolean {
  return nodeAt(reading.root, path) !== undefined || reading.misspelt.has(path.join('/'));
}

/** How many errors there are so far. */
export function errorCount(reading: Reading): number {
  return reading.diagnostics.filter(({ severity }) => severity === 'error').length;
}

/** Words in a sentence: a, b and c. */
export function enumeration(words: readonly (string | number)[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** Names in a sentence: `a`, `b` or `c`. */
export function alternatives(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}
