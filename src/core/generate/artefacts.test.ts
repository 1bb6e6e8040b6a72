import { expect, test } from 'vitest';
import { readServices } from '../formats/index.ts';
import type { Service } from '../slo/index.ts';
import { artefactTargets, generateArtefacts, isAtLeast, readServerVersion, readTargets } from './index.ts';

test.each(artefactTargets.map((target) => [target.name, target] as const))(
  '%s: the same definitions give the same bytes, in whatever order they come',
  (_, target) => {
    const print = (services: readonly Service[]) => filesOf(services, [target]);
    const files = print([definition('shop'), definition('bank')]);
    expect(print([definition('bank'), definition('shop')])).toEqual(files);
    const paths = files.map(([path]) => path);
    expect(new Set(paths).size).toBe(paths.length);
    for (const path of paths) expect(path).toMatch(/^[A-Za-z0-9_.-]+(?:\/[A-Za-z0-9_.-]+)*$/);
  },
);

test('one target writes into the folder itself, several have a folder each', () => {
  const second = { ...artefactTargets[0]!, name: 'second', folder: 'second' };
  const paths = (...targets: typeof artefactTargets) => filesOf([definition('shop')], targets).map(([path]) => path);
  expect(paths(artefactTargets[0]!)).toEqual(['shop.rules.yaml']);
  expect(paths(artefactTargets[0]!, second)).toEqual(['prometheus/shop.rules.yaml', 'second/shop.rules.yaml']);
});

test('what all services make together sees the paths of what each made', () => {
  const list = {
    name: 'list',
    about: 'a list',
    folder: 'list',
    ofService: ({ name }: Service) => ({ files: new Map([[`${name}.txt`, name]]), diagnostics: [] }),
    ofAll: (services: readonly Service[], _: unknown, paths: readonly string[]) => ({
      files: new Map([['all.txt', `${services.map(({ name }) => name).join()}: ${paths.join()}`]]),
      diagnostics: [],
    }),
  };
  const files = new Map(filesOf([definition('shop'), definition('bank')], [artefactTargets[0]!, list]));
  expect(files.get('list/all.txt')).toBe('bank,shop: bank.txt,shop.txt');
});

test('targets are named in a list, in any order', () => {
  const names = (text: string) => {
    const read = readTargets(text);
    return 'targets' in read ? read.targets.map(({ name }) => name) : read;
  };
  expect(names('prometheus')).toEqual(['prometheus']);
  expect(names('all')).toEqual(artefactTargets.map(({ name }) => name));
  expect(names(' prometheus,prometheus')).toEqual(['prometheus']);
  expect(names('prometheus,promtheus')).toEqual({ unknown: 'promtheus' });
  expect(names('')).toEqual({ unknown: '' });
});

test.each([
  ['2.42', { major: 2, minor: 42 }],
  ['v3.4.1', { major: 3, minor: 4 }],
  ['0.28.0-rc.1', { major: 0, minor: 28 }],
  [' 2.53.0+ds1 ', { major: 2, minor: 53 }],
  ['3', undefined],
  ['3.x', undefined],
  ['2.42.', undefined],
  ['', undefined],
])('the version %j is %j', (text, version) => {
  expect(readServerVersion(text)).toEqual(version);
});

test('versions are compared by their numbers', () => {
  const older = ['0.9', '0.25', '2.9', '2.42', '3.0'].map((text) => readServerVersion(text)!);
  for (const [i, a] of older.entries()) for (const [j, b] of older.entries()) expect(isAtLeast(a, b)).toBe(j <= i);
});

function filesOf(services: readonly Service[], targets: typeof artefactTargets) {
  return [...generateArtefacts(services, targets)].flatMap(({ files }) =>
    files.map(({ path, text }) => [path, text] as const),
  );
}

function definition(name: string): Service {
  const text = `
apiVersion: nines/v1
service: ${name}
owner: ${name}-team
metrics:
  http_requests_total: { type: counter, labels: [code] }
slos:
  availability:
    target: 99.9%
    bad: http_requests_total{code=~"5.."}
    total: http_requests_total
  freshness:
    target: 99%
    bad: http_requests_total{code="504"}
    total: http_requests_total
`;
  const read = readServices({ name: 'slo.yaml', text });
  if (!read.ok || read.value[0] === undefined) throw new Error('the definition is wrong');
  return read.value[0];
}
