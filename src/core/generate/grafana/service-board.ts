import type { Duration } from '../../base/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { ErrorBudgetPolicy, Service, Slo } from '../../slo/index.ts';
import { recorded } from '../names.ts';
import { alertTable } from './alert-panels.ts';
import type { Board, Variable } from './board.ts';
import { comparisonPanels, stripPanel } from './condition-panels.ts';
import type { PanelDraft, RowDraft } from './draft.ts';
import { environmentConditions, environmentLabel, inChosenEnvironment, type Subject, subjectOf } from './figures.ts';
import {
  alertAnnotations,
  boardMenu,
  boardOf,
  chosen,
  knownObjectives,
  labelVariable,
  link,
  taggedAnnotations,
} from './frame.ts';
import { bandPanel, latencyFamilies, quantilePanel } from './latency-panels.ts';
import { boardPath, boardUid, overviewUid } from './names.ts';
import { budgetSteps, complianceGauge, currentErrors, traffic } from './objective-panels.ts';
import { informationalPanels, ownRows, thresholdPanels } from './own-panels.ts';
import { bars, graph, stat, steps, text } from './panels.ts';
import { statePanel } from './state-panels.ts';
import { serviceText } from './texts.ts';

const { aggregate, by, selector } = build;

/** The board of a service: its promises, its figures of operations, and what it adds itself. `slos` are those that have rules. */
export function serviceBoard(given: Service, slos: readonly Slo[], interval: Duration): Board {
  // Where no objective has rules, no series tells of objectives and environments among which one could choose.
  const isPromising = 0 < slos.length;
  const service = isPromising ? given : { ...given, environments: [] };
  const whole: build.Conditions = { service: service.name, ...environmentConditions(service) };
  return boardOf(
    {
      uid: boardUid(service),
      title: `${service.title}: objectives`,
      services: [service],
      tags: [`service:${service.name}`],
      variables: isPromising
        ? [
            labelVariable('slo', 'slo', 'Objective', knownObjectives({ service: service.name })),
            ...environmentVariables(service),
          ]
        : [],
      annotations: [
        alertAnnotations({ ...whole, ...(isPromising && { slo: chosen('slo') }) }),
        taggedAnnotations('Incidents', 'orange', ['incident', service.name]),
        taggedAnnotations('Deployments', 'blue', ['deployment', service.name]),
      ],
      links: [
        link({ title: 'All services', tooltip: 'The overview', url: boardPath(overviewUid), keepTime: true }),
        boardMenu('Objectives', 'Boards of the objectives', ['nines', `service:${service.name}`]),
      ],
      from: 'now-24h',
    },
    inChosenEnvironment(service, [
      ...(isPromising ? [nowRow(service, slos, whole)] : []),
      alertRow(service, slos, whole),
      ...(isPromising ? promiseRows(service, slos, whole, interval) : []),
      ...operationRows(service, interval),
      ...ownRows(service, 'service'),
    ]),
  );
}

/** A choice among the environments of a service, if a label tells their series apart. */
export function environmentVariables(service: Service): readonly Variable[] {
  const label = environmentLabel(service);
  return label === undefined
    ? []
    : [labelVariable('environment', label, 'Environment', knownObjectives({ service: service.name }))];
}

function nowRow(service: Service, slos: readonly Slo[], whole: build.Conditions): RowDraft {
  return {
    title: 'Now',
    panels: [
      statePanel({ ...whole, slo: chosen('slo') }),
      ...service.policies.flatMap((policy) => policyPanel(service, policy, slos) ?? []),
    ],
  };
}

function alertRow(service: Service, slos: readonly Slo[], whole: build.Conditions): RowDraft {
  const height = Math.min(16, 8 + slos.length);
  // Alerts of the service as a whole have no label for an objective.
  const those: build.Conditions = slos.length === 0 ? whole : { ...whole, slo: ['=~', '$slo|'] };
  const groups = [...new Set(slos.flatMap(({ groupBy }) => groupBy))];
  return {
    title: 'Alerts, and whom to ask',
    panels: [
      { ...alertTable('Active alerts', 'Alerts of this service that fire now.', those, 14, groups), height },
      text('About', 'What this service is, whose it is, and where to look.', serviceText(service, slos), {
        width: 10,
        height,
      }),
    ],
  };
}

function promiseRows(
  service: Service,
  slos: readonly Slo[],
  whole: build.Conditions,
  interval: Duration,
): readonly RowDraft[] {
  const subjects = slos.map((slo) => subjectOf(service, slo, interval, 'all groups'));
  const conditions = subjects.filter(({ slo: { indicator } }) => indicator.kind === 'condition');
  return [
    { title: 'Compliance', panels: subjects.map(complianceGauge) },
    { title: 'Error budget', panels: budgetPanels(whole, slos) },
    {
      title: 'Traffic and bad events',
      panels: subjects.flatMap((subject) => [
        { ...currentErrors(subject), width: 12 },
        { ...traffic(subject, `${subject.slo.title}: traffic`), width: 12 },
      ]),
    },
    { title: 'Latency', panels: latencyPanels(service, slos, interval) },
    { title: 'Conditions', panels: conditionRow(service, conditions) },
  ];
}

