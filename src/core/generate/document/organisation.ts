import { formatDuration } from '../../base/index.ts';
import { printExpr } from '../../promql/index.ts';
import type {
  Channel,
  ErrorBudgetPolicy,
  Exclusion,
  Goal,
  LabelCondition,
  PolicyState,
  Service,
  Verdict,
} from '../../slo/index.ts';
import { type Block, code, heading, type Inline, link, list, paragraph, strong, table } from './model.ts';
import { conditionAlerts } from './objectives.ts';
import { cadenceWords, capital, lengthWords, percentage } from './words.ts';

/** What is done at which state of the budgets. */
export function policyBlocks(service: Service): readonly Block[] {
  return service.policies.flatMap((policy) => [
    heading(2, policy.title === policy.name ? `Policy: ${policy.name}` : policy.title),
    ...(policy.description === undefined ? [] : [paragraph(policy.description)]),
    paragraph(
      `Watches ${titles(service, policy.slos)}. `,
      policy.combine === 'worst'
        ? 'The worst of these budgets decides.'
        : 'Each of these budgets has a state of its own.',
    ),
    ...table(
      [
        'State',
        `Budget ${policy.wording}`,
        'Changes',
        'Always allowed',
        'Pace',
        'Alerts',
        'What people do',
        'Who is told',
      ],
      policy.states.map((state, index) => stateRow(service, policy, state, policy.states[index - 1])),
    ),
    ...table(
      ['Exception for', 'Reason', 'By', 'Until'],
      policy.exceptions.map(({ change, reason, by, until }) => [change, reason, by, until]),
    ),
  ]);
}

function stateRow(
  service: Service,
  policy: ErrorBudgetPolicy,
  state: PolicyState,
  before: PolicyState | undefined,
): readonly Inline[] {
  const { name, description, actions, always, profile, notify, opensIncident } = state;
  return [
    strong(name),
    boundWords(policy.wording, state.above, before?.above),
    changeWords(state.changes),
    always.join(', '),
    paceWords(state),
    profile === 'standard' ? '' : profile,
    [
      ...(description === undefined ? [] : [description]),
      ...actions,
      ...(opensIncident ? ['An incident is opened.'] : []),
    ].join(' '),
    notify.map((contact) => contactTitle(service, contact)).join(', '),
  ];
}

function paceWords({ pace, deploymentsPerDay: most }: PolicyState): string {
  const figure = most === undefined ? [] : [`at most ${most === 1 ? '1 deployment' : `${most} deployments`} a day`];
  return [...(pace === undefined ? [] : [pace]), ...figure].join(', ');
}

/** The remaining budgets from `above` (exclusive) to `most` (inclusive), or the same by what is consumed. */
function boundWords(
  wording: ErrorBudgetPolicy['wording'],
  above: number | undefined,
  most: number | undefined,
): string {
  if (wording === 'remaining') {
    if (above === undefined) return most === undefined ? 'any' : `${percentage(most)} or less`;
    return most === undefined
      ? `more than ${percentage(above)}`
      : `more than ${percentage(above)}, up to ${percentage(most)}`;
  }
  const consumed = (remaining: number): string => percentage(Number((1 - remaining).toFixed(12)));
  if (above === undefined) return most === undefined ? 'any' : `${consumed(most)} or more`;
  return most === undefined
    ? `less than ${consumed(above)}`
    : `${consumed(most)} or more, less than ${consumed(above)}`;
}

function changeWords(changes: PolicyState['changes']): string {
  const { low, medium, high } = changes;
  const words: Readonly<Record<Verdict, string>> = { allow: 'allowed', review: 'after review', deny: 'denied' };
  if (low === medium && medium === high) return words[low];
  return `low risk ${words[low]}, medium ${words[medium]}, high ${words[high]}`;
}

function titles(service: Service, slos: readonly string[]): string {
  if (slos.length === service.slos.length) return 'all objectives';
  return slos.map((slo) => service.slos.find(({ name }) => name === slo)?.title ?? slo).join(', ');
}

function contactTitle(service: Service, contact: string): string {
  return service.contacts.find(({ name }) => name === contact)?.title ?? contact;
}

