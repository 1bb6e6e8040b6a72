import type { Duration } from '../../core/base/index.ts';
import { Labels } from '../../core/series/index.ts';

/** An entry of `scrape_configs`, every default filled in. */
export interface ScrapeJob {
  readonly name: string;
  readonly interval: Duration;
  readonly timeout: Duration;
  readonly scheme: 'http' | 'https';
  readonly path: string;
  readonly params: Readonly<Record<string, readonly string[]>>;
  /** Whether the page's labels win over `job`, `instance` and those of the configuration. */
  readonly honorLabels: boolean;
  /** Whether times on the page are taken over. */
  readonly honorTimestamps: boolean;
  /** Most samples of a page; more fail the scrape. */
  readonly sampleLimit: number;
  /** Most bytes of a page, unpacked; more fail the scrape. */
  readonly bodySizeLimit: number;
  /** What to read a page as that has no usable content type; without it such a page fails, as in Prometheus 3. */
  readonly fallbackContentType?: string;
  readonly targets: readonly { readonly address: string; readonly labels: ReadonlyMap<string, string> }[];
}

/** One page to fetch, and the labels that its samples get. */
export interface Target {
  readonly job: ScrapeJob;
  readonly url: URL;
  /** `job`, `instance` and the labels of the configuration. */
  readonly labels: Labels;
}

/** The targets of a job. Those given twice are scraped once. */
export function targetsOf(job: ScrapeJob): readonly Target[] {
  const targets = job.targets.map(({ address, labels }): Target => {
    const url = new URL(`${job.scheme}://${address}`);
    url.pathname = job.path;
    for (const [name, values] of Object.entries(job.params))
      for (const value of values) url.searchParams.append(name, value);
    const instance = withPort(address, job.scheme);
    return {
      job,
      url,
      labels: Labels.from([...labels, ['job', job.name], ['instance', labels.get('instance') ?? instance]]),
    };
  });
  return [...new Map(targets.map((target) => [`${target.labels.key} ${target.url.href}`, target])).values()];
}

/** The default port is part of the instance label, as in Prometheus. */
function withPort(address: string, scheme: ScrapeJob['scheme']): string {
  return /:\d+$/.test(address) ? address : `${address}:${scheme === 'https' ? 443 : 80}`;
}
