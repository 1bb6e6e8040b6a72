import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { placeOf } from '../../src/core/base/index.ts';
import { type LintOptions, lintDocument } from '../../src/core/lint/index.ts';

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
  /** Whether the lines are those of two things that disagree. */
  readonly compares: boolean;
}

export interface Found {
  readonly rule: string;
  readonly line: number;
  readonly message: string;
}

/** The known mistakes of one tier: `core` ones are found by structure, `prose` ones in free text. */
export function readDefects(wanted: 'core' | 'prose' = 'core'): readonly Defect[] {
  const all: readonly { id: string; rule: string; file: string; lines: string; tier: string }[] = JSON.parse(
    readFileSync(defectsFile, 'utf8'),
  );
  return all
    .filter(({ tier }) => tier === wanted)
    .map(({ id, rule, file, lines }) => ({
      id,
      rule,
      file,
      compares: lines.includes('vs'),
      ranges: [...lines.matchAll(/(\d+)(?:-(\d+))?/g)].map(
        ([, from, to]) => [Number(from), Number(to ?? from)] as const,
      ),
    }));
}

export function readSeed(file: string): string {
  return readFileSync(join(shared, 'seeds', file), 'utf8');
}

export function findingsIn(file: string, text: string, options: LintOptions = {}): readonly Found[] {
  return lintDocument({ name: file, text }, 'markdown', options).map(({ code, span, message }) => ({
    rule: code.replace('lint/', ''),
    line: placeOf(text, span.start).line,
    message,
  }));
}

/** Whether a finding tells of a defect: by the same check, on a line that the defect names. No line beside it counts. */
export function tells({ rule, ranges }: Defect, found: Found): boolean {
  return found.rule === rule && ranges.some(([from, to]) => from <= found.line && found.line <= to);
}

/**
 * The defects that are found, each by a finding of its own: a finding that tells of two defects counts for one of them. A bipartite
 * matching by augmenting paths, so that the order decides nothing.
 */
export function judge(defects: readonly Defect[], found: readonly Found[]): readonly Defect[] {
  const owner = new Map<Found, Defect>();
  const claim = (defect: Defect, seen: Set<Found>): boolean =>
    found.some((one) => {
      if (seen.has(one) || !tells(defect, one)) return false;
      seen.add(one);
      const other = owner.get(one);
      if (other !== undefined && !claim(other, seen)) return false;
      owner.set(one, defect);
      return true;
    });
  return defects.filter((defect) => claim(defect, new Set()));
}

/** The places of defects that list several (`40, 43, 44`), each of which needs a finding; `27 vs 21` compares two and is left out. */
export function places(defects: readonly Defect[]): readonly Defect[] {
  return defects
    .filter(({ compares }) => !compares)
    .flatMap((defect) => defect.ranges.map((range) => ({ ...defect, ranges: [range] })));
}