/** Alerts, thresholds, promises to customers, goals, exclusions. */
export function operationBlocks(service: Service): readonly Block[] {
  const { alerts, thresholds, slas, goals, exclusions } = service;
  return [
    ...section('Alerts of the service', conditionAlerts(service, alerts)),
    ...section(
      'Operational thresholds',
      table(
        ['Figure', 'Query', 'Warning', 'Critical', 'For', 'What to do'],
        thresholds.map(({ title, value, operator, warning, critical, unit, action, holdFor, runbook }) => [
          capital(title),
          code(printExpr(value)),
          `${operator} ${warning}${unit === undefined ? '' : ` ${unit}`}`,
          `${operator} ${critical}${unit === undefined ? '' : ` ${unit}`}`,
          formatDuration(holdFor),
          [action, ...(runbook === undefined ? [] : [' ', link(runbook, 'Runbook')])],
        ]),
      ),
    ),
    ...section(
      'Service level agreements',
      table(
        ['Agreement', 'Kept by', 'Owed', 'First response', 'If it is missed', 'Binding'],
        slas.map(({ title, slo, target, response, consequence, binding }) => [
          title,
          slo === undefined ? '' : titles(service, [slo]),
          target?.text ?? '',
          response === undefined ? '' : `within ${lengthWords(response)}`,
          consequence ?? '',
          binding ? 'yes' : 'no',
        ]),
      ),
    ),
    ...section('Goals', list(goals.map((goal) => goalWords(service, goal)))),
    ...section(
      'Time that does not count',
      table(
        ['Exclusion', 'When', 'Reason', 'Owner', 'Touches'],
        exclusions.map((exclusion) => [
          exclusion.name,
          exclusionWords(exclusion),
          exclusion.reason,
          exclusion.owner,
          titles(service, exclusion.slos),
        ]),
      ),
    ),
  ];
}

function goalWords(service: Service, { title, name, measure }: Goal): string {
  const label = title === name ? '' : `${title}: `;
  switch (measure.kind) {
    case 'streak':
      return `${label}${titles(service, [measure.slo])} met in ${measure.periods} calendar ${measure.unit}s in a row`;
    case 'share':
      return `${label}${titles(service, [measure.slo])} met in ${percentage(measure.share)} of the slices of ${lengthWords(measure.slice)} over ${lengthWords(measure.over)}`;
    case 'incidents':
      return `${label}at most ${measure.atMost} ${measure.planned ? '' : 'unplanned '}incidents in ${lengthWords(measure.over)}`;
    case 'pages':
      return `${label}at most ${measure.atMost} pages in ${lengthWords(measure.over)}`;
  }
}

/** When an exclusion holds, in words. */
export function exclusionWords({ when }: Exclusion): string {
  if (when.kind === 'once') return `from ${when.from} to ${when.to}`;
  return `${when.rule}, from ${when.start} (${when.timeZone}) on, for ${lengthWords(when.length)} each`;
}

/** Whom alerts reach, and who answers for the service. */
export function peopleBlocks(service: Service): readonly Block[] {
  const { notifications, contacts, environments } = service;
  const routes = notifications?.routes ?? [];
  const routed = table(
    ['Alerts with', 'go to', 'through', ''],
    [
      ...routes.map(({ receiver, matchers, continues }): readonly Inline[] => [
        matchers.length === 0
          ? 'any label'
          : matchers
              .map((matcher) => code(conditionText(matcher)))
              .flatMap((span, index) => (index === 0 ? [span] : [' and ', span])),
        receiver,
        channelsOf(service, receiver),
        continues ? 'and on' : '',
      ]),
      ...(notifications?.fallback === undefined
        ? []
        : [['anything else', notifications.fallback, channelsOf(service, notifications.fallback), '']]),
    ],
  );
  return [
    ...section('Who is told', routed),
    ...(notifications === undefined || notifications.dependsOn.length === 0
      ? []
      : [
          paragraph(
            `While a page of ${notifications.dependsOn.join(' or ')} is firing, nobody is told of this service.`,
          ),
        ]),
    ...section(
      'Contacts',
      table(
        ['Contact', 'Role', 'Slack', 'Mail', 'Phone', 'Page', 'Receiver'],
        contacts.map(({ title, role, slack, email, phone, url, receiver }) => [
          title,
          role ?? '',
          slack ?? '',
          email === undefined ? '' : link(`mailto:${email}`, email),
          phone ?? '',
          url === undefined ? '' : link(url),
          receiver ?? '',
        ]),
      ),
    ),
    ...section(
      'Environments',
      table(
        ['Environment', 'Prometheus', 'Labels', 'Pages'],
        environments.map(({ name, prometheus, labels, production }) => [
          name,
          prometheus === undefined ? '' : link(prometheus),
          [...labels].map(([label, value]) => `${label}="${value}"`).join(', '),
          production ? 'yes' : 'no',
        ]),
      ),
    ),
  ];
}

