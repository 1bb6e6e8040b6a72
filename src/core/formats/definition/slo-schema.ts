import * as z from 'zod';
import type { ForeignValue } from '../../slo/index.ts';
import type { AlertInput } from './alert-input.ts';
import { alertSchema, wordsBySeveritySchema } from './alert-schema.ts';
import type { ClassesInput, ConditionInput, SloInput } from './slo-input.ts';

const text = z.string().min(1);
const texts = z.union([text, z.array(text)]);
const lengthOfTime = z.string().min(1);
const share = z.union([z.string(), z.number()]);
const value = z.union([z.string(), z.number()]);

const classes: z.ZodType<ClassesInput> = z
  .record(text, z.union([z.string(), z.number(), z.array(value)]))
  .describe('Values by label: { status: [2xx, 3xx] }; an exclamation mark before a value stands for any other.');

const condition: z.ZodType<ConditionInput> = z
  .strictObject({
    increases: text.optional().describe('Counters that together increase at least once within the stretch.'),
    neverIncreases: text.optional().describe('Counters of which none ever increases.'),
    within: lengthOfTime.optional().describe('The stretch for increases and neverIncreases.'),
    get all(): z.ZodOptional<z.ZodType<(string | ConditionInput)[]>> {
      return z.array(z.union([z.string(), condition])).optional();
    },
    get any(): z.ZodOptional<z.ZodType<(string | ConditionInput)[]>> {
      return z.array(z.union([z.string(), condition])).optional();
    },
  })
  .meta({ id: 'condition', description: 'A condition: one of increases, neverIncreases, all and any.' });

const composite = z
  .strictObject({
    combine: z
      .enum(['weighted', 'worst', 'series', 'pooled'])
      .describe('The mean by weight, the worst member, all in a row, or all events in one pot.'),
    members: z
      .array(
        z.union([
          text,
          z.strictObject({
            slo: text.describe('Name of the objective.'),
            service: text.optional().describe('Its service; the service itself by default.'),
            weight: z.number().optional().describe('Its weight in the mean; 1 by default.'),
          }),
        ]),
      )
      .min(1),
  })
  .describe('Other objectives joined into one.');

const queries = z
  .strictObject({
    good: text.optional().describe('The number of good events within {{.window}}; with total.'),
    bad: text.optional().describe('The bad events, instead of good.'),
    total: text.optional().describe('The number of all events within {{.window}}.'),
    goodRatio: text.optional().describe('The share of good events within {{.window}}, alone.'),
    badRatio: text.optional().describe('The share of bad events within {{.window}}, alone.'),
  })
  .describe('Queries of your own, for what no counter counts: each time slice is asked for its share.');

/** Anything that YAML can say. */
const foreign: z.ZodType<ForeignValue> = z
  .lazy(() => z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(foreign), z.record(z.string(), foreign)]))
  .meta({ id: 'anyValue' });

const external = z
  .strictObject({
    system: text.describe('Whose queries they are: Datadog.'),
    measures: z.record(z.string(), foreign).describe('The queries, in the words of that system.'),
  })
  .describe('What another system measures: kept and shown; no rules are made of it.');

const targetKeys = {
  target: share
    .optional()
    .describe('A share of events: 99.9%, or 0.999; of time: 99% of 1m slices; a mean over slices: 99% of 5m ratios.'),
  maxErrorRatio: share.optional().describe('Instead of target: the share of bad events that is allowed, 0.5%.'),
  percentile: text.optional().describe('Instead of target: p95 at most below is a target of 95%.'),
  percentiles: z
    .record(text, value)
    .optional()
    .describe('Bounds by percentile, in place of below and target: an objective for each.'),
  sliceTarget: share.optional().describe('For slices of events: the share of good events that makes a slice good.'),
  period: lengthOfTime
    .optional()
    .describe('The stretch over which the objective is judged: 30d (default), calendar month, or continuous.'),
  periods: z
    .array(lengthOfTime)
    .min(1)
    .optional()
    .describe('Several periods in place of period: the first one counts, the others are shown.'),
  timeZone: text.optional().describe('The zone of calendar periods, Europe/Berlin; UTC by default.'),
};

const indicatorKeys = {
  good: z
    .union([text, classes])
    .optional()
    .describe('PromQL selector of the counters of good events, or several joined by +; or conditions on total.'),
  bad: z.union([text, classes]).optional().describe('The bad events, instead of good.'),
  total: text.optional().describe('PromQL selector of the counters of all events.'),
  valid: z
    .union([text, classes])
    .optional()
    .describe('Conditions that all events must meet, good and bad ones: {error_type!="validation"}, or a map.'),
  histogram: text.optional().describe('PromQL selector of a histogram by its base name, without _bucket.'),
  below: value
    .optional()
    .describe(
      'A bucket bound of the histogram: 500ms, or a number in the unit of the metric. Observations up to it are good.',
    ),
  quantiles: z.array(text).optional().describe('Percentiles of the histogram to show: [p50, p95].'),
  condition: z
    .union([text, condition])
    .optional()
    .describe('What holds while all is well: sum(queue_depth) < 50, or one of the other conditions.'),
  composite: composite.optional(),
  queries: queries.optional(),
  external: external.optional(),
  groupBy: z.array(text).optional().describe('Labels, of which every value has an objective of its own.'),
};

