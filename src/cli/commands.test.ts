import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { artefactTargets } from '../core/generate/index.ts';
import { commands } from './commands.ts';
import { run } from './program.ts';
import type { Terminal } from './terminal.ts';

const reference = resolve(import.meta.dirname, '../../docs/reference');
const page = readFileSync(resolve(reference, 'cli.md'), 'utf8');
const sections = page.split(/^## /m).slice(1);

describe.each(Object.entries(commands))('nines %s', (name, load) => {
  const section = sections.filter((text) => new RegExp(`\`nines ${name}\\b`).test(text.split('\n', 1)[0] ?? ''));

  test('stands in the reference with all its options', async () => {
    expect(section).toHaveLength(1);
    const command = (await load())(terminal([]), () => undefined);
    const missing = command.options
      .map(({ long }) => long ?? '')
      .filter((option) => !['--input', '--output', '--format'].includes(option))
      .filter((option) => !new RegExp(`${option}(?![a-z-])`).test(section.join()));
    expect(missing).toEqual([]);
  });

  test('says in its help how it exits', async () => {
    const said: string[] = [];
    expect(await run([name, '--help'], commands, terminal(said))).toBe(0);
    expect(said.join('')).toMatch(/Exit code: 0 /);
  });
});

test('the reference names no option that no command has', async () => {
  const made = await Promise.all(
    Object.values(commands).map(async (load) => (await load())(terminal([]), () => undefined)),
  );
  const known = new Set(made.flatMap(({ options }) => options.map(({ long }) => long)));
  const named = sections.join().matchAll(/`(--[a-z-]+)/g);
  expect([...named].map(([, option]) => option).filter((option) => option !== '--help' && !known.has(option))).toEqual(
    [],
  );
});

test('each target stands in the reference', () => {
  const targets = readFileSync(resolve(reference, 'targets.md'), 'utf8');
  expect(artefactTargets.map(({ name }) => name).filter((name) => !targets.includes(`\`${name}\``))).toEqual([]);
});

function terminal(said: string[]): Terminal {
  return {
    cwd: '.',
    env: {},
    write: (text) => void said.push(text),
    writeError: (text) => void said.push(text),
    readInput: async () => '',
    signal: new AbortController().signal,
    color: false,
  };
}
