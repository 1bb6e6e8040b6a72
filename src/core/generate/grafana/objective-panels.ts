import { formatDuration } from '../../base/index.ts';
import { periodLabel, windowLabel } from '../names.ts';
import type { ThresholdStep } from './board.ts';
import type { PanelDraft } from './draft.ts';
import {
  atRiskBelow,
  budgetLeft,
  burnRates,
  errorRatio,
  errorRatios,
  furtherBudgetsLeft,
  furtherPreviousSlis,
  furtherProjectedBudgets,
  memberBudgetsLeft,
  projectedBudget,
  rates,
  rawBudgetLeft,
  type Subject,
  seen,
  sli,
  targetRatio,
  tiersOf,
  windowsOf,
} from './figures.ts';
import { bars, gauge, graph, override, type PanelFacts, steps } from './panels.ts';

/** Panels about one objective that stand on its own board and on that of its service. */

/** The share of good events, against the target. */
export function complianceGauge(subject: Subject): PanelDraft {
  const { slo } = subject;
  return gauge({
    title: slo.title,
    description: `Share of good ${eventWord(subject)} over the period of ${periodOf(subject)}; green from the target of ${slo.target.text} on.`,
    queries: [{ expr: sli(subject), legend: groupLegend(subject, `target ${slo.target.text}`) }],
    unit: 'percentunit',
    decimals: decimalsOf(subject),
    // From five times the budget up: of a whole circle nobody could see whether 99.9 % are reached.
    min: Math.max(0, roundedTo(1 - 5 * Math.max(slo.target.errorBudget, 0.0001))),
    max: 1,
    steps: steps('red', [slo.target.ratio, 'green'], ...aspirationStep(subject)),
  });
}

/** The share of good events over time, with bands below the target, between target and comfort, and above. */
export function sliTrend(subject: Subject): PanelDraft {
  const { slo } = subject;
  const { ratio, errorBudget } = slo.target;
  const comfort = roundedTo(ratio + atRiskBelow * errorBudget);
  const aspired = slo.aspiration === undefined ? '' : ` Blue: the aspiration of ${slo.aspiration.text} is reached.`;
  return graph(
    {
      title: 'Service level over the period',
      description: `Share of good ${eventWord(subject)} over ${periodOf(subject)}, at each moment. Red: below the target of ${slo.target.text}. Yellow: less than a quarter of the budget left.${aspired}`,
      queries: [
        { expr: sli(subject), legend: 'service level' },
        { expr: targetRatio(subject), legend: 'target' },
      ],
      unit: 'percentunit',
      decimals: decimalsOf(subject) + 1,
      max: 1,
      steps: steps('red', [ratio, 'yellow'], [comfort, 'green'], ...aspirationStep(subject)),
      overrides: [override('byFrameRefID', 'B', dashed('text'))],
    },
    { lines: 'line+area', atLeast: [Math.max(0, roundedTo(1 - 2 * errorBudget)), 1] },
  );
}

/** How the budget went, and how much of the period is known at all. */
export function burnDown(subject: Subject): PanelDraft {
  const raw = rawBudgetLeft(subject);
  const isCalendar = subject.slo.period.kind === 'calendar';
  const told = [
    raw === undefined ? '' : ' The purple line is the budget with nothing excluded.',
    isCalendar
      ? ' The blue line is what would be left at the end if the traffic went on and nothing more went wrong.'
      : '',
  ].join('');
  const further = [
    ...(raw === undefined ? [] : [{ expr: raw, legend: 'with nothing excluded', color: 'purple' }]),
    ...(isCalendar ? [{ expr: projectedBudget(subject), legend: 'left at the end', color: 'blue' }] : []),
  ];
  return graph(
    {
      title: 'Error budget left',
      description: `Share of the error budget of ${periodOf(subject)} that is left at each moment; below 0 it is overspent. The grey line is the share of the period with data: until it reaches 100 %, the budget speaks of that part only.${told}`,
      queries: [
        { expr: budgetLeft(subject), legend: groupLegend(subject, 'budget left') },
        { expr: seen(subject), legend: groupLegend(subject, 'share of the period seen') },
        ...further.map(({ expr, legend }) => ({ expr, legend: groupLegend(subject, legend) })),
      ],
      unit: 'percentunit',
      decimals: 1,
      steps: budgetSteps,
      overrides: [
        override('byFrameRefID', 'B', dashed('text')),
        ...further.map(({ color }, index) => override('byFrameRefID', ['C', 'D'][index] ?? 'C', dashed(color))),
      ],
    },
    { atLeast: [0, 1] },
  );
}

