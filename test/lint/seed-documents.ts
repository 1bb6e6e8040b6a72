import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { placeOf } from '../../src/core/base/index.ts';
import { lintDocument } from '../../src/core/lint/index.ts';

/** What reviewers of the example documents know to be wrong, and the documents; they stand beside the repository. */
const shared = resolve(import.meta.dirname, '../../../shared');

export const defectsFile: string = join(shared, 'reference/seed-defects.json');

export const isHere: boolean = existsSync(defectsFile);

/** A mistake that is known: where, and which check should find it. */
export interface Defect {
  readonly id: string;
  readonly rule: string;
  readonly file: string;
  /** From and to, inclusive. */
  readonly ranges: readonly (readonly [number, number])[];
}

export interface Found {
  readonly rule: string;
  readonly line: number;
  readonly message: string;
}

export function readDefects(): readonly Defect[] {
  const all: readonly { id: string; rule: string; file: string; lines: string; tier: string }[] = JSON.parse(
    readFileSync(defectsFile, 'utf8'),
  );
  return all
    .filter(({ tier }) => tier === 'core')
    .map(({ id, rule, file, lines }) => ({
      id,
      rule,
      file,
      ranges: [...lines.matchAll(/(\d+)(?:-(\d+))?/g)].map(
        ([, from, to]) => [Number(from), Number(to ?? from)] as const,
      ),
    }));
}

export function readSeed(file: string): string {
  return readFileSync(join(shared, 'seeds', file), 'utf8');
}

export function findingsIn(file: string, text: string): readonly Found[] {
  return lintDocument({ name: file, text }, 'markdown').map(({ code, span, message }) => ({
    rule: code.replace('lint/', ''),
    line: placeOf(text, span.start).line,
    message,
  }));
}

/** The defects that a finding with the right name in the right place tells of. */
export function judge(defects: readonly Defect[], found: readonly Found[]): readonly Defect[] {
  return defects.filter(({ rule, ranges }) =>
    found.some((one) => one.rule === rule && ranges.some(([from, to]) => from <= one.line && one.line <= to)),
  );
}
