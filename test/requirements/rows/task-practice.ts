import { expect } from 'vitest';
import { timestamp } from '../../../src/core/base/index.ts';
import { readDefinitions } from '../../../src/core/formats/index.ts';
import { lintService } from '../../../src/core/lint/index.ts';
import { queryBackend } from '../../../src/core/promql/index.ts';
import { memorySource } from '../../../src/core/series/index.ts';
import { defaultMostSamples, examinerOf } from '../../../src/core/simulate/index.ts';
import { end, patients, start } from '../../doctor/world.ts';
import { boardOf, documents, finds, panels, recordOf, recordsAbout, review, slo, told } from '../claims.ts';
import type { Row } from '../row.ts';
import type { System } from '../system.ts';

/** What `nines doctor` finds wrong with the data of a service, besides what it costs. */
async function diagnosed(name: string): Promise<readonly string[]> {
  const patient = patients.find((one) => one.name === name)!;
  const outcome = readDefinitions({ name, text: patient.definition });
  if (!outcome.ok) throw new Error(`${name} has no definition`);
  const span = { from: timestamp(start), to: timestamp(end), mostSamples: defaultMostSamples };
  const examiner = examinerOf(queryBackend(memorySource(patient.series)), outcome.value[0]!, span);
  const found = await Promise.all(examiner.slos.map((each) => examiner.examine(each)));
  return found
    .flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code))
    .filter((code) => code !== 'doctor/cost');
}

/** A person or team, and that the document says how to reach them. */
function contact(s: System, name: string, role: string, email: string): void {
  expect(s.service.contacts.find((one) => one.name === name)).toMatchObject({ role, email });
  documents(s, `| ${role} |`, `mailto:${email}`);
}

