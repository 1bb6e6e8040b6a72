import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { documentChecks } from '../../src/core/lint/document-checks.ts';
import { lintCodes, lintDocument } from '../../src/core/lint/index.ts';

/** A page of the reference for each check of documents: what it means, an example that is wrong, one that is right. */
const folder = resolve(import.meta.dirname, '../../docs/reference/lint');
const ids = readdirSync(resolve(import.meta.dirname, '../../src/core/lint/document-checks')).map((name) =>
  name.replace(/\.ts$/, ''),
);

const prose = new Set(documentChecks.filter((check) => check.prose === true).map(({ id }) => id));

test('each check has a page, and each page a check', () => {
  const pages = readdirSync(folder).filter((name) => name !== 'README.md');
  expect(pages.toSorted()).toEqual(ids.map((id) => `${id}.md`).toSorted());
});

test('the list of pages says what the checks say', () => {
  const rows = readFileSync(join(folder, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ['));
  const wanted = ids.toSorted().map((id) => {
    const code = lintCodes.find((one) => one.code === `lint/${id}`);
    return `| [${id}](${id}.md) | ${code?.severity}${prose.has(id) ? ', `--prose`' : ''} | ${code?.meaning.replaceAll('|', '\\|')} |`;
  });
  expect(rows).toEqual(wanted);
});

describe.each(ids)('%s', (id) => {
  const page = readFileSync(join(folder, `${id}.md`), 'utf8');

  test('the page says what the check says', () => {
    const code = lintCodes.find((one) => one.code === `lint/${id}`);
    expect(page).toContain(`# ${id}\n\nSeverity: ${code?.severity}. ${code?.meaning}\n\n${code?.remedy}\n`);
  });

  test('it finds what is wrong in the first example and nothing in the second', () => {
    const examples = [...page.matchAll(/^````markdown\n(.*?)^````$/gms)].map(([, text = '']) => text);
    const found = examples.map((text) =>
      lintDocument({ name: `${id}.md`, text }, 'markdown', { prose: true }).map(({ code }) => code),
    );
    expect(found.map((codes) => codes.includes(`lint/${id}`))).toEqual([true, false]);
  });
});