const alertingKeys = {
  alerts: z
    .union([z.enum(['workbook', 'none']), z.array(z.union([z.literal('workbook'), alertSchema]))])
    .optional()
    .describe('workbook (default) for the burn-rate alerts of the SRE workbook, none, or a list.'),
  alertNames: texts
    .optional()
    .describe('Names for the burn-rate alerts in their order: CheckoutBurn{Fast,Slow}, or a list.'),
  alertLabels: wordsBySeveritySchema
    .optional()
    .describe('Labels for the burn-rate alerts of one severity, page, ticket or info.'),
  alertAnnotations: wordsBySeveritySchema
    .optional()
    .describe('Annotations for the burn-rate alerts of one severity, page, ticket or info.'),
  minimumBadEvents: z
    .int()
    .min(0)
    .optional()
    .describe('The fewest bad events in the long window for an alert to fire; 3 by default.'),
  minimumEvents: z
    .int()
    .min(0)
    .optional()
    .describe('The fewest events in the long window for an alert to fire; 0 by default.'),
  noData: z
    .enum(['unknown', 'bad', 'good'])
    .optional()
    .describe('What time without data means for the budget; unknown by default.'),
  absentFor: lengthOfTime
    .optional()
    .describe('How long all series may be missing before the absence alert fires; 5m by default.'),
};

const detailKeys = {
  role: z.enum(['primary', 'secondary']).optional().describe('Whether readers should see it first.'),
  category: z.enum(['user', 'resource']).optional().describe('Whether users feel it, or it is a resource.'),
  lifecycle: z
    .enum(['draft', 'pending', 'active', 'retired'])
    .optional()
    .describe('Drafts and retired objectives have no rules, pending ones wait for data.'),
  criticality: z.enum(['critical', 'high', 'medium', 'low']).optional(),
  family: text.optional().describe('Objectives on several thresholds of one distribution share a family.'),
  journey: text.optional().describe('The journey of users that it is a part of.'),
  customers: texts.optional().describe('The tiers of customers whom it concerns.'),
  rationale: text.optional().describe('Why it is what it is.'),
  impact: texts.optional().describe('What happens to whom if it is missed.'),
  costs: texts.optional().describe('What a miss costs in money: refunds, wasted compute.'),
  dependsOn: texts.optional().describe('Other services or tickets that its keeping depends on.'),
  aspiration: share.optional().describe('A target to grow into.'),
  evidence: text.optional().describe('What shows that it can be kept: the report of a load test.'),
  targetHistory: z
    .array(z.strictObject({ target: share, since: text, reason: text.optional() }))
    .optional()
    .describe('Targets that it had, and since when.'),
  dashboard: text.optional().describe('Address of the board about it.'),
  runbook: text.optional().describe('Address of what to do when an alert fires.'),
  labels: z.record(text, value).optional().describe('Further labels for the alerts.'),
};

const sloObject = z.strictObject({
  title: text.optional().describe('What people call the objective; its name by default.'),
  description: text.optional(),
  ...targetKeys,
  ...indicatorKeys,
  ...alertingKeys,
  ...detailKeys,
});

/** The schema of an objective. */
export const sloSchema: z.ZodType<SloInput> = sloObject.meta({
  description:
    'A service level objective: good or bad of total, a histogram and a bound, a condition, a composite, queries, or what an external system measures.',
  // For editors; the reader says more precisely what is missing.
  oneOf: [
    { required: ['good', 'total'] },
    { required: ['bad', 'total'] },
    { required: ['histogram', 'below'] },
    { required: ['histogram', 'percentiles'] },
    { required: ['condition'] },
    { required: ['composite'] },
    { required: ['queries'] },
    { required: ['external'] },
  ],
});

/** What is left of an objective without its wrong parts; a wrong item of its alerts leaves an empty place, so that the others keep theirs. */
export type PartialSlo = { [Key in keyof Omit<SloInput, 'alerts'>]?: SloInput[Key] | undefined } & {
  alerts?: 'workbook' | 'none' | readonly ('workbook' | AlertInput | null)[] | undefined;
};

/** The schema of what is left of an objective. */
export const partialSloSchema: z.ZodType<PartialSlo> = sloObject
  .extend({
    alerts: z.union([z.enum(['workbook', 'none']), z.array(z.union([z.literal('workbook'), alertSchema, z.null()]))]),
  })
  .partial();

/** The keys of an objective. */
export const sloKeys: readonly string[] = Object.keys(sloObject.shape);