/** Rules, routes, practice and people of the guide of Task MCP. */
export const taskPractice: readonly Row[] = [
  {
    id: 'TASK-92',
    says: 'success of 30 days, recorded as a ratio in a group with an interval',
    check: (s) => {
      expect(s.files('prometheus').get('task-mcp.rules.yaml')).toMatch(/name: nines-task-mcp-\S+\n\s+interval: 30s/);
      expect(recordsAbout(s, 'slo:period_errors:ratio', 'api-availability')).not.toMatch(/100 \*|\[30d\]/);
      finds(s, 'percent-vs-ratio', 411);
    },
  },
  {
    id: 'TASK-93',
    says: 'what is left of the budget, by the right formula',
    check: (s) => {
      expect(recordsAbout(s, 'slo:period_error_budget_remaining:ratio', 'api-availability')).toMatch(
        /^1 - slo:period_errors:ratio\{.*\} \/ 0\.001$/m,
      );
      finds(s, 'budget-formula', 417);
    },
  },
  {
    id: 'TASK-94',
    says: 'a board of Grafana that is whole',
    check: (s) => {
      const board = boardOf(s);
      expect(board.schemaVersion).toBeGreaterThanOrEqual(36);
      expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
      for (const { type, gridPos, datasource, targets } of board.panels) {
        expect(Object.keys(gridPos)).toEqual(['x', 'y', 'w', 'h']);
        if (type === 'row' || type === 'text') continue;
        expect(datasource).toBeDefined();
        for (const { refId } of targets ?? []) expect(refId).toMatch(/^[A-Z]+$/);
      }
      const own = panels(s, 'API Availability SLO', {
        row: 'API availability',
        type: 'stat',
        reads: ['slo="api-availability"', '99.9'],
        unit: 'percent',
      });
      expect(own.targets?.map(({ legendFormat }) => legendFormat)).toEqual(['Current', 'Target']);
      finds(s, 'dashboard-json', 427);
    },
  },
  {
    id: 'TASK-95',
    says: 'the mail server, its password from a file',
    check: (s) => {
      const text = s.files('alertmanager').get('alertmanager.yaml') ?? '';
      for (const part of [
        'smarthost: smtp.example.com:587',
        'from: alerts@example.com',
        'auth_password_file: /etc/alertmanager/secrets/task-mcp/smtp',
      ])
        expect(text).toContain(part);
    },
  },
  {
    id: 'TASK-96',
    says: 'alerts are grouped, by service and objective too',
    check: (s) => expect(s.routes().routes[0]?.groupBy).toEqual(['alertname', 'service', 'slo', 'severity']),
  },
  {
    id: 'TASK-97',
    says: 'times of groups, within sense',
    check: (s) => {
      expect(s.routes().routes[0]).toMatchObject({
        groupWait: 10_000,
        groupInterval: 300_000,
        repeatInterval: 3_600_000,
      });
      finds(s, 'alertmanager-timing', 459);
    },
  },
  {
    id: 'TASK-98',
    says: 'a default receiver that is there',
    check: (s) => {
      expect(told(s, { severity: 'info', alertname: 'X' })).toEqual(['slo-alerts']);
      expect(s.files('alertmanager').get('alertmanager.yaml')).toContain('name: task-mcp/slo-alerts');
      finds(s, 'receiver-undefined', 461, 'web.hook');
    },
  },
  {
    id: 'TASK-99',
    says: 'critical alerts',
    check: (s) => expect(told(s, { severity: 'critical', alertname: 'X' })).toEqual(['critical-alerts']),
  },
  {
    id: 'TASK-100',
    says: 'warnings',
    check: (s) => {
      expect(told(s, { severity: 'warning', alertname: 'X' })).toEqual(['warning-alerts']);
      finds(s, 'receiver-undefined', 468, 'warning-alerts');
    },
  },
  {
    id: 'TASK-101',
    says: 'names that begin with TaskMCPHighErrorRate, beside the others',
    check: (s) => {
      expect(told(s, { severity: 'critical', alertname: 'TaskMCPHighErrorRateFastBurn' })).toEqual([
        'slo-alerts',
        'critical-alerts',
      ]);
      expect(told(s, { severity: 'warning', alertname: 'TaskMCPHighErrorRateMediumBurn' })).toEqual([
        'slo-alerts',
        'warning-alerts',
      ]);
      finds(s, 'glob-vs-regex', 470);
      finds(s, 'route-unreachable', 469);
    },
  },
  {
    id: 'TASK-102',
    says: 'critical: PagerDuty and Slack',
    check: (s) => {
      expect(s.files('alertmanager').get('alertmanager.yaml')).toMatch(
        /name: task-mcp\/critical-alerts\n\s+pagerduty_configs:[\s\S]*?slack_configs:[\s\S]*?channel: '#task-mcp-critical'/,
      );
      finds(s, 'secret-inline', 476);
    },
  },
  {
    id: 'TASK-103',
    says: 'objectives: Slack',
    check: (s) => {
      expect(s.files('alertmanager').get('alertmanager.yaml')).toMatch(
        /name: task-mcp\/slo-alerts\n\s+slack_configs:[\s\S]*?channel: '#task-mcp-slos'/,
      );
      finds(s, 'secret-inline', 483);
    },
  },
  {
    id: 'TASK-104',
    says: 'journeys of users',
    check: (s) => {
      for (const { name, journey } of s.service.slos) expect(journey, name).toBeDefined();
      documents(s, '**Journey:** work on tasks', '**Journey:** sign in');
    },
  },
  {
    id: 'TASK-105',
    says: 'metrics that can be relied on',
    check: async (s) => {
      expect(s.lint().filter(({ severity }) => severity !== 'info')).toEqual([]);
      expect(await diagnosed('restarting')).toEqual(['doctor/reset-storm']);
      expect(await diagnosed('gappy')).toEqual(['doctor/gaps']);
      expect(await diagnosed('absent')).toEqual(['doctor/no-data']);
      expect(await diagnosed('healthy')).toEqual([]);
      finds(s, 'sli-without-query', 119);
      finds(s, 'absent-numerator', 294);
    },
  },
  {
    id: 'TASK-106',
    says: 'targets that can be met',
    later: 'proof',
    why: 'Feasibility from history comes with Proof.',
    check: (s) => expect(s.at('resources.1.items.2')).toContain('challenging and can be met'),
  },
  {
    id: 'TASK-107',
    says: 'each promise in plain words',
    check: (s) =>
      documents(
        s,
        '**At least 99.9% of the events are not bad, over any 30 days.**',
        '**At least 95% of the observations are at most 200 ms, over any 7 days.**',
      ),
  },
  {
    id: 'TASK-108',
    says: 'not too many: 3 to 5 critical ones',
    check: (s) => {
      expect(s.service.slos.filter(({ criticality }) => criticality === 'critical').length).toBeLessThanOrEqual(5);
      finds(s, 'too-many-slos', 515);
    },
  },
  {
    id: 'TASK-109',
    says: 'metrics that users do not feel',
    check: () => {
      const text =
        'apiVersion: nines/v1\nservice: a\nowner: b\nslos:\n  memory: { target: 99% of 1m slices, condition: process_resident_memory_bytes < 1000000000 }\n';
      const outcome = readDefinitions({ name: 'slo.yaml', text });
      const found = outcome.ok
        ? outcome.value.flatMap((service) => lintService(service, { name: 'slo.yaml', text }))
        : [];
      expect(found.map(({ code }) => code)).toContain('lint/resource-as-slo');
    },
  },
  {
    id: 'TASK-110',
    says: 'targets that history supports',
    later: 'proof',
    why: 'Suggestions from history come with Proof.',
    check: (s) => expect(s.at('resources.2.items.2')).toBe('Targets that history does not support.'),
  },
  {
    id: 'TASK-111',
    says: 'budgets that decide something',
    check: (s) => {
      expect(s.service.policies.map(({ slos }) => slos)).toEqual([
        ['api-availability', 'http-error-rate', 'tool-error-rate'],
        ['api-availability', 'http-error-rate', 'tool-error-rate'],
      ]);
      for (const name of s.service.policies[0]?.slos ?? []) expect(slo(s, name).target.errorBudget).toBeGreaterThan(0);
      finds(s, 'policy-not-bound', 316);
    },
  },
  {
    id: 'TASK-112',
    says: 'reviews of a week, a month and a quarter',
    check: (s) => {
      const rules = ['weekly', 'monthly', 'quarterly'].map((name) => review(s, name).cadence);
      expect(rules.map((one) => (one.kind === 'recurring' ? one.rule : ''))).toEqual([
        expect.stringMatching(/^FREQ=WEEKLY/),
        expect.stringMatching(/^FREQ=MONTHLY/),
        expect.stringMatching(/^FREQ=MONTHLY;INTERVAL=3/),
      ]);
    },
  },
  { id: 'TASK-113', says: 'decisions on data', organisation: 'resources.3.items.1', holds: 'Decisions on data.' },
  { id: 'TASK-114', says: 'the whole team', organisation: 'resources.3.items.2', holds: 'The whole team takes part.' },
  {
    id: 'TASK-115',
    says: 'learning from incidents',
    organisation: 'resources.3.items.3',
    holds: 'Objectives learn from incidents.',
  },
  {
    id: 'TASK-116',
    says: 'Prometheus',
    check: (s) => {
      expect(s.rules().filter(({ kind }) => kind === 'recording').length).toBeGreaterThan(100);
      expect(recordOf(s, 'slo_info', { slo: 'api-availability' })).toBe('vector(1)');
    },
  },
  {
    id: 'TASK-117',
    says: 'Grafana',
    check: (s) => expect(s.boards().size).toBe(14),
    later: 'run',
    why: 'Boards are generated; reports on a schedule come with Run.',
  },
  {
    id: 'TASK-118',
    says: 'Alertmanager',
    check: (s) => expect(s.routes().routes[0]?.routes.length).toBe(3),
    later: 'run',
    why: 'Routes, receivers and mute intervals of exclusions are generated; that a silence set by hand adjusts a budget needs a server that hears of it, which comes with Run.',
  },
  {
    id: 'TASK-119',
    says: 'books about it; the dead link is told',
    check: (s) => {
      documents(s, 'https://sre.google/workbook/');
      expect(s.source.text).not.toContain('url: "https://sre.google/sre-book/error-budgets/"');
      finds(s, 'dead-link', 575);
    },
  },
  {
    id: 'TASK-120',
    says: 'papers, talks, examples',
    organisation: 'resources.8.url',
    holds: 'https://www.usenix.org/',
  },
  { id: 'TASK-121', says: 'training 1', organisation: 'resources.11.items', holds: 'Error budget calculations' },
  { id: 'TASK-122', says: 'training 2', organisation: 'resources.12.items', holds: 'Dashboards' },
  { id: 'TASK-123', says: 'training 3', organisation: 'resources.13.items', holds: 'SLO-driven development' },
  { id: 'TASK-124', says: 'training 4', organisation: 'resources.14.items', holds: 'Reports and communication' },
  { id: 'TASK-125', says: 'certification', organisation: 'resources.15.items', holds: 'A practical assessment' },
  { id: 'TASK-126', says: 'what a certificate brings', organisation: 'resources.16.items', holds: 'Recognition' },
  {
    id: 'TASK-127',
    says: 'the owner',
    check: (s) => contact(s, 'slo-owner', 'SLO programme', 'slo-owner@example.com'),
  },
  {
    id: 'TASK-128',
    says: 'the technical lead',
    check: (s) => contact(s, 'technical-lead', 'implementation and tools', 'slo-tech@example.com'),
  },
  {
    id: 'TASK-129',
    says: 'the business analyst',
    check: (s) => contact(s, 'business-analyst', 'business requirements', 'slo-biz@example.com'),
  },
  {
    id: 'TASK-130',
    says: 'the data analyst',
    check: (s) => contact(s, 'data-analyst', 'analysis and reports', 'slo-data@example.com'),
    later: 'run',
    why: 'Roles are words of contacts; what each of them may do comes with Run.',
  },
  {
    id: 'TASK-131',
    says: 'support: Slack, mail, wiki',
    check: (s) => {
      expect(s.service.contacts.find(({ name }) => name === 'slo-team')).toMatchObject({
        slack: '#task-mcp-slos',
        email: 'slo-team@example.com',
        url: 'https://wiki.example.com/task-mcp/slos',
      });
      documents(s, 'https://wiki.example.com/task-mcp/slos');
    },
  },
  { id: 'TASK-132', says: 'support from outside', organisation: 'resources.17.items', holds: 'Community forums' },
  {
    id: 'TASK-133',
    says: 'version 1.0 of 2025-10-26, by the SLO team',
    check: (s) =>
      documents(s, '**Version:** 1.0', '**Last reviewed:** 2025-10-26', '**Maintained by:** Task MCP SLO team'),
  },
];
