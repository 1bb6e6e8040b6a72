import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Terminal } from '../terminal.ts';
import { documentFindings, findDocuments } from './lint-documents.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-lint-'));
  await writeFile(join(folder, 'slo.md'), '```promql\nrate(x_total)\n```\n');
  await writeFile(join(folder, 'rules.yml'), 'groups:\n- name: a\n  rules: [{ alert: A, expr: up == 0 }]\n');
  await writeFile(join(folder, 'slo.yaml'), 'apiVersion: nines/v1\nservice: a\n');
  await writeFile(join(folder, 'compose.yaml'), 'services: {}\n');
});

afterAll(() => rm(folder, { recursive: true }));

function terminal(): Pick<Terminal, 'cwd' | 'signal'> {
  return { cwd: folder, signal: new AbortController().signal };
}

test('a folder is parted into documents and definitions by what the files hold', async () => {
  const { documents, definitions } = await findDocuments(terminal(), ['.']);
  expect(documents.map(({ source, kind }) => [source.name, kind])).toEqual([
    ['rules.yml', 'rules'],
    ['slo.md', 'markdown'],
  ]);
  expect(definitions).toEqual(['.']);
});

test('files that are neither are passed over in a folder, and a folder without anything is left to the reader of definitions', async () => {
  await mkdir(join(folder, 'cluster', 'objects'), { recursive: true });
  await writeFile(join(folder, 'cluster', 'rules.yml'), 'groups:\n- name: a\n  rules: [{ alert: A, expr: up == 0 }]\n');
  await writeFile(join(folder, 'cluster', 'objects', 'app.yaml'), 'apiVersion: apps/v1\nkind: Deployment\n');
  await writeFile(join(folder, 'cluster', 'objects', 'compose.yaml'), "version: '3'\nservices: {}\n");
  const whole = await findDocuments(terminal(), ['cluster']);
  expect(whole.documents.map(({ source }) => source.name)).toEqual([join('cluster', 'rules.yml')]);
  expect(whole.definitions).toEqual([]);
  const part = await findDocuments(terminal(), ['cluster/objects']);
  expect(part).toEqual({ documents: [], definitions: ['cluster/objects'] });
});

test('what is no document is left to the reader of definitions, and so is what is not there', async () => {
  const { documents, definitions } = await findDocuments(terminal(), ['slo.yaml', 'missing.md', '-', 'slo.md']);
  expect(definitions).toEqual(['slo.yaml', 'missing.md', '-']);
  expect(
    documents
      .flatMap((document) => documentFindings(document, {}, folder))
      .map(({ code, source }) => [code, source.name]),
  ).toEqual([['lint/promql-syntax', 'slo.md']]);
});
