import { build, type Expr } from '../../promql/index.ts';
import type { Service } from '../../slo/index.ts';
import { recorded, windowLabel } from '../names.ts';
import { alertTable } from './alert-panels.ts';
import type { Board } from './board.ts';
import type { PanelDraft, RowDraft } from './draft.ts';
import { firing } from './figures.ts';
import {
  alertAnnotations,
  boardMenu,
  boardOf,
  chosen,
  knownObjectives,
  labelVariable,
  taggedAnnotations,
} from './frame.ts';
import { boardPath, boardUid, overviewUid } from './names.ts';
import { budgetSteps } from './objective-panels.ts';
import { bars, booleanMapping, override, stat, steps, table, text } from './panels.ts';
import { statePanel } from './state-panels.ts';
import { boardList } from './texts.ts';

const { aggregate, by, call, compare, compareBool, multiply, number, or, selector, subtract, unless, on } = build;

const selection: build.Conditions = { service: chosen('service') };
const main: build.Conditions = { ...selection, period: '' };
const perObjective = by('service', 'slo');

/** The board of all services: who is well, who is not, where to look. */
export function overviewBoard(services: readonly Service[]): Board {
  return boardOf(
    {
      uid: overviewUid,
      title: 'Service level objectives',
      services,
      tags: [],
      variables: [labelVariable('service', 'service', 'Service', knownObjectives())],
      annotations: [
        alertAnnotations({ ...selection, severity: ['=~', 'page|critical'] }),
        taggedAnnotations('Incidents', 'orange', ['incident']),
        taggedAnnotations('Deployments', 'blue', ['deployment']),
      ],
      links: [boardMenu('Boards', 'Boards of services and objectives', ['nines'])],
      from: 'now-24h',
    },
    rows(services),
  );
}

function rows(services: readonly Service[]): readonly RowDraft[] {
  return [
    { title: 'Now', panels: [statePanel(selection, 12), serviceHealth()] },
    {
      title: 'Alerts',
      panels: [
        alertTable(
          'Active burn-rate alerts',
          'Alerts on budgets that burn too fast, and the window that fired.',
          { ...selection, slo: ['!=', ''], [windowLabel]: ['!=', ''] },
          14,
        ),
        alertTable(
          'Other active alerts',
          'Alerts on missing data, on indicators themselves and on operations.',
          { ...selection, [windowLabel]: '' },
          10,
        ),
      ],
    },
    { title: 'Objectives', panels: [objectiveTable(services)] },
    { title: 'Error budgets', panels: [consumption()] },
    {
      title: 'Services',
      panels: [
        text(
          'Boards of the services',
          'The services whose definitions this board was made from.',
          boardList(services),
          {
            width: 24,
            height: Math.min(12, 2 + services.length),
          },
        ),
      ],
    },
  ];
}

/** The worst known objective of each service; NaN, so that it shows as unknown, where none is known. */
export function healthOf(): Expr {
  const budgets = selector(recorded.periodBudgetRemaining, main);
  const known = aggregate('min', by('service'), budgets);
  const promised = aggregate('count', by('service'), selector(recorded.objective, selection));
  return or(known, multiply(promised, number(Number.NaN)));
}

function serviceHealth(): PanelDraft {
  return stat({
    title: 'Service health',
    description:
      'What is left of the error budget of the worst objective of each service: a service is as well as its worst promise.',
    queries: [{ expr: healthOf(), legend: '{{service}}', instant: true }],
    width: 12,
    unit: 'percentunit',
    decimals: 0,
    steps: budgetSteps,
    overrides: [],
  });
}

function consumption(): PanelDraft {
  const spent = subtract(1, selector(recorded.periodBudgetRemaining, main));
  return bars({
    title: 'Error budget consumed',
    description:
      'Share of the error budget that each objective has spent in its period; above 100 % the target is missed.',
    queries: [{ expr: call('sort_desc', spent), legend: '{{service}} {{slo}}', instant: true }],
    width: 24,
    height: 12,
    unit: 'percentunit',
    decimals: 0,
    min: 0,
    max: 1,
    steps: steps('green', [0.75, 'yellow'], [1, 'red']),
  });
}

