import { plainService, type Service, type ServiceDetails, type Slo } from '../../../slo/index.ts';
import type { YamlValue } from '../../../yaml/index.ts';
import type { Catalogue } from '../metrics.ts';
import type { Reading } from '../reading.ts';
import { printExclusions, readExclusions } from './exclusions.ts';
import type { ServiceDetailsInput } from './input.ts';
import { printNotifications, readNotifications } from './notifications.ts';
import {
  printActionItems,
  printChanges,
  printContacts,
  printDocument,
  printEnvironments,
  printProposals,
  printResources,
  printReviews,
  readActionItems,
  readChanges,
  readContacts,
  readDocument,
  readEnvironments,
  readProposals,
  readResources,
  readReviews,
} from './organisation.ts';
import { printPanels, readPanels } from './panels.ts';
import { checkBound, printPolicies, readPolicies } from './policies.ts';
import {
  printGoals,
  printIndicators,
  printSlas,
  printThresholds,
  readGoals,
  readIndicators,
  readSlas,
  readThresholds,
} from './promises.ts';
import type { Names } from './reading.ts';

/** An input of which parts may be missing because they were wrong. */
type Loose<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** What else a definition may refer to. */
export interface DetailsContext {
  readonly catalogue: Catalogue;
  /** The objectives that could be read. */
  readonly slos: readonly Slo[];
  /** The names of all that are written. */
  readonly sloNames: readonly string[];
}

/** Reads what a definition says of its service beyond metrics, objectives and alerts. */
export function readDetails(
  reading: Reading,
  input: Loose<ServiceDetailsInput>,
  { catalogue, slos, sloNames }: DetailsContext,
): Omit<ServiceDetails, 'alerts'> {
  const objectives: Names = { kind: 'objective', known: sloNames };
  const notifications = readNotifications(reading, input.notifications);
  const receivers: Names = { kind: 'receiver', known: (notifications?.receivers ?? []).map(({ name }) => name) };
  const contacts = readContacts(reading, input.contacts, receivers);
  const people: Names = { kind: 'contact', known: contacts.map(({ name }) => name) };
  const policies = readPolicies(reading, input.policies, { slos: objectives, contacts: people });
  checkBound(reading, policies);
  const changeProcess = readChanges(reading, input.changes, people);
  return {
    severityLabels: severityLabelsOf(input.severities),
    indicators: readIndicators(reading, input.indicators, catalogue),
    policies,
    thresholds: readThresholds(reading, input.thresholds, catalogue),
    slas: readSlas(reading, input.slas, slos, objectives),
    exclusions: readExclusions(reading, input.exclusions, objectives),
    goals: readGoals(reading, input.goals, objectives),
    panels: readPanels(reading, input.panels, catalogue),
    environments: readEnvironments(reading, input.environments),
    contacts,
    reviews: readReviews(reading, input.reviews, people),
    proposals: readProposals(reading, input.proposals, objectives),
    actionItems: readActionItems(reading, input.actionItems),
    document: readDocument(reading, input.document),
    outOfScope: input.outOfScope ?? [],
    glossary: new Map(Object.entries(input.glossary ?? {})),
    resources: readResources(reading, input.resources),
    ...(input.criticality === undefined ? {} : { criticality: input.criticality }),
    ...(notifications === undefined ? {} : { notifications }),
    ...(changeProcess === undefined ? {} : { changeProcess }),
  };
}

function severityLabelsOf(input: ServiceDetailsInput['severities']): ServiceDetails['severityLabels'] {
  const { page, ticket, info } = plainService.severityLabels;
  return { page: input?.page ?? page, ticket: input?.ticket ?? ticket, info: input?.info ?? info };
}

/** The same as it is written, without what the defaults say anyway. */
export function printDetails(service: Service): Readonly<Record<string, YamlValue | undefined>> {
  const slos = service.slos.map(({ name }) => name);
  const { glossary, outOfScope } = service;
  return {
    criticality: service.criticality,
    severities: printSeverities(service.severityLabels),
    indicators: printIndicators(service.indicators),
    policies: printPolicies(service.policies, slos),
    thresholds: printThresholds(service.thresholds),
    slas: printSlas(service.slas),
    exclusions: printExclusions(service.exclusions, slos),
    goals: printGoals(service.goals),
    notifications: printNotifications(service.notifications),
    panels: printPanels(service.panels),
    environments: printEnvironments(service.environments),
    contacts: printContacts(service.contacts),
    reviews: printReviews(service.reviews),
    changes: printChanges(service.changeProcess),
    proposals: printProposals(service.proposals),
    actionItems: printActionItems(service.actionItems),
    document: printDocument(service.document),
    outOfScope: outOfScope.length === 0 ? undefined : outOfScope.map(({ what, reason }) => ({ what, reason })),
    glossary: glossary.size === 0 ? undefined : glossary,
    resources: printResources(service.resources),
  };
}

function printSeverities(labels: ServiceDetails['severityLabels']): YamlValue | undefined {
  const changed = (['page', 'ticket', 'info'] as const).filter((severity) => labels[severity] !== severity);
  return changed.length === 0 ? undefined : new Map(changed.map((severity) => [severity, labels[severity]]));
}
