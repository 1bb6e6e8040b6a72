import { defineService } from '../../src/core/formats/index.ts';
import type { Service } from '../../src/core/slo/index.ts';

/** A shop with every kind of channel that Alertmanager 0.25 knows, and a database that it depends on. */
export const shop: Service = defineService({
  service: 'shop',
  owner: 'payments',
  slos: {
    checkout: { target: '99.9%', bad: 'requests_total{status=~"5.."}', total: 'requests_total' },
    browse: { target: '99%', bad: 'requests_total{status=~"5.."}', total: 'requests_total', period: '7d' },
  },
  exclusions: {
    'sunday-nights': {
      reason: 'index rebuild',
      owner: 'search',
      slos: ['browse'],
      every: 'FREQ=WEEKLY;BYDAY=SU',
      start: '2026-01-04T23:00',
      for: '2h',
      timeZone: 'Europe/Berlin',
    },
  },
  notifications: {
    receivers: {
      'on-call': [
        { pagerduty: { routingKeyFile: '/etc/alertmanager/pagerduty', severity: 'critical' } },
        { slack: { channel: '#shop', apiUrlFile: '/etc/alertmanager/slack' } },
      ],
      team: [
        { email: { to: 'shop@example.com' } },
        { webhook: { url: 'http://127.0.0.1:9/hook' } },
        { opsgenie: { apiKeyFile: '/etc/alertmanager/opsgenie', priority: 'P4' } },
      ],
    },
    routes: [
      { receiver: 'on-call', match: ['severity="page"'], groupWait: '10s', repeatInterval: '1h' },
      { receiver: 'team', match: ['severity="ticket"', 'slo=~"check.*|browse"'], continue: true },
    ],
    default: 'team',
    dependsOn: ['database'],
    smtp: {
      smarthost: 'mail.example.com:587',
      from: 'slo@example.com',
      username: 'slo',
      passwordFile: '/etc/alertmanager/smtp',
    },
  },
});

/** A service with severities of its own that reaches nobody but for pages. */
export const database: Service = defineService({
  service: 'database',
  severities: { page: 'critical', ticket: 'warning' },
  slos: { queries: { target: '99.9%', bad: 'queries_total{result="error"}', total: 'queries_total' } },
  notifications: {
    receivers: { dba: [{ webhook: { url: 'http://127.0.0.1:9/dba' } }] },
    routes: [{ receiver: 'dba', match: { severity: 'critical' } }],
  },
});
