import type { Field, FieldConfiguration, FieldOverride, Link, ThresholdStep, ValueMapping } from './board.ts';
import type { PanelDraft, QueryDraft } from './draft.ts';
import type { CustomFields, GraphFields } from './panel-options.ts';

/** What every panel says, whatever its kind. */
export interface PanelFacts {
  readonly title: string;
  readonly description: string;
  readonly queries: readonly QueryDraft[];
  readonly width?: number;
  readonly height?: number;
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  /** Colours by value; without them the palette's. */
  readonly steps?: readonly ThresholdStep[];
  readonly mappings?: readonly ValueMapping[];
  readonly overrides?: readonly FieldOverride[];
  readonly links?: readonly Link[];
}

/** What stands where nothing is known: never a zero, never green. */
export const nothingKnown = 'no data';

const unknownMapping: ValueMapping = {
  type: 'special',
  options: { match: 'null+nan', result: { text: nothingKnown, color: 'text' } },
};

/** One large figure a query. */
export function stat(facts: PanelFacts): PanelDraft {
  return {
    ...drafted(facts, 'stat', 4),
    options: {
      graphMode: 'none',
      colorMode: 'value',
      justifyMode: 'auto',
      textMode: 1 < facts.queries.length ? 'value_and_name' : 'auto',
      wideLayout: true,
      showPercentChange: false,
      percentChangeColorMode: 'standard',
      orientation: 'auto',
      reduceOptions: newest,
    },
    fields: fieldsOf(facts, 'thresholds'),
  };
}

/** A value between two ends, with marks where the colour changes. */
export function gauge(facts: PanelFacts): PanelDraft {
  return {
    ...drafted(facts, 'gauge', 6),
    options: {
      showThresholdLabels: true,
      showThresholdMarkers: true,
      sizing: 'auto',
      minVizWidth: 75,
      minVizHeight: 75,
      orientation: 'auto',
      reduceOptions: newest,
    },
    fields: fieldsOf(facts, 'thresholds'),
  };
}

/** A bar for each series. */
export function bars(facts: PanelFacts): PanelDraft {
  return {
    ...drafted(facts, 'bargauge', 8),
    options: {
      displayMode: 'basic',
      valueMode: 'color',
      namePlacement: 'left',
      showUnfilled: true,
      sizing: 'auto',
      minVizWidth: 8,
      minVizHeight: 16,
      maxVizHeight: 32,
      orientation: 'horizontal',
      legend: { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] },
      reduceOptions: newest,
    },
    fields: fieldsOf(facts, facts.steps === undefined ? 'palette-classic' : 'thresholds'),
  };
}

/** How the lines of a graph look. */
export interface GraphStyle {
  /** How the colours' values show: as lines, or as bands of colour with a line at the edge of each. */
  readonly lines?: 'dashed' | 'line+area';
  readonly stacked?: boolean;
  /** Values that the axis shows at least, such as a line that is seldom reached. */
  readonly atLeast?: readonly [low: number, high: number];
  readonly bars?: boolean;
}

/** Values over time. Gaps stay gaps: nobody measured then. */
export function graph(facts: PanelFacts, style: GraphStyle = {}): PanelDraft {
  const { lines = 'dashed', stacked = false, atLeast, bars: isBars = false } = style;
  const custom: GraphFields = {
    drawStyle: isBars ? 'bars' : 'line',
    lineInterpolation: 'linear',
    lineWidth: 1,
    fillOpacity: stacked || isBars ? 60 : 0,
    showPoints: 'never',
    spanNulls: false,
    stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
    thresholdsStyle: { mode: facts.steps === undefined ? 'off' : lines },
    ...(atLeast !== undefined && { axisSoftMin: atLeast[0], axisSoftMax: atLeast[1] }),
  };
  return {
    ...drafted(facts, 'timeseries', 8),
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    fields: fieldsOf(facts, 'palette-classic', custom),
  };
}

/** Rows of series, a column a query; `columns` name them in order and hide the labels that are not listed. */
export function table(facts: PanelFacts, columns: TableColumns): PanelDraft {
  const { names, sortBy } = columns;
  const order = Object.fromEntries(Object.keys(names).map((name, index) => [name, index]));
  return {
    ...drafted(facts, 'table', 10),
    options: {
      frameIndex: 0,
      showHeader: true,
      cellHeight: 'sm',
      ...(sortBy !== undefined && { sortBy: [{ displayName: sortBy.column, desc: sortBy.descending }] }),
    },
    fields: fieldsOf(facts, 'thresholds', { align: 'auto', cellOptions: { type: 'auto' }, inspect: false }),
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'filterFieldsByName',
        options: { include: { names: Object.keys(names) } },
      },
      { id: 'organize', options: { excludeByName: {}, indexByName: order, renameByName: names } },
    ],
  };
}

