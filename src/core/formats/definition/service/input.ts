import type { AgendaData, CriterionCheck, ProposalState } from '../../../slo/index.ts';

/** What a definition may say of its service beyond metrics and objectives; all of it may be left out. */
export interface ServiceDetailsInput {
  /** How much the business suffers without the service. */
  criticality?: 'critical' | 'high' | 'medium' | 'low' | undefined;
  /** Values of the `severity` label, where they are not `page`, `ticket` and `info` themselves. */
  severities?: { page?: string | undefined; ticket?: string | undefined; info?: string | undefined } | undefined;
  document?: DocumentInput | undefined;
  /** The places where the service runs, by name. */
  environments?: Record<string, EnvironmentInput> | undefined;
  /** Whom policies, reviews and routes refer to, by name. */
  contacts?: Record<string, ContactInput> | undefined;
  /** Figures that are shown but promise nothing, by name. */
  indicators?: Record<string, IndicatorInput> | undefined;
  /** Error budget policies by name. */
  policies?: Record<string, PolicyInput> | undefined;
  /** Figures of operations with a warning and a critical level, by name. */
  thresholds?: Record<string, ThresholdInput> | undefined;
  /** Promises to customers by name. */
  slas?: Record<string, SlaInput> | undefined;
  /** Time that does not count against the budgets, by name. */
  exclusions?: Record<string, ExclusionInput> | undefined;
  /** Goals over several periods, by name. */
  goals?: Record<string, GoalInput> | undefined;
  notifications?: NotificationsInput | undefined;
  /** Rows of panels beside those that the objectives give. */
  panels?: readonly PanelRowInput[] | undefined;
  /** Meetings and checks by name. */
  reviews?: Record<string, ReviewInput> | undefined;
  /** How targets are changed. */
  changes?: ChangesInput | undefined;
  proposals?: readonly ProposalInput[] | undefined;
  actionItems?: readonly ActionItemInput[] | undefined;
  /** What is left out on purpose. */
  outOfScope?: readonly { what: string; reason: string }[] | undefined;
  /** Words and what they mean here. */
  glossary?: Record<string, string> | undefined;
  /** Further reading. */
  resources?: readonly ResourceInput[] | undefined;
}

export interface DocumentInput {
  version?: string | number | undefined;
  /** ISO 8601 date: `2026-11-07`. */
  updated?: string | undefined;
  maintainer?: string | undefined;
  /** A document whose last change is older is stale: `90d`. */
  reviewEvery?: string | undefined;
  language?: string | undefined;
  source?: string | undefined;
  history?: readonly { version: string | number; date: string; change: string }[] | undefined;
}

export interface EnvironmentInput {
  /** Address of its Prometheus. */
  prometheus?: string | undefined;
  /** Labels that its series carry. */
  labels?: Record<string, string | number> | undefined;
  /** Whether its alerts page; true by default. */
  production?: boolean | undefined;
}

export interface ContactInput {
  title?: string | undefined;
  role?: string | undefined;
  email?: string | undefined;
  slack?: string | undefined;
  phone?: string | undefined;
  url?: string | undefined;
  /** Name of the receiver in `notifications` that reaches the contact. */
  receiver?: string | undefined;
}

export interface IndicatorInput {
  title?: string | undefined;
  description?: string | undefined;
  /** PromQL that gives the figure. */
  query: string;
  unit?: string | undefined;
}

export interface PolicyInput {
  title?: string | undefined;
  description?: string | undefined;
  /** Names of the objectives whose budgets it watches; all by default. */
  slos?: readonly string[] | undefined;
  /** `worst` (default): one state, from the worst budget; `each`: a state for each objective. */
  combine?: 'worst' | 'each' | undefined;
  /** The states by name, from the fullest budget to the emptiest. The last one has no bound: it is what is left. */
  states: Record<string, PolicyStateInput>;
  exceptions?: readonly { change: string; reason: string; by: string; until: string }[] | undefined;
}

export interface PolicyStateInput {
  /** The state holds while more than this share of the budget remains. */
  remainingAbove?: string | number | undefined;
  /** The same, said by what is consumed: the state holds while less than this share is consumed. */
  consumedBelow?: string | number | undefined;
  description?: string | undefined;
  /** What people do, in words. */
  actions?: readonly string[] | undefined;
  /** A verdict for all changes, or by their risk; `allow` where nothing is said. */
  changes?:
    | VerdictInput
    | { low?: VerdictInput | undefined; medium?: VerdictInput | undefined; high?: VerdictInput | undefined }
    | undefined;
  /** Kinds of change that go on regardless: `security-patch`. */
  always?: readonly string[] | undefined;
  pace?: string | undefined;
  /** The most deployments a day that the pace allows. */
  deploymentsPerDay?: number | undefined;
  /** The alerts that are active; `standard` by default. */
  profile?: 'standard' | 'enhanced' | 'maximum' | undefined;
  /** Names of contacts that are told when the state begins. */
  notify?: readonly string[] | undefined;
  opensIncident?: boolean | undefined;
}

export type VerdictInput = 'allow' | 'review' | 'deny';

export interface ThresholdInput {
  title?: string | undefined;
  /** PromQL that gives the figure. */
  value: string;
  /** Above these (or below, if `critical` is the lower one). */
  warning: number;
  critical: number;
  unit?: string | undefined;
  /** What is done then. */
  action: string;
  /** How long it must last; `5m` by default. */
  for?: string | undefined;
  runbook?: string | undefined;
}

