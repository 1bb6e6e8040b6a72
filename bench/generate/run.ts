/**
 * What `nines generate` costs over many objectives: `npm run bench:generate [-- services objectives-each]`, by default 1,000 services of
 * 10. It prints the time from YAML to definitions, from definitions to rules, of the whole command in a process of its own with its peak of
 * memory, and how long `--watch` takes from the writing of one more objective to the new rules. Beside each time stands that of the
 * processor, all threads together, which other programs disturb less; and the speed of a plain loop, since machines differ.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { defaultTargets, generateArtefacts, readServices } from '../compiled.ts';
import { definitionText, objectiveText } from './definitions.ts';

const words = process.argv.slice(2);
if (words.some((word) => !/^\d+$/.test(word))) {
  console.log(
    'npm run bench:generate [-- SERVICES OBJECTIVES_EACH]: what generating costs, by default of 1,000 services of 10 objectives',
  );
  process.exit(words.includes('--help') ? 0 : 2);
}
const [services = 1000, each = 10] = words.map(Number);
const program = resolve('dist', 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'nines-bench-generate-'));
const texts = Array.from({ length: services }, (_, index) => definitionText(index, each));

try {
  console.log(`${services * each} objectives in ${services} files; a loop of 1e8 steps takes ${shown(loop())} here`);
  const read = time(() => texts.flatMap((text, index) => definitionsOf(`${index}.yaml`, text)));
  console.log(`YAML to definitions: ${shown(read)}`);
  let bytes = 0;
  const generated = time(() => {
    for (const { files } of generateArtefacts(read.value, defaultTargets))
      for (const { text } of files) bytes += text.length;
  });
  console.log(`definitions to rules: ${shown(generated)}, for ${(bytes / 1e6).toFixed(0)} MB of rules`);
  await wholeCommand();
  await watching();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function wholeCommand(): Promise<void> {
  mkdirSync(join(folder, 'slos'));
  for (const [index, text] of texts.entries()) writeFileSync(join(folder, 'slos', `service-${index}.slo.yaml`), text);
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
    const child = spawn('node', ['wrapper.mjs', 'generate', 'slos', '-o', 'out'], { cwd: folder, stdio: 'ignore' });
    child.once('exit', done);
  });
  const ms = performance.now() - start;
  const [kilobytes = 0, microseconds = 0] = readFileSync(peak, 'utf8').split(' ').map(Number);
  console.log(
    `nines generate, files and all: ${shown({ ms, cpu: microseconds / 1000 })}, at most ${(kilobytes / 1024).toFixed(0)} MB, exit code ${code}`,
  );
}

async function watching(): Promise<void> {
  const child = spawn('node', [program, 'generate', 'slos', '-o', 'out', '--watch'], { cwd: folder });
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
    await until(() => printed.includes('wrote'));
    measured.push(shown({ ms: performance.now() - start, cpu: cpuOf(child.pid) - cpu }));
  }
  child.kill('SIGINT');
  console.log(`--watch, one more objective: ${measured.join('; ')}`);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(2);
}

function definitionsOf(name: string, text: string) {
  const outcome = readServices({ name, text });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value;
}

interface Cost {
  readonly ms: number;
  /** Milliseconds of the processor. */
  readonly cpu: number;
}

function shown({ ms, cpu }: Cost): string {
  return `${ms.toFixed(0)} ms (${cpu.toFixed(0)} ms of CPU)`;
}

function time<T>(work: () => T): Cost & { readonly value: T } {
  const start = performance.now();
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: performance.now() - start, cpu: (user + system) / 1000 };
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

function loop(): Cost {
  return time(() => {
    let x = 0;
    for (let i = 0; i < 1e8; i += 1) x = (x * 31 + i) | 0;
    return x;
  });
}