/** The budgets of the further periods, of objectives that have some. */
export function furtherBurnDown(subject: Subject): readonly PanelDraft[] {
  const { furtherPeriods } = subject.slo;
  if (furtherPeriods.length === 0) return [];
  const hasCalendar = furtherPeriods.some(({ kind }) => kind === 'calendar');
  const legend = groupLegend(subject, `{{${periodLabel}}}`);
  const facts: PanelFacts = {
    title: 'Error budget left of other periods',
    description: `Share of the error budget that is left of each further period of the objective; below 0 it is overspent.${hasCalendar ? ' At the end: if the traffic of a calendar period went on and nothing more went wrong.' : ''}`,
    queries: [
      { expr: furtherBudgetsLeft(subject), legend },
      ...(hasCalendar ? [{ expr: furtherProjectedBudgets(subject), legend: `${legend}, at the end` }] : []),
    ],
    unit: 'percentunit',
    decimals: 1,
    steps: steps('transparent', [0, 'red']),
  };
  const before = bars({
    title: 'Other periods before',
    description: `Share of good ${eventWord(subject)} in the calendar period before each further one, against the target of ${subject.slo.target.text} of today.`,
    queries: [{ expr: furtherPreviousSlis(subject), legend, instant: true }],
    unit: 'percentunit',
    decimals: decimalsOf(subject) + 1,
    min: 0,
    max: 1,
    steps: steps('red', [subject.slo.target.ratio, 'green']),
  });
  return [graph(facts, { atLeast: [0, 1] }), ...(hasCalendar ? [before] : [])];
}

/** The objectives that make up a composite. */
export function memberPanel(subject: Subject): readonly PanelDraft[] {
  const queries = memberBudgetsLeft(subject);
  if (queries.length === 0) return [];
  return [
    bars({
      title: 'Members',
      description:
        'Share of the error budget that each objective in this composite has left, by its own period and target.',
      queries,
      width: 24,
      height: 2 + 2 * queries.length,
      unit: 'percentunit',
      decimals: 0,
      min: 0,
      max: 1,
      steps: budgetSteps,
    }),
  ];
}

/** Burn rates of all windows, with the line of each tier. */
export function burnRateGraph(subject: Subject): PanelDraft {
  const tiers = tiersOf(subject);
  const listed = tiers
    .map(
      ({ burnRate, longWindow, shortWindow, severity }) =>
        `${burnRate} in ${formatDuration(longWindow)} and ${formatDuration(shortWindow)} (${severity})`,
    )
    .join(', ');
  const lines = tiers.map(({ burnRate, severity }) => [burnRate, severity === 'page' ? 'red' : 'orange'] as const);
  const highest = Math.max(1, ...tiers.map(({ burnRate }) => burnRate));
  return graph(
    {
      title: 'Burn rate by window',
      description: `How many times faster than sustainable the budget burns in each window; at 1 it lasts exactly for the period.${listed === '' ? '' : ` An alert fires while both of its windows are above its line: ${listed}.`}`,
      queries: [{ expr: burnRates(subject), legend: groupLegend(subject, `{{${windowLabel}}}`) }],
      unit: 'suffix:×',
      decimals: 2,
      min: 0,
      steps: steps('transparent', ...(lines.length === 0 ? ([[1, 'orange']] as const) : lines)),
    },
    { atLeast: [0, highest * 1.1] },
  );
}

