import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { parseExpr } from './parse.ts';
import { prettyExpr, printExpr } from './print.ts';
import { equalExpr } from './walk.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../../../shared/corpora');

/** An expression of a test script, and whether the script expects it to fail. */
interface Case {
  readonly place: string;
  readonly text: string;
  readonly fails: boolean;
  /** What the failure must say, if the script tells. */
  readonly message: string;
}

const evaluation =
  /^eval(?:_(?<kind>fail|warn|info|ordered))?\s+(?:instant\s+at\s+\S+|range\s+from\s+\S+\s+to\s+\S+\s+step\s+\S+)\s+(?<text>.*)$/;

function scriptCases(folder: string): readonly Case[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.test'))
    .flatMap((name) => {
      const lines = readFileSync(join(folder, name), 'utf8').split('\n');
      return lines.flatMap((line, i) => {
        const groups = evaluation.exec(line.trim())?.groups;
        if (groups === undefined) return [];
        const end = lines.findIndex((later, j) => i < j && /^\s*(?:#.*)?$/.test(later));
        const expectations = lines.slice(i + 1, end === -1 ? undefined : end);
        const fails = groups['kind'] === 'fail' || expectations.some((later) => /^\s*expect fail/.test(later));
        const message = expectations
          .map((later) => /^\s*expect fail msg:\s*(.*)$/.exec(later)?.[1])
          .find((said) => said);
        return [{ place: `${name}:${i + 1}`, text: groups['text'] ?? '', fails, message: message ?? '' }];
      });
    });
}

function roundTrip(text: string, place: string): void {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(`${place}: ${text}: ${parsed.diagnostics.map(({ message }) => message).join('; ')}`);
  for (const printed of [printExpr(parsed.value), prettyExpr(parsed.value)]) {
    const again = parseExpr(printed);
    if (!again.ok) throw new Error(`${place}: ${text} was printed as ${printed}: ${again.diagnostics[0]?.message}`);
    expect(equalExpr(again.value, parsed.value), `${place}: ${text} was printed as ${printed}`).toBe(true);
  }
}

describe('upstream test scripts', () => {
  const folder = join(root, 'promqltest');
  const present = existsSync(folder);

  test('every expression that succeeds parses, and prints to an equal tree', ({ skip }) => {
    skip(!present, 'the corpora are not here');
    const cases = scriptCases(folder);
    for (const { place, text, fails } of cases) if (!fails) roundTrip(text, place);
    expect(cases.length).toBeGreaterThan(1000);
  });

  test('an expression that fails is refused with the message wanted, or left to the evaluation', ({ skip }) => {
    skip(!present, 'the corpora are not here');
    const failing = scriptCases(folder).filter(({ fails }) => fails);
    for (const { place, text, message } of failing) {
      const parsed = parseExpr(text);
      if (!parsed.ok) expect(parsed.diagnostics[0]?.message, place).toContain(message);
    }
    expect(failing.length).toBeGreaterThan(0);
  });
});

test('the golden queries parse, and print to equal trees', ({ skip }) => {
  const file = join(root, 'golden/golden.jsonl.gz');
  skip(!existsSync(file), 'the corpora are not here');
  let count = 0;
  for (const line of gunzipSync(readFileSync(file)).toString().split('\n')) {
    const head = /^\{"id":(\d+).*?"query":("(?:[^"\\]|\\.)*"),"range":\{[^}]*?"status":(\d+)/.exec(line);
    if (head === null) continue;
    const [, id = '', query = '""', status] = head;
    const text: string = JSON.parse(query);
    if (status === '400') expect(parseExpr(text).ok, text).toBe(false);
    else roundTrip(text, `golden ${id}`);
    count += 1;
  }
  expect(count).toBeGreaterThan(100);
});
