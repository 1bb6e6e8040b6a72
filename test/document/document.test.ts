import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readDefinitions, readMarkdown } from '../../src/core/formats/index.ts';
import { artefactTargets, defaultGenerateOptions, generateArtefacts } from '../../src/core/generate/index.ts';
import type { Service } from '../../src/core/slo/index.ts';

const whole = read(join(import.meta.dirname, '../../src/core/formats/testdata/valid-organisation/slo.yaml'));

test.each(['markdown', 'html'])('the document of everything that a definition may say: %s', async (target) => {
  const [file] = documents(whole, target);
  await expect(file?.text).toMatchFileSnapshot(join(import.meta.dirname, 'testdata', file?.path ?? ''));
});

test('each table of a document is a table for whoever reads Markdown', () => {
  const examples = join(import.meta.dirname, '../../examples');
  const services = readdirSync(examples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => read(join(examples, name, 'slo.yaml')));
  for (const { path, text } of documents([...services, ...whole], 'markdown')) {
    const rows = text.split('\n').filter((line) => line.startsWith('|'));
    const separators = rows.filter((line) => /^\|( --- \|)+$/.test(line)).length;
    const document = readMarkdown(text);
    expect(document.tables.length, path).toBe(separators);
    for (const table of document.tables) {
      for (const row of table.rows)
        expect(row.cells.length, `${path}: ${JSON.stringify(row)}`).toBe(table.header.length);
    }
  }
});

test('words of the definition never become markup of the page', () => {
  const hostile = fc.stringMatching(/^[<>&"'`*_[\]()|#\\ a-z{}!-]{1,40}$/);
  const tagsWith = (text: string): readonly string[] => {
    const services = whole.map((service) => ({ ...service, title: text, description: text }));
    const page = documents(services, 'html')[0]?.text.replace(/<style>.*?<\/style>/s, '') ?? '';
    return [...page.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/ id="[^"]*"/, ''));
  };
  const plain = tagsWith('words');
  fc.assert(
    fc.property(hostile, (text) => {
      expect(tagsWith(text)).toEqual(plain);
    }),
    { numRuns: 50 },
  );
});

function documents(services: readonly Service[], target: string) {
  const targets = artefactTargets.filter(({ name }) => name === target);
  return [...generateArtefacts(services, targets, defaultGenerateOptions)].flatMap(({ files }) => files);
}

function read(path: string): readonly Service[] {
  const outcome = readDefinitions({ name: path, text: readFileSync(path, 'utf8') });
  if (!outcome.ok) throw new Error(`${path} has errors`);
  return outcome.value;
}
