import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { mutations } from './mutate.ts';
import { defectsFile, findingsIn, isHere, judge, readDefects, readSeed } from './seed-documents.ts';

/** Of the known defects, how many must be found: in the documents as they are, and in each copy that was changed. */
const wanted = 0.95;

const reason = `skipped: ${defectsFile} is not here`;
const files = isHere ? [...new Set(readDefects().map(({ file }) => file))] : [];

/** What is right in the documents, and the check that a hasty linter would complain with. */
const right: readonly (readonly [file: string, lines: readonly number[], rules: readonly string[]])[] = [
  ['dumbkv.md', [130, 131, 132], ['budget-table-arithmetic', 'table-polarity-window']],
  ['task-mcp.md', [48], ['ratio-without-aggregation', 'promql-syntax', 'absent-numerator']],
  ['dumbkv.md', [98], ['vector-matching', 'promql-syntax', 'ratio-without-aggregation']],
  ['dumbkv.md', [19], ['promql-syntax', 'budget-formula']],
  ['comfyui-api.md', [285], ['promql-syntax']],
  ['comfyui-api.md', [271], ['promql-syntax', 'absent-never-fires']],
  ['koder-flow.md', [27, 31], ['*']],
  ['comfyui-api.md', [84, 85, 86], ['promql-syntax']],
  ['task-mcp.md', [438, 187], ['*']],
  ['comfyui-api.md', [347, 348], ['*']],
  ['pactodo.md', [24], ['budget-table-arithmetic', 'exhaustion-claim']],
];

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

  test.each(right)('nothing is wrong with %s, lines %j, by %j', (file, lines, rules) => {
    const wrong = findingsIn(file, readSeed(file)).filter(
      ({ line, rule }) => lines.includes(line) && (rules.includes('*') || rules.includes(rule)),
    );
    expect(wrong).toEqual([]);
  });

  // A check that knew a document would find less in a copy; each copy must give the findings of the original, check by check.
  test.each(mutations)('$name: the same findings', ({ apply }) => {
    const differences = files.flatMap((file) => {
      const before = counts(findingsIn(file, readSeed(file)));
      const after = counts(findingsIn(file, apply(readSeed(file))));
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