/** The share of bad events in each window, with the line of the budget. */
export function errorRatioGraph(subject: Subject): PanelDraft {
  const { errorBudget } = subject.slo.target;
  return graph(
    {
      title: 'Bad share by window',
      description: `Share of bad ${eventWord(subject)} in each window; the line is what the target of ${subject.slo.target.text} allows.`,
      queries: [{ expr: errorRatios(subject), legend: groupLegend(subject, `{{${windowLabel}}}`) }],
      unit: 'percentunit',
      decimals: 2,
      min: 0,
      steps: steps('transparent', [errorBudget, 'red']),
    },
    { atLeast: [0, 2 * errorBudget] },
  );
}

/** The share of bad events at the moment, for a service's board. */
export function currentErrors(subject: Subject): PanelDraft {
  const { slo } = subject;
  const [shortest] = windowsOf(subject);
  return graph(
    {
      title: `${slo.title}: bad share`,
      description: `Share of bad ${eventWord(subject)} in the last ${formatDuration(shortest)}; the line is what the target of ${slo.target.text} allows over the period.`,
      queries: [{ expr: errorRatio(subject, shortest), legend: groupLegend(subject, 'bad share') }],
      height: 7,
      unit: 'percentunit',
      decimals: 2,
      min: 0,
      steps: steps('transparent', [slo.target.errorBudget, 'red']),
    },
    { atLeast: [0, 2 * slo.target.errorBudget] },
  );
}

/** Good and bad events a second, stacked. */
export function traffic(subject: Subject, title: string): PanelDraft {
  const { good, bad } = rates(subject);
  const [shortest] = windowsOf(subject);
  const word = eventWord(subject);
  return graph(
    {
      title,
      description: `Good and bad ${word} a second, over the last ${formatDuration(shortest)} at each moment: whether a bad share is many users or a handful.`,
      queries: [
        { expr: good, legend: groupLegend(subject, 'good') },
        { expr: bad, legend: groupLegend(subject, 'bad') },
      ],
      height: 7,
      unit: subject.slo.measure.kind === 'events' ? 'cps' : 'suffix: slices/s',
      min: 0,
      overrides: [
        override('byFrameRefID', 'A', { color: { mode: 'fixed', fixedColor: 'green' } }),
        override('byFrameRefID', 'B', { color: { mode: 'fixed', fixedColor: 'red' } }),
      ],
    },
    { stacked: true },
  );
}

/** Colours by what is left of a budget. */
export const budgetSteps: readonly ThresholdStep[] = steps('red', [0, 'yellow'], [atRiskBelow, 'green']);

/** What the target is a share of. */
export function eventWord({ slo: { measure } }: Subject): string {
  return measure.kind === 'events' ? 'events' : `slices of ${formatDuration(measure.length)}`;
}

/** The period as it stands in sentences. */
export function periodOf({ slo: { period } }: Subject): string {
  return period.kind === 'calendar' ? `the calendar ${period.unit} so far` : formatDuration(period.length);
}

/** Enough decimals to see a tenth of the budget: two for 99.5 %. */
export function decimalsOf({ slo: { target } }: Subject): number {
  const [, places = ''] = target.text.replace('%', '').split('.');
  return Math.min(4, places.length + 1);
}

/** The values of the group's labels, where there are groups, and what is shown. */
export function groupLegend({ slo: { groupBy } }: Subject, what: string): string {
  return groupBy.length === 0 ? what : `${groupBy.map((label) => `{{${label}}}`).join(' ')} ${what}`;
}

function aspirationStep({ slo: { aspiration, target } }: Subject): readonly (readonly [number, string])[] {
  return aspiration === undefined || aspiration.ratio <= target.ratio ? [] : [[aspiration.ratio, 'blue']];
}

function dashed(color: string): Readonly<Record<string, unknown>> {
  return { 'custom.lineStyle': { fill: 'dash', dash: [8, 8] }, color: { mode: 'fixed', fixedColor: color } };
}

/** Sums of decimals without the noise of binary fractions. */
function roundedTo(value: number): number {
  return Number(value.toFixed(9));
}
