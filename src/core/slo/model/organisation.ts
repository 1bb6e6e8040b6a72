/** What a document says about itself. */
export interface DocumentFacts {
  readonly version?: string;
  /** ISO 8601 date of the last review or change. */
  readonly updated?: string;
  readonly maintainer?: string;
  /** How long a review stays good: a cadence in words or a duration; a document older than that is stale. */
  readonly reviewEvery?: string;
  /** BCP 47. */
  readonly language?: string;
  /** Where the text came from. */
  readonly source?: string;
  readonly history: readonly DocumentChange[];
}

export interface DocumentChange {
  readonly version: string;
  readonly date: string;
  readonly change: string;
}

/** Somebody who is told, asked or woken. */
export interface Contact {
  /** Unique within the service; policies, reviews and routes refer to it. */
  readonly name: string;
  readonly title: string;
  /** What the person or team does: owner, on-call, technical lead, executive. */
  readonly role?: string;
  readonly email?: string;
  readonly slack?: string;
  readonly phone?: string;
  readonly url?: string;
  /** The receiver of notifications, by name, through which alerts reach the contact. */
  readonly receiver?: string;
}

/** A meeting or check that happens again and again, or on an event. */
export interface Review {
  readonly name: string;
  readonly title: string;
  readonly cadence: ReviewCadence;
  readonly participants: readonly string[];
  readonly agenda: readonly AgendaPoint[];
  /** Who gets the result. */
  readonly distribution: readonly string[];
  /** Whether somebody must sign the result. */
  readonly signOff: boolean;
}

export type ReviewCadence =
  /** RFC 5545 rule: `FREQ=MONTHLY;BYMONTHDAY=1`. */
  | { readonly kind: 'recurring'; readonly rule: string }
  /** `release`, `incident`. */
  | { readonly kind: 'event'; readonly event: string };

/** A point of an agenda, and what fills it. */
export interface AgendaPoint {
  readonly topic: string;
  readonly data?: AgendaData;
}

/** What the software can put under a point of an agenda. */
export const agendaData = [
  'compliance',
  'violations',
  'budget',
  'trends',
  'latency-distribution',
  'resources',
  'alert-quality',
  'incidents',
  'target-suggestions',
  'runbooks',
  'action-items',
  'decisions',
] as const;

export type AgendaData = (typeof agendaData)[number];

/** The states that a proposal may go through, in their order. */
export const proposalStates = ['proposed', 'analysed', 'in-review', 'approved', 'active', 'observing'] as const;

export type ProposalState = (typeof proposalStates)[number];

/** What the software checks of a proposal by itself: months of history, feasibility from it, a reason, everyone's approval. */
export const criterionChecks = ['history', 'feasible', 'justified', 'approved'] as const;

export type CriterionCheck = (typeof criterionChecks)[number];

/** How targets are changed. */
export interface ChangeProcess {
  /** Reasons for which a target may change. */
  readonly triggers: readonly string[];
  readonly criteria: readonly ChangeCriterion[];
  /** Steps in order; each is a state that a proposal goes through. */
  readonly steps: readonly ChangeStep[];
}

export interface ChangeCriterion {
  readonly text: string;
  readonly check?: CriterionCheck;
}

export interface ChangeStep {
  readonly state: ProposalState;
  readonly text: string;
  /** Contacts who must agree before the next step, by name. */
  readonly approvers: readonly string[];
}

/** A proposal to change a target, on its way through the process. */
export interface ChangeProposal {
  readonly slo: string;
  readonly to: string;
  /** Which kind of reason it is. */
  readonly trigger?: ChangeTrigger;
  readonly reason: string;
  /** What it costs, or saves. */
  readonly costs?: string;
  readonly evidence?: string;
  readonly state: ChangeStep['state'];
  readonly approvals: readonly Approval[];
}

/** Why targets change: what the business needs, what the software can do, what customers expect, or what it costs. */
export type ChangeTrigger = 'requirements' | 'capabilities' | 'expectations' | 'costs';

export interface Approval {
  readonly by: string;
  readonly date: string;
}

/** Something that somebody does until a date. */
export interface ActionItem {
  readonly title: string;
  readonly owner: string;
  readonly due?: string;
  readonly done: boolean;
  readonly signedOffBy?: string;
}

/** A place where the service runs. */
export interface Environment {
  readonly name: string;
  readonly prometheus?: string;
  /** Labels that its series carry. */
  readonly labels: ReadonlyMap<string, string>;
  /** Whether its alerts page. */
  readonly production: boolean;
}

/** Something left out on purpose. */
export interface ScopeNote {
  readonly what: string;
  readonly reason: string;
}

/** Further reading: courses, links, checklists. */
export interface Resource {
  readonly title: string;
  readonly url?: string;
  readonly items: readonly string[];
}
