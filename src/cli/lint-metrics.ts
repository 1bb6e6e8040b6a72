import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type KnownMetrics, metricNames, metricsOfPage, metricType } from '../core/lint/index.ts';
import { parseExposition } from '../core/series/index.ts';
import { liveMetrics, prometheusClient, readHttpUrl } from '../sources/index.ts';
import { UnreadableError } from './definitions.ts';
import type { LoadedDocument } from './lint-documents.ts';
import type { Terminal } from './terminal.ts';

/** Where the command line says that metrics are to be looked up. */
interface MetricsOptions {
  readonly metrics?: string;
  readonly online?: string;
}

/** What metrics there are by a page of them or by a live server; undefined if neither was named. Throws an UnreadableError. */
export async function knownMetrics(
  terminal: Pick<Terminal, 'cwd' | 'signal'>,
  documents: readonly LoadedDocument[],
  { metrics, online }: MetricsOptions,
): Promise<KnownMetrics | undefined> {
  if (metrics !== undefined) return metricsOfFile(terminal, metrics);
  if (online === undefined) return undefined;
  const url = readHttpUrl(online);
  if (url === undefined)
    throw new UnreadableError(`${JSON.stringify(online)} is no address of a Prometheus: write http://HOST:PORT`);
  const client = prometheusClient(url);
  const asked = documents.flatMap(({ source, kind }) => metricNames(source, kind));
  try {
    const live = await liveMetrics(client, [...new Set(asked)], terminal.signal);
    return {
      from: client.address,
      metrics: live.map(({ name, type, labels, buckets }) => ({
        name,
        type: metricType(name, type),
        labels,
        ...(buckets.length === 0 ? {} : { buckets }),
      })),
    };
  } catch (error) {
    throw new UnreadableError(error instanceof Error ? error.message : String(error));
  }
}

async function metricsOfFile(terminal: Pick<Terminal, 'cwd'>, path: string): Promise<KnownMetrics> {
  const text = await readFile(resolve(terminal.cwd, path), 'utf8').catch((error: unknown) => {
    throw new UnreadableError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const type = /(?:^|\n)# EOF\n?$/.test(text) ? 'application/openmetrics-text' : 'text/plain';
  const page = parseExposition(text, type);
  if (page.ok) return metricsOfPage(path, page.value);
  throw new UnreadableError(`${path} is no page of metrics: ${page.diagnostics[0]?.message ?? 'it cannot be read'}`);
}
