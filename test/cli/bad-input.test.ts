import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * What a person can get wrong, through the built command line in a process of its own: each gives a text that names the trouble, the exit
 * code that belongs to it, and never a stack trace. Targets that misbehave are in test/server/scrape.test.ts.
 */
const program = resolve('dist', 'cli', 'main.js');
const good = readFileSync(join('test', 'cli', 'testdata', 'slo.yaml'), 'utf8');

let folder: string;
let web: Server;
let port: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'nines-bad-'));
  web = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>'),
  );
  await new Promise<void>((done) => web.listen(0, '127.0.0.1', done));
  const address = web.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
  write('slo.yaml', good);
  write('scenario.yaml', readFileSync(join('examples', 'dumbkv', 'scenario.yaml')));
  write('empty.yaml', '');
  write('blank.yaml', '# nothing\n');
  write('large.yaml', 'a'.repeat(50 * 2 ** 20));
  write('bomb.yaml', aliasBomb());
  write('binary.yaml', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0xff, 0xfe]));
  write('long.yaml', `${'x'.repeat(200_000)}: 1\n`);
  write('throws.ts', 'throw new Error("boom");\n');
  write('no-export.ts', 'export const x = 1;\n');
  write('no-syntax.ts', 'export const x = = 1;\n');
  mkdirSync(join(folder, 'without'));
});

afterAll(() => {
  web.close();
  rmSync(folder, { recursive: true, force: true });
});

type Code = 0 | 1 | 2;

