/** What the benchmarks of commands have in common: programs in processes of their own, what they cost, and how fast the machine is. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/** The command line as it is compiled. */
export const program = resolve('dist', 'cli', 'main.js');

/** Times are in milliseconds. */
export interface Cost {
  readonly ms: number;
  /** Of the processor, all threads together, which other programs disturb less than the clock. */
  readonly cpu: number;
}

export function shown({ ms, cpu }: Cost): string {
  return `${ms.toFixed(0)} ms (${cpu.toFixed(0)} ms of CPU)`;
}

/** The numbers after the command, or none if there are others than `defaults` or help is asked for: then the usage is printed and all ends. */
export function numbersOrUsage(usage: string, defaults: readonly [number, number]): readonly [number, number] {
  const words = process.argv.slice(2);
  if (words.some((word) => !/^\d+$/.test(word)) || defaults.length < words.length) {
    console.log(usage);
    process.exit(words.includes('--help') ? 0 : 2);
  }
  const [first = defaults[0], second = defaults[1]] = words.map(Number);
  return [first, second];
}

/** What a piece of work costs in this process. */
export function time<T>(work: () => T): Cost & { readonly value: T } {
  const start = performance.now();
  const before = process.cpuUsage();
  const value = work();
  const { user, system } = process.cpuUsage(before);
  return { value, ms: performance.now() - start, cpu: (user + system) / 1000 };
}

/** How fast the machine is at the moment: a plain loop over whole numbers, once the compiler has made the best of it. */
export function machineSpeed(): string {
  for (let round = 0; round < 20; round += 1) loop(1e6);
  return `a loop of 1e8 steps takes ${shown(time(() => loop(1e8)))} here`;
}

function loop(steps: number): number {
  let x = 0;
  for (let i = 0; i < steps; i += 1) x = (Math.imul(x, 31) + i) | 0;
  return x;
}

/** Runs a command line of Nines in a folder and prints what it cost, with its peak of memory and its exit code. */
export async function measureCommand(line: string, folder: string): Promise<void> {
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
  const cost = shown({ ms, cpu: microseconds / 1000 });
  console.log(`${line}: ${cost}, at most ${(kilobytes / 1024).toFixed(0)} MB, exit code ${code}`);
}

/** A command that watches: how it is started, what a change is, and what it prints once it has seen one. */
export interface Watching {
  readonly line: string;
  readonly folder: string;
  readonly change: (round: number) => void;
  readonly seen: string;
}

/** Prints how long a watching command takes from a change to having seen it, five times. */
export async function measureWatch({ line, folder, change, seen }: Watching): Promise<void> {
  const child = spawn('node', [program, ...line.split(' ').slice(1)], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => {
    printed += chunk.toString();
  });
  await until(child, () => printed.includes('watching'));
  const measured: string[] = [];
  for (let round = 0; round < 5; round += 1) {
    await wait(500);
    printed = '';
    const start = performance.now();
    const cpu = cpuOf(child.pid);
    change(round);
    await until(child, () => printed.includes(seen));
    measured.push(shown({ ms: performance.now() - start, cpu: cpuOf(child.pid) - cpu }));
  }
  child.kill('SIGINT');
  console.log(`${line}, one more objective: ${measured.join('; ')}`);
}

async function until(child: ChildProcess, condition: () => boolean): Promise<void> {
  while (!condition()) {
    if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}`);
    await wait(2);
  }
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
