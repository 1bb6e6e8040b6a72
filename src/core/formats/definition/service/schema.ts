import * as z from 'zod';
import { agendaData, criterionChecks, proposalStates } from '../../../slo/index.ts';
import type { ServiceDetailsInput } from './input.ts';

const name = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
const text = z.string().min(1);
const word = z.union([z.string().min(1), z.number()]);
const texts = z.array(text);
const share = z.union([z.string(), z.number()]);
const verdict = z.enum(['allow', 'review', 'deny']);
const proposalState = z.enum(proposalStates);
const timing = {
  groupWait: text.optional(),
  groupInterval: text.optional(),
  repeatInterval: text.optional(),
};

const policyState = z
  .strictObject({
    remainingAbove: share.optional().describe('The state holds while more than this share of the budget remains: 50%.'),
    consumedBelow: share.optional().describe('The same, said by what is consumed.'),
    description: text.optional(),
    actions: texts.optional().describe('What people do.'),
    changes: z
      .union([
        verdict,
        z.strictObject({ low: verdict.optional(), medium: verdict.optional(), high: verdict.optional() }),
      ])
      .optional()
      .describe('What happens to changes: a verdict for all, or by their risk.'),
    always: texts.optional().describe('Kinds of change that go on regardless.'),
    pace: text.optional(),
    deploymentsPerDay: z.number().positive().optional().describe('The most deployments a day that the pace allows.'),
    profile: z.enum(['standard', 'enhanced', 'maximum']).optional(),
    notify: texts.optional().describe('Names of contacts that are told when the state begins.'),
    opensIncident: z.boolean().optional(),
  })
  .describe('A state of the budget, and what is done in it.');

const channel = z
  .strictObject({
    pagerduty: z.strictObject({ routingKeyFile: text, severity: text.optional() }).optional(),
    slack: z.strictObject({ channel: text, apiUrlFile: text }).optional(),
    email: z.strictObject({ to: text }).optional(),
    webhook: z.strictObject({ url: text.optional(), urlFile: text.optional() }).optional(),
    opsgenie: z.strictObject({ apiKeyFile: text, priority: text.optional() }).optional(),
    teams: z.strictObject({ webhookUrlFile: text }).optional(),
  })
  .describe('One way to reach somebody; secrets are read from files.');

const panel = z.strictObject({
  title: text,
  description: text.optional(),
  kind: z.enum(['stat', 'gauge', 'graph', 'stacked', 'bar']).optional(),
  query: text.optional(),
  queries: z.array(z.strictObject({ expr: text, legend: text.optional() })).optional(),
  unit: text.optional(),
  lines: z
    .array(
      z.strictObject({
        at: z.number(),
        title: text.optional(),
        level: z.enum(['target', 'warning', 'critical']).optional(),
      }),
    )
    .optional(),
});

/** The schema of each key, held to the type that TypeScript users see. */
type Shape = { readonly [Key in keyof Required<ServiceDetailsInput>]: z.ZodType<ServiceDetailsInput[Key]> };

