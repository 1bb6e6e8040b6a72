import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../src/core/base/index.ts';
import { type ReadServicesOptions, readServices, writeServices } from '../../src/core/formats/index.ts';
import { diffServices, type Service } from '../../src/core/slo/index.ts';

// Definitions of other projects. All are read or refused as the tests of their own projects say; Sloth's plugins, whose code is not run here, are
// refused with a word of their own.
const corpora = resolve(import.meta.dirname, '../../../shared/corpora');

interface Counts {
  read: number;
  plugins: number;
  refused: number;
}

const missing = existsSync(corpora) ? '' : ' (skipped: they are not beside this repository)';

describe.skipIf(missing !== '')(`definitions of other projects${missing}`, () => {
  test.each([
    'sloth/examples',
    'sloth/test/integration/prometheus/testdata',
    'pyrra',
    'openslo',
    'openslo-go-sdk',
    'slo-generator',
  ])('%s', (folder) => {
    const counts: Counts = { read: 0, plugins: 0, refused: 0 };
    for (const path of definitionsUnder(join(corpora, folder))) {
      const source = { name: path.slice(corpora.length + 1), text: readFileSync(path, 'utf8') };
      const outcome = readServices(source, optionsFor(source.name));
      const errors = outcome.diagnostics.filter(({ severity }) => severity === 'error');
      const isPlugin = 0 < errors.length && errors.every(({ code }) => code === 'dialect/plugin');
      counts[outcome.ok ? 'read' : isPlugin ? 'plugins' : 'refused'] += 1;
      const shown = errors.map((diagnostic) => formatDiagnostic({ ...diagnostic, source })).join('\n');
      const isMeantToPass = !/bad-|invalid/.test(path) && !/plugin/i.test(source.text);
      expect.soft(outcome.ok, `${source.name}\n${shown}`).toBe(isMeantToPass);
      expect.soft(isPlugin, source.name).toBe(/plugin/i.test(source.text));
      if (outcome.ok) expectSameBack(folder, outcome.value);
      for (const { help } of errors) expect.soft(help).toBeTruthy();
    }
    expect(counts).toEqual(expected[folder]);
  });

  test.each(['prom', 'openslo'])('duplicates among the files of %s are refused', (kind) => {
    const folder = join(corpora, 'sloth/test/integration/prometheus/testdata/validate_with_duplicates', kind);
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const outcome = readServices({ name: kind, text: texts.join('\n---\n') });
    expect(outcome.ok).toBe(false);
    expect(outcome.diagnostics.map(({ code }) => code)).toContain('dialect/duplicate');
  });
});

/** So that no file is passed over unseen. */
const expected: Readonly<Record<string, Counts>> = {
  'sloth/examples': { read: 9, plugins: 5, refused: 0 },
  'sloth/test/integration/prometheus/testdata': { read: 9, plugins: 1, refused: 7 },
  pyrra: { read: 38, plugins: 0, refused: 0 },
  openslo: { read: 3, plugins: 0, refused: 0 },
  'openslo-go-sdk': { read: 20, plugins: 0, refused: 3 },
  'slo-generator': { read: 31, plugins: 0, refused: 0 },
};

/**
 * What the tests of the projects do with a file: Sloth reads its definitions and those of OpenSLO by its own rules, where 28 days are no
 * period of its own; the software development kit of OpenSLO checks its examples and what it exports document by document, and resolves
 * the references of the others.
 */
function optionsFor(name: string): ReadServicesOptions {
  if (name.startsWith('sloth')) return { from: 'sloth' };
  return name.startsWith('openslo-go-sdk') && /\/(?:examples|export)\//.test(name) ? { allowsMissing: true } : {};
}

/** What was read from Sloth is the same after it was written for Sloth and read again, likewise OpenSLO. */
function expectSameBack(folder: string, services: readonly Service[]): void {
  if (services.length === 0) return;
  const target = folder.startsWith('sloth') ? 'sloth' : folder === 'pyrra' ? 'pyrra' : 'openslo';
  const written = writeServices(services, target);
  // Of a file that Sloth takes for OpenSLO, or a total of several metrics, not all can be said.
  if (written.diagnostics.some(({ severity }) => severity !== 'info')) return;
  const back = readServices({ name: 'back', text: written.text });
  expect.soft(back.ok ? diffServices(services, back.value) : back.diagnostics).toEqual([]);
}

/** Definitions, without what the tools generate from them, and without files of other kinds. */
function definitionsUnder(folder: string): readonly string[] {
  const other =
    /_gen|(?:^|\/)out-|windows\/|CustomResource|config\w*\.ya?ml|exporters|ci_knative|with_duplicates\/\w+\//;
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name) && !other.test(name))
    .map((name) => join(folder, name))
    .toSorted();
}