export interface SlaInput {
  title?: string | undefined;
  /** The objective that keeps it. */
  slo?: string | undefined;
  /** The share that is owed; lower than the objective's target. */
  target?: string | number | undefined;
  consequence?: string | undefined;
  /** Time from the start of an incident to somebody working on it: `60m`. */
  response?: string | undefined;
  /** Whether it is signed; false by default. */
  binding?: boolean | undefined;
}

export interface ExclusionInput {
  reason: string;
  owner: string;
  /** Names of the objectives that it touches; all by default. */
  slos?: readonly string[] | undefined;
  /** RFC 5545 rule of its recurrence: `FREQ=WEEKLY;BYDAY=SU`. */
  every?: string | undefined;
  /** First start in local time: `2026-01-04T02:00`. */
  start?: string | undefined;
  /** How long each lasts: `2h`. */
  for?: string | undefined;
  /** IANA name; UTC by default. */
  timeZone?: string | undefined;
  /** Start of a single exclusion, an instant with offset: `2026-03-01T02:00:00Z`. */
  from?: string | undefined;
  to?: string | undefined;
}

/** One of the four. */
export interface GoalInput {
  title?: string | undefined;
  /** The objective is met in so many calendar periods in a row. */
  streak?: { slo: string; periods: number; unit: 'week' | 'month' | 'quarter' } | undefined;
  /** The objective is met in a share of slices. */
  share?: { slo: string; share: string | number; slice: string; over: string } | undefined;
  incidents?: { planned?: boolean | undefined; atMost: number; over: string } | undefined;
  pages?: { atMost: number; over: string } | undefined;
}

export interface NotificationsInput {
  /** The channels of each receiver, by its name. */
  receivers: Record<string, readonly ChannelInput[]>;
  /** Tried in order; the first that matches takes the alert. */
  routes?: readonly RouteInput[] | undefined;
  /** The receiver of what no route takes. */
  default?: string | undefined;
  groupBy?: readonly string[] | undefined;
  groupWait?: string | undefined;
  groupInterval?: string | undefined;
  repeatInterval?: string | undefined;
  /** Services whose pages silence this one's alerts. */
  dependsOn?: readonly string[] | undefined;
  smtp?:
    | { smarthost: string; from: string; username?: string | undefined; passwordFile?: string | undefined }
    | undefined;
}

export interface RouteInput {
  receiver: string;
  /** Label conditions, `severity="page"`, all of which must hold; or a map of labels and values. */
  match?: readonly string[] | Record<string, string> | undefined;
  continue?: boolean | undefined;
  groupWait?: string | undefined;
  groupInterval?: string | undefined;
  repeatInterval?: string | undefined;
}

/** One of these. Secrets are read from files. */
export interface ChannelInput {
  pagerduty?: { routingKeyFile: string; severity?: string | undefined } | undefined;
  slack?: { channel: string; apiUrlFile: string } | undefined;
  email?: { to: string } | undefined;
  webhook?: { url?: string | undefined; urlFile?: string | undefined } | undefined;
  opsgenie?: { apiKeyFile: string; priority?: string | undefined } | undefined;
  teams?: { webhookUrlFile: string } | undefined;
}

export interface PanelRowInput {
  row: string;
  /** `service` by default; `detail` for the board of each objective. */
  board?: 'service' | 'detail' | undefined;
  panels: readonly PanelInput[];
}

export interface PanelInput {
  title: string;
  description?: string | undefined;
  kind?: 'stat' | 'gauge' | 'graph' | 'stacked' | 'bar' | undefined;
  /** PromQL, or several with their legends. */
  query?: string | undefined;
  queries?: readonly { expr: string; legend?: string | undefined }[] | undefined;
  unit?: string | undefined;
  lines?:
    | readonly { at: number; title?: string | undefined; level?: 'target' | 'warning' | 'critical' | undefined }[]
    | undefined;
}

export interface ReviewInput {
  title?: string | undefined;
  /** `week`, `month`, `quarter`, `year`, or an RFC 5545 rule. */
  every?: string | undefined;
  /** An event instead: `release`. */
  on?: string | undefined;
  participants?: readonly string[] | undefined;
  /** Topics, or topics with what fills them. */
  agenda?: readonly (string | { topic: string; data?: AgendaData | undefined })[] | undefined;
  distribution?: readonly string[] | undefined;
  signOff?: boolean | undefined;
}

export interface ChangesInput {
  triggers?: readonly string[] | undefined;
  criteria?: readonly (string | { text: string; check?: CriterionCheck | undefined })[] | undefined;
  steps?: readonly { state: ProposalState; text: string; approvers?: readonly string[] | undefined }[] | undefined;
}

export interface ProposalInput {
  slo: string;
  /** The proposed target. */
  to: string | number;
  /** Which kind of reason it is. */
  trigger?: 'requirements' | 'capabilities' | 'expectations' | 'costs' | undefined;
  reason: string;
  /** What it costs, or saves. */
  costs?: string | undefined;
  evidence?: string | undefined;
  state?: ProposalState | undefined;
  approvals?: readonly { by: string; date: string }[] | undefined;
}

export interface ActionItemInput {
  title: string;
  owner: string;
  due?: string | undefined;
  done?: boolean | undefined;
  signedOffBy?: string | undefined;
}

export interface ResourceInput {
  title: string;
  url?: string | undefined;
  items?: readonly string[] | undefined;
}
