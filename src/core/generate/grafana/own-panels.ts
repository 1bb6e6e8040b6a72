import { type Duration, unreachable } from '../../base/index.ts';
import { build, type Expr, selectorsOf } from '../../promql/index.ts';
import type { OperationalThreshold, Panel, PanelLine, PanelRow, Service } from '../../slo/index.ts';
import { underEveryName } from '../former-names.ts';
import { recorded } from '../names.ts';
import type { ThresholdStep } from './board.ts';
import { comparisonPanels } from './condition-panels.ts';
import { distributionOf, quantileOf, rateRange, sideBySide } from './distribution.ts';
import type { PanelDraft, QueryDraft, RowDraft } from './draft.ts';
import { bars, gauge, graph, type PanelFacts, stat, steps } from './panels.ts';
import { grafanaUnit } from './units.ts';

const { call, compare, divide, range, sum } = build;

/** The rows that a service adds to one of its boards. */
export function ownRows(service: Service, board: PanelRow['board']): readonly RowDraft[] {
  return service.panels
    .filter((row) => row.board === board)
    .map(({ title, panels }) => ({ title, panels: panels.map((panel) => ownPanel(service, panel)) }));
}

function ownPanel(service: Service, panel: Panel): PanelDraft {
  const unit = grafanaUnit(panel.unit);
  const facts: PanelFacts = {
    title: panel.title,
    description: panel.description ?? lineWords(panel),
    queries: panel.queries.map(
      ({ expr, legend }): QueryDraft => ({
        expr: underEveryName(service, expr),
        ...(legend !== undefined && { legend }),
      }),
    ),
    unit,
    ...endsOf(panel),
  };
  const { lines } = panel;
  switch (panel.kind) {
    case 'stat':
      return stat({ ...facts, steps: coloursOf(panel) });
    case 'gauge':
      return gauge({ ...facts, height: 8, steps: coloursOf(panel) });
    case 'bar':
      return bars({ ...facts, ...(0 < lines.length && { steps: coloursOf(panel) }) });
    case 'graph':
    case 'stacked': {
      const style = { ...atLeast(lines), stacked: panel.kind === 'stacked' };
      return graph(0 < lines.length ? { ...facts, steps: linesOf(lines) } : facts, style);
    }
    default:
      return unreachable(panel.kind);
  }
}

function lineWords({ title, lines }: Panel): string {
  const told = lines.map(({ title: name, level, value }) => `${name === '' ? level : name} ${value}`).join(', ');
  return told === '' ? `${title}, as the definition asks for it.` : `${title}, with lines: ${told}.`;
}

/** A gauge needs ends; shares have natural ones. */
function endsOf({ kind, unit, lines }: Panel): { readonly min?: number; readonly max?: number } {
  if (kind !== 'gauge') return {};
  if (unit === 'percent' || unit === '%') return { min: 0, max: 100 };
  if (unit === 'ratio') return { min: 0, max: 1 };
  return { min: 0, max: 1.25 * Math.max(1, ...lines.map(({ value }) => value)) };
}

const lineColours: Readonly<Record<PanelLine['level'], string>> = {
  target: 'green',
  warning: 'orange',
  critical: 'red',
};

/** Lines in the colours of their levels; nothing is said of what lies between. */
function linesOf(lines: readonly PanelLine[]): readonly ThresholdStep[] {
  return steps('transparent', ...lines.map(({ value, level }) => [value, lineColours[level]] as const));
}

/**
 * Colours of a figure. Too little is bad where a target is to be reached, where the critical value is the lower one, and of what is left of
 * a budget; otherwise too much is.
 */
function coloursOf({ lines, queries }: Panel): readonly ThresholdStep[] {
  const at = (level: PanelLine['level']): number | undefined => lines.find((line) => line.level === level)?.value;
  const warning = at('warning');
  const critical = at('critical');
  const isLowBad =
    (warning !== undefined && critical !== undefined && critical < warning) ||
    queries.flatMap(({ expr }) => selectorsOf(expr)).some(({ name }) => name === recorded.periodBudgetRemaining);
  if (isLowBad && (warning !== undefined || critical !== undefined)) {
    const good = warning ?? critical ?? 0;
    return critical === undefined || warning === undefined
      ? steps(critical === undefined ? 'orange' : 'red', [good, 'green'])
      : steps('red', [critical, 'orange'], [warning, 'green']);
  }
  const below = at('target') === undefined ? 'green' : 'red';
  return steps(below, ...lines.map(({ value, level }) => [value, lineColours[level]] as const));
}

function atLeast(lines: readonly PanelLine[]) {
  if (lines.length === 0) return {};
  const highest = Math.max(...lines.map(({ value }) => value));
  return { atLeast: [0, 1.1 * highest] as const };
}

/** Figures of operations, with the lines of warning and critical. */
export function thresholdPanels(service: Service): readonly PanelDraft[] {
  return service.thresholds.map((threshold) =>
    graph(
      {
        title: threshold.title,
        description: thresholdWords(threshold),
        queries: [{ expr: underEveryName(service, threshold.value) }],
        unit: grafanaUnit(threshold.unit),
        steps: steps('transparent', [threshold.warning, 'orange'], [threshold.critical, 'red']),
      },
      { atLeast: [0, 1.1 * Math.max(threshold.warning, threshold.critical)] },
    ),
  );
}

function thresholdWords({ operator, warning, critical, action }: OperationalThreshold): string {
  const word = operator === '>' ? 'above' : 'below';
  return `Warning ${word} ${warning} (orange), critical ${word} ${critical} (red); then: ${action}`;
}

/** Indicators that promise nothing. */
export function informationalPanels(service: Service, interval: Duration): readonly PanelDraft[] {
  return service.indicators.flatMap((one): readonly PanelDraft[] => {
    const { title, indicator, description = `${title}: shown, but nothing is promised.` } = one;
    const facts = (queries: readonly QueryDraft[], usual?: string): PanelFacts => ({
      title,
      description,
      queries,
      unit: grafanaUnit(one.unit ?? usual),
    });
    switch (indicator.kind) {
      case 'query':
        return [graph(facts([{ expr: underEveryName(service, indicator.value) }]))];
      case 'ratio': {
        const expr = divide(
          rateOf(service, indicator.events, interval),
          compare('>', rateOf(service, indicator.total, interval), 0),
        );
        return [graph(facts([{ expr, legend: `${indicator.counts} share` }], 'ratio'))];
      }
      case 'distribution': {
        const distribution = distributionOf(service, indicator, [indicator.below], interval);
        const quantiles = [0.5, 0.95].map((share) => ({
          expr: quantileOf(distribution, share),
          legend: `P${100 * share}`,
        }));
        return [graph(facts(quantiles, distribution.unit))];
      }
      case 'condition':
        return comparisonPanels(service, indicator.condition, title);
      case 'queries':
      case 'external':
      case 'composite':
        // Its members have panels of their own, and nothing combines them without rules.
        return [];
      default:
        return unreachable(indicator);
    }
  });
}

function rateOf(service: Service, expr: Expr, interval: Duration): Expr {
  const parts = selectorsOf(expr).map((one) => underEveryName(service, call('rate', range(one, rateRange(interval)))));
  return sum(sideBySide(parts));
}
