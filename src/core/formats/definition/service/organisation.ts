import type {
  ActionItem,
  AgendaPoint,
  ChangeCriterion,
  ChangeProcess,
  ChangeProposal,
  Contact,
  DocumentFacts,
  Environment,
  Resource,
  Review,
  ReviewCadence,
} from '../../../slo/index.ts';
import { readTarget } from '../../../slo/index.ts';
import type { YamlPath, YamlValue } from '../../../yaml/index.ts';
import { accept, type Reading, reportKey, reportValue, writtenAt } from '../reading.ts';
import { isRecurrenceRule } from './exclusions.ts';
import type { ReviewInput, ServiceDetailsInput } from './input.ts';
import { checkDate, isKnown, isWritten, keepKnown, type Names, readPositive } from './reading.ts';

/** Reads what the document says about itself. */
export function readDocument(reading: Reading, input: ServiceDetailsInput['document']): DocumentFacts {
  const { updated, maintainer, reviewEvery, language, source, history = [] } = input ?? {};
  const path = ['document'];
  checkDate(reading, [...path, 'updated'], updated);
  readPositive(reading, [...path, 'reviewEvery'], reviewEvery);
  for (const [index, { date }] of history.entries()) checkDate(reading, [...path, 'history', index, 'date'], date);
  return {
    // The characters as written: of a version 1.10 no zero is lost.
    ...(input?.version === undefined ? {} : { version: writtenAt(reading, [...path, 'version']) }),
    ...(updated === undefined ? {} : { updated }),
    ...(maintainer === undefined ? {} : { maintainer }),
    ...(reviewEvery === undefined ? {} : { reviewEvery }),
    ...(language === undefined ? {} : { language }),
    ...(source === undefined ? {} : { source }),
    history: history.map(({ date, change }, index) => ({
      version: writtenAt(reading, [...path, 'history', index, 'version']),
      date,
      change,
    })),
  };
}

/** Reads the contacts; their receivers must exist. */
export function readContacts(
  reading: Reading,
  inputs: ServiceDetailsInput['contacts'],
  receivers: Names,
): readonly Contact[] {
  return Object.entries(inputs ?? {}).map(([name, { title = name, role, email, slack, phone, url, receiver }]) => {
    const known = receiver !== undefined && isKnown(reading, ['contacts', name, 'receiver'], receiver, receivers);
    return {
      name,
      title,
      ...(role === undefined ? {} : { role }),
      ...(email === undefined ? {} : { email }),
      ...(slack === undefined ? {} : { slack }),
      ...(phone === undefined ? {} : { phone }),
      ...(url === undefined ? {} : { url }),
      ...(known ? { receiver } : {}),
    };
  });
}

/** Reads the environments. */
export function readEnvironments(
  reading: Reading,
  inputs: ServiceDetailsInput['environments'],
): readonly Environment[] {
  return Object.entries(inputs ?? {}).map(([name, { prometheus, labels = {}, production = true }]) => ({
    name,
    ...(prometheus === undefined ? {} : { prometheus }),
    labels: new Map(
      Object.keys(labels).map((label) => [label, writtenAt(reading, ['environments', name, 'labels', label])]),
    ),
    production,
  }));
}

/** The rules that the usual words stand for. */
const cadences: Readonly<Record<string, string>> = {
  day: 'FREQ=DAILY',
  week: 'FREQ=WEEKLY',
  month: 'FREQ=MONTHLY',
  quarter: 'FREQ=MONTHLY;INTERVAL=3',
  year: 'FREQ=YEARLY',
};

