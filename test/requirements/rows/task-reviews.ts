import { expect } from 'vitest';
import { readDefinitions } from '../../../src/core/formats/index.ts';
import { serviceArtefacts, targetNamed } from '../../../src/core/generate/index.ts';
import { agenda, boardOf, documents, review } from '../claims.ts';
import type { Row } from '../row.ts';
import type { System } from '../system.ts';

const reports = 'The point and what fills it are there; reports come with Run.';

/** Whether the definition may propose a change of a target like this. */
function takesProposal(s: System, proposal: string): boolean {
  return readDefinitions({ name: 'slo.yaml', text: `${s.source.text}\nproposals:\n  - ${proposal}\n` }).ok;
}

/** One of the reasons for which targets change: its words in the document, and its kind in proposals, with what it costs. */
function triggers(s: System, index: number, words: string, trigger: string): void {
  expect(s.service.changeProcess?.triggers[index]).toBe(words);
  documents(s, words);
  const proposal = `{ slo: api-availability, to: 99.95%, trigger: ${trigger}, reason: So it is., costs: Two more machines. }`;
  const text = `${s.source.text}\nproposals:\n  - ${proposal}\n`;
  const outcome = readDefinitions({ name: 'slo.yaml', text });
  const proposals = outcome.ok ? outcome.value.flatMap((service) => service.proposals) : [];
  expect(proposals).toMatchObject([{ trigger, costs: 'Two more machines.' }]);
  expect(takesProposal(s, proposal.replace(trigger, `${trigger}-and-more`))).toBe(false);
  const page = outcome.ok ? serviceArtefacts(outcome.value[0]!, [targetNamed('markdown')!]).files[0]!.text : '';
  expect(page).toContain(`| 99.95% | ${trigger} | So it is. | Two more machines. |`);
}

/** A step of the process by which targets change. */
function step(s: System, state: string, approvers: readonly string[] = []): void {
  const found = s.service.changeProcess?.steps.find((one) => one.state === state);
  expect(found).toMatchObject({ approvers });
  documents(s, found?.text ?? 'nothing');
}

