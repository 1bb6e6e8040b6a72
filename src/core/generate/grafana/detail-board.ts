import { type Duration, formatDuration } from '../../base/index.ts';
import { build } from '../../promql/index.ts';
import { allowedTime, type Service, type Slo } from '../../slo/index.ts';
import { readableLength } from '../document/words.ts';
import { identityLabels, recorded } from '../names.ts';
import { alertTable } from './alert-panels.ts';
import type { Board } from './board.ts';
import { conditionPanels } from './condition-panels.ts';
import type { PanelDraft, RowDraft } from './draft.ts';
import {
  allEvents,
  badEvents,
  badEventsLeft,
  budgetLeft,
  exhaustion,
  groupVariable,
  highestBurnRate,
  inChosenEnvironment,
  inChosenGroups,
  isMet,
  previousBudgetLeft,
  previousSli,
  projectedBudget,
  type Subject,
  seen,
  sli,
  subjectOf,
  tiersOf,
  timeSpent,
  windowsOf,
} from './figures.ts';
import { alertAnnotations, boardMenu, boardOf, labelVariable, link, taggedAnnotations } from './frame.ts';
import { bandPanel, heatPanel, latencyFamilies, periodQuantilePanel, quantilePanel } from './latency-panels.ts';
import { boardPath, boardUid, overviewUid } from './names.ts';
import {
  budgetSteps,
  burnDown,
  burnRateGraph,
  decimalsOf,
  errorRatioGraph,
  eventWord,
  furtherBurnDown,
  groupLegend,
  memberPanel,
  periodOf,
  sliTrend,
  traffic,
} from './objective-panels.ts';
import { offenderPanels } from './offender-panels.ts';
import { ownRows } from './own-panels.ts';
import { booleanMapping, stat, steps, text } from './panels.ts';
import { environmentVariables } from './service-board.ts';
import { objectiveText } from './texts.ts';

/** The board of one objective: where an alert about it leads. */
export function detailBoard(service: Service, slo: Slo, interval: Duration): Board {
  const subject = subjectOf(service, slo, interval, 'chosen groups');
  return boardOf(
    {
      uid: boardUid(service, slo),
      title: `${service.title}: ${slo.title}`,
      services: [service],
      tags: [`service:${service.name}`, 'detail'],
      variables: [
        ...environmentVariables(service),
        ...slo.groupBy.map((label) =>
          labelVariable(groupVariable(label), label, `Group: ${label}`, knownBudgets(service, slo)),
        ),
      ],
      annotations: [
        alertAnnotations(subject.own),
        taggedAnnotations('Incidents', 'orange', ['incident', service.name]),
        taggedAnnotations('Deployments', 'blue', ['deployment', service.name]),
      ],
      links: [
        link({ title: 'All services', tooltip: 'The overview', url: boardPath(overviewUid), keepTime: true }),
        link({
          title: service.title,
          tooltip: 'The board of the service',
          url: boardPath(boardUid(service)),
          keepTime: true,
        }),
        boardMenu('Objectives', 'Boards of this service', ['nines', `service:${service.name}`]),
      ],
      // Burn rates of three days and a month's budget are not seen in an hour.
      from: 'now-7d',
    },
    inChosenEnvironment(service, inChosenGroups(subject, rows(subject))),
  );
}

function rows(subject: Subject): readonly RowDraft[] {
  const { service, slo, interval } = subject;
  const [family] = latencyFamilies(service, [slo], interval);
  const burns = 0 < slo.target.errorBudget;
  return [
    { title: 'Now', panels: nowPanels(subject) },
    {
      title: 'Alerts',
      panels: [alertTable('Active alerts', 'Alerts about this objective that fire now.', subject.own, 24, slo.groupBy)],
    },
    { title: 'Service level', panels: [sliTrend(subject), errorRatioGraph(subject)] },
    {
      title: 'Error budget',
      panels: [burnDown(subject), ...(burns ? [burnRateGraph(subject)] : []), ...furtherBurnDown(subject)],
    },
    { title: 'Members', panels: memberPanel(subject) },
    {
      title: 'Condition',
      panels: slo.indicator.kind === 'condition' ? conditionPanels(subject, slo.indicator.condition) : [],
    },
    { title: 'Traffic', panels: [{ ...traffic(subject, `Good and bad ${eventWord(subject)}`), width: 24 }] },
    {
      title: 'Distribution',
      panels: family === undefined ? [] : [bandPanel, quantilePanel, heatPanel].map((make) => make(family, slo.title)),
    },
    {
      // Reads the raw buckets of days, so that it is asked only by whoever opens it.
      title: 'Distribution over the period',
      collapsed: true,
      panels: family === undefined ? [] : [periodQuantilePanel(family, slo)],
    },
    { title: 'Where bad events come from', panels: offenderPanels(subject) },
    ...ownRows(service, 'detail'),
  ];
}