export interface TableColumns {
  /** From the name of a label or of a query's value (`Value #A`) to the heading, in the order in which they stand. */
  readonly names: Readonly<Record<string, string>>;
  readonly sortBy?: { readonly column: string; readonly descending: boolean };
}

/** Text in Markdown. */
export function text(
  title: string,
  description: string,
  content: string,
  size: Pick<PanelDraft, 'width' | 'height'>,
): PanelDraft {
  return {
    type: 'text',
    title,
    description,
    ...size,
    queries: [],
    options: { mode: 'markdown', content },
    fields: { defaults: {}, overrides: [] },
  };
}

/** How many observations fell between which bounds, over time, as colours. */
export function heatmap(facts: PanelFacts): PanelDraft {
  return {
    ...drafted(facts, 'heatmap', 8),
    options: {
      calculate: false,
      color: { mode: 'scheme', scheme: 'Oranges', fill: 'dark-orange', exponent: 0.5, steps: 64, reverse: false },
      cellGap: 1,
      cellValues: { unit: 'cps' },
      filterValues: { le: 1e-9 },
      rowsFrame: { layout: 'auto' },
      showValue: 'never',
      yAxis: { axisPlacement: 'left', reverse: false, ...(facts.unit !== undefined && { unit: facts.unit }) },
      legend: { show: true },
      tooltip: { mode: 'single', yHistogram: true, showColorScale: false },
      exemplars: { color: 'rgba(255,0,255,0.7)' },
    },
    fields: { defaults: {}, overrides: [] },
  };
}

/** States over time, a strip for each series. */
export function timeline(facts: PanelFacts): PanelDraft {
  return {
    ...drafted(facts, 'state-timeline', 5),
    options: {
      showValue: 'never',
      rowHeight: 0.9,
      mergeValues: true,
      alignValue: 'left',
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'single', sort: 'none' },
    },
    fields: fieldsOf(facts, 'thresholds', { lineWidth: 0, fillOpacity: 80, spanNulls: false }),
  };
}

/** Colours from values on; `below` is what holds under the first. */
export function steps(below: string, ...rest: readonly (readonly [value: number, color: string])[]): ThresholdStep[] {
  const ascending = rest.toSorted(([a], [b]) => a - b);
  return [{ value: null, color: below }, ...ascending.map(([value, color]) => ({ value, color }))];
}

/** A text and a colour for each of two truths. */
export function booleanMapping(yes: string, no: string): ValueMapping {
  return {
    type: 'value',
    options: { 1: { text: yes, color: 'green', index: 0 }, 0: { text: no, color: 'red', index: 1 } },
  };
}

/** Fields of one name, or all of a query, that look otherwise than the rest of the panel. */
export function override(
  id: FieldOverride['matcher']['id'],
  options: string,
  properties: Readonly<Record<string, unknown>>,
): FieldOverride {
  return {
    matcher: { id, options },
    properties: Object.entries(properties).map(([key, value]) => ({ id: key, value })),
  };
}

const newest = { calcs: ['lastNotNull'], fields: '', values: false };

function drafted(facts: PanelFacts, type: PanelDraft['type'], usualHeight: number) {
  const { title, description, queries, width, height = usualHeight, links } = facts;
  return {
    type,
    title,
    description,
    height,
    queries,
    ...(width !== undefined && { width }),
    ...(links !== undefined && { links }),
  };
}

function fieldsOf(
  facts: PanelFacts,
  mode: 'thresholds' | 'palette-classic',
  custom?: CustomFields,
): FieldConfiguration {
  const { unit, decimals, min, max, steps: colours, mappings = [], overrides = [] } = facts;
  const defaults: Field = {
    ...(unit !== undefined && { unit }),
    ...(decimals !== undefined && { decimals }),
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    noValue: nothingKnown,
    color: { mode },
    thresholds: { mode: 'absolute', steps: colours ?? steps('text') },
    mappings: [...mappings, unknownMapping],
    ...(custom !== undefined && { custom }),
  };
  return { defaults, overrides };
}
