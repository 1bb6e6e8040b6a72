import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, type TestContext, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { run } from '../../src/cli/program.ts';
import { freePort, type RunningServer, startServer } from '../processes.ts';
import { historyText } from '../server/history-text.ts';
import { recordedTerminal } from '../server/terminal.ts';
import { needServer, serverEnvironment } from '../servers.ts';
import { end, patients } from './world.ts';

// The same world in VictoriaMetrics, which keeps no statistics of samples and counts increases without extrapolating.

/** Those whose findings depend on how a server counts increases and restarts, looks back and matches labels. */
const named = [
  'healthy',
  'healthy-histogram',
  'sleeper',
  'restarting',
  'gappy',
  'absent',
  'stranger',
  'spelling',
  'twice',
  'swaying',
  'hopeless',
  'unbreakable',
  'unmatched',
  'dividing',
  'filtered',
  'absentee',
  'ticking',
  'thermometer',
  'stuck',
  'lossy',
  'alarmed',
  'joined',
  'half-joined',
  'out-of-step',
];
const judged = patients.filter(({ name }) => named.includes(name));

let folder = '';
let server: RunningServer | undefined;

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function startVictoriaMetrics(context: TestContext): Promise<RunningServer> {
  const binary = needServer(context, 'victoria-metrics');
  folder = await mkdtemp(join(tmpdir(), 'nines-victoria-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [
    `-storageDataPath=${join(folder, 'data')}`,
    `-httpListenAddr=127.0.0.1:${port}`,
    '-retentionPeriod=100y',
  ];
  const started = await startServer(binary, args, url, '/health', serverEnvironment());
  const body = historyText(judged.flatMap(({ series }) => series));
  await fetch(`${url}/api/v1/import/prometheus`, { method: 'POST', body });
  await fetch(`${url}/internal/force_flush`);
  return started;
}

test('each service in VictoriaMetrics is told what is wrong with it', { timeout: 120_000 }, async (context) => {
  server = await startVictoriaMetrics(context);
  for (const { name, definition, codes } of judged) {
    await writeFile(join(folder, `${name}.slo.yaml`), definition);
    const terminal = { ...recordedTerminal(''), cwd: folder };
    const flags = ['--prometheus', server.url, '--time', String(end / 1000), '--range', '6h', '--format', 'json'];
    const code = await run(['doctor', `${name}.slo.yaml`, ...flags], commands, terminal);
    const { diagnostics }: { readonly diagnostics: readonly { code: string; severity: string }[] } = JSON.parse(
      terminal.out(),
    );
    const wrong = diagnostics.filter(({ severity }) => severity !== 'info');
    expect
      .soft(
        wrong.map((each) => each.code),
        `${name}: ${terminal.out()}`,
      )
      .toEqual(codes);
    expect.soft(code).toBe(codes.length === 0 ? 0 : 1);
  }
});
