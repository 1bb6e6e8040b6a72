import { type Duration, day, duration, hour, type Timestamp, timestamp } from '../core/base/index.ts';
import type { EngineOptions, QueryTime } from '../core/promql/index.ts';
import type { RestoreOptions } from '../core/rules/index.ts';
import { type Labels, metricName } from '../core/series/index.ts';
import { MemoryStore } from '../store/index.ts';
import type { ServerConfiguration } from './configuration.ts';
import type { Log } from './log.ts';
import type { OwnMetric } from './own-metrics.ts';
import { type QueryResult, queryText } from './query.ts';
import { type NamedRuleFile, type RuleLoop, ruleLoop } from './rules/rule-loop.ts';
import { targetsOf } from './scrape/target.ts';
import { type TargetScraper, targetScraper } from './scrape/target-scraper.ts';
import type { Clock, Recurring } from './ticks.ts';

/** A small Prometheus of our own: targets are scraped into a store in memory, and rules are evaluated over it. */
export interface EmbeddedServer {
  readonly clock: Clock;
  readonly store: MemoryStore;
  readonly scrapers: readonly TargetScraper[];
  readonly rules: RuleLoop;
  readonly engine: Partial<EngineOptions>;
  /** Everything that recurs: scrapes, then rule groups, then retention. */
  readonly work: readonly Recurring[];
  /** Runs a query from outside, within the configured limits. */
  query(
    text: string,
    time: QueryTime,
    options: Partial<EngineOptions>,
    timeout: Duration | undefined,
  ): Promise<QueryResult>;
  metrics(): readonly OwnMetric[];
}

export interface EmbeddedParts {
  readonly configuration: ServerConfiguration;
  readonly ruleFiles: readonly NamedRuleFile[];
  /** The longest period of an SLO: recorded samples are kept for it, unless the configuration says how long. */
  readonly longestPeriod: Duration;
  readonly clock: Clock;
  readonly log: Log;
  /** May hold history already. */
  readonly store?: MemoryStore;
  /** How alerts of that history go on. */
  readonly restore?: RestoreOptions;
}

export function embeddedServer({
  configuration,
  ruleFiles,
  longestPeriod,
  clock,
  log,
  store = new MemoryStore(),
  restore,
}: EmbeddedParts): EmbeddedServer {
  const engine: Partial<EngineOptions> = {
    lookbackDelta: configuration.lookbackDelta,
    defaultSubqueryStep: configuration.evaluationInterval,
    maxSamples: configuration.maxSamples,
  };
  const scrapers = configuration.scrapeJobs
    .flatMap(targetsOf)
    .map((target) => targetScraper(target, store, clock, log));
  const rules = ruleLoop(ruleFiles, {
    store,
    log,
    engine,
    interval: configuration.evaluationInterval,
    timeout: configuration.queryTimeout,
    ...(restore !== undefined && { restore }),
  });
  const recorded = configuration.recordedRetention ?? duration(longestPeriod + day);
  const cleaning = retention(store, configuration.rawRetention, recorded);
  return {
    clock,
    store,
    scrapers,
    rules,
    engine,
    work: [...scrapers, ...rules.work, cleaning],
    query: (text, time, options, timeout = configuration.queryTimeout) =>
      queryText(store, text, time, { ...engine, ...options }, duration(Math.min(timeout, configuration.queryTimeout))),
    metrics: () => [...storeMetrics(store), ...scrapeMetrics(scrapers), ...rules.metrics()],
  };
}

/** Forgets old samples once an hour. What was recorded has a colon in its name, as Prometheus advises for rules. */
function retention(store: MemoryStore, raw: Duration, recorded: Duration): Recurring {
  const isRecorded = (labels: Labels): boolean => labels.get(metricName).includes(':');
  return {
    name: 'retention',
    interval: hour,
    offset: duration(0),
    async run(tick: Timestamp) {
      store.dropBefore((labels) => timestamp(tick - (isRecorded(labels) ? recorded : raw)));
    },
  };
}

function storeMetrics(store: MemoryStore): readonly OwnMetric[] {
  const { series, samples, bytes, refused } = store.size();
  const gauge = (name: string, help: string, value: number): OwnMetric => ({
    name,
    type: 'gauge',
    help,
    samples: [{ value }],
  });
  return [
    gauge('nines_store_series', 'Series in the store.', series),
    gauge('nines_store_samples', 'Samples in the store.', samples),
    gauge('nines_store_bytes', 'Bytes of the columns of samples.', bytes),
    {
      name: 'nines_store_refused_samples_total',
      type: 'counter',
      help: 'Samples refused because their series had a later one or another value for that time.',
      samples: [{ value: refused }],
    },
  ];
}

function scrapeMetrics(scrapers: readonly TargetScraper[]): readonly OwnMetric[] {
  const labelled = (value: (scraper: TargetScraper) => number): OwnMetric['samples'] =>
    scrapers.map((scraper) => ({
      labels: { job: scraper.target.job.name, target: scraper.target.url.host },
      value: value(scraper),
    }));
  return [
    {
      name: 'nines_scrape_skipped_total',
      type: 'counter',
      help: 'Scrapes left out because the one before took longer than the interval.',
      samples: labelled((scraper) => scraper.skips()),
    },
    {
      name: 'nines_target_up',
      type: 'gauge',
      help: 'Whether the last scrape of the target succeeded.',
      samples: labelled((scraper) => (scraper.health().health === 'up' ? 1 : 0)),
    },
  ];
}
