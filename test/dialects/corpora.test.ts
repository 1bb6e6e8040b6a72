import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatDiagnostic } from '../../src/core/base/index.ts';
import { readServices, writeServices } from '../../src/core/formats/index.ts';
import { diffServices, type Service } from '../../src/core/slo/index.ts';

// Definitions of other projects. What is refused must be refused for a reason that the reader can act on, never for a key we do not know.
const corpora = resolve(import.meta.dirname, '../../../shared/corpora');

/** Codes of what the documents themselves have right and our model does not express. */
const beyond = new Set(['dialect/unsupported', 'dialect/plugin', 'dialect/expression', 'dialect/reference']);

/** Files that their own project refuses or reads for a reason that does not hold here. */
const exceptions: Readonly<Record<string, 'read' | 'refused'>> = {
  // Sloth has no windows for 28 days; a period of 28 days is a good one.
  'bad-openslo.yaml': 'read',
  // A test of decoding alone: the objective has no time window.
  'decode/v1_slos.yaml': 'refused',
};

interface Counts {
  read: number;
  beyond: number;
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
    const counts: Counts = { read: 0, beyond: 0, refused: 0 };
    for (const path of definitionsUnder(join(corpora, folder))) {
      const source = { name: path.slice(corpora.length + 1), text: readFileSync(path, 'utf8') };
      const outcome = readServices(source);
      const errors = outcome.diagnostics.filter(({ severity }) => severity === 'error');
      const verdict = outcome.ok ? 'read' : errors.every(({ code }) => beyond.has(code)) ? 'beyond' : 'refused';
      counts[verdict] += 1;
      const shown = errors.map((diagnostic) => formatDiagnostic({ ...diagnostic, source })).join('\n');
      const exception = Object.entries(exceptions).find(([name]) => path.endsWith(name))?.[1];
      const expected = exception ?? (/bad-|invalid/.test(path) ? 'refused' : 'read');
      // What the model cannot express is refused as well, with another code.
      const found = verdict === 'beyond' ? (expected === 'refused' ? 'refused' : 'read') : verdict;
      expect.soft(found, `${source.name}\n${shown}`).toBe(expected);
      if (outcome.ok) expectSameBack(folder, outcome.value);
      for (const { help } of errors) expect.soft(help).toBeTruthy();
    }
    console.log(
      `${folder}: ${counts.read} read, ${counts.beyond} beyond the model, ${counts.refused} refused as wrong`,
    );
  });

  test.each(['prom', 'openslo'])('duplicates among the files of %s are refused', (kind) => {
    const folder = join(corpora, 'sloth/test/integration/prometheus/testdata/validate_with_duplicates', kind);
    const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const outcome = readServices({ name: kind, text: texts.join('\n---\n') });
    expect(outcome.ok).toBe(false);
    expect(outcome.diagnostics.map(({ code }) => code)).toContain('dialect/duplicate');
  });
});

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
