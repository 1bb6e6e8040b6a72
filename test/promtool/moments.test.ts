import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { artefactTargets, defaultGenerateOptions, generateArtefacts } from '../../src/core/generate/index.ts';
import { runUnitTests } from '../../src/core/rules/index.ts';
import { needServer, serverEnvironment } from '../servers.ts';
import { moments, turns } from './moving-services.ts';

/** Tests whose rules have their clock put forward to the end of an exclusion or the turn of a calendar period. */
const pieces = [
  ...generateArtefacts(
    [moments, turns],
    artefactTargets.filter(({ name }) => name === 'promtool'),
    defaultGenerateOptions,
  ),
];
const files = new Map(pieces.flatMap((piece) => piece.files).map(({ path, text }) => [path, text]));
const names = [
  'moments.end-of-move',
  'moments.end-of-nights',
  'moments.turn-of-calendar-day-Asia-Kathmandu',
  'moments.turn-of-calendar-month-Europe-Berlin',
  'moments.turn-of-calendar-quarter',
];
/** Those of composites. */
const joint = [
  'turns.end-of-all',
  'turns.end-of-members',
  'turns.turn-of-calendar-day-Europe-Berlin',
  'turns.turn-of-calendar-month-Europe-Berlin',
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'nines-moments-'));
  for (const [path, text] of files) writeFileSync(join(folder, path), text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('there is one for each exclusion and each calendar, and nothing is left out', () => {
  const found = [...files.keys()].flatMap((path) => /^(\w+\..+)\.tests\.yaml$/.exec(path)?.slice(1) ?? []);
  expect(found.toSorted()).toEqual([...names, ...joint]);
  expect(pieces.flatMap(({ diagnostics }) => diagnostics.map(({ message }) => message))).toEqual([]);
});

test('the rules beside them cannot be taken for those that Prometheus loads', () => {
  const rules = [...files].filter(([path]) => path.includes('rules'));
  expect(rules.filter(([path]) => path.endsWith('.rules.yaml')).map(([path]) => path)).toEqual([
    'moments.rules.yaml',
    'turns.rules.yaml',
  ]);
  for (const [path, text] of rules)
    expect(text.includes('For tests alone, never to be loaded')).toBe(!path.endsWith('.rules.yaml'));
});

describe.each(names)('the tests of %s', (name) => {
  test('are the golden ones', async () => {
    await expect(files.get(`${name}.tests.yaml`)).toMatchFileSnapshot(`testdata/${name}.tests.yaml`);
  });

  test('pass in the engine', async () => {
    expect(await failures(name)).toEqual([]);
  });
});

test.each([...joint, 'turns'])('composites are right in the tests of %s', async (name) => {
  expect(await failures(name, files.get(`${name}.moved-rules.yaml`) ?? files.get(`${name}.rules.yaml`))).toEqual([]);
});

test('each composite is looked at across each exclusion of its own or of a member, and each turn of its periods', () => {
  const cases = joint.map((name) => [
    ...(files.get(`${name}.tests.yaml`) ?? '').matchAll(/- name: '?turns\/([^:]+):/g),
  ]);
  const looked = cases.map((found) => found.flatMap(([, subjects = '']) => subjects.split(', ')).toSorted());
  expect(looked).toEqual([
    ['chain', 'events', 'jar', 'pot', 'tenants', 'weighted', 'worst'],
    ['chain', 'jar', 'pot', 'queue', 'slices', 'worst'],
    ['chain', 'events', 'slices'],
    ['chain', 'events', 'pot', 'slices', 'tenants', 'weighted'],
  ]);
});

// promtool takes ten times as long as the engine, so that it has one of each kind in the short form.
test.for(
  process.env['NINES_LONG'] === '1'
    ? [...names, ...joint]
    : ['moments.end-of-nights', 'moments.turn-of-calendar-month-Europe-Berlin'],
)('the tests of %s pass in a real promtool', { timeout: 120_000 }, (name, context) => {
  const shown = execFileSync(needServer(context, 'promtool'), ['test', 'rules', join(folder, `${name}.tests.yaml`)], {
    encoding: 'utf8',
    env: { ...process.env, ...serverEnvironment() },
  });
  expect(shown).toContain('SUCCESS');
});

describe('the tests fail for rules with', () => {
  test.each<[what: string, name: string, from: RegExp, to: string]>([
    ['an exclusion that is too short', 'moments.end-of-nights', /\b7200\b/g, '7170'],
    ['an exclusion that is too long', 'moments.end-of-nights', /\b7200\b/g, '7230'],
    ['an exclusion by the clocks of another zone', 'moments.end-of-nights', /\b3600\b/g, '7200'],
    ['an exclusion once that ends a minute late', 'moments.end-of-move', /< bool 1794046530\b/g, '< bool 1794046590'],
    ['exclusions that exclude nothing', 'moments.end-of-move', /\b1 - slo:excluded:bool/g, '1 - 0 * slo:excluded:bool'],
    ['a month of another zone', 'moments.turn-of-calendar-month-Europe-Berlin', /^( *)3600$/m, '$10'],
    [
      'a day that begins a quarter of an hour early',
      'moments.turn-of-calendar-day-Asia-Kathmandu',
      /\b20670\b/g,
      '21570',
    ],
    ['a pot that turns with its members', 'turns.turn-of-calendar-month-Europe-Berlin', /\) - 60\b/g, ') - 30'],
    ['a pot whose exclusion ends with those of its members', 'turns.end-of-all', /\) - 60\b/g, ') - 30'],
    ['a quarter that begins a month late', 'moments.turn-of-calendar-quarter', />= bool 10\b/g, '>= bool 11'],
  ])('%s', async (_, name, from, to) => {
    const text = files.get(`${name}.moved-rules.yaml`) ?? '';
    const changed = text.replaceAll(new RegExp(from, from.flags.includes('g') ? from.flags : `${from.flags}g`), to);
    expect(changed).not.toBe(text);
    expect(await failures(name, changed)).not.toEqual([]);
  });
});

async function failures(name: string, rules = files.get(`${name}.moved-rules.yaml`)): Promise<readonly string[]> {
  const tests = { name: 'tests.yaml', text: files.get(`${name}.tests.yaml`) ?? '' };
  const result = await runUnitTests(tests, (file) => Promise.resolve([{ name: file, text: rules ?? '' }]));
  expect(result.passed + result.failed).toBeGreaterThan(0);
  return result.failures.map((failure) => failure.text);
}
