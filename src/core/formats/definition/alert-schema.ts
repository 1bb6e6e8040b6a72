import * as z from 'zod';
import type { AlertConditionInput, AlertInput, ConditionAlertInput, WordsBySeverityInput } from './alert-input.ts';

const text = z.string().min(1);
const lengthOfTime = z.string().min(1);

const words = z.record(text, z.union([z.string(), z.number()]));

/** The schema of words for the alerts on a budget, by their severity. */
export const wordsBySeveritySchema: z.ZodType<WordsBySeverityInput> = z.strictObject({
  page: words.optional(),
  ticket: words.optional(),
  info: words.optional(),
});

const conditionKeys = {
  when: text.optional().describe('A comparison in PromQL that fires while it holds: max(queue_depth) > 100.'),
  stalled: text.optional().describe('Counters that have not increased within the last stretch of this length.'),
  increased: text.optional().describe('Counters that have increased within the last stretch of this length.'),
  within: lengthOfTime.optional().describe('The stretch for stalled and increased.'),
  spike: text.optional().describe('Counters whose rate is many times what it was.'),
  window: lengthOfTime.optional().describe('Over what the rate of a spike is taken; 5m by default.'),
  baseline: lengthOfTime.optional().describe('The stretch that a spike is compared with; 1h by default.'),
  offset: lengthOfTime.optional().describe('How long ago the baseline ended; its own length by default.'),
  factor: z.number().optional().describe('How many times the baseline; 5 by default.'),
  floor: z.number().optional().describe('Events a second below which a spike does not fire; 0 by default.'),
  get all(): z.ZodOptional<z.ZodType<(string | AlertConditionInput)[]>> {
    return z.array(z.union([z.string(), alertCondition])).optional();
  },
  get any(): z.ZodOptional<z.ZodType<(string | AlertConditionInput)[]>> {
    return z.array(z.union([z.string(), alertCondition])).optional();
  },
  absent: text.optional().describe('A selector whose series are missing.'),
};

const alertCondition: z.ZodType<AlertConditionInput> = z.strictObject(conditionKeys).meta({
  id: 'alertCondition',
  description: 'What an alert looks at; one of when, stalled, increased, spike, all, any and absent.',
});

const commonKeys = {
  name: text.optional().describe('The name of the alert: QueueDepthHigh.'),
  severity: z
    .enum(['page', 'ticket', 'info', 'critical', 'warning'])
    .optional()
    .describe('page, ticket or info; critical and warning stand for page and ticket.'),
  for: lengthOfTime.optional().describe('How long the condition must hold; 0s by default.'),
  keepFiringFor: lengthOfTime
    .optional()
    .describe('How long the alert goes on after the condition has ended; 0s by default.'),
  profile: z
    .enum(['standard', 'enhanced', 'maximum'])
    .optional()
    .describe('How sensitive alerting must be for it to be active; standard by default.'),
};

const wordKeys = {
  summary: text.optional().describe("One sentence on what is wrong; may hold Prometheus's templates."),
  description: text.optional(),
  runbook: text.optional().describe('Address of what to do.'),
  steps: z.array(text).optional().describe('Steps for whoever has no time to open the runbook.'),
  dependsOn: z.array(text).optional().describe('What is looked at first: a queue, a store of objects.'),
  labels: words.optional().describe('Further labels of the alert.'),
  annotations: words.optional().describe('Further annotations of the alert.'),
};

const conditionAlertObject = z.strictObject({ ...commonKeys, ...wordKeys, ...conditionKeys });

/** The schema of an alert on something other than the burning of a budget. */
export const conditionAlertSchema: z.ZodType<ConditionAlertInput> = conditionAlertObject.describe(
  'An alert on something other than the burning of a budget.',
);

const alertObject = conditionAlertObject.extend({
  long: lengthOfTime.optional().describe('The long window, which shows that the damage is real: 1h.'),
  short: lengthOfTime
    .optional()
    .describe('The short window, which shows that it is still going on; a twelfth of the long one by default.'),
  burn: z.number().optional().describe('The burn rate above which the alert fires: 14.4.'),
  budget: text
    .optional()
    .describe('Instead of burn: the share of the budget that is spent within the long window when it fires, 2%.'),
});

/** The schema of an alert of an objective. */
export const alertSchema: z.ZodType<AlertInput> = alertObject.describe(
  'An alert of an objective: on two windows (long, with burn or budget), or on something else.',
);

/** The keys of an alert of an objective. */
export const alertKeys: readonly string[] = Object.keys(alertObject.shape);
