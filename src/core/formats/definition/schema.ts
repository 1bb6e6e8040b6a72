import * as z from 'zod';
import type { PlainValue } from '../../yaml/index.ts';
import type { DefinitionInput, MetricInput, SloInput } from './input.ts';
import { namedKeys, serviceShape } from './service/schema.ts';

/** Lower-case words joined by hyphens, as Kubernetes and DNS allow them. */
const namePattern: RegExp = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const longestName = 63;

const name = z.string().max(longestName).regex(namePattern);
const text = z.string().min(1);
const lengthOfTime = z.string().min(1);

const metric = z
  .strictObject({
    type: z.enum(['counter', 'gauge', 'histogram', 'summary']),
    help: text.optional().describe('What the metric counts or measures.'),
    unit: text.optional().describe('Unit of the values, such as s, ms or bytes.'),
    labels: z
      .union([z.array(text), z.record(text, z.union([z.array(z.union([z.string(), z.number()])), z.null()]))])
      .optional()
      .describe('Label names, or label names with the values that are known.'),
    buckets: z
      .array(z.number())
      .optional()
      .describe("Upper bounds of a histogram's buckets in ascending order, without +Inf."),
  })
  .describe('An entry of the metric catalogue.');

const alert = z
  .strictObject({
    severity: z.enum(['page', 'ticket', 'info']),
    long: lengthOfTime.describe('The long window, which shows that the damage is real: 1h.'),
    short: lengthOfTime
      .optional()
      .describe('The short window, which shows that it is still going on; a twelfth of the long one by default.'),
    burn: z.number().describe('The burn rate above which the alert fires: 14.4.'),
    for: lengthOfTime.optional().describe('How long the condition must hold; 0s by default.'),
  })
  .describe('A burn-rate alert over two windows.');

const slo = z
  .strictObject({
    title: text.optional().describe('What people call the objective; its name by default.'),
    description: text.optional(),
    target: z.union([z.string(), z.number()]).describe('A share of events: 99.9%, or 0.999.'),
    period: lengthOfTime
      .optional()
      .describe('The stretch of time over which the objective is judged, up to now; 30d by default.'),
    good: text.optional().describe('PromQL selector of the counters of good events, or several joined by +.'),
    bad: text.optional().describe('PromQL selector of the counters of bad events, instead of good.'),
    total: text.optional().describe('PromQL selector of the counters of all events.'),
    histogram: text.optional().describe('PromQL selector of a histogram by its base name, without _bucket.'),
    below: z
      .union([z.string(), z.number()])
      .optional()
      .describe(
        'A bucket bound of the histogram: 500ms, or a number in the unit of the metric. Observations up to it are good.',
      ),
    alerts: z
      .union([z.enum(['workbook', 'none']), z.array(alert)])
      .optional()
      .describe('workbook (default) for the burn-rate alerts of the SRE workbook, none, or a list of tiers.'),
    minimumBadEvents: z
      .int()
      .min(0)
      .optional()
      .describe('The fewest bad events in the long window for an alert to fire; 3 by default.'),
    noData: z
      .enum(['unknown', 'bad', 'good'])
      .optional()
      .describe('What time without data means for the budget; unknown by default.'),
    absentFor: lengthOfTime
      .optional()
      .describe('How long all series may be missing before the absence alert fires; 5m by default.'),
    runbook: text.optional().describe('Address of what to do when an alert fires.'),
    labels: z
      .record(text, z.union([z.string(), z.number()]))
      .optional()
      .describe('Further labels for the alerts.'),
  })
  .meta({
    description: 'A service level objective: good or bad of total, or a histogram and a bound.',
    // For editors; the reader says more precisely what is missing.
    oneOf: [{ required: ['good', 'total'] }, { required: ['bad', 'total'] }, { required: ['histogram', 'below'] }],
  });

const definition = z.strictObject({
  apiVersion: z.literal('nines/v1'),
  service: name.describe('Name of the service: lower-case words joined by hyphens. It becomes the service label.'),
  title: text.optional().describe('What people call the service; its name by default.'),
  description: text.optional(),
  owner: text.optional().describe('The team that answers for the service; it becomes the owner label.'),
  job: text.optional().describe("The scrape job of the service's targets; its name by default."),
  metrics: z.record(text, metric).optional().describe('The metrics that the indicators use.'),
  slos: z.record(name, slo).describe('The objectives by name.'),
  ...serviceShape,
});

