import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { duration, second } from '../../core/base/index.ts';
import {
  type KnownMetrics,
  knownMetric,
  metricNames,
  metricsOfPage,
  metricsOfServices,
} from '../../core/lint/index.ts';
import { expositionContentTypes, parseExposition } from '../../core/series/index.ts';
import { fetchText, HttpFailure, liveMetrics, prometheusClient, readHttpUrl, shownUrl } from '../../sources/index.ts';
import { UnreadableError } from '../definitions.ts';
import type { Terminal } from '../terminal.ts';
import type { LintInputs } from './lint-inputs.ts';

/** Where the command line says that metrics are to be looked up. */
interface MetricsOptions {
  readonly metrics?: string;
  readonly online?: string;
}

/**
 * Finds what metrics there are by a page of them or by a live server; undefined if neither was named. A page is read once, a server asked
 * again when queries name metrics that it was not asked about. What was found before is the same object. Throws an UnreadableError.
 */
export function metricsFinder(
  terminal: Pick<Terminal, 'cwd' | 'signal'>,
  { metrics: page, online }: MetricsOptions,
): (inputs: LintInputs) => Promise<KnownMetrics | undefined> {
  const asked = new Set<string>();
  let known: KnownMetrics | undefined;
  return async (inputs) => {
    if (page !== undefined) known ??= await metricsAt(terminal, page);
    if (page !== undefined || online === undefined) return known;
    const names = namesIn(inputs);
    if (known !== undefined && names.every((name) => asked.has(name))) return known;
    for (const name of names) asked.add(name);
    known = await metricsOfServer(terminal, online, [...asked]);
    return known;
  };
}

function namesIn({ documents, definitions }: LintInputs): readonly string[] {
  return [
    ...[...documents.values()].flatMap(({ source, kind }) => metricNames(source, kind)),
    ...[...definitions.values()].flatMap(({ services }) => metricsOfServices(...services)),
  ];
}

async function metricsOfServer(
  { signal }: Pick<Terminal, 'signal'>,
  online: string,
  asked: readonly string[],
): Promise<KnownMetrics> {
  const url = readHttpUrl(online);
  if (url === undefined)
    throw new UnreadableError(`${JSON.stringify(online)} is no address of a Prometheus: write http://HOST:PORT`);
  const client = prometheusClient(url);
  try {
    const live = await liveMetrics(client, asked, signal);
    return { from: client.address, isPage: false, metrics: live.map(knownMetric) };
  } catch (error) {
    throw new UnreadableError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

async function metricsAt(terminal: Pick<Terminal, 'cwd' | 'signal'>, path: string): Promise<KnownMetrics> {
  const url = readHttpUrl(path);
  const page = url === undefined ? await readPage(terminal, path) : await fetchPage(terminal, url);
  const exposition = parseExposition(page.text, page.contentType);
  if (exposition.ok) return metricsOfPage(page.name, exposition.value);
  throw new UnreadableError(
    `${page.name} is no page of metrics: ${exposition.diagnostics[0]?.message ?? 'it cannot be read'}`,
  );
}

interface Page {
  readonly name: string;
  readonly text: string;
  readonly contentType: string;
}

async function readPage({ cwd }: Pick<Terminal, 'cwd'>, path: string): Promise<Page> {
  const text = await readFile(resolve(cwd, path), 'utf8').catch((error: unknown) => {
    throw new UnreadableError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  });
  const isOpenMetrics = /(?:^|\n)# EOF\n?$/.test(text);
  return { name: path, text, contentType: expositionContentTypes[isOpenMetrics ? 'openmetrics' : 'text'] };
}

/** Longest time and most bytes for a page of metrics: those of a patient scrape. */
const pageTimeout = duration(30 * second);
const pageLimit = 100_000_000;

async function fetchPage({ signal }: Pick<Terminal, 'signal'>, url: URL): Promise<Page> {
  const name = shownUrl(url);
  const accept = `${expositionContentTypes.openmetrics},${expositionContentTypes.text};q=0.5,*/*;q=0.1`;
  try {
    const { status, body, contentType } = await fetchText({
      url,
      headers: { accept },
      timeout: pageTimeout,
      bodyLimit: pageLimit,
      signal,
    });
    if (status !== 200) throw new UnreadableError(`${name} answers with status ${status} instead of a page of metrics`);
    return { name, text: body, contentType };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    throw new UnreadableError(`cannot read ${name}: ${error.message}`, { cause: error });
  }
}
