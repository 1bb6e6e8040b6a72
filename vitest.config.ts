import { defineConfig } from 'vitest/config';
import { summaryReporter } from './test/summary-reporter.ts';

/** Judges ratios of times, which mean little beside servers and other tests that keep both cores busy: it runs alone, before all others. */
const timed = ['src/core/promql/evaluate/growth.test.ts'];

export default defineConfig({
  test: {
    // Threads without isolation: the suite shares one module graph, which is several times faster on two cores.
    pool: 'threads',
    isolate: false,
    testTimeout: 60_000,
    reporters: ['default', summaryReporter],
    projects: [
      { extends: true, test: { name: 'timed', include: timed, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'suite',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...timed],
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