/** What a definition may say of its service beyond metrics and objectives. */
export const serviceShape: Shape = {
  criticality: z
    .enum(['critical', 'high', 'medium', 'low'])
    .optional()
    .describe('How much the business suffers without it.'),
  severities: z
    .strictObject({ page: text.optional(), ticket: text.optional(), info: text.optional() })
    .optional()
    .describe('Values of the severity label, where they are not page, ticket and info.'),
  document: z
    .strictObject({
      version: word.optional(),
      updated: text.optional(),
      maintainer: text.optional(),
      reviewEvery: text.optional(),
      language: text.optional(),
      source: text.optional(),
      history: z.array(z.strictObject({ version: word, date: text, change: text })).optional(),
    })
    .optional()
    .describe('Version, date and origin of the document.'),
  environments: z
    .record(
      name,
      z.strictObject({
        prometheus: text.optional(),
        labels: z.record(text, word).optional(),
        production: z.boolean().optional(),
      }),
    )
    .optional()
    .describe('The places where the service runs.'),
  contacts: z
    .record(
      name,
      z.strictObject({
        title: text.optional(),
        role: text.optional(),
        email: text.optional(),
        slack: text.optional(),
        phone: text.optional(),
        url: text.optional(),
        receiver: text.optional(),
      }),
    )
    .optional()
    .describe('Whom policies, reviews and routes refer to.'),
  indicators: z
    .record(
      name,
      z.strictObject({
        title: text.optional(),
        description: text.optional(),
        query: text,
        unit: text.optional(),
      }),
    )
    .optional()
    .describe('Figures that are shown but promise nothing.'),
  policies: z
    .record(
      name,
      z.strictObject({
        title: text.optional(),
        description: text.optional(),
        slos: texts.optional(),
        combine: z.enum(['worst', 'each']).optional(),
        states: z.record(name, policyState),
        exceptions: z.array(z.strictObject({ change: text, reason: text, by: text, until: text })).optional(),
      }),
    )
    .optional()
    .describe('What is done at which state of the error budgets.'),
  thresholds: z
    .record(
      name,
      z.strictObject({
        title: text.optional(),
        value: text.describe('PromQL that gives the figure.'),
        warning: z.number(),
        critical: z.number(),
        unit: text.optional(),
        action: text,
        for: text.optional(),
        runbook: text.optional(),
      }),
    )
    .optional()
    .describe('Figures of operations with a warning and a critical level.'),
  slas: z
    .record(
      name,
      z.strictObject({
        title: text.optional(),
        slo: text.optional(),
        target: share.optional(),
        consequence: text.optional(),
        response: text.optional(),
        binding: z.boolean().optional(),
      }),
    )
    .optional()
    .describe('Promises to customers.'),
  exclusions: z
    .record(
      name,
      z.strictObject({
        reason: text,
        owner: text,
        slos: texts.optional(),
        every: text.optional(),
        start: text.optional(),
        for: text.optional(),
        timeZone: text.optional(),
        from: text.optional(),
        to: text.optional(),
      }),
    )
    .optional()
    .describe('Time that does not count against the budgets.'),
  goals: z
    .record(
      name,
      z.strictObject({
        title: text.optional(),
        streak: z
          .strictObject({ slo: text, periods: z.int().min(1), unit: z.enum(['week', 'month', 'quarter']) })
          .optional(),
        share: z.strictObject({ slo: text, share, slice: text, over: text }).optional(),
        incidents: z.strictObject({ planned: z.boolean().optional(), atMost: z.int().min(0), over: text }).optional(),
        pages: z.strictObject({ atMost: z.int().min(0), over: text }).optional(),
      }),
    )
    .optional()
    .describe('Goals over several periods, or about incidents and pages.'),
  notifications: z
    .strictObject({
      receivers: z.record(name, z.array(channel).min(1)),
      routes: z
        .array(
          z.strictObject({
            receiver: text,
            match: z.union([texts, z.record(text, z.string())]).optional(),
            continue: z.boolean().optional(),
            ...timing,
          }),
        )
        .optional(),
      default: text.optional(),
      groupBy: texts.optional(),
      ...timing,
      dependsOn: texts.optional(),
      smtp: z
        .strictObject({ smarthost: text, from: text, username: text.optional(), passwordFile: text.optional() })
        .optional(),
    })
    .optional()
    .describe('Where alerts go.'),
  panels: z
    .array(
      z.strictObject({ row: text, board: z.enum(['service', 'detail']).optional(), panels: z.array(panel).min(1) }),
    )
    .optional()
    .describe('Rows of panels beside those that the objectives give.'),
  reviews: z
    .record(
      name,
      z.strictObject({
        title: text.optional(),
        every: text.optional(),
        on: text.optional(),
        participants: texts.optional(),
        agenda: z
          .array(z.union([text, z.strictObject({ topic: text, data: z.enum(agendaData).optional() })]))
          .optional(),
        distribution: texts.optional(),
        signOff: z.boolean().optional(),
      }),
    )
    .optional()
    .describe('Meetings and checks that happen again and again.'),
  changes: z
    .strictObject({
      triggers: texts.optional(),
      criteria: z
        .array(z.union([text, z.strictObject({ text, check: z.enum(criterionChecks).optional() })]))
        .optional(),
      steps: z.array(z.strictObject({ state: proposalState, text, approvers: texts.optional() })).optional(),
    })
    .optional()
    .describe('How targets are changed.'),
  proposals: z
    .array(
      z.strictObject({
        slo: text,
        to: share,
        trigger: z
          .enum(['requirements', 'capabilities', 'expectations', 'costs'])
          .optional()
          .describe('Which kind of reason it is.'),
        reason: text,
        costs: text.optional().describe('What it costs, or saves.'),
        evidence: text.optional(),
        state: proposalState.optional(),
        approvals: z.array(z.strictObject({ by: text, date: text })).optional(),
      }),
    )
    .optional()
    .describe('Proposed changes of targets.'),
  actionItems: z
    .array(
      z.strictObject({
        title: text,
        owner: text,
        due: text.optional(),
        done: z.boolean().optional(),
        signedOffBy: text.optional(),
      }),
    )
    .optional(),
  outOfScope: z
    .array(z.strictObject({ what: text, reason: text }))
    .optional()
    .describe('What is left out on purpose.'),
  glossary: z.record(text, text).optional(),
  resources: z
    .array(z.strictObject({ title: text, url: text.optional(), items: texts.optional() }))
    .optional()
    .describe('Further reading.'),
};

/** The keys whose values are maps of named things, so that one that is wrong leaves the others. */
export const namedKeys: ReadonlySet<string> = new Set([
  'environments',
  'contacts',
  'indicators',
  'policies',
  'thresholds',
  'slas',
  'exclusions',
  'goals',
  'reviews',
  'glossary',
]);
