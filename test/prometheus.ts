import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';
import { freePort, type RunningServer, startServer } from './processes.ts';
import { needServer, serverEnvironment } from './servers.ts';

export interface PrometheusOptions {
  /** OpenMetrics text with timestamps, whole or in pieces, ending in `# EOF`; it becomes the server's history. */
  readonly history?: string | Iterable<string>;
  /** The server's configuration; by default it scrapes nothing. */
  readonly configuration?: string;
  /** Rule files by name; the configuration must name them under `rule_files`. */
  readonly ruleFiles?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/** A real Prometheus on a loopback port with a data folder of its own, which `stop` removes. */
export async function startPrometheus(context: TestContext, options: PrometheusOptions): Promise<RunningServer> {
  const prometheus = needServer(context, 'prometheus');
  const folder = await mkdtemp(join(tmpdir(), 'nines-prometheus-'));
  const data = join(folder, 'data');
  try {
    if (options.history !== undefined)
      await loadHistory(needServer(context, 'promtool'), folder, data, options.history);
    const configuration = join(folder, 'prometheus.yml');
    await writeFile(configuration, options.configuration ?? 'global: { scrape_interval: 1h }\n');
    for (const [name, text] of Object.entries(options.ruleFiles ?? {})) await writeFile(join(folder, name), text);
    const port = await freePort();
    const args = [
      `--config.file=${configuration}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
      '--web.enable-lifecycle',
      '--query.timeout=2h',
      '--log.level=warn',
      ...(options.flags ?? []),
    ];
    const server = await startServer(prometheus, args, `http://127.0.0.1:${port}`, '/-/ready', serverEnvironment());
    const stop = async (): Promise<void> => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    };
    return { ...server, stop };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function loadHistory(
  promtool: string,
  folder: string,
  data: string,
  history: string | Iterable<string>,
): Promise<void> {
  const file = join(folder, 'history.om');
  await writeFile(file, history);
  // Blocks of up to 54 h instead of 2 h make loading a month a matter of seconds.
  const args = ['tsdb', 'create-blocks-from', '--max-block-duration=54h', 'openmetrics', file, data];
  await promisify(execFile)(promtool, args, {
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...serverEnvironment() },
  });
}
