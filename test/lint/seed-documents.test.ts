import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { correct, corrections } from './corrections.ts';
import { mutations } from './mutate.ts';
import { defectsFile, findingsIn, isHere, judge, places, readDefects, readSeed, tells } from './seed-documents.ts';

/** Of the known defects, how many must be found: in the documents as they are, and in each copy that was changed. */
const wanted = 0.95;

const reason = `skipped: ${defectsFile} is not here`;
const files = isHere ? [...new Set(readDefects().map(({ file }) => file))] : [];
const correctable = isHere ? readDefects().filter(({ id }) => id in corrections) : [];

describe.skipIf(!isHere)(isHere ? 'the example documents' : reason, () => {
  test('nearly all known defects are found at their lines', () => {
    const defects = readDefects();
    const hit = files.flatMap((file) =>
      judge(
        defects.filter((defect) => defect.file === file),
        findingsIn(file, readSeed(file)),
      ),
    );
    const missed = defects.filter((defect) => !hit.includes(defect)).map(({ id, rule }) => `${id} ${rule}`);
    console.log(
      `known defects found: ${hit.length} of ${defects.length}${missed.length === 0 ? '' : `; missed ${missed.join(', ')}`}`,
    );
    expect(missed.length).toBeLessThanOrEqual((1 - wanted) * defects.length);
  });

  test('nearly all of those in free text are found, once they are asked for', () => {
    const defects = readDefects('prose');
    const hit = files.flatMap((file) =>
      judge(
        defects.filter((defect) => defect.file === file),
        findingsIn(file, readSeed(file), { prose: true }),
      ),
    );
    const missed = defects.filter((defect) => !hit.includes(defect)).map(({ id, rule }) => `${id} ${rule}`);
    console.log(`known mistakes in free text found: ${hit.length} of ${defects.length}; missed ${missed.join(', ')}`);
    expect(hit.length).toBeGreaterThanOrEqual(0.7 * defects.length);
  });

  test('so are nearly all places of those that list several', () => {
    const all = places(readDefects());
    const found = new Map(files.map((file) => [file, findingsIn(file, readSeed(file))]));
    const missed = all.filter((one) => !found.get(one.file)?.some((finding) => tells(one, finding)));
    console.log(
      `places found: ${all.length - missed.length} of ${all.length}; missed ${missed.map(({ id, ranges }) => `${id}:${ranges.join()}`).join(', ')}`,
    );
    expect(missed.length).toBeLessThanOrEqual((1 - wanted) * all.length);
  });

  test.each(correctable)('once $id is corrected, $rule says nothing there, and nothing else does', (defect) => {
    const { file, id, rule, ranges } = defect;
    const original = readSeed(file);
    const { text, lineAt } = correct(id, original);
    const before = findingsIn(file, original);
    const after = findingsIn(file, text);
    const there = ranges.map(([from, to]) => [lineAt(from), lineAt(to + 1) - 1] as const);
    const inside = after.filter(({ line }) => there.some(([from, to]) => from <= line && line <= to));
    const old = new Set(before.filter((one) => tells({ ...defect, rule: one.rule }, one)).map((one) => one.rule));
    expect(inside.filter((one) => one.rule === rule)).toEqual([]);
    expect(inside.filter((one) => !old.has(one.rule))).toEqual([]);
  });

  // A check that knew a document would find less in a copy; each copy must give the findings of the original, check by check.
  test.each(mutations)('$name: the same findings', ({ apply }) => {
    const differences = files.flatMap((file) => {
      const before = counts(findingsIn(file, readSeed(file), { prose: true }));
      const after = counts(findingsIn(file, apply(readSeed(file)), { prose: true }));
      const rules = [...new Set([...before.keys(), ...after.keys()])];
      return rules
        .filter((rule) => before.get(rule) !== after.get(rule))
        .map((rule) => `${file} ${rule}: ${before.get(rule) ?? 0} became ${after.get(rule) ?? 0}`);
    });
    const total = files.reduce((sum, file) => sum + findingsIn(file, readSeed(file)).length, 0);
    console.log(
      `findings that changed: ${differences.length} of the kinds in ${total}${differences.map((one) => `\n  ${one}`).join('')}`,
    );
    expect(differences).toEqual([]);
  });

  test.each(mutations.filter(({ keepsLines }) => keepsLines))(
    '$name: the known defects at their lines',
    ({ apply }) => {
      const missed = files.flatMap((file) => {
        const own = readDefects().filter((defect) => defect.file === file);
        const hit = judge(own, findingsIn(file, apply(readSeed(file))));
        return own.filter((defect) => !hit.includes(defect)).map(({ id, rule }) => `${id} ${rule}`);
      });
      expect(missed.length, missed.join(', ')).toBeLessThanOrEqual((1 - wanted) * readDefects().length);
    },
  );

  test('no name of a document stands in the source', () => {
    const source = resolve(import.meta.dirname, '../../src/core');
    const text = ['lint', 'formats/markdown']
      .flatMap((folder) =>
        readdirSync(join(source, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
          join(source, folder, name),
        ),
      )
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
      .map((name) => readFileSync(name, 'utf8'))
      .join('\n');
    const names = new Set(
      files.flatMap(
        (file) =>
          readSeed(file).match(
            /\b[a-z]+(?:_[a-z]+)+_(?:total|seconds|bytes|bucket|depth|progress|workers)\b|\b[A-Z][a-z]+[A-Z]\w+(?:High|Low|Stuck|Spike|Burn|Stalled|Recurring)\b/g,
          ) ?? [],
      ),
    );
    expect([...names].filter((name) => text.includes(name))).toEqual([]);
  });
});

function counts(found: readonly { readonly rule: string }[]): ReadonlyMap<string, number> {
  const result = new Map<string, number>();
  for (const { rule } of found) result.set(rule, (result.get(rule) ?? 0) + 1);
  return result;
}
