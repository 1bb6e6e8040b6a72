import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sharedFolder } from '../servers.ts';
import { check } from './answers.ts';
import { failures, formatResults, runFile, runVectors } from './report.ts';
import { type Json, readVectors, type Vector } from './vector.ts';

const ours = join(import.meta.dirname, 'testdata', 'vectors.json');
const reference = sharedFolder('reference');

test('our own vectors pass', async () => {
  const results = await runFile(ours);
  expect(failures(results), formatResults(results, false)).toBe(0);
});

test('the vectors of the reference pass', async (context) => {
  if (reference === undefined) return context.skip('needs ../shared/reference beside the repository');
  const results = await runFile(join(reference, 'alert-quality-vectors.json'));
  expect(failures(results), formatResults(results, false)).toBe(0);
});

test('each of our own vectors fails with other numbers', async () => {
  expect(await passingWithOtherNumbers(ours)).toEqual([]);
});

test('each vector of the reference fails with other numbers', async (context) => {
  if (reference === undefined) return context.skip('needs ../shared/reference beside the repository');
  expect(await passingWithOtherNumbers(join(reference, 'alert-quality-vectors.json'))).toEqual([]);
});

describe('the runner', () => {
  const good: Vector = {
    id: 'X1',
    group: 'downtime',
    input: { target: 0.999, periodDays: 30 },
    expected: { minutes: 43.2 },
    tolerance: 1e-9,
  };

  test.each<[string, Partial<Vector>, RegExp]>([
    ['another figure', { expected: { minutes: 43.3 } }, /43\.2\d* instead of 43\.3/],
    ['an unknown group', { group: 'weather' }, /no group called weather/],
    ['an unknown figure', { expected: { lightYears: 1 } }, /no such figure/],
    ['a missing figure', { input: { periodDays: 30 } }, /can't be answered/],
    ['a target that leaves no budget', { input: { target: 1, periodDays: 30 } }, /no error budget/],
    ['a sentence without a question', { group: 'workbook', input: 'hello', expected: { exact: 1 } }, /asks nothing/],
    [
      'a run that is not understood',
      { group: 'prometheus', input: { as_: 'E04, on Mars' }, expected: { fast: [1, 2] } },
      /on Mars/,
    ],
    ['a quotation alone', { expected: { printed: '43 minutes' } }, /expects nothing/],
    ['an input of no known form', { input: [1, 2] }, /neither figures/],
    [
      'a tiny figure within a wide tolerance',
      {
        group: 'false-page',
        input: { eventsPerWindow: 1000, trueErrorRatio: 0.001, threshold: 0.0144 },
        expected: { probability: 3e-13 },
        tolerance: 1e-8,
      },
      /instead of 3e-13/,
    ],
  ])('counts %s as failed', async (_, change, problem) => {
    const [result] = await runVectors([{ ...good, ...change }]);
    expect(result?.problems.join('\n')).toMatch(problem);
  });

  test('shows a line for each group and, of those that failed, what is wrong', async () => {
    const results = await runVectors([good, { ...good, id: 'X2', expected: { minutes: 1 } }]);
    expect(formatResults(results, false).split('\n')).toEqual([
      'downtime: 1 passed, 1 failed',
      '  X2 failed {"target":0.999,"periodDays":30}',
      '    minutes: 43.2 instead of 1',
    ]);
    expect(formatResults(results, true)).toContain('  X1 passed');
  });

  test.each([
    ['no JSON', '{', /not JSON/],
    ['no list', '{}', /expected array/],
    ['no vectors', '[]', /no vectors/],
    ['a vector without a group', JSON.stringify([{ ...good, group: undefined }]), /at \[0\]\.group/],
    ['a vector without an expectation', JSON.stringify([{ ...good, expected: undefined }]), /at \[0\]\.expected/],
  ])('refuses %s', (_, text, message) => {
    expect(() => readVectors(text)).toThrow(message);
  });
});

/** The vectors of a file that pass although other numbers are expected of them; those that expect none are left out. */
async function passingWithOtherNumbers(path: string): Promise<readonly string[]> {
  const vectors = readVectors(readFileSync(path, 'utf8'));
  const passing: string[] = [];
  for (const vector of vectors) {
    const wrong = { ...vector, expected: mapNumbers(vector.expected) };
    if (JSON.stringify(wrong) === JSON.stringify(vector)) continue;
    const all = vectors.map((each) => (each === vector ? wrong : each));
    if ((await check(wrong, all)).length === 0) passing.push(vector.id);
  }
  return passing;
}

/** The same with every number moved by more than any tolerance. */
function mapNumbers(value: Json): Json {
  if (typeof value === 'number') return value * 1.01 + (Number.isInteger(value) ? 1 : 0);
  if (Array.isArray(value)) return value.map(mapNumbers);
  return typeof value === 'object' && value !== null ? table(value) : value;
}

function table(value: object): { readonly [key: string]: Json } {
  return Object.fromEntries(Object.entries(value).map(([key, item]: [string, Json]) => [key, mapNumbers(item)]));
}
