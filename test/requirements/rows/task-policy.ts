import { expect } from 'vitest';
import { printExpr } from '../../../src/core/promql/index.ts';
import { alertsOf, documents, finds, stateAt } from '../claims.ts';
import type { Row } from '../row.ts';
import type { System } from '../system.ts';

const followed =
  'The state and its verdicts are there; the server that follows them, answers a gate and keeps exceptions comes with Run.';

/** The state of the policy while so much remains, and the alerts of the profile that it turns on. */
function activates(s: System, remaining: number, profile: 'standard' | 'enhanced' | 'maximum', alert: string): void {
  expect(stateAt(s, 'error-budget', remaining).profile).toBe(profile);
  const [rule] = alertsOf(s, alert);
  expect(rule?.labels.get('profile')).toBe(profile === 'standard' ? undefined : profile);
  const condition = rule === undefined ? '' : printExpr(rule.expr);
  if (profile === 'standard') expect(condition).not.toContain('slo:alert_profile:level');
  else
    expect(condition).toMatch(
      profile === 'enhanced' ? /slo:alert_profile:level\{.*\} >= 1/ : /slo:alert_profile:level\{.*\} >= 2/,
    );
}

/** Policies of the guide of Task MCP. */
export const taskPolicy: readonly Row[] = [
  {
    id: 'TASK-46',
    says: 'more than 50 % left: risks may be taken',
    check: (s) => {
      for (const left of [1, 0.5001])
        expect(stateAt(s, 'error-budget', left)).toMatchObject({
          name: 'healthy',
          changes: { low: 'allow', medium: 'allow', high: 'allow' },
        });
      documents(s, 'Risks may be taken and features deployed.');
    },
  },
  {
    id: 'TASK-47',
    says: 'normal pace',
    check: (s) => {
      expect(stateAt(s, 'error-budget', 0.8).pace).toBe('normal');
      documents(s, '| normal |');
    },
  },
  {
    id: 'TASK-48',
    says: 'standard alerts',
    check: (s) => activates(s, 0.8, 'standard', 'TaskMCPHighErrorRateFastBurn'),
  },
  {
    id: 'TASK-49',
    says: '20 to 50 %: test and monitor more',
    check: (s) => {
      for (const left of [0.5, 0.21])
        expect(stateAt(s, 'error-budget', left)).toMatchObject({
          name: 'consuming',
          actions: ['Test and monitor more.'],
          notify: ['slo-team'],
        });
    },
  },
  {
    id: 'TASK-50',
    says: 'slower pace',
    check: (s) => {
      expect(stateAt(s, 'error-budget', 0.3)).toMatchObject({ pace: 'slower', deploymentsPerDay: 2 });
      documents(s, 'slower, at most 2 deployments a day');
    },
  },
  {
    id: 'TASK-51',
    says: 'enhanced alerts, turned on by the state',
    check: (s) => activates(s, 0.3, 'enhanced', 'TaskMCPHighErrorRateSteadyBurn'),
  },
  {
    id: 'TASK-52',
    says: 'less than 20 %: critical fixes and security patches only',
    check: (s) => {
      for (const left of [0.2, 0.01])
        expect(stateAt(s, 'error-budget', left)).toMatchObject({
          name: 'low',
          always: ['critical-fix', 'security-patch'],
          changes: { low: 'review', medium: 'deny', high: 'deny' },
        });
    },
    later: 'run',
    why: followed,
  },
  { id: 'TASK-53', says: 'minimal pace', check: (s) => expect(stateAt(s, 'error-budget', 0.1).pace).toBe('minimal') },
  {
    id: 'TASK-54',
    says: 'alerts of the highest sensitivity',
    check: (s) => activates(s, 0.1, 'maximum', 'TaskMCPHighErrorRateAnyBurn'),
  },
  {
    id: 'TASK-55',
    says: 'exhausted: a freeze with exceptions',
    check: (s) => {
      for (const left of [0, -2])
        expect(stateAt(s, 'error-budget', left)).toMatchObject({
          name: 'exhausted',
          changes: { low: 'deny', medium: 'deny', high: 'deny' },
        });
      finds(s, 'policy-bounds', 326);
    },
    later: 'run',
    why: followed,
  },
  {
    id: 'TASK-56',
    says: 'work on reliability only',
    check: (s) => {
      expect(stateAt(s, 'error-budget', 0).always).toEqual(['critical-fix', 'security-patch', 'reliability']);
      documents(s, 'Work on reliability only.');
    },
  },
  {
    id: 'TASK-57',
    says: 'an incident is opened',
    check: (s) => {
      expect(stateAt(s, 'error-budget', 0).opensIncident).toBe(true);
      documents(s, 'An incident is opened.');
    },
    later: 'run',
    why: followed,
  },
  {
    id: 'TASK-58',
    says: 'before a release: its impact is assessed',
    later: 'proof',
    why: 'The item of the checklist is there; what a release would cost is simulated by Proof.',
    check: (s) => expect(s.at('resources.0.items.0')).toBe('Its impact on the objectives is assessed.'),
  },
  {
    id: 'TASK-59',
    says: 'it is tested, its impact included',
    later: 'proof',
    why: 'Objectives are evaluated on data of a test by backtests, which come with Proof.',
    check: (s) => expect(s.at('resources.0.items.1')).toBe('It is tested, the impact on the objectives included.'),
  },
  {
    id: 'TASK-60',
    says: 'it is watched more closely',
    later: 'run',
    why: 'Profiles of alerts are there; tying one to a deployment comes with Run.',
    check: (s) => expect(s.at('resources.0.items.2')).toBe('It is watched more closely while it is rolled out.'),
  },
  {
    id: 'TASK-61',
    says: 'it can be rolled back',
    later: 'run',
    why: 'The gate that a rollout asks comes with Run.',
    check: (s) => expect(s.at('resources.0.items.3')).toBe('It can be rolled back quickly.'),
  },
  {
    id: 'TASK-62',
    says: 'risk: more than 75 %, deploy as usual',
    check: (s) => {
      expect(stateAt(s, 'risk-tolerance', 0.76)).toMatchObject({
        name: 'high',
        profile: 'standard',
        actions: ['Deploy as usual.', 'Standard monitoring.'],
      });
      finds(s, 'policy-conflict', 348);
    },
  },
  {
    id: 'TASK-63',
    says: 'risk: 50 to 75 %, test more',
    check: (s) => {
      for (const left of [0.75, 0.51])
        expect(stateAt(s, 'risk-tolerance', left)).toMatchObject({
          name: 'medium',
          profile: 'enhanced',
          changes: { high: 'review' },
        });
      finds(s, 'policy-bounds', 349);
    },
  },
  {
    id: 'TASK-64',
    says: 'risk: 25 to 50 %, critical features',
    check: (s) => {
      for (const left of [0.5, 0.26])
        expect(stateAt(s, 'risk-tolerance', left)).toMatchObject({
          name: 'low',
          profile: 'maximum',
          always: ['critical-feature'],
        });
    },
  },
  {
    id: 'TASK-65',
    says: 'risk: less than 25 %, emergency fixes',
    check: (s) => {
      for (const left of [0.25, 0, -1])
        expect(stateAt(s, 'risk-tolerance', left)).toMatchObject({
          name: 'critical',
          opensIncident: true,
          always: ['emergency-fix'],
        });
      finds(s, 'policy-bounds', 351);
    },
  },
];
