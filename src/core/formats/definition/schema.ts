import * as z from 'zod';
import type { PlainValue } from '../../yaml/index.ts';
import type { ConditionAlertInput } from './alert-input.ts';
import { alertKeys, conditionAlertSchema } from './alert-schema.ts';
import type { DefinitionInput, MetricInput } from './input.ts';
import { namedKeys, serviceShape } from './service/schema.ts';
import { type PartialSlo, partialSloSchema, sloKeys, sloSchema } from './slo-schema.ts';

/** Lower-case words joined by hyphens, as Kubernetes and DNS allow them. */
const namePattern: RegExp = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const longestName = 63;

const name = z.string().max(longestName).regex(namePattern);
const text = z.string().min(1);

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
    native: z.boolean().optional().describe('Whether a histogram is a native one, which knows any bound.'),
    aliases: z
      .array(text)
      .optional()
      .describe('Former or coming names under which the same is counted during a rename.'),
    pendingOn: text.optional().describe('What has to happen before the metric exists, such as a ticket.'),
    exporter: text.optional().describe('The program that exposes it, if it is not the service itself.'),
    rows: z
      .strictObject({
        database: text.describe("The database, as the exporter's configuration names it."),
        sql: text,
        valueColumn: text.describe("The column with the value; those named like the metric's labels give these."),
      })
      .optional()
      .describe('The rows of a table that an exporter turns into the metric.'),
  })
  .describe('An entry of the metric catalogue.');

const definition = z.strictObject({
  apiVersion: z.literal('nines/v1'),
  service: name.describe('Name of the service: lower-case words joined by hyphens. It becomes the service label.'),
  title: text.optional().describe('What people call the service; its name by default.'),
  description: text.optional(),
  owner: text.optional().describe('The team that answers for the service; it becomes the owner label.'),
  job: text.optional().describe("The scrape job of the service's targets; its name by default."),
  timeZone: text.optional().describe('The zone of calendar periods, Europe/Berlin; UTC by default.'),
  metrics: z.record(text, metric).optional().describe('The metrics that the indicators use.'),
  slos: z.record(name, sloSchema).describe('The objectives by name.'),
  alerts: z.array(conditionAlertSchema).optional().describe('Alerts that belong to no single objective.'),
  ...serviceShape,
});

/** The schema of a definition, held to the type that TypeScript users see. */
const definitionSchema: z.ZodType<DefinitionInput> = definition;

/** The keys that the kinds of map that people mix up may have. */
export const knownKeys: Readonly<Record<'definition' | 'metric' | 'slo' | 'alert', readonly string[]>> = {
  definition: Object.keys(definition.shape),
  metric: Object.keys(metric.shape),
  slo: sloKeys,
  alert: alertKeys,
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
export interface PartialDefinition extends Loose<Omit<DefinitionInput, 'metrics' | 'slos' | 'alerts'>> {
  metrics?: Record<string, Loose<MetricInput>> | undefined;
  slos?: Record<string, PartialSlo> | undefined;
  /** A wrong item leaves an empty place, so that the others keep theirs. */
  alerts?: readonly (ConditionAlertInput | null)[] | undefined;
}

/** A type of which every part may be missing. */
export type Loose<T> = { [Key in keyof T]?: T[Key] | undefined };

const partial: z.ZodType<PartialDefinition> = definition
  .extend({
    metrics: z.record(z.string(), metric.partial()),
    slos: z.record(z.string(), partialSloSchema),
    alerts: z.array(z.union([conditionAlertSchema, z.null()])),
  })
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
  const [section] = issue.path;
  const list = section === 'alerts' ? issue.path.slice(0, 1) : issue.path.slice(0, 3);
  if (section === 'alerts' || (section === 'slos' && issue.path[2] === 'alerts')) {
    const items = wrongItems(issue, issue.path.slice(list.length));
    if (items !== undefined) return items.reduce<PlainValue>((rest, index) => emptied(rest, [...list, index]), value);
  }
  // Of a metric or an objective one key is taken away with all that is below it.
  if ((section === 'slos' || section === 'metrics') && 3 <= issue.path.length)
    return without(value, issue.path.slice(0, 3));
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

/** The items of a list that an issue is about; undefined if it is about the list itself. */
function wrongItems(issue: SchemaIssue, below: readonly PropertyKey[]): readonly number[] | undefined {
  const [index] = below;
  if (typeof index === 'number') return [index];
  if (issue.code !== 'invalid_union') return undefined;
  const begun = issue.errors.find((issues) => issues.every(({ path }) => typeof path[0] === 'number'));
  return begun?.flatMap(({ path: [first] }) => (typeof first === 'number' ? [first] : []));
}

/** The value with nothing at the place of an item. */
function emptied(value: PlainValue, path: readonly PropertyKey[]): PlainValue {
  const [first, ...rest] = path;
  if (first === undefined || value === null || typeof value !== 'object') return null;
  if (Array.isArray(value)) return value.map((item, index) => (index === first ? emptied(item, rest) : item));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]): [string, PlainValue] => [
      key,
      key === String(first) ? emptied(item, rest) : item,
    ]),
  );
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
