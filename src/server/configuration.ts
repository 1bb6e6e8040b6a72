import * as z from 'zod';
import {
  closest,
  type Diagnostic,
  type Duration,
  duration,
  type Outcome,
  parseDuration,
  type Source,
  success,
} from '../core/base/index.ts';
import { legacyLabelName } from '../core/series/index.ts';
import { keySpanAt, nodeAt, nodeToValue, readYaml, spanAt, type YamlNode } from '../core/yaml/index.ts';
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
  if (!parsed.success) {
    const diagnostics = parsed.error.issues.flatMap((issue) => describeIssue(node, issue));
    // A misspelt key explains why another one is missing, so it is told first.
    const isUnknown = ({ code }: Diagnostic): number => (code === 'config/unknown-key' ? 0 : 1);
    return { ok: false, diagnostics: diagnostics.toSorted((a, b) => isUnknown(a) - isUnknown(b)) };
  }
  const diagnostics = [...duplicateJobs(node, parsed.data), ...longTimeouts(node, parsed.data)];
  return diagnostics.length === 0 ? success(toConfiguration(parsed.data)) : { ok: false, diagnostics };
}

/** A duration in Prometheus's form, longer than nothing. */
const positiveDuration = z.string().transform((text, context): Duration => {
  const length = parseDuration(text);
  if (length !== undefined && 0 < length) return length;
  context.addIssue({ code: 'custom', message: `${JSON.stringify(text)} is no duration: write 15s, 1m or 1h30m` });
  return duration(1);
});

const sizes: Readonly<Record<string, number>> = {
  '': 1,
  B: 1,
  KB: 2 ** 10,
  KIB: 2 ** 10,
  MB: 2 ** 20,
  MIB: 2 ** 20,
  GB: 2 ** 30,
  GIB: 2 ** 30,
};

/** Bytes: a number, or one with a unit as Prometheus takes it, where KB is 1024 bytes. */
const byteSize = z.union([z.number(), z.string()]).transform((given, context): number => {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(String(given));
  const factor = sizes[match?.[2]?.toUpperCase() ?? '?'];
  if (match !== null && factor !== undefined) return Math.floor(Number(match[1]) * factor);
  context.addIssue({ code: 'custom', message: `${JSON.stringify(given)} is no size: write 10MB or a number of bytes` });
  return 0;
});

const count = z.int().min(0);

const labels = z.record(z.string().regex(legacyLabelName, 'is no label name: letters, digits and _'), z.string());

/** `host:port`, without a scheme or path. */
const address = z.string().refine((text) => /^(?:\[[0-9a-f:.]+\]|[^\s/:?#@[\]]+)(?::\d{1,5})?$/i.test(text), {
  error: ({ input }) =>
    `${JSON.stringify(input)} is no target: write host:port; scheme and path have keys of their own`,
});

const protocols = {
  'PrometheusText0.0.4': 'text/plain',
  'PrometheusText1.0.0': 'text/plain',
  'OpenMetricsText0.0.1': 'application/openmetrics-text',
  'OpenMetricsText1.0.0': 'application/openmetrics-text',
} as const;

const scrapeConfig = z.strictObject({
  job_name: z.string().min(1, 'a job needs a name'),
  scrape_interval: positiveDuration.optional(),
  scrape_timeout: positiveDuration.optional(),
  metrics_path: z.string().regex(/^\//, 'a path begins with /').default('/metrics'),
  scheme: z.enum(['http', 'https']).default('http'),
  params: z.record(z.string(), z.array(z.string())).default({}),
  honor_labels: z.boolean().default(false),
  honor_timestamps: z.boolean().default(true),
  sample_limit: count.default(100_000),
  body_size_limit: byteSize.default(64 * 2 ** 20),
  fallback_scrape_protocol: z
    .enum(['PrometheusText0.0.4', 'PrometheusText1.0.0', 'OpenMetricsText0.0.1', 'OpenMetricsText1.0.0'])
    .transform((name) => protocols[name])
    .optional(),
  static_configs: z.array(z.strictObject({ targets: z.array(address), labels: labels.default({}) })).default([]),
});

/** The form of the server's configuration file: Prometheus's own keys where it has them. */
const configurationSchema = z.strictObject({
  global: z
    .strictObject({
      scrape_interval: positiveDuration.default(duration(15_000)),
      scrape_timeout: positiveDuration.optional(),
      evaluation_interval: positiveDuration.default(duration(30_000)),
    })
    .prefault({}),
  scrape_configs: z.array(scrapeConfig).default([]),
  rule_files: z.array(z.string()).default([]),
  storage: z
    .strictObject({
      // Recorded samples carry the long windows, so the scraped ones need to reach little further back than the longest range of a rule.
      raw_retention: positiveDuration.default(duration(2 * 86_400_000)),
      recorded_retention: positiveDuration.optional(),
    })
    .prefault({}),
  query: z
    .strictObject({
      timeout: positiveDuration.default(duration(30_000)),
      max_samples: count.min(1).default(50_000_000),
      lookback_delta: positiveDuration.default(duration(300_000)),
    })
    .prefault({}),
});

type ConfigurationText = z.infer<typeof configurationSchema>;

/** The configuration of a server that is given no file: it scrapes nothing. */
export const defaultConfiguration: ServerConfiguration = toConfiguration(configurationSchema.parse({}));

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
  if (issue.code === 'invalid_key') {
    return [problem('config/value', `\`${name}\` ${issue.issues[0]?.message ?? 'is no key'}`, keySpanAt(node, path))];
  }
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