/** The schema of a definition, held to the type that TypeScript users see. */
const definitionSchema: z.ZodType<DefinitionInput> = definition;

/** The keys that the kinds of map that people mix up may have. */
export const knownKeys: Readonly<Record<'definition' | 'metric' | 'slo' | 'alert', readonly string[]>> = {
  definition: Object.keys(definition.shape),
  metric: Object.keys(metric.shape),
  slo: Object.keys(slo.shape),
  alert: Object.keys(alert.shape),
};

/** The keys that the map at a path of a definition may have, for naming the one that was meant by a misspelt key. */
export function keysAt(path: readonly (string | number)[]): readonly string[] {
  const schemas = path.reduce<readonly z.core.$ZodType[]>(
    (level, step) => level.flatMap(alternativesOf).flatMap((schema) => within(schema, step)),
    [definition],
  );
  const keys = schemas
    .flatMap(alternativesOf)
    .flatMap((schema) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
  return [...new Set(keys)];
}

/** The forms that a value may have, without the wrappers around them. */
function alternativesOf(schema: z.core.$ZodType): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable)
    return alternativesOf(schema.unwrap());
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(alternativesOf);
  if (schema instanceof z.ZodLazy) return alternativesOf(schema.unwrap());
  return [schema];
}

function within(schema: z.core.$ZodType, step: string | number): readonly z.core.$ZodType[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  if (!(schema instanceof z.ZodObject)) return [];
  const entry: z.core.$ZodType | undefined = schema.shape[String(step)];
  return entry === undefined ? [] : [entry];
}

/** What is left of a definition without the parts that break the schema, so that everything else is checked in the same run. */
export interface PartialDefinition extends Loose<Omit<DefinitionInput, 'metrics' | 'slos'>> {
  metrics?: Record<string, Loose<MetricInput>> | undefined;
  slos?: Record<string, Loose<SloInput>> | undefined;
}

/** A type of which every part may be missing. */
export type Loose<T> = { [Key in keyof T]?: T[Key] | undefined };

const partial: z.ZodType<PartialDefinition> = definition
  .extend({ metrics: z.record(z.string(), metric.partial()), slos: z.record(z.string(), slo.partial()) })
  .partial();

/** A departure from the schema, as zod tells it. */
export type SchemaIssue = z.core.$ZodIssue;

/** Holds a value against the schema. Whatever is wrong, the parts that are right come along. */
export function checkShape(value: PlainValue): {
  readonly definition: PartialDefinition;
  readonly issues: readonly SchemaIssue[];
} {
  const checked = definitionSchema.safeParse(value);
  if (checked.success) return { definition: checked.data, issues: [] };
  const { issues } = checked.error;
  const rest = partial.safeParse(issues.reduce<PlainValue>(withoutCulprit, value));
  return { definition: rest.success ? rest.data : {}, issues };
}

/** The value without the part that an issue is about. */
function withoutCulprit(value: PlainValue, issue: SchemaIssue): PlainValue {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.reduce<PlainValue>((rest, key) => without(rest, [...issue.path, key]), value);
  // A name of the wrong form does not keep what it names from being checked.
  if (issue.code === 'invalid_key') return value;
  const [top] = issue.path;
  // What is wrong within something named takes that away, not the others beside it.
  if (typeof top === 'string' && top in serviceShape)
    return without(value, issue.path.slice(0, namedKeys.has(top) ? 2 : 1));
  return without(value, issue.path);
}

function without(value: PlainValue, path: readonly PropertyKey[]): PlainValue {
  const [first, ...rest] = path;
  // A list with one bad item is left out as a whole.
  if (first === undefined || value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const kept = Object.entries(value).flatMap(([key, item]): [string, PlainValue][] => {
    if (key !== String(first)) return [[key, item]];
    const remaining = rest.length === 0 ? null : without(item, rest);
    return remaining === null ? [] : [[key, remaining]];
  });
  return Object.fromEntries(kept);
}

/** The JSON Schema that editors check and complete definitions by. */
export function definitionJsonSchema(): unknown {
  return z.toJSONSchema(definition, { target: 'draft-07', io: 'input' });
}
