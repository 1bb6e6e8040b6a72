import type { Reporter, TestModule } from 'vitest/node';

/** After the usual report: each skipped test with its reason, and one line of counts that scripts can read. */
export const summaryReporter: Reporter = {
  onTestRunEnd(modules: readonly TestModule[], errors): void {
    let passed = 0;
    let failed = errors.length;
    const skipped: string[] = [];
    for (const module of modules) {
      failed += module.errors().length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') passed += 1;
        else if (result.state === 'failed') failed += 1;
        else if (result.state === 'skipped')
          skipped.push(`${module.relativeModuleId} > ${test.fullName}: ${result.note ?? 'no reason given'}`);
      }
    }
    for (const line of skipped) console.log(`skipped: ${line}`);
    console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  },
};