describe('nines lint', () => {
  test.each<readonly [name: string, from: string, to: string, reason: string]>([
    ['a misspelt key', 'target: 99.9%', 'tagret: 99.9%', 'did you mean `target`?'],
    ['a target of 0', '99.9%', '0', 'a target of zero promises nothing'],
    ['a target of 100 %', '99.9%', '100 %', 'leaves no error budget'],
    ['a target of 101', '99.9%', '101', 'is more than all events'],
    ['a target with a comma', '99.9%', '99,9', 'write a decimal point'],
    ['an unknown metric', 'bad: shop_requests_total', 'bad: shop_request_total', 'did you mean `shop_requests_total`?'],
    ['an unknown label', 'status=~', 'state=~', 'has no label `state`'],
    ['PromQL that does not parse', '"5.."}', '"5..}', 'unterminated quoted string'],
    ['a duplicate SLO', 'fast-pages:', 'checkout:', 'is already on line'],
    ['a name that is none', 'fast-pages:', 'bezahlung-ü:', 'is no name'],
  ])('%s is a finding at its line', async (_name, from, to, reason) => {
    expect(good).toContain(from);
    const { code, out } = await nines(['lint', '-'], good.replace(from, to));
    expect([code, out]).toEqual([1, expect.stringContaining(reason)]);
    expect(out).toMatch(/^<stdin>:\d+:\d+ error /m);
  });

  test.each<readonly [file: string, code: Code, reason: string]>([
    ['empty.yaml', 1, 'the file is empty'],
    ['blank.yaml', 1, 'empty'],
    ['large.yaml', 1, 'yaml/too-large'],
    ['bomb.yaml', 1, 'aliases expanded'],
    ['binary.yaml', 1, 'NUL bytes'],
    ['long.yaml', 1, 'long.yaml:1:1 error'],
    ['no-export.ts', 1, 'the module exports no service'],
    ['throws.ts', 2, 'cannot read throws.ts: boom'],
    ['no-syntax.ts', 2, 'cannot read no-syntax.ts'],
    ['nowhere.yaml', 2, 'there is no such file or folder'],
    ['without', 2, 'no definitions in without'],
  ])('%s', async (file, code, reason) => {
    const told = await nines(['lint', file]);
    expect([told.code, told.out + told.error]).toEqual([code, expect.stringContaining(reason)]);
    expect((told.out + told.error).length).toBeLessThan(2000);
  });

  test.each([
    ['lines that end as on Windows', good.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${good}`],
  ])('%s: nothing wrong', async (_name, text) => {
    expect((await nines(['lint', '-'], text)).code).toBe(0);
  });
});

describe('other commands', () => {
  const busy = 'in use';
  test.each<readonly [args: string, code: Code, reason: string]>([
    ['serve slo.yaml --listen 127.0.0.1:PORT', 2, busy],
    ['demo --listen 127.0.0.1:PORT', 2, busy],
    ['emulate scenario.yaml --port PORT', 2, 'something else listens there'],
    ['serve slo.yaml --listen 0.0.0.0:9990', 2, 'server/not-loopback'],
    ['demo --listen nowhere', 2, '--listen'],
    ['serve slo.yaml --prometheus localhost:9090', 2, 'is no address of a Prometheus'],
    ['serve large.yaml', 1, 'yaml/too-large'],
    ['query up --prometheus http://127.0.0.1:PORT', 2, '127.0.0.1:PORT'],
    ['query up --prometheus http://127.0.0.1:1', 2, '127.0.0.1:1'],
    ['query up --file binary.yaml', 2, 'binary.yaml'],
    ['query up --file nowhere', 2, 'nowhere'],
    ['status --server http://127.0.0.1:PORT', 2, 'is no Nines server'],
    ['status --server http://127.0.0.1:1', 2, '127.0.0.1:1'],
    ['generate nowhere.yaml -o rules', 2, 'no such file'],
    ['generate binary.yaml -o rules', 1, 'NUL bytes'],
    ['generate slo.yaml -o slo.yaml', 2, 'slo.yaml'],
    ['emulate slo.yaml', 2, 'slo.yaml:1:'],
    ['emulate large.yaml', 2, 'large.yaml'],
    ['emulate binary.yaml', 2, 'NUL bytes'],
    ['emulate nowhere', 2, 'nowhere'],
    ['test nowhere.yaml', 2, 'nowhere.yaml'],
    ['lnit slo.yaml', 2, 'Did you mean lint?'],
  ])('nines %s', async (line, code, reason) => {
    const told = await nines(line.replace('PORT', String(port)).split(' '));
    const expected = reason.replace('PORT', String(port));
    expect([told.code, told.out + told.error]).toEqual([code, expect.stringContaining(expected)]);
  });

  test('Ctrl-C while a history is written leaves no file', async () => {
    const written = join(folder, 'history');
    mkdirSync(written);
    const args = ['emulate', 'scenario.yaml', '--history', '365d', '--interval', '1s', '-o', join(written, 'all.om')];
    const started = performance.now();
    const told = await nines(args, '', 1500);
    expect(told.code).not.toBe(0);
    // A single series of such a history takes much longer than that.
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(readdirSync(written)).toEqual([]);
  });

  test('a reader that has seen enough is no error', async () => {
    const child = spawn(process.execPath, [program, 'generate', 'slo.yaml', '-o', '-'], { cwd: folder });
    let error = '';
    child.stderr.on('data', (chunk) => {
      error += chunk;
    });
    child.stdout.destroy();
    const code = await new Promise((done) => child.once('close', done));
    expect([code, error]).toEqual([0, '']);
  });
});

interface Told {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs the program, with Ctrl-C after so many milliseconds; whatever it tells, it is no stack trace. */
async function nines(args: readonly string[], input = '', interruptAfter?: number): Promise<Told> {
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: { ...process.env, NINES_DEBUG: '' } });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    error += chunk;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const timer = interruptAfter === undefined ? undefined : setTimeout(() => child.kill('SIGINT'), interruptAfter);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  clearTimeout(timer);
  expect(out + error, args.join(' ')).not.toMatch(/^\s+at |node:internal/m);
  return { code, out, error };
}

function write(name: string, content: string | Buffer): void {
  writeFileSync(join(folder, name), content);
}

/** Nine aliases of nine aliases of nine: billions of values in half a kilobyte. */
function aliasBomb(): string {
  const lines = ['apiVersion: nines/v1', 'a: &a [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 12; i += 1) {
    const before = String.fromCharCode(96 + i);
    const own = String.fromCharCode(97 + i);
    lines.push(`${own}: &${own} [${Array(9).fill(`*${before}`).join(', ')}]`);
  }
  return lines.join('\n');
}
