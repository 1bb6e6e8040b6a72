import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

/** The architecture: what each layer may import besides itself. ARCHITECTURE.md says why. */
const layers: Readonly<Record<string, readonly string[]>> = {
  'core/base': [],
  'core/yaml': ['core/base'],
  'core/series': ['core/base'],
  'core/promql': ['core/base', 'core/series'],
  'core/rules': ['core/base', 'core/yaml', 'core/series', 'core/promql'],
  'core/slo': ['core/base', 'core/series', 'core/promql'],
  'core/formats': ['core/base', 'core/yaml', 'core/series', 'core/promql', 'core/rules', 'core/slo'],
  'core/scenario': ['core/base', 'core/yaml', 'core/series', 'core/slo'],
  'core/lint': ['core/base', 'core/yaml', 'core/series', 'core/promql', 'core/rules', 'core/slo', 'core/formats'],
  'core/generate': [
    'core/base',
    'core/yaml',
    'core/series',
    'core/promql',
    'core/rules',
    'core/slo',
    'core/formats',
    'core/scenario',
  ],
  'core/simulate': [
    'core/base',
    'core/series',
    'core/promql',
    'core/rules',
    'core/slo',
    'core/formats',
    'core/scenario',
    'core/generate',
  ],
  'core/api': ['core/*'],
  store: ['core/base', 'core/series'],
  sources: ['core/base', 'core/series'],
  state: ['core/base', 'core/slo', 'core/api'],
  server: ['core/*', 'store', 'state', 'sources'],
  cli: ['core/*', 'store', 'state', 'sources', 'server'],
  web: ['core/*'],
  'index.ts': ['core/*'],
};

interface Import {
  readonly from: string;
  readonly to: string;
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name.split(sep).join('/')}`)
  .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name) && !name.includes('/testdata/'));

const imports: readonly Import[] = files.flatMap((from) => importsOf(from, readFileSync(from, 'utf8')));

test('imports point down the layers', () => {
  const upward = imports.filter(({ from, to }) => !mayImport(layerOf(from), layerOf(to)));
  expect(upward.map(arrow)).toEqual([]);
});

test('other layers import a layer by its face alone', () => {
  const deep = imports.filter(({ from, to }) => layerOf(from) !== layerOf(to) && !/\/index\.tsx?$/.test(to));
  expect(deep.map(arrow)).toEqual([]);
});

test('every folder is a layer of the table', () => {
  expect([...new Set(files.map(layerOf))].filter((layer) => !(layer in layers))).toEqual([]);
});

test('nothing imports the package by its own name', () => {
  const own = files.filter((file) => /(?:from|import\(?)\s*['"]nines(?:\/|['"])/.test(readFileSync(file, 'utf8')));
  expect(own).toEqual([]);
});

describe('the test sees a violation', () => {
  test.each([
    ['static', "import { x } from '../../slo/index.ts';", 'src/core/slo/index.ts'],
    ['type', "import type { X } from '../../slo/index.ts';", 'src/core/slo/index.ts'],
    ['re-export', "export * from '../../slo/deep.ts';", 'src/core/slo/deep.ts'],
    ['several lines', "import {\n  a,\n  b,\n} from '../../slo/index.ts';", 'src/core/slo/index.ts'],
    ['side effect', "import '../../slo/index.ts';", 'src/core/slo/index.ts'],
    ['dynamic', "const x = await import('../../slo/index.ts');", 'src/core/slo/index.ts'],
    ['type expression', "let x: import('../../slo/index.ts').X;", 'src/core/slo/index.ts'],
  ])('%s import', (_kind, code, to) => {
    expect(importsOf('src/core/promql/plan/x.ts', code)).toEqual([{ from: 'src/core/promql/plan/x.ts', to }]);
    expect(mayImport('core/promql', layerOf(to))).toBe(false);
  });
});

/** Relative imports of every form: static, type-only, re-exports, dynamic and in type expressions. */
function importsOf(from: string, code: string): readonly Import[] {
  const statements = code.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)['"](\.[^'"]+)['"]/g);
  return [...statements].map(([, target = '']) => ({
    from,
    to: relative('.', join(dirname(from), target))
      .split(sep)
      .join('/'),
  }));
}

function layerOf(path: string): string {
  const [, top = '', second = ''] = path.split('/');
  return top === 'core' ? `core/${second}` : top;
}

function mayImport(from: string, to: string): boolean {
  const below = layers[from] ?? [];
  return from === to || below.includes(to) || (below.includes('core/*') && to.startsWith('core/'));
}

function arrow({ from, to }: Import): string {
  return `${from} -> ${to}`;
}
