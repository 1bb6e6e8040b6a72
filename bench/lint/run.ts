/**
 * What `nines lint` costs: `npm run bench:lint [-- files objectives-each]`, by default 200 files of 50 objectives, once as they are and once
 * held against a page of metrics; then how long `--watch` takes from the writing of one more objective to the new findings. Each time is
 * that of a process of its own, with its peak of memory. Beside it stands that of the processor, all threads together, which other
 * programs disturb less; and the speed of a plain loop, since machines differ.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { definitionText, objectiveText } from '../generate/definitions.ts';

const [files = 200, each = 50] = process.argv.slice(2).map(Number);
const program = resolve('dist', 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'nines-bench-lint-'));
const page = `# TYPE http_requests_total counter
http_requests_total{code="200",route="/r0"} 1
# TYPE http_seconds histogram
http_seconds_bucket{route="/r1",le="0.1"} 1
http_seconds_bucket{route="/r1",le="0.5"} 1
http_seconds_bucket{route="/r1",le="1"} 1
http_seconds_bucket{route="/r1",le="5"} 1
http_seconds_bucket{route="/r1",le="+Inf"} 1
http_seconds_count{route="/r1"} 1
http_seconds_sum{route="/r1"} 0.1
`;

try {
  mkdirSync(join(folder, 'slos'));
  for (let index = 0; index < files; index += 1)
    writeFileSync(join(folder, 'slos', `service-${index}.slo.yaml`), definitionText(index, each));
  writeFileSync(join(folder, 'page.txt'), page);
  console.log(`${files * each} objectives in ${files} files; a loop of 1e8 steps takes ${loop().toFixed(0)} ms here`);
  await command('nines lint slos');
  await command('nines lint slos --metrics page.txt');
  await watching();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function command(line: string): Promise<void> {
  const peak = join(folder, 'peak');
  // The program ends the process itself, so its peak is noted on the way out.
  const wrapper = `import { writeFileSync } from 'node:fs';
process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeFileSync(${JSON.stringify(peak)}, [maxRSS, userCPUTime + systemCPUTime].join(' '));
});
await import(${JSON.stringify(pathToFileURL(program).href)});`;
  writeFileSync(join(folder, 'wrapper.mjs'), wrapper);
  const start = performance.now();
  const code = await new Promise((done) => {
    const args = ['wrapper.mjs', ...line.split(' ').slice(1)];
    spawn('node', args, { cwd: folder, stdio: 'ignore' }).once('exit', done);
  });
  const ms = performance.now() - start;
  const [kilobytes = 0, microseconds = 0] = readFileSync(peak, 'utf8').split(' ').map(Number);
  console.log(
    `${line}: ${shown(ms, microseconds / 1000)}, at most ${(kilobytes / 1024).toFixed(0)} MB, exit code ${code}`,
  );
}

async function watching(): Promise<void> {
  const child = spawn('node', [program, 'lint', 'slos', '--watch'], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await until(() => printed.includes('watching'));
  const measured: string[] = [];
  for (let round = 0; round < 5; round += 1) {
    await wait(500);
    printed = '';
    const start = performance.now();
    const cpu = cpuOf(child.pid);
    appendFileSync(join(folder, 'slos', 'service-0.slo.yaml'), objectiveText(each + round));
    await until(() => printed.includes('looked at'));
    measured.push(shown(performance.now() - start, cpuOf(child.pid) - cpu));
  }
  child.kill('SIGINT');
  console.log(`--watch, one more objective: ${measured.join('; ')}`);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(2);
}

function shown(ms: number, cpu: number): string {
  return `${ms.toFixed(0)} ms (${cpu.toFixed(0)} ms of CPU)`;
}

/** What a process has used of the processor, as Linux counts it in hundredths of a second; not a number elsewhere. */
function cpuOf(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return 10 * (Number(fields[11]) + Number(fields[12]));
  } catch {
    return Number.NaN;
  }
}

function loop(): number {
  const start = performance.now();
  let x = 0;
  for (let i = 0; i < 1e8; i += 1) x = (x * 31 + i) | 0;
  if (x === 1) console.log('');
  return performance.now() - start;
}
