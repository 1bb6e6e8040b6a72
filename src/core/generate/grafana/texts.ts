import { formatDuration } from '../../base/index.ts';
import { type BurnRateTier, budgetShareAt, type Service, type Slo } from '../../slo/index.ts';
import { printMarkdown } from '../document/markdown.ts';
import { paragraph } from '../document/model.ts';
import { percentage, promiseWords, readableLength } from '../document/words.ts';
import { boardPath, boardUid } from './names.ts';

/** What a service is, whose it is, whom to ask and where to look: in Markdown, for its board. */
export function serviceText(service: Service, slos: readonly Slo[]): string {
  const { title, description, owner, criticality, contacts } = service;
  return lines([
    `**${escaped(title)}**${description === undefined ? '' : `: ${escaped(description)}`}`,
    '',
    `Owner: ${escaped(owner)}${criticality === undefined ? '' : `, criticality: ${criticality}`}`,
    '',
    ...contacts.map(
      ({ title: who, role, email, slack, phone, url }) =>
        `- ${[who, role, email, slack, phone, url].flatMap((part) => (part === undefined ? [] : [escaped(part)])).join(', ')}`,
    ),
    '',
    '| Objective | Target | In detail | Runbook |',
    '| --- | --- | --- | --- |',
    ...slos.map((slo) => {
      const runbook = slo.runbook === undefined ? '' : `[runbook](${slo.runbook})`;
      return `| ${escaped(slo.title)} | ${slo.target.text} | [board](${boardPath(boardUid(service, slo))}) | ${runbook} |`;
    }),
  ]);
}

/** A promise in words, why it is made and what happens if it is not kept. */
export function objectiveText(service: Service, slo: Slo): string {
  const links = [
    `[service](${boardPath(boardUid(service))})`,
    ...(slo.runbook === undefined ? [] : [`[runbook](${slo.runbook})`]),
    ...(slo.dashboard === undefined ? [] : [`[board of its own](${slo.dashboard})`]),
  ];
  return lines([
    printMarkdown([paragraph(...promiseWords(service, slo))]).trim(),
    '',
    ...(slo.description === undefined ? [] : [escaped(slo.description), '']),
    ...slo.impact.map((impact) => `- If it is missed: ${escaped(impact)}`),
    ...(slo.lifecycle === 'pending' ? ['', 'It waits for data: nothing is counted and nothing can fire yet.'] : []),
    ...slo.alerts.map((tier) => `- ${tierText(tier, slo)}`),
    '',
    `Owner: ${escaped(service.owner)}. ${links.join(' · ')}`,
  ]);
}

function tierText({ severity, burnRate, longWindow, shortWindow }: BurnRateTier, slo: Slo): string {
  const spent = percentage(budgetShareAt(burnRate, longWindow, slo.period.length));
  return `${severity}: at ${burnRate} times the allowed rate in ${formatDuration(longWindow)} and ${formatDuration(shortWindow)}, ${spent} of the budget in ${readableLength(longWindow)}`;
}

/** The way to the board of each service. */
export function boardList(services: readonly Service[]): string {
  return lines(
    services.map(
      (service) => `- [${escaped(service.title)}](${boardPath(boardUid(service))}), owner: ${escaped(service.owner)}`,
    ),
  );
}

/** Text of the user's as plain text of Markdown, on one line; `$` and `[[` would begin a variable of Grafana. */
function escaped(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|$]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function lines(all: readonly string[]): string {
  return all.join('\n').replaceAll(/\n{3,}/g, '\n\n');
}
