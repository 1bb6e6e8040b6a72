import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const manifest: { readonly dependencies: Record<string, string>; readonly devDependencies: Record<string, string> } =
  JSON.parse(readFileSync('package.json', 'utf8'));

const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...markdownUnder('docs'),
  ...markdownUnder('examples'),
];

test('each dependency is named in a decision', () => {
  const decisions = markdownUnder('docs/decisions')
    .map((page) => readFileSync(page, 'utf8'))
    .join('\n');
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  expect(names.filter((name) => !decisions.includes(`\`${name}\``))).toEqual([]);
});

test('each decision is listed', () => {
  const list = readFileSync('docs/decisions/README.md', 'utf8');
  const unlisted = readdirSync('docs/decisions').filter((name) => name !== 'README.md' && !list.includes(`(${name})`));
  expect(unlisted).toEqual([]);
});

test('no link between pages is broken', () => {
  const broken = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(dirname(page), target)))
      .map((target) => `${page} -> ${target}`),
  );
  expect(broken).toEqual([]);
});

test('each page is reached from the README', () => {
  const reached = new Set<string>();
  const waiting = ['README.md'];
  for (let page = waiting.pop(); page !== undefined; page = waiting.pop()) {
    if (reached.has(page)) continue;
    reached.add(page);
    for (const [, target = ''] of readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s:]+\.md)(?:#[^)]*)?\)/g)) {
      const linked = join(dirname(page), target);
      if (existsSync(linked)) waiting.push(linked);
    }
  }
  expect(pages.filter((page) => !reached.has(page))).toEqual([]);
});

test('versions are pinned', () => {
  const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
    ([, version]) => !/^\d/.test(version),
  );
  expect(loose).toEqual([]);
});

function markdownUnder(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}
