import { type Timestamp, timestamp } from '../../core/base/index.ts';
import { type Exposition, type Labels, type MetricFamily, metricName } from '../../core/series/index.ts';
import type { MemoryStore } from '../../store/index.ts';
import type { Log } from '../log.ts';
import { type Clock, type Recurring, stableOffset } from '../ticks.ts';
import { fetchPage } from './scrape.ts';
import type { Target } from './target.ts';

/** How a target was last seen. */
export interface TargetHealth {
  readonly health: 'unknown' | 'up' | 'down';
  readonly lastScrape: Timestamp | undefined;
  readonly lastSeconds: number;
  /** Why it is down; empty if it is not. */
  readonly lastError: string;
}

/** The recurring scrape of one target, with what the last one found. */
export interface TargetScraper extends Recurring {
  readonly target: Target;
  health(): TargetHealth;
  /** What the last good page said about its metrics. */
  families(): readonly MetricFamily[];
  /** Ticks left out because a scrape took longer than its interval. */
  skips(): number;
}

/** A scrape may start this share of its interval late and still carry the time it was due: even spacing compresses and compares well. */
const lateness = 0.01;

/** Samples this far ahead of the clock are refused, as Prometheus does (scrape.go, maxAheadTime). */
const mostAheadMs = 10 * 60_000;

export function targetScraper(target: Target, store: MemoryStore, clock: Clock, log: Log): TargetScraper {
  const { job } = target;
  const name = `${job.name} ${target.url.href} ${target.labels.key}`;
  const known = new Map<string, Labels>();
  const relabelled = new Map<Labels, Labels>();
  const reports = reportLabels(target.labels);
  /** The series of the last scrape by key: those that the next one lacks have ended. */
  let previous: ReadonlyMap<string, Labels> = new Map();
  let families: readonly MetricFamily[] = [];
  let skips = 0;
  let last: TargetHealth = { health: 'unknown', lastScrape: undefined, lastSeconds: 0, lastError: '' };

  async function run(tick: Timestamp, signal: AbortSignal): Promise<void> {
    const start = clock.now();
    const time = start - tick <= lateness * job.interval ? tick : start;
    const page = await fetchPage(target, known, signal);
    // A scrape that the server's own stop cut off says nothing about the target.
    if (signal.aborted) return;
    const seconds = (clock.now() - start) / 1000;
    const before = previous;
    let samples = 0;
    if (page.ok) {
      families = page.exposition.families;
      samples = page.exposition.samples.length;
      previous = appendPage(page.exposition, time);
    } else {
      previous = new Map();
    }
    let added = 0;
    for (const key of previous.keys()) if (!before.has(key)) added += 1;
    for (const [key, labels] of before) if (!previous.has(key)) store.appendStaleMarker(labels, time);
    report(page.ok, seconds, samples, added, time);
    note(page.ok ? '' : page.reason, page.ok ? undefined : page.help, time, seconds);
  }

  /** Appends the samples of a page and gives the series whose end is to be noticed: those without a time of their own. */
  function appendPage({ samples }: Exposition, time: Timestamp): ReadonlyMap<string, Labels> {
    if (2 * samples.length + 1000 < known.size) known.clear();
    if (2 * samples.length + 1000 < relabelled.size) relabelled.clear();
    const current = new Map<string, Labels>();
    const refused = { conflicting: 0, outOfOrder: 0, ahead: 0 };
    for (const sample of samples) {
      let labels = relabelled.get(sample.labels);
      if (labels === undefined) {
        labels = withTargetLabels(sample.labels, target);
        relabelled.set(sample.labels, labels);
      }
      const own = job.honorTimestamps ? sample.timestamp : undefined;
      if (own !== undefined && time + mostAheadMs < own) {
        refused.ahead += 1;
        continue;
      }
      const appended = store.append(labels, own ?? time, sample.value);
      if (appended === 'conflicting' || appended === 'outOfOrder') refused[appended] += 1;
      else if (own === undefined) current.set(labels.key, labels);
    }
    if (0 < refused.conflicting + refused.outOfOrder + refused.ahead) {
      log('warn', 'samples refused', { job: job.name, target: target.url.host, ...refused });
    }
    return current;
  }

  /** The series about the scrape itself; source: prometheus.io, "Jobs and instances". */
  function report(up: boolean, seconds: number, samples: number, added: number, time: Timestamp): void {
    store.append(reports.up, time, up ? 1 : 0);
    store.append(reports.scrape_duration_seconds, time, seconds);
    store.append(reports.scrape_samples_scraped, time, samples);
    store.append(reports.scrape_samples_post_metric_relabeling, time, samples);
    store.append(reports.scrape_series_added, time, added);
  }

  /** Logs the changes only: a target that stays down does not fill the log. */
  function note(error: string, help: string | undefined, time: Timestamp, seconds: number): void {
    const fields = { job: job.name, target: target.url.host };
    if (error !== '' && error !== last.lastError) log('warn', 'scrape failed', { ...fields, reason: error, help });
    if (error === '' && last.health === 'down') log('info', 'target is up again', fields);
    last = {
      health: error === '' ? 'up' : 'down',
      lastScrape: timestamp(time),
      lastSeconds: seconds,
      lastError: error,
    };
  }

  return {
    name,
    interval: job.interval,
    offset: stableOffset(name, job.interval),
    target,
    run,
    skipped: (count) => {
      skips += count;
      log('warn', 'scrapes left out, the one before took too long', { job: job.name, target: target.url.host, count });
    },
    health: () => last,
    families: () => families,
    skips: () => skips,
  };
}

/** A label that both the page and the target set: with honor_labels the page's stays, otherwise it moves to `exported_NAME`. */
function withTargetLabels(labels: Labels, { job, labels: own }: Target): Labels {
  if (job.honorLabels) return own.merge(labels.entries());
  const moved: [name: string, value: string][] = [];
  for (const name of own.names) {
    const value = labels.get(name);
    if (value === '') continue;
    let exported = `exported_${name}`;
    while (labels.get(exported) !== '' || own.get(exported) !== '') exported = `exported_${exported}`;
    moved.push([exported, value]);
  }
  return labels.merge([...moved, ...own.entries()]);
}

function reportLabels(labels: Labels): Readonly<Record<ReportName, Labels>> {
  const named = (name: string): Labels => labels.with(metricName, name);
  return {
    up: named('up'),
    scrape_duration_seconds: named('scrape_duration_seconds'),
    scrape_samples_scraped: named('scrape_samples_scraped'),
    scrape_samples_post_metric_relabeling: named('scrape_samples_post_metric_relabeling'),
    scrape_series_added: named('scrape_series_added'),
  };
}

type ReportName =
  | 'up'
  | 'scrape_duration_seconds'
  | 'scrape_samples_scraped'
  | 'scrape_samples_post_metric_relabeling'
  | 'scrape_series_added';