function conditionText({ label, operator, value }: LabelCondition): string {
  return `${label}${operator}"${value}"`;
}

function channelsOf(service: Service, receiver: string): string {
  const channels = service.notifications?.receivers.find(({ name }) => name === receiver)?.channels ?? [];
  return channels.map(channelWords).join(', ');
}

/** Where a message goes; never what opens the door. */
function channelWords(channel: Channel): string {
  switch (channel.kind) {
    case 'pagerduty':
      return 'PagerDuty';
    case 'slack':
      return `Slack ${channel.channel}`;
    case 'email':
      return `mail to ${channel.to}`;
    case 'webhook':
      return 'a webhook';
    case 'opsgenie':
      return 'Opsgenie';
    case 'teams':
      return 'Teams';
  }
}

/** Reviews, how targets change, what is to be done. */
export function reviewBlocks(service: Service): readonly Block[] {
  const { reviews, changeProcess, proposals, actionItems } = service;
  const names = (contacts: readonly string[]): string =>
    contacts.map((contact) => contactTitle(service, contact)).join(', ');
  return [
    ...(reviews.length === 0 ? [] : [heading(2, 'Reviews')]),
    ...reviews.flatMap(({ title, name, cadence, participants, agenda, distribution, signOff }) => [
      heading(3, title === name ? capital(name) : title),
      paragraph(
        `${capital(cadenceWords(cadence))}.`,
        participants.length === 0 ? '' : ` With ${names(participants)}.`,
        distribution.length === 0 ? '' : ` The result goes to ${names(distribution)}.`,
        signOff ? ' It must be signed.' : '',
      ),
      ...list(
        agenda.map(({ topic }) => topic),
        true,
      ),
    ]),
    ...(changeProcess === undefined
      ? []
      : [
          heading(2, 'How targets change'),
          ...(changeProcess.triggers.length === 0 ? [] : [paragraph('Reasons to change one:')]),
          ...list(changeProcess.triggers),
          ...(changeProcess.criteria.length === 0 ? [] : [paragraph('What must hold:')]),
          ...list(changeProcess.criteria.map(({ text }) => text)),
          ...(changeProcess.steps.length === 0 ? [] : [paragraph('Steps:')]),
          ...list(
            changeProcess.steps.map(({ text, approvers }) =>
              approvers.length === 0 ? text : `${text} (${names(approvers)})`,
            ),
            true,
          ),
        ]),
    ...section(
      'Proposals',
      table(
        ['Objective', 'New target', 'Trigger', 'Reason', 'Costs', 'Evidence', 'State', 'Approved by'],
        proposals.map(({ slo, to, trigger, reason, costs, evidence, state, approvals }) => [
          titles(service, [slo]),
          to,
          trigger ?? '',
          reason,
          costs ?? '',
          evidence ?? '',
          state,
          approvals.map(({ by, date }) => `${contactTitle(service, by)} (${date})`).join(', '),
        ]),
      ),
    ),
    ...section(
      'To be done',
      table(
        ['What', 'Owner', 'Due', 'Done', 'Signed off by'],
        actionItems.map(({ title, owner, due, done, signedOffBy }) => [
          title,
          contactTitle(service, owner),
          due ?? '',
          done ? 'yes' : '',
          signedOffBy ?? '',
        ]),
      ),
    ),
  ];
}

/** A heading above blocks, if there are any. */
export function section(title: string, blocks: readonly Block[]): readonly Block[] {
  return blocks.length === 0 ? [] : [heading(2, title), ...blocks];
}