function nowPanels(subject: Subject): readonly PanelDraft[] {
  const { service, slo } = subject;
  const period = periodOf(subject);
  const word = eventWord(subject);
  const legend = (what: string): string => groupLegend(subject, what);
  const figures: readonly PanelDraft[] = [
    stat({
      title: 'Promise',
      description: `Whether the target of ${slo.target.text} is met over ${period} so far; it says missed while it is, and does not vanish.`,
      queries: [{ expr: isMet(subject), legend: legend('promise'), instant: true }],
      mappings: [booleanMapping('met', 'missed')],
      steps: steps('red', [1, 'green']),
    }),
    stat({
      title: 'Service level',
      description: `Share of good ${word} over ${period}.`,
      queries: [{ expr: sli(subject), legend: legend('service level'), instant: true }],
      unit: 'percentunit',
      decimals: decimalsOf(subject) + 1,
      steps: steps('red', [slo.target.ratio, 'green']),
    }),
    stat({
      title: 'Error budget left now',
      description: `Share of the error budget of ${period} that is left; below 0 it is overspent.`,
      queries: [{ expr: budgetLeft(subject), legend: legend('budget left'), instant: true }],
      unit: 'percentunit',
      decimals: 1,
      steps: budgetSteps,
    }),
    stat({
      title: 'Period seen',
      description: `How much of ${period} has data: below 100 % all figures of the period speak of that part only.`,
      queries: [{ expr: seen(subject), legend: legend('seen'), instant: true }],
      unit: 'percentunit',
      decimals: 0,
      steps: steps('orange', [0.99, 'text']),
    }),
    stat({
      title: 'Bad and all events',
      description: `Bad ${word} and all ${word} in ${period}, and how many more bad ones that traffic allows.`,
      queries: [
        { expr: badEvents(subject), legend: legend('bad'), instant: true },
        { expr: allEvents(subject), legend: legend('all'), instant: true },
        { expr: badEventsLeft(subject), legend: legend('allowed yet'), instant: true },
      ],
      decimals: 0,
      unit: 'short',
    }),
  ];
  const sentence = text(
    'Promise in words',
    'What is promised, and who is told when it burns.',
    objectiveText(service, slo),
    {
      width: 24,
      height: 5 + slo.impact.length + slo.alerts.length,
    },
  );
  return [sentence, ...figures, ...wholePeriod(subject), ...burning(subject)];
}

/** What only a calendar period has: an end, and a period before it. */
function wholePeriod(subject: Subject): readonly PanelDraft[] {
  const { slo } = subject;
  if (slo.period.kind !== 'calendar') return [];
  const { unit } = slo.period;
  const legend = (what: string): string => groupLegend(subject, what);
  return [
    stat({
      title: `Budget left at the end of the ${unit}`,
      description: `Share of the error budget of the whole ${unit} that would be left if its traffic went on as so far and nothing more went wrong. Early in the ${unit} this is the fair figure: what is left now is of the events so far.`,
      queries: [{ expr: projectedBudget(subject), legend: legend('left at the end'), instant: true }],
      unit: 'percentunit',
      decimals: 1,
      steps: budgetSteps,
    }),
    stat({
      title: `The ${unit} before`,
      description: `Share of good ${eventWord(subject)} in the calendar ${unit} before this one, against the target of ${slo.target.text} of today.`,
      queries: [{ expr: previousSli(subject), legend: legend('service level'), instant: true }],
      unit: 'percentunit',
      decimals: decimalsOf(subject) + 1,
      steps: steps('red', [slo.target.ratio, 'green']),
    }),
    stat({
      title: `Budget left of the ${unit} before`,
      description: `Share of the error budget that was left when the ${unit} before this one ended; below 0 it was overspent.`,
      queries: [{ expr: previousBudgetLeft(subject), legend: legend('was left'), instant: true }],
      unit: 'percentunit',
      decimals: 1,
      steps: budgetSteps,
    }),
  ];
}

/** How fast the budget burns, and how long it lasts: only where there is one. */
function burning(subject: Subject): readonly PanelDraft[] {
  if (subject.slo.target.errorBudget === 0) return [];
  const [first] = tiersOf(subject);
  const [shortest] = windowsOf(subject);
  const window = first?.longWindow ?? shortest;
  const { period, target } = subject.slo;
  const allowed = readableLength(allowedTime(target.errorBudget, period.length));
  return [
    stat({
      title: 'Budget spent, as time',
      description: `The bad share of ${periodOf(subject)} as time of a full outage at even traffic; the budget is ${allowed}.`,
      queries: [{ expr: timeSpent(subject), legend: groupLegend(subject, 'spent'), instant: true }],
      unit: 's',
      decimals: 1,
      steps: steps('text', [allowedTime(target.errorBudget, period.length) / 1000, 'red']),
    }),
    stat({
      title: 'Highest burn rate now',
      description: 'How many times faster than sustainable the budget burns, in the window in which it burns fastest.',
      queries: [{ expr: highestBurnRate(subject), legend: groupLegend(subject, 'burn rate'), instant: true }],
      unit: 'suffix:×',
      decimals: 1,
      steps: steps('green', [1, 'orange'], [first?.burnRate ?? 10, 'red']),
    }),
    stat({
      title: 'Budget lasts',
      description: `How long the rest of the budget lasts if it goes on burning as in the last ${formatDuration(window)}; nothing while nothing burns.`,
      queries: [{ expr: exhaustion(subject, window), legend: groupLegend(subject, 'lasts'), instant: true }],
      unit: 's',
      decimals: 1,
      steps: steps('red', [86_400, 'orange'], [subject.slo.period.length / 1000, 'green']),
    }),
  ];
}

/** What is recorded for each group. */
function knownBudgets(service: Service, slo: Slo): ReturnType<typeof build.selector> {
  return build.selector(recorded.periodBudgetRemaining, identityLabels(service, slo));
}
