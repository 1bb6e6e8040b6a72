import type * as z from 'zod';
import {
  closest,
  type Diagnostic,
  type Duration,
  duration,
  type Outcome,
  type Source,
  success,
} from '../core/base/index.ts';
import { keySpanAt, nodeAt, nodeToValue, readYaml, spanAt, type YamlNode } from '../core/yaml/index.ts';
import { type ConfigurationText, configurationSchema } from './configuration-schema.ts';
import type { ScrapeJob } from './scrape/target.ts';

/** What the server's configuration file says, every default filled in. */
export interface ServerConfiguration {
  readonly scrapeJobs: readonly ScrapeJob[];
  readonly evaluationInterval: Duration;
  /** Paths as written, relative to the file. */
  readonly ruleFiles: readonly string[];
  readonly rawRetention: Duration;
  readonly recordedRetention: Duration | undefined;
  readonly queryTimeout: Duration;
  readonly maxSamples: number;
  readonly lookbackDelta: Duration;
}

/** The configuration of a server that is given no file: it scrapes nothing. */
export const defaultConfiguration: ServerConfiguration = toConfiguration(configurationSchema.parse({}));

/** Reads the server's configuration. All problems are reported, each at its place. */
export function readConfiguration(source: Source): Outcome<ServerConfiguration> {
  const yaml = readYaml(source.text);
  if (!yaml.ok) return yaml;
  const [node, second] = yaml.value;
  if (node === undefined || (node.kind === 'scalar' && node.value === null)) return success(defaultConfiguration);
  if (second !== undefined) {
    const message = 'a configuration is one document, this file has more';
    return { ok: false, diagnostics: [problem('config/value', message, spanAt(second, []))] };
  }
  const parsed = configurationSchema.safeParse(nodeToValue(node));
  if (!parsed.success)
    return { ok: false, diagnostics: parsed.error.issues.flatMap((issue) => describeIssue(node, issue)) };
  const diagnostics = [...duplicateJobs(node, parsed.data), ...longTimeouts(node, parsed.data)];
  return diagnostics.length === 0 ? success(toConfiguration(parsed.data)) : { ok: false, diagnostics };
}

function toConfiguration(text: ConfigurationText): ServerConfiguration {
  const { global, storage, query } = text;
  return {
    scrapeJobs: text.scrape_configs.map((config): ScrapeJob => {
      const interval = config.scrape_interval ?? global.scrape_interval;
      return {
        name: config.job_name,
        interval,
        timeout: config.scrape_timeout ?? defaultTimeout(global.scrape_timeout, interval),
        scheme: config.scheme,
        path: config.metrics_path,
        params: config.params,
        honorLabels: config.honor_labels,
        honorTimestamps: config.honor_timestamps,
        // Prometheus writes "no limit" as 0.
        sampleLimit: config.sample_limit === 0 ? Number.MAX_SAFE_INTEGER : config.sample_limit,
        bodySizeLimit: config.body_size_limit === 0 ? Number.MAX_SAFE_INTEGER : config.body_size_limit,
        ...(config.fallback_scrape_protocol === undefined
          ? {}
          : { fallbackContentType: config.fallback_scrape_protocol }),
        targets: config.static_configs.flatMap(({ targets, labels }) =>
          targets.map((address) => ({ address, labels: new Map(Object.entries(labels)) })),
        ),
      };
    }),
    evaluationInterval: global.evaluation_interval,
    ruleFiles: text.rule_files,
    rawRetention: storage.raw_retention,
    recordedRetention: storage.recorded_retention,
    queryTimeout: query.timeout,
    maxSamples: query.max_samples,
    lookbackDelta: query.lookback_delta,
  };
}

/** Ten seconds, or the interval where that is shorter. Source: prometheus, config/config.go. */
function defaultTimeout(global: Duration | undefined, interval: Duration): Duration {
  return duration(Math.min(global ?? 10_000, interval));
}

function describeIssue(node: YamlNode, issue: z.core.$ZodIssue): readonly Diagnostic[] {
  const path = issue.path.filter((step) => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = closest(key, knownKeys(path));
      const help = meant === undefined ? undefined : `did you mean \`${meant}\`?`;
      return problem('config/unknown-key', `there is no key \`${key}\` here`, keySpanAt(node, [...path, key]), help);
    });
  }
  const name = path.findLast((step) => typeof step === 'string') ?? 'the configuration';
  const missing = nodeAt(node, path) === undefined;
  const message = missing ? `\`${name}\` is missing` : `\`${name}\`: ${lowerFirst(issue.message)}`;
  return [problem('config/value', message, spanAt(node, path))];
}

/** The keys that a map at this path may have, for a suggestion. */
function knownKeys(path: readonly (string | number)[]): readonly string[] {
  const { shape } = configurationSchema;
  const [section, index, list] = path;
  switch (section) {
    case undefined:
      return Object.keys(shape);
    case 'global':
    case 'storage':
    case 'query':
      return Object.keys(shape[section].unwrap().shape);
    case 'scrape_configs':
      if (index === undefined) return [];
      return list === 'static_configs'
        ? ['targets', 'labels']
        : Object.keys(shape.scrape_configs.unwrap().element.shape);
    default:
      return [];
  }
}

function duplicateJobs(node: YamlNode, { scrape_configs }: ConfigurationText): readonly Diagnostic[] {
  return scrape_configs.flatMap(({ job_name }, index) => {
    if (scrape_configs.findIndex((other) => other.job_name === job_name) === index) return [];
    const span = spanAt(node, ['scrape_configs', index, 'job_name']);
    return [problem('config/duplicate-job', `there is already a job \`${job_name}\``, span)];
  });
}

function longTimeouts(node: YamlNode, { global, scrape_configs }: ConfigurationText): readonly Diagnostic[] {
  return scrape_configs.flatMap(({ scrape_timeout, scrape_interval }, index) => {
    if (scrape_timeout === undefined || scrape_timeout <= (scrape_interval ?? global.scrape_interval)) return [];
    const span = spanAt(node, ['scrape_configs', index, 'scrape_timeout']);
    return [problem('config/value', 'the timeout of a scrape is longer than its interval', span)];
  });
}

function problem(code: string, message: string, span: Diagnostic['span'], help?: string): Diagnostic {
  return { severity: 'error', code, message, span, ...(help === undefined ? {} : { help }) };
}

function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}
