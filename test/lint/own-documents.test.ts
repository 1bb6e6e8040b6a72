import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { placeOf } from '../../src/core/base/index.ts';
import { lintDocument } from '../../src/core/lint/index.ts';

const root = resolve(import.meta.dirname, '../..');

/** Pages that show what is wrong, or name it. */
const showsMistakes = /^docs\/reference\/(?:lint\/|diagnostics\.md$)/;

test('our own documents, which are about everything under the sun, have no finding, free text included', () => {
  const pages = ['docs', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  const found = [...pages, 'README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
    .filter((name) => name.endsWith('.md') && !showsMistakes.test(name))
    .flatMap((name) => {
      const text = readFileSync(join(root, name), 'utf8');
      return lintDocument({ name, text }, 'markdown', { prose: true }).map(
        ({ code, message, span }) => `${name}:${placeOf(text, span.start).line} ${code} ${message}`,
      );
    });
  expect(found).toEqual([]);
});