/** Objectives of a service by what is left of their budgets. */
function budgetPanels(whole: build.Conditions, slos: readonly Slo[]): readonly PanelDraft[] {
  const selection = { ...whole, slo: chosen('slo') };
  const budgets = selector(recorded.periodBudgetRemaining, { ...selection, period: '' });
  // A label that a series does not have leaves nothing in its legend.
  const groups = [...new Set(slos.flatMap(({ groupBy }) => groupBy))];
  const legend = ['slo', ...groups].map((label) => `{{${label}}}`).join(' ');
  return [
    bars({
      title: 'Error budget left',
      description: 'Share of the error budget of its period that each objective has left now; below 0 it is overspent.',
      queries: [{ expr: budgets, legend, instant: true }],
      width: 8,
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      steps: budgetSteps,
    }),
    graph(
      {
        title: 'Error budget over time',
        description:
          'Share of the error budget that each objective had left at each moment; below the line it is overspent.',
        queries: [{ expr: budgets, legend }],
        width: 8,
        unit: 'percentunit',
        decimals: 1,
        steps: steps('transparent', [0, 'red']),
      },
      { atLeast: [0, 1] },
    ),
    ...(slos.some(({ target }) => 0 < target.errorBudget) ? [burnRatePanel(selection)] : []),
  ];
}

function burnRatePanel(selection: build.Conditions): PanelDraft {
  return graph(
    {
      title: 'Highest burn rate',
      description:
        'How many times faster than sustainable each budget burns, in the window in which it burns fastest; at 1 it lasts exactly for the period.',
      queries: [{ expr: highestBurnRates(selection), legend: '{{slo}}' }],
      width: 8,
      unit: 'suffix:×',
      decimals: 1,
      min: 0,
      steps: steps('transparent', [1, 'orange']),
    },
    { atLeast: [0, 2] },
  );
}

function highestBurnRates(selection: build.Conditions): Expr {
  return aggregate('max', by('slo'), selector(recorded.burnRate, selection));
}

/** The state that a policy asks for, from the worst budget that it watches. Exceptions and the moment of the change are not seen here. */
function policyPanel(service: Service, policy: ErrorBudgetPolicy, slos: readonly Slo[]): PanelDraft | undefined {
  const watched = policy.slos.filter((name) => slos.some((slo) => slo.name === name));
  // As the rules that switch alerts do: what is left of a calendar period's budget says little in its first days.
  const budgetsOf = (figure: string, some: readonly string[]): readonly Expr[] => {
    const [first, ...others] = some;
    if (first === undefined) return [];
    const which = others.length === 0 ? first : (['=~', some.join('|')] as const);
    return [selector(figure, { service: service.name, slo: which, ...environmentConditions(service), period: '' })];
  };
  const isCalendar = (name: string): boolean => slos.some((slo) => slo.name === name && slo.period.kind === 'calendar');
  const [first, ...rest] = [
    ...budgetsOf(
      recorded.periodBudgetRemaining,
      watched.filter((name) => !isCalendar(name)),
    ),
    ...budgetsOf(recorded.periodProjectedBudget, watched.filter(isCalendar)),
  ];
  if (first === undefined) return undefined;
  const budgets = build.or(first, ...rest);
  const isWorst = policy.combine === 'worst';
  const colours = policyColours(policy.states.length);
  const told = policy.states
    .map(({ name, above }) =>
      above === undefined ? `${name} otherwise` : `${name} above ${Number((100 * above).toPrecision(6))} %`,
    )
    .join(', ');
  return stat({
    title: `${policy.title}: state`,
    description: `The state that follows from what is left of the budget ${isWorst ? 'that is worst off' : 'of each objective'}: ${told}. A hint: what counts is what the server of Nines says, which knows exceptions.`,
    queries: [
      {
        expr: isWorst ? aggregate('min', by(), budgets) : budgets,
        legend: isWorst ? 'worst budget' : '{{slo}}',
        instant: true,
      },
    ],
    unit: 'percentunit',
    mappings: policy.states.map(({ name, above }, index) => ({
      type: 'range',
      options: {
        from: above ?? null,
        to: policy.states[index - 1]?.above ?? null,
        result: { text: name, color: colours[index] ?? 'red', index },
      },
    })),
  });
}

/** From green to red, however many states there are. */
function policyColours(count: number): readonly string[] {
  const between = ['yellow', 'orange', 'semi-dark-orange', 'dark-orange'];
  return Array.from({ length: count }, (_, index) => {
    if (index === 0) return 'green';
    return index === count - 1 ? 'red' : (between[Math.min(index - 1, between.length - 1)] ?? 'orange');
  });
}

function latencyPanels(service: Service, slos: readonly Slo[], interval: Duration): readonly PanelDraft[] {
  return latencyFamilies(service, slos, interval).flatMap((family) => {
    const name = family.slos.map(({ title }) => title).join(', ');
    return [
      { ...quantilePanel(family, name), width: 12 },
      { ...bandPanel(family, name), width: 12 },
    ];
  });
}

function conditionRow(service: Service, subjects: readonly Subject[]): readonly PanelDraft[] {
  if (subjects.length === 0) return [];
  const values = subjects.flatMap(({ slo: { indicator, title } }) =>
    indicator.kind === 'condition' ? comparisonPanels(service, indicator.condition, title) : [],
  );
  return [stripPanel(subjects, 'Conditions held or broken'), ...values];
}

function operationRows(service: Service, interval: Duration): readonly RowDraft[] {
  return [
    { title: 'Operational thresholds', panels: thresholdPanels(service) },
    { title: 'Shown, not promised', panels: informationalPanels(service, interval) },
  ];
}
