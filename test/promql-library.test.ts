import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { expect, test } from 'vitest';

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
      lib: { entry: 'src/core/promql/index.ts', formats: ['es'], fileName: 'promql' },
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
