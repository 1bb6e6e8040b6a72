/** What Grafana's panels are told beside queries and fields, as far as we tell it. A test holds each against the Foundation SDK. */
export type PanelOptions =
  | StatOptions
  | GaugeOptions
  | BarGaugeOptions
  | TimeSeriesOptions
  | TableOptions
  | TextOptions
  | HeatmapOptions
  | TimelineOptions;

interface Reduced {
  readonly reduceOptions: { readonly calcs: readonly string[]; readonly fields: string; readonly values: boolean };
}

interface Legend {
  readonly displayMode: 'list' | 'table' | 'hidden';
  readonly placement: 'bottom' | 'right';
  readonly showLegend: boolean;
  readonly calcs: readonly string[];
}

interface Tooltip {
  readonly mode: 'single' | 'multi' | 'none';
  readonly sort: 'asc' | 'desc' | 'none';
}

export interface StatOptions extends Reduced {
  readonly graphMode: 'none' | 'area';
  readonly colorMode: 'value' | 'background' | 'none';
  readonly justifyMode: 'auto' | 'center';
  readonly textMode: 'auto' | 'value' | 'value_and_name';
  readonly wideLayout: boolean;
  readonly showPercentChange: boolean;
  readonly percentChangeColorMode: 'standard';
  readonly orientation: 'auto' | 'horizontal' | 'vertical';
}

export interface GaugeOptions extends Reduced {
  readonly showThresholdLabels: boolean;
  readonly showThresholdMarkers: boolean;
  readonly sizing: 'auto' | 'manual';
  readonly minVizWidth: number;
  readonly minVizHeight: number;
  readonly orientation: 'auto' | 'horizontal' | 'vertical';
}

export interface BarGaugeOptions extends Reduced {
  readonly displayMode: 'basic' | 'lcd' | 'gradient';
  readonly valueMode: 'color' | 'text' | 'hidden';
  readonly namePlacement: 'auto' | 'top' | 'left';
  readonly showUnfilled: boolean;
  readonly sizing: 'auto' | 'manual';
  readonly minVizWidth: number;
  readonly minVizHeight: number;
  readonly maxVizHeight: number;
  readonly orientation: 'auto' | 'horizontal' | 'vertical';
  readonly legend: Legend;
}

export interface TimeSeriesOptions {
  readonly legend: Legend;
  readonly tooltip: Tooltip;
}

export interface TableOptions {
  readonly frameIndex: number;
  readonly showHeader: boolean;
  readonly cellHeight: 'sm' | 'md' | 'lg';
  readonly sortBy?: readonly { readonly displayName: string; readonly desc: boolean }[];
}

export interface TextOptions {
  readonly mode: 'markdown';
  readonly content: string;
}

export interface HeatmapOptions {
  readonly calculate: boolean;
  readonly color: {
    readonly mode: 'scheme';
    readonly scheme: string;
    readonly fill: string;
    readonly exponent: number;
    readonly steps: number;
    readonly reverse: boolean;
  };
  readonly cellGap: number;
  readonly cellValues: { readonly unit: string };
  readonly filterValues: { readonly le: number };
  readonly rowsFrame: { readonly layout: 'auto' | 'le' };
  readonly showValue: 'never' | 'auto';
  readonly yAxis: { readonly axisPlacement: 'left'; readonly reverse: boolean; readonly unit?: string };
  readonly legend: { readonly show: boolean };
  readonly tooltip: {
    readonly mode: 'single' | 'multi';
    readonly yHistogram: boolean;
    readonly showColorScale: boolean;
  };
  readonly exemplars: { readonly color: string };
}

export interface TimelineOptions {
  readonly showValue: 'never' | 'auto';
  readonly rowHeight: number;
  readonly mergeValues: boolean;
  readonly alignValue: 'left' | 'center';
  readonly legend: Legend;
  readonly tooltip: Tooltip;
}

/** What the fields of graphs, tables and strips look like. */
export type CustomFields = GraphFields | TableFields | TimelineFields;

export interface GraphFields {
  readonly drawStyle: 'line' | 'bars';
  readonly lineInterpolation: 'linear';
  readonly lineWidth: number;
  readonly fillOpacity: number;
  readonly showPoints: 'never' | 'auto';
  readonly spanNulls: boolean;
  readonly stacking: { readonly mode: 'normal' | 'none'; readonly group: string };
  readonly thresholdsStyle: { readonly mode: 'off' | 'dashed' | 'line+area' };
  readonly axisSoftMin?: number;
  readonly axisSoftMax?: number;
}

export interface TableFields {
  readonly align: 'auto';
  readonly cellOptions: { readonly type: 'auto' };
  readonly inspect: boolean;
}

export interface TimelineFields {
  readonly lineWidth: number;
  readonly fillOpacity: number;
  readonly spanNulls: boolean;
}
