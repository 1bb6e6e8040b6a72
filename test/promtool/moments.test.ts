import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { artefactTargets, defaultGenerateOptions, generateArtefacts } from '../../src/core/generate/index.ts';
import { runUnitTests } from '../../src/core/rules/index.ts';
import { needServer, serverEnvironment } from '../servers.ts';
import { moments } from './services.ts';

/** Tests whose rules have their clock put forward to the end of an exclusion or the turn of a calendar period. */
const pieces = [
  ...generateArtefacts(
    [moments],
    artefactTargets.filter(({ name }) => name === 'promtool'),
    defaultGenerateOptions,
  ),
];
const files = new Map(pieces.flatMap((piece) => piece.files).map(({ path, text }) => [path, text]));
const names = [
  'end-of-move',
  'end-of-nights',
  'turn-of-calendar-day-Asia-Kathmandu',
  'turn-of-calendar-month-Europe-Berlin',
  'turn-of-calendar-quarter',
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nines-moments-'));
  for (const [path, text] of files) writeFileSync(join(folder, path), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('there is one for each exclusion and each calendar, and nothing is left out', () => {
  const found = [...files.keys()].flatMap((path) => /^moments\.(.+)\.tests\.yaml$/.exec(path)?.slice(1) ?? []);
  expect(found.toSorted()).toEqual(names);
  expect(pieces.flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message))).toEqual([]);
});

test('the rules beside them cannot be taken for those that Prometheus loads', () => {
  const rules = [...files].filter(([path]) => path.includes('rules'));
  expect(rules.filter(([path]) => path.endsWith('.rules.yaml')).map(([path]) => path)).toEqual(['moments.rules.yaml']);
  for (const [path, text] of rules)
    expect(text.includes('For tests alone, never to be loaded')).toBe(path !== 'moments.rules.yaml');
});

describe.each(names)('the tests of %s', (name) => {
  test('are the golden ones', async () => {
    await expect(files.get(`moments.${name}.tests.yaml`)).toMatchFileSnapshot(`testdata/moments.${name}.tests.yaml`);
  });

  test('pass in the engine', async () => {
    expect(await failures(name)).toEqual([]);
  });
});

// promtool takes ten times as long as the engine, so that it has one of each kind in the short form.
test.for(process.env['NINES_LONG'] === '1' ? names : ['end-of-nights', 'turn-of-calendar-month-Europe-Berlin'])(
  'the tests of %s pass in a real promtool',
  { timeout: 120_000 },
  (name, context) => {
    const shown = execFileSync(
      needServer(context, 'promtool'),
      ['test', 'rules', join(folder, `moments.${name}.tests.yaml`)],
      { encoding: 'utf8', env: { ...process.env, ...serverEnvironment() } },
    );
    expect(shown).toContain('SUCCESS');
  },
);

describe('the tests fail for rules with', () => {
  test.each<[what: string, name: string, from: RegExp, to: string]>([
    ['an exclusion that is too short', 'end-of-nights', /\b7200\b/g, '7170'],
    ['an exclusion that is too long', 'end-of-nights', /\b7200\b/g, '7230'],
    ['an exclusion by the clocks of another zone', 'end-of-nights', /\b3600\b/g, '7200'],
    ['an exclusion once that ends a minute late', 'end-of-move', /< bool 1794046530\b/g, '< bool 1794046590'],
    ['exclusions that exclude nothing', 'end-of-move', /\b1 - slo:excluded:bool/g, '1 - 0 * slo:excluded:bool'],
    ['a month of another zone', 'turn-of-calendar-month-Europe-Berlin', /^( *)3600$/m, '$10'],
    ['a day that begins a quarter of an hour early', 'turn-of-calendar-day-Asia-Kathmandu', /\b20670\b/g, '21570'],
    ['a quarter that begins a month late', 'turn-of-calendar-quarter', />= bool 10\b/g, '>= bool 11'],
  ])('%s', async (_, name, from, to) => {
    const text = files.get(`moments.${name}.moved-rules.yaml`) ?? '';
    const changed = text.replaceAll(new RegExp(from, from.flags.includes('g') ? from.flags : `${from.flags}g`), to);
    expect(changed).not.toBe(text);
    expect(await failures(name, changed)).not.toEqual([]);
  });
});

async function failures(
  name: string,
  rules = files.get(`moments.${name}.moved-rules.yaml`),
): Promise<readonly string[]> {
  const tests = { name: 'tests.yaml', text: files.get(`moments.${name}.tests.yaml`) ?? '' };
  const result = await runUnitTests(tests, (file) => Promise.resolve([{ name: file, text: rules ?? '' }]));
  expect(result.passed + result.failed).toBeGreaterThan(0);
  return result.failures.map((failure) => failure.text);
}