/** Columns of the table, in the order of the queries that fill them. */
export function objectiveColumns(): readonly (readonly [heading: string, expr: Expr])[] {
  const most = (expr: Expr): Expr => aggregate('max', perObjective, expr);
  const least = (expr: Expr): Expr => aggregate('min', perObjective, expr);
  const budget = least(selector(recorded.periodBudgetRemaining, main));
  const promised = aggregate('max', perObjective, selector(recorded.objective, selection));
  return [
    // Objectives without figures stand in the table too, with an empty budget.
    ['Budget left', or(budget, multiply(unless(promised, budget, on('service', 'slo')), number(Number.NaN)))],
    ['Met', compareBool('>=', budget, 0)],
    ['Service level', subtract(1, most(selector(recorded.periodErrorRatio, main)))],
    ['Target', promised],
    ['Highest burn rate', most(selector(recorded.burnRate, selection))],
    ['Period seen', least(selector(recorded.periodFill, main))],
    ['Alerts', aggregate('count', perObjective, compare('==', firing({ ...selection, slo: ['!=', ''] }), 1))],
  ];
}

function objectiveTable(services: readonly Service[]): PanelDraft {
  const columns = objectiveColumns();
  const names = Object.fromEntries(columns.map(([heading], index) => [`Value #${letter(index)}`, heading]));
  const percent = { unit: 'percentunit' };
  return table(
    {
      title: 'Objectives, worst first',
      description:
        'Each objective with what is left of its error budget, how fast it burns at most, and how much of its period has data; grouped objectives by their worst group.',
      queries: columns.map(([, expr]) => ({ expr, instant: true, format: 'table' as const })),
      width: 24,
      height: 12,
      decimals: 2,
      overrides: [
        override('byName', 'Service', {
          links: [linkTo('Board of the service', serviceAddress(services))],
        }),
        override('byName', 'Objective', { links: [linkTo('Board of the objective', detailAddress(services))] }),
        override('byName', 'Budget left', {
          ...percent,
          thresholds: { mode: 'absolute', steps: budgetSteps },
          'custom.cellOptions': { type: 'color-background', mode: 'basic' },
        }),
        override('byName', 'Met', {
          mappings: [booleanMapping('met', 'missed')],
          'custom.cellOptions': { type: 'color-text' },
        }),
        override('byName', 'Service level', { ...percent, decimals: 3 }),
        override('byName', 'Target', { ...percent, decimals: 3 }),
        override('byName', 'Highest burn rate', { unit: 'suffix:×' }),
        override('byName', 'Period seen', { ...percent, decimals: 0 }),
        override('byName', 'Alerts', {
          decimals: 0,
          noValue: '',
          thresholds: { mode: 'absolute', steps: steps('text', [1, 'red']) },
        }),
      ],
    },
    {
      names: { service: 'Service', slo: 'Objective', ...names },
      sortBy: { column: 'Budget left', descending: false },
    },
  );
}

function linkTo(title: string, url: string) {
  return { title, url, targetBlank: false };
}

/** Uids are made of the names; where one is too long and was shortened, Grafana finds the boards of a service by their tag. */
function serviceAddress(services: readonly Service[]): string {
  const isPlain = services.every((service) => boardUid(service) === `${overviewUid}_${service.name}`);
  const name = `\${__value.raw}`;
  return isPlain ? `${boardPath(overviewUid)}_${name}` : `/dashboards?tag=service:${name}`;
}

/** Uids are made of the names; where one is too long and was shortened, Grafana's search finds the board. */
function detailAddress(services: readonly Service[]): string {
  const isPlain = services.every((service) =>
    service.slos.every((slo) => boardUid(service, slo) === `${overviewUid}_${service.name}_${slo.name}`),
  );
  const fields = ['Service', 'Objective'].map((name) => `\${__data.fields.${name}}`);
  return isPlain
    ? `${boardPath(overviewUid)}_${fields.join('_')}`
    : `/dashboards?tag=nines&query=${fields.join('%20')}`;
}

function letter(index: number): string {
  return String.fromCharCode(65 + index);
}