/** Reads the reviews; whoever takes part must be a contact. */
export function readReviews(
  reading: Reading,
  inputs: ServiceDetailsInput['reviews'],
  contacts: Names,
): readonly Review[] {
  return Object.entries(inputs ?? {}).flatMap(([name, input]) => {
    const path = ['reviews', name];
    const cadence = readCadence(reading, path, input);
    if (cadence === undefined) return [];
    const { title = name, participants = [], agenda = [], distribution = [], signOff = false } = input;
    return [
      {
        name,
        title,
        cadence,
        participants: keepKnown(reading, [...path, 'participants'], participants, contacts),
        agenda: agenda.map((point): AgendaPoint => {
          if (typeof point === 'string') return { topic: point };
          return { topic: point.topic, ...(point.data === undefined ? {} : { data: point.data }) };
        }),
        distribution: keepKnown(reading, [...path, 'distribution'], distribution, contacts),
        signOff,
      },
    ];
  });
}

function readCadence(reading: Reading, path: YamlPath, { every, on }: ReviewInput): ReviewCadence | undefined {
  const help = 'write `every: month`, a rule of RFC 5545, or an event such as `on: release`';
  if ((every === undefined) === (on === undefined)) {
    const message =
      every === undefined ? 'nothing says when the review is' : 'the review is both recurring and on an event';
    reportKey(reading, path, { severity: 'error', code: 'review/cadence', message, help });
    return undefined;
  }
  if (on !== undefined) return { kind: 'event', event: on };
  const rule = cadences[every ?? ''] ?? every ?? '';
  if (isRecurrenceRule(rule)) return { kind: 'recurring', rule };
  const message = `\`${every}\` says no time`;
  reportValue(reading, [...path, 'every'], { severity: 'error', code: 'review/cadence', message, help });
  return undefined;
}

/** Reads how targets are changed. */
export function readChanges(
  reading: Reading,
  input: ServiceDetailsInput['changes'],
  contacts: Names,
): ChangeProcess | undefined {
  if (input === undefined) return undefined;
  const { triggers = [], criteria = [], steps = [] } = input;
  return {
    triggers,
    criteria: criteria.map((criterion): ChangeCriterion => {
      if (typeof criterion === 'string') return { text: criterion };
      return { text: criterion.text, ...(criterion.check === undefined ? {} : { check: criterion.check }) };
    }),
    steps: steps.map(({ state, text, approvers = [] }, index) => ({
      state,
      text,
      approvers: keepKnown(reading, ['changes', 'steps', index, 'approvers'], approvers, contacts),
    })),
  };
}

/** Reads the proposals. */
export function readProposals(
  reading: Reading,
  inputs: ServiceDetailsInput['proposals'],
  slos: Names,
): readonly ChangeProposal[] {
  return (inputs ?? []).flatMap(
    ({ slo, trigger, reason, costs, evidence, state = 'proposed', approvals = [] }, index) => {
      const path = ['proposals', index];
      const known = isKnown(reading, [...path, 'slo'], slo, slos);
      const target = accept(reading, [...path, 'to'], readTarget(writtenAt(reading, [...path, 'to'])));
      for (const [position, { date }] of approvals.entries())
        checkDate(reading, [...path, 'approvals', position, 'date'], date);
      if (!known || target === undefined) return [];
      return [
        {
          slo,
          to: target.text,
          ...(trigger === undefined ? {} : { trigger }),
          reason,
          ...(costs === undefined ? {} : { costs }),
          ...(evidence === undefined ? {} : { evidence }),
          state,
          approvals,
        },
      ];
    },
  );
}

/** Reads the action items. */
export function readActionItems(reading: Reading, inputs: ServiceDetailsInput['actionItems']): readonly ActionItem[] {
  return (inputs ?? []).map(({ title, owner, due, done = false, signedOffBy }, index) => {
    checkDate(reading, ['actionItems', index, 'due'], due);
    return {
      title,
      owner,
      ...(due === undefined ? {} : { due }),
      done,
      ...(signedOffBy === undefined ? {} : { signedOffBy }),
    };
  });
}

