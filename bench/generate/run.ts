/**
 * What `nines generate` costs over many objectives: `npm run bench:generate [-- services objectives-each]`, by default 1,000 services of
 * 10. It prints the time from YAML to definitions, from definitions to rules, of the whole command in a process of its own with its peak of
 * memory, and how long `--watch` takes from the writing of one more objective to the new rules. The speed of a plain loop is printed
 * beside them, since machines differ, and the same machine under load.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { defaultTargets, generateArtefacts, readServices } from '../compiled.ts';
import { definitionText, objectiveText } from './definitions.ts';

const [services = 1000, each = 10] = process.argv.slice(2).map(Number);
const program = resolve('dist', 'cli', 'main.js');
const folder = mkdtempSync(join(tmpdir(), 'nines-bench-generate-'));
const texts = Array.from({ length: services }, (_, index) => definitionText(index, each));

try {
  console.log(
    `${services * each} objectives in ${services} files; a loop of 1e8 steps takes ${loop().toFixed(0)} ms here`,
  );
  const read = time(() => texts.flatMap((text, index) => definitionsOf(`${index}.yaml`, text)));
  console.log(`YAML to definitions: ${read.ms.toFixed(0)} ms`);
  let bytes = 0;
  const generated = time(() => {
    for (const { files } of generateArtefacts(read.value, defaultTargets))
      for (const { text } of files) bytes += text.length;
  });
  console.log(`definitions to rules: ${generated.ms.toFixed(0)} ms for ${(bytes / 1e6).toFixed(0)} MB of rules`);
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
process.on('exit', () => writeFileSync(${JSON.stringify(peak)}, String(process.resourceUsage().maxRSS)));
await import(${JSON.stringify(pathToFileURL(program).href)});`;
  writeFileSync(join(folder, 'wrapper.mjs'), wrapper);
  const start = performance.now();
  const code = await new Promise((done) => {
    const child = spawn('node', ['wrapper.mjs', 'generate', 'slos', '-o', 'out'], { cwd: folder, stdio: 'ignore' });
    child.once('exit', done);
  });
  const ms = performance.now() - start;
  const megabytes = Number(readFileSync(peak, 'utf8')) / 1024;
  console.log(
    `nines generate, files and all: ${ms.toFixed(0)} ms, at most ${megabytes.toFixed(0)} MB, exit code ${code}`,
  );
}

async function watching(): Promise<void> {
  const child = spawn('node', [program, 'generate', 'slos', '-o', 'out', '--watch'], { cwd: folder });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await until(() => printed.includes('watching'));
  const measured: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    await wait(500);
    printed = '';
    const start = performance.now();
    appendFileSync(join(folder, 'slos', 'service-0.slo.yaml'), objectiveText(each + round));
    await until(() => printed.includes('wrote'));
    measured.push(performance.now() - start);
  }
  child.kill('SIGINT');
  console.log(`--watch, one more objective: ${measured.map((ms) => ms.toFixed(0)).join(', ')} ms`);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(2);
}

function definitionsOf(name: string, text: string) {
  const outcome = readServices({ name, text });
  if (!outcome.ok) throw new Error(outcome.diagnostics.map(({ message }) => message).join('\n'));
  return outcome.value;
}

function time<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const start = performance.now();
  const value = work();
  return { value, ms: performance.now() - start };
}

function loop(): number {
  return time(() => {
    let x = 0;
    for (let i = 0; i < 1e8; i += 1) x = (x * 31 + i) | 0;
    return x;
  }).ms;
}
