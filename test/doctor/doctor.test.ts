import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { run } from '../../src/cli/program.ts';
import { freePort, type RunningServer } from '../processes.ts';
import { startPrometheus } from '../prometheus.ts';
import { remoteWrite } from '../remote-write.ts';
import { historyText } from '../server/history-text.ts';
import { recordedTerminal } from '../server/terminal.ts';
import { end, patients, start } from './world.ts';

// A world of services, each with one thing wrong with its data, in a real Prometheus: the doctor finds that thing and nothing else.

let folder = '';
let starting: Promise<RunningServer> | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nines-doctor-'));
  for (const { name, definition } of patients) await writeFile(join(folder, `${name}.slo.yaml`), definition);
});

afterAll(async () => {
  await (await starting)?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function addressOf(context: TestContext): Promise<string> {
  starting ??= startPrometheus(context, { history: historyText(patients.flatMap(({ series }) => series)) });
  return (await starting).url;
}

async function doctor(
  address: string,
  ...more: readonly string[]
): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  const terminal = { ...recordedTerminal(''), cwd: folder };
  const time = ['--time', String(end / 1000), '--range', '6h'];
  const code = await run(['doctor', '--prometheus', address, ...time, ...more], commands, terminal);
  return { code, out: terminal.out(), error: terminal.error() };
}

test.for(patients)('$name has $codes', async ({ name, codes }, context) => {
  const { code, out } = await doctor(await addressOf(context), `${name}.slo.yaml`, '--format', 'json');
  const {
    diagnostics,
  }: {
    readonly diagnostics: readonly { code: string; severity: string; file: string; line: number; message: string }[];
  } = JSON.parse(out);
  const wrong = diagnostics.filter(({ severity }) => severity !== 'info');
  expect(
    wrong.map((each) => each.code),
    out,
  ).toEqual(codes);
  expect(code).toBe(codes.length === 0 ? 0 : 1);
  for (const { file, line, message } of wrong) {
    expect(file).toBe(`${name}.slo.yaml`);
    if (!message.startsWith(`${name}/main: `)) continue;
    expect(line).toBe(name === 'jobless' || name === 'twice' ? 6 : 5);
  }
});

test('figures and costs of a healthy service, for programs and for people', async (context) => {
  const address = await addressOf(context);
  const { objectives, diagnostics } = JSON.parse((await doctor(address, 'healthy.slo.yaml', '--format', 'json')).out);
  expect(diagnostics).toMatchObject([{ code: 'doctor/cost', severity: 'info' }]);
  expect(objectives).toHaveLength(1);
  const [{ series, events_per_hour, error_ratio, samples, alerts, range_seconds }] = objectives;
  expect({ series, range_seconds }).toEqual({ series: 4, range_seconds: 6 * 3600 });
  expect(events_per_hour).toBeCloseTo(40.1 * 3600, -3);
  expect(error_ratio).toBeCloseTo(0.1 / 40.1, 4);
  // Four series and two of them again, 120 samples an hour and one at the border, in windows of 5m, 30m, 1h, 2h, 6h, 1d, 3d and 30d.
  expect(samples.raw / (6 * 120 * 825.5833)).toBeCloseTo(1, 1);
  expect(samples.generated).toBeLessThan(12_000);
  expect(alerts[0]).toMatchObject({ severity: 'page', window: '1h', burn_rate: 14.4 });
  const text = await doctor(address, 'healthy.slo.yaml');
  expect(text.code).toBe(0);
  expect(text.out).toMatch(/^SERVICE +SLO +LOOKED AT +SERIES .*\nhealthy +main +6h +4 /);
  expect(text.out).toContain('nothing is wrong with the data');
});

test('a text names the objective, what was found and the remedy', async (context) => {
  const { code, out } = await doctor(await addressOf(context), 'spelling.slo.yaml');
  expect(code).toBe(1);
  expect(out).toContain('spelling.slo.yaml:5:3 error doctor/missing-bucket');
  expect(out).toContain('the bucket is spelt `le="1.0"` in the data, not `le="1"`');
});

test('what is worth knowing of conditions and composites stands below the table', async (context) => {
  const address = await addressOf(context);
  const joined = await doctor(address, 'joined.slo.yaml');
  expect(joined.code).toBe(0);
  // The queue is too long for one of every sixty minutes.
  expect(joined.out).toMatch(/\njoined +main +6h +- +- +1\.6/);
  expect(joined.out).toContain(
    '\njoined/main: `joined/other` decides: 1.64% of it is bad, then comes `joined/web` with 0.249%\n',
  );
  expect(joined.out).toContain('\nnothing is wrong with the data\n');
  const calm = await doctor(address, 'unbreakable.slo.yaml');
  expect(calm.out).toMatch(
    /\nunbreakable\/main: `.*` held in all of 7[23] stretches of 5m: nothing shows that it can be broken\n/,
  );
  const unborn = await doctor(address, 'unborn.slo.yaml');
  expect(unborn.out).toContain('has no series; it may be born with the first increase\n');
  const { objectives } = JSON.parse((await doctor(address, 'joined.slo.yaml', '--format', 'json')).out);
  expect(objectives[0]).toMatchObject({ slo: 'main', events: null });
  expect(objectives[0].error_ratio).toBeCloseTo(1 / 60, 3);
});

test('native histograms', async (context) => {
  const flags = ['--enable-feature=native-histograms', '--web.enable-remote-write-receiver'];
  const native = await startPrometheus(context, { flags });
  try {
    const job = 'native';
    const times = Array.from({ length: 6 * 120 + 1 }, (_, i) => start + i * 30_000);
    // Of twenty observations in half a minute nineteen take up to a second, one up to two.
    const histograms = times.map((timestamp, i) => ({ timestamp, below: 19 * i, above: i }));
    const labels = { job, instance: 'a:80' };
    await remoteWrite(native.url, [
      { labels: { __name__: 'up', ...labels }, samples: times.map((timestamp) => ({ timestamp, value: 1 })) },
      { labels: { __name__: 'wait_seconds', ...labels }, histograms },
    ]);
    const text = (below: number, target: string): string =>
      [
        'apiVersion: nines/v1',
        'service: native',
        'owner: team',
        'metrics:',
        '  wait_seconds: { type: histogram, native: true, labels: [] }',
        'slos:',
        `  main: { target: ${target}, histogram: wait_seconds, below: ${below}, alerts: none }`,
      ].join('\n');
    await writeFile(join(folder, 'native.yaml'), text(1, '90%'));
    const good = await doctor(native.url, 'native.yaml', '--format', 'json');
    const { objectives, diagnostics } = JSON.parse(good.out);
    expect(diagnostics.map(({ code }: { code: string }) => code)).toEqual(['doctor/cost']);
    expect(objectives[0].error_ratio).toBeCloseTo(0.05, 3);
    expect(objectives[0].events_per_hour / (20 * 120)).toBeCloseTo(1, 1);
    await writeFile(join(folder, 'native.yaml'), text(1, '99%'));
    expect((await doctor(native.url, 'native.yaml')).out).toContain('doctor/always-burns');
    await writeFile(join(folder, 'native.yaml'), text(1, '90%').replaceAll('wait_', 'weight_'));
    expect((await doctor(native.url, 'native.yaml')).out).toContain('doctor/no-data');
  } finally {
    await native.stop();
  }
});

test('an objective that the server refuses is told, and the others are examined', async (context) => {
  await addressOf(context);
  const limited = await startPrometheus(context, {
    history: historyText(patients[0]?.series ?? []),
    flags: ['--query.max-samples=700'],
  });
  try {
    const { code, out, error } = await doctor(limited.url, 'healthy.slo.yaml', 'absent.slo.yaml');
    expect(code).toBe(2);
    expect(error).toContain('healthy/main could not be examined');
    expect(error).toContain('too many samples');
    expect(out).toMatch(/absent +main/);
    expect(out).toContain('doctor/no-data');
  } finally {
    await limited.stop();
  }
});

test('no answer is neither good nor bad', async (context) => {
  const { code, error } = await doctor(`http://127.0.0.1:${await freePort()}`, 'healthy.slo.yaml');
  expect(code).toBe(2);
  expect(error).toContain('connection refused');
  const other = await doctor('nowhere', 'healthy.slo.yaml');
  expect(other.code).toBe(2);
  expect((await doctor(await addressOf(context))).code).toBe(2);
  expect((await doctor(await addressOf(context), 'healthy.slo.yaml', '--range', '5m')).code).toBe(2);
});
