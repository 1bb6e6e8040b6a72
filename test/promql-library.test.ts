import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { afterAll, describe, expect, test, vi } from 'vitest';

/** 150 kB, the most that the engine may weigh in a browser, minified and compressed. */
const largestBundle = 150_000;

test('the engine fits into a browser and needs nothing of Node', async () => {
  const bundle = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      target: 'es2023',
      minify: true,
      lib: { entry: 'src/core/promql/library.ts', formats: ['es'], fileName: 'promql' },
    },
  });
  const chunks = outputs(bundle)
    .flatMap(({ output }) => output)
    .filter((part) => part.type === 'chunk');
  const size = chunks.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
  console.log(`nines/promql: ${(size / 1000).toFixed(1)} kB minified and compressed`);
  expect(chunks.flatMap(({ imports, dynamicImports }) => [...imports, ...dynamicImports])).toEqual([]);
  expect(size).toBeLessThan(largestBundle);
});

function outputs(bundle: Awaited<ReturnType<typeof build>>): readonly Rolldown.RolldownOutput[] {
  if (Array.isArray(bundle)) return bundle;
  return 'output' in bundle ? [bundle] : [];
}

const page = 'docs/reference/promql-library.md';

describe('the examples of the page', () => {
  const entry = resolve('src/core/promql/library.ts');
  const blocks = [...readFileSync(page, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code);
  mkdirSync('node_modules/.cache', { recursive: true });
  const folder = mkdtempSync(resolve('node_modules/.cache/examples-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const files = blocks.map((code, i) => {
    const file = join(folder, `example-${i + 1}.ts`);
    writeFileSync(file, code.replaceAll("'nines/promql'", JSON.stringify(entry)));
    return file;
  });

  test('are sound to the compiler', () => {
    const configuration = {
      extends: resolve('tsconfig.base.json'),
      compilerOptions: {
        noEmit: true,
        composite: false,
        isolatedDeclarations: false,
        rewriteRelativeImportExtensions: false,
        allowImportingTsExtensions: true,
        lib: ['es2023', 'dom'],
      },
      files,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration));
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  test.each(files.map((file, i) => ({ file, code: blocks[i] ?? '' })))(
    'run and print what they say: $file',
    async ({ file, code }) => {
      const promised = [...code.matchAll(/\/\/ prints (.*)$/gm)].map(([, text]) => text);
      const printed: string[] = [];
      const log = vi.spyOn(console, 'log').mockImplementation((...values) => void printed.push(values.join(' ')));
      const error = vi.spyOn(console, 'error').mockImplementation(() => {});
      try {
        await import(/* @vite-ignore */ file);
      } finally {
        log.mockRestore();
        error.mockRestore();
      }
      expect(promised.length).toBeGreaterThan(0);
      expect(printed).toEqual(promised);
    },
  );
});
