import * as z from 'zod';
import { type Duration, duration, parseDuration } from '../core/base/index.ts';
import { legacyLabelName } from '../core/series/index.ts';

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
export const configurationSchema = z.strictObject({
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
      /** How long scraped samples are kept. Recorded ones carry the long windows, so these need little more than the longest range of a rule. */
      raw_retention: positiveDuration.default(duration(2 * 86_400_000)),
      /** How long recorded samples (with a colon in the name) are kept; by default the longest period of an SLO and a day. */
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

export type ConfigurationText = z.infer<typeof configurationSchema>;
