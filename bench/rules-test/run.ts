/**
 * Rule unit tests over simulated days beside promtool, in one run: `npm run bench:rule-tests [-- days...]`.
 *
 * Ours is the wall time of reading, parsing and running the test in this process; the first case pays for warming up. promtool's is the
 * wall time of its process. It is run for a tenth of the days where it would take minutes, and its time multiplied: its cost is linear
 * in the days, and it is told so.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runUnitTests } from '../../src/core/rules/index.ts';
import { serverBinary, serverEnvironment } from '../../test/servers.ts';
import { type BenchCase, elevenRules, slothRules } from './files.ts';

const promtool = process.argv.includes('--alone') ? undefined : serverBinary('promtool');
const full = process.argv.includes('--full');
const wanted = process.argv
  .slice(2)
  .map(Number)
  .filter((days) => 0 < days);
const days = wanted.length === 0 ? [1, 30] : wanted;

console.log(['ms', 'promtool ms (ratio)', 'days', 'rules'].join('\t'));
for (const length of days) {
  await compare(elevenRules(length), (shorter) => elevenRules(shorter));
  await compare(slothRules(length, { monthly: true }), (shorter) => slothRules(shorter, { monthly: false }));
}
console.log(`peak memory of this process: ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MB`);

async function compare(bench: BenchCase, shorter: (days: number) => BenchCase): Promise<void> {
  const ours = await timeOurs(bench);
  const columns = [ours.toFixed(0)];
  if (promtool !== undefined) {
    const scale = full || bench.days < 10 ? 1 : 10;
    const theirs = timePromtool(promtool, shorter(bench.days / scale)) * scale;
    columns.push(
      `${theirs.toFixed(0)} (${(theirs / ours).toFixed(0)}x)${scale === 1 ? '' : `, ${scale} times its time for ${bench.days / scale} days`}`,
    );
  }
  console.log([...columns, bench.days, bench.name].join('\t'));
}

async function timeOurs({ rules, test }: BenchCase): Promise<number> {
  const start = performance.now();
  const result = await runUnitTests({ name: 'test.yml', text: test }, async (name) => [{ name, text: rules }]);
  const elapsed = performance.now() - start;
  if (0 < result.failed) throw new Error(result.failures.map(({ text }) => text).join('\n'));
  return elapsed;
}

function timePromtool(program: string, { rules, test }: BenchCase): number {
  const folder = mkdtempSync(join(tmpdir(), 'nines-bench-'));
  writeFileSync(join(folder, 'rules.yml'), rules);
  writeFileSync(join(folder, 'test.yml'), test);
  const start = performance.now();
  const { status, stderr } = spawnSync(program, ['test', 'rules', join(folder, 'test.yml')], {
    encoding: 'utf8',
    env: { ...process.env, ...serverEnvironment() },
  });
  const elapsed = performance.now() - start;
  rmSync(folder, { recursive: true });
  if (status !== 0) throw new Error(`promtool: ${stderr}`);
  return elapsed;
}