/** Reads further reading. */
export function readResources(reading: Reading, inputs: ServiceDetailsInput['resources']): readonly Resource[] {
  return (inputs ?? []).map(({ title, url, items = [] }, index) => {
    if (url === undefined && items.length === 0 && !isWritten(reading, ['resources', index, 'items'])) {
      reportValue(reading, ['resources', index], {
        severity: 'warning',
        code: 'definition/missing-key',
        message: `\`${title}\` leads nowhere`,
        help: 'add `url:` or `items:`',
      });
    }
    return { title, ...(url === undefined ? {} : { url }), items };
  });
}

/** The document's facts as they are written. */
export function printDocument(facts: DocumentFacts): YamlValue | undefined {
  const { history, ...rest } = facts;
  if (Object.keys(rest).length === 0 && history.length === 0) return undefined;
  return {
    ...rest,
    history: history.length === 0 ? undefined : history.map(({ version, date, change }) => ({ version, date, change })),
  };
}

export function printContacts(contacts: readonly Contact[]): YamlValue | undefined {
  if (contacts.length === 0) return undefined;
  return new Map(
    contacts.map(({ name, title, ...rest }) => [name, { title: title === name ? undefined : title, ...rest }]),
  );
}

export function printEnvironments(environments: readonly Environment[]): YamlValue | undefined {
  if (environments.length === 0) return undefined;
  return new Map(
    environments.map(({ name, prometheus, labels, production }) => [
      name,
      {
        prometheus,
        labels: labels.size === 0 ? undefined : labels,
        production: production ? undefined : false,
      },
    ]),
  );
}

export function printReviews(reviews: readonly Review[]): YamlValue | undefined {
  if (reviews.length === 0) return undefined;
  return new Map(
    reviews.map(({ name, title, cadence, participants, agenda, distribution, signOff }) => [
      name,
      {
        title: title === name ? undefined : title,
        every: cadence.kind === 'recurring' ? wordOf(cadence.rule) : undefined,
        on: cadence.kind === 'event' ? cadence.event : undefined,
        participants: listed(participants),
        agenda:
          agenda.length === 0
            ? undefined
            : agenda.map(({ topic, data }) => (data === undefined ? topic : { topic, data })),
        distribution: listed(distribution),
        signOff: signOff ? true : undefined,
      },
    ]),
  );
}

function wordOf(rule: string): string {
  return Object.entries(cadences).find(([, known]) => known === rule)?.[0] ?? rule;
}

export function printChanges(process: ChangeProcess | undefined): YamlValue | undefined {
  if (process === undefined) return undefined;
  return {
    triggers: listed(process.triggers),
    criteria:
      process.criteria.length === 0
        ? undefined
        : process.criteria.map(({ text, check }) => (check === undefined ? text : { text, check })),
    steps:
      process.steps.length === 0
        ? undefined
        : process.steps.map(({ state, text, approvers }) => ({ state, text, approvers: listed(approvers) })),
  };
}

export function printProposals(proposals: readonly ChangeProposal[]): YamlValue | undefined {
  if (proposals.length === 0) return undefined;
  return proposals.map(({ slo, to, trigger, reason, costs, evidence, state, approvals }) => ({
    slo,
    to,
    trigger,
    reason,
    costs,
    evidence,
    state: state === 'proposed' ? undefined : state,
    approvals: approvals.length === 0 ? undefined : approvals.map(({ by, date }) => ({ by, date })),
  }));
}

export function printActionItems(items: readonly ActionItem[]): YamlValue | undefined {
  if (items.length === 0) return undefined;
  return items.map(({ title, owner, due, done, signedOffBy }) => ({
    title,
    owner,
    due,
    done: done ? true : undefined,
    signedOffBy,
  }));
}

export function printResources(resources: readonly Resource[]): YamlValue | undefined {
  if (resources.length === 0) return undefined;
  return resources.map(({ title, url, items }) => ({ title, url, items: listed(items) }));
}

function listed(texts: readonly string[]): readonly string[] | undefined {
  return texts.length === 0 ? undefined : texts;
}
