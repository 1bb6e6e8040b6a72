import type { CustomFields, PanelOptions } from './panel-options.ts';

/**
 * The part of Grafana's classic dashboard JSON that we write. A test holds it against the types of Grafana's Foundation SDK; names and
 * spellings are Grafana's.
 */
export interface Board {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly timezone: 'browser';
  readonly editable: boolean;
  /** 1: one crosshair through all panels. */
  readonly graphTooltip: 0 | 1 | 2;
  readonly time: { readonly from: string; readonly to: string };
  readonly timepicker: TimePicker;
  readonly refresh: string;
  /** The version of the JSON's form. Newer Grafanas migrate it when they load the board. */
  readonly schemaVersion: number;
  readonly templating: { readonly list: readonly Variable[] };
  readonly annotations: { readonly list: readonly AnnotationQuery[] };
  readonly links: readonly Link[];
  readonly panels: readonly (BoardPanel | RowPanel)[];
}

export interface TimePicker {
  readonly refresh_intervals: readonly string[];
  readonly quick_ranges: readonly { readonly display: string; readonly from: string; readonly to: string }[];
}

export interface DataSource {
  readonly type: string;
  readonly uid: string;
}

export interface Variable {
  readonly type: 'datasource' | 'query' | 'custom';
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly query: string | { readonly query: string; readonly refId: string };
  readonly datasource?: DataSource;
  readonly hide: 0 | 1 | 2;
  /** 2: asked anew whenever the range of time changes. */
  readonly refresh: 0 | 1 | 2;
  readonly sort: number;
  readonly regex?: string;
  readonly multi: boolean;
  readonly includeAll: boolean;
  readonly allValue?: string;
  readonly current?: { readonly text: string | readonly string[]; readonly value: string | readonly string[] };
}

export interface AnnotationQuery {
  readonly name: string;
  readonly datasource: DataSource;
  readonly enable: boolean;
  readonly hide?: boolean;
  readonly iconColor: string;
  readonly builtIn?: number;
  readonly type?: string;
  readonly expr?: string;
  readonly step?: string;
  readonly titleFormat?: string;
  readonly textFormat?: string;
  readonly tagKeys?: string;
  readonly useValueForTime?: boolean;
  readonly target?: {
    readonly type: 'tags';
    readonly tags: readonly string[];
    readonly matchAny: boolean;
    readonly limit: number;
    readonly refId: string;
  };
}

export interface Link {
  readonly title: string;
  readonly type: 'link' | 'dashboards';
  readonly icon: string;
  readonly tooltip: string;
  readonly url?: string;
  readonly tags: readonly string[];
  readonly asDropdown: boolean;
  readonly targetBlank: boolean;
  readonly includeVars: boolean;
  readonly keepTime: boolean;
}

/** Where a panel stands: 24 columns wide, in steps of 30 pixels down. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface RowPanel {
  readonly type: 'row';
  readonly id: number;
  readonly title: string;
  readonly collapsed: boolean;
  readonly gridPos: GridPosition;
  readonly panels: readonly BoardPanel[];
}

export type PanelType = 'stat' | 'gauge' | 'bargauge' | 'timeseries' | 'table' | 'text' | 'heatmap' | 'state-timeline';

export interface BoardPanel {
  readonly type: PanelType;
  readonly id: number;
  readonly title: string;
  readonly description: string;
  readonly gridPos: GridPosition;
  readonly datasource?: DataSource;
  readonly targets?: readonly Target[];
  readonly options: PanelOptions;
  readonly fieldConfig: FieldConfiguration;
  readonly transformations?: readonly Transformation[];
  readonly links?: readonly Link[];
}

export interface Target {
  readonly refId: string;
  readonly datasource: DataSource;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: 'time_series' | 'table' | 'heatmap';
}

export interface Transformation {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface FieldConfiguration {
  readonly defaults: Field;
  readonly overrides: readonly FieldOverride[];
}

export interface FieldOverride {
  readonly matcher: { readonly id: 'byName' | 'byFrameRefID' | 'byRegexp'; readonly options: string };
  readonly properties: readonly { readonly id: string; readonly value: unknown }[];
}

export interface Field {
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly noValue?: string;
  readonly color?: {
    readonly mode: 'thresholds' | 'palette-classic' | 'palette-classic-by-name' | 'fixed';
    readonly fixedColor?: string;
  };
  readonly thresholds?: { readonly mode: 'absolute'; readonly steps: readonly ThresholdStep[] };
  readonly mappings?: readonly ValueMapping[];
  readonly custom?: CustomFields;
}

/** A colour from a value on; the first step has none and begins below everything. */
export interface ThresholdStep {
  readonly value: number | null;
  readonly color: string;
}

export type ValueMapping =
  | { readonly type: 'value'; readonly options: Readonly<Record<string, MappedValue>> }
  | {
      readonly type: 'range';
      readonly options: { readonly from: number | null; readonly to: number | null; readonly result: MappedValue };
    }
  | { readonly type: 'special'; readonly options: { readonly match: 'null+nan'; readonly result: MappedValue } };

export interface MappedValue {
  readonly text: string;
  readonly color?: string;
  readonly index?: number;
}