/** Reviews of the guide of Task MCP, and how its targets change. */
export const taskReviews: readonly Row[] = [
  {
    id: 'TASK-66',
    says: 'weekly: status of all objectives',
    later: 'run',
    why: reports,
    check: (s) => agenda(s, 'weekly', 'Status of all objectives', 'compliance'),
  },
  {
    id: 'TASK-67',
    says: 'weekly: trends',
    later: 'run',
    why: reports,
    check: (s) => agenda(s, 'weekly', 'Trends and patterns', 'trends'),
  },
  {
    id: 'TASK-68',
    says: 'weekly: effectiveness of alerts',
    later: 'proof',
    why: 'Alerts are scored from history by Proof.',
    check: (s) => agenda(s, 'weekly', 'Effectiveness of the alerts', 'alert-quality'),
  },
  {
    id: 'TASK-69',
    says: 'weekly: action items',
    later: 'run',
    why: 'Action items can be defined; they are tracked by Run.',
    check: (s) => agenda(s, 'weekly', 'Action items', 'action-items'),
  },
  {
    id: 'TASK-70',
    says: 'monthly: performance of each objective',
    later: 'run',
    why: 'A board for each objective is there; reports come with Run.',
    check: (s) => {
      agenda(s, 'monthly', 'Performance of each objective', 'budget');
      for (const { name, lifecycle } of s.service.slos)
        if (lifecycle !== 'draft') expect(boardOf(s, name).panels.length).toBeGreaterThan(10);
    },
  },
  {
    id: 'TASK-71',
    says: 'monthly: targets that do not fit',
    later: 'proof',
    why: 'Suggestions and their backtest come with Proof.',
    check: (s) => agenda(s, 'monthly', 'Targets that do not fit', 'target-suggestions'),
  },
  {
    id: 'TASK-72',
    says: 'monthly: improvements of the process',
    organisation: 'reviews.monthly.agenda.2',
    holds: 'Improvements of the process',
  },
  {
    id: 'TASK-73',
    says: 'monthly: results for the stakeholders',
    later: 'run',
    why: 'Who gets the result is defined; it is sent by Run.',
    check: (s) => {
      agenda(s, 'monthly', 'Results for the stakeholders');
      expect(review(s, 'monthly').distribution).toEqual(['slo-owner', 'business-analyst', 'slo-team']);
      documents(s, 'The result goes to SLO owner, Business analyst, SLO team.');
    },
  },
  {
    id: 'TASK-74',
    says: 'quarterly: strategy',
    later: 'run',
    why: 'The quarterly pack comes with Run.',
    check: (s) => {
      agenda(s, 'quarterly', 'Strategy');
      expect(review(s, 'quarterly').signOff).toBe(true);
    },
  },
  {
    id: 'TASK-75',
    says: 'quarterly: alignment with the business',
    organisation: 'reviews.quarterly.agenda.1',
    holds: 'Alignment with business goals',
  },
  {
    id: 'TASK-76',
    says: 'quarterly: architecture',
    organisation: 'reviews.quarterly.agenda.2.topic',
    holds: 'Architecture and dependencies',
  },
  {
    id: 'TASK-77',
    says: 'quarterly: long-term plans',
    organisation: 'reviews.quarterly.agenda.3.topic',
    holds: 'Long-term plans',
  },
  {
    id: 'TASK-78',
    says: 'trigger: business requirements',
    check: (s) => triggers(s, 0, 'Business requirements changed.', 'requirements'),
  },
  {
    id: 'TASK-79',
    says: 'trigger: technical capabilities',
    check: (s) => triggers(s, 1, 'Technical capabilities improved.', 'capabilities'),
  },
  {
    id: 'TASK-80',
    says: 'trigger: expectations of customers',
    check: (s) => triggers(s, 2, 'Customers expect something else.', 'expectations'),
  },
  {
    id: 'TASK-81',
    says: 'trigger: costs and benefits',
    check: (s) => triggers(s, 3, 'Costs and benefits say so.', 'costs'),
  },
  {
    id: 'TASK-82',
    says: 'criterion: three months of history',
    later: 'proof',
    why: 'The criterion names its check; history is looked at by Proof.',
    check: (s) =>
      expect(s.service.changeProcess?.criteria[0]).toEqual({
        text: 'At least three months of consistent history.',
        check: 'history',
      }),
  },
  {
    id: 'TASK-83',
    says: 'criterion: a justification, without which nothing can be proposed',
    check: (s) => {
      expect(s.service.changeProcess?.criteria[1]).toEqual({
        text: 'A clear business justification.',
        check: 'justified',
      });
      expect(takesProposal(s, '{ slo: api-availability, to: 99.95%, reason: Customers ask for it. }')).toBe(true);
      expect(takesProposal(s, '{ slo: api-availability, to: 99.95% }')).toBe(false);
    },
  },
  {
    id: 'TASK-84',
    says: 'criterion: the target can be met',
    later: 'proof',
    why: 'The criterion names its check; the backtest comes with Proof.',
    check: (s) => expect(s.service.changeProcess?.criteria[2]).toMatchObject({ check: 'feasible' }),
  },
  {
    id: 'TASK-85',
    says: 'criterion: all agree',
    later: 'run',
    why: 'Approvals can be written into a proposal; signing comes with Run.',
    check: (s) => {
      expect(s.service.changeProcess?.criteria[3]).toMatchObject({ check: 'approved' });
      expect(
        takesProposal(
          s,
          '{ slo: api-availability, to: 99.95%, reason: Asked for., approvals: [{ by: slo-owner, date: 2026-01-02 }] }',
        ),
      ).toBe(true);
    },
  },
  {
    id: 'TASK-86',
    says: 'step 1: proposed',
    check: (s) => {
      step(s, 'proposed');
      expect(takesProposal(s, '{ slo: api-availability, to: 99.95%, reason: Asked for., state: proposed }')).toBe(true);
      expect(takesProposal(s, '{ slo: nothing, to: 99.95%, reason: Asked for., state: proposed }')).toBe(false);
    },
  },
  {
    id: 'TASK-87',
    says: 'step 2: analysed',
    later: 'proof',
    why: 'Budget and alerts under the new target are replayed by Proof.',
    check: (s) => step(s, 'analysed'),
  },
  {
    id: 'TASK-88',
    says: 'step 3: in review',
    later: 'run',
    why: 'States and approvers are defined; proposals move through them in Run.',
    check: (s) => step(s, 'in-review', ['technical-lead', 'business-analyst']),
  },
  {
    id: 'TASK-89',
    says: 'step 4: approved',
    later: 'run',
    why: 'The approver is defined; approval with an audit log comes with Run.',
    check: (s) => step(s, 'approved', ['slo-owner']),
  },
  {
    id: 'TASK-90',
    says: 'step 5: active, and told',
    later: 'run',
    why: 'Telling everybody comes with Run.',
    check: (s) => step(s, 'active'),
  },
  {
    id: 'TASK-91',
    says: 'step 6: observing',
    later: 'run',
    why: 'Before and after are compared by Run.',
    check: (s) => step(s, 'observing'),
  },
];
