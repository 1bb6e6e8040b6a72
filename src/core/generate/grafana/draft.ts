import type { Expr } from '../../promql/index.ts';
import type { FieldConfiguration, Link, PanelType, Transformation } from './board.ts';
import type { PanelOptions } from './panel-options.ts';

/** A panel before it has a place, a number and letters for its queries. */
export interface PanelDraft {
  readonly type: PanelType;
  readonly title: string;
  /** One sentence on what it shows, for whoever sees it for the first time. */
  readonly description: string;
  /** In columns of 24; absent: the panels of a row share its width. */
  readonly width?: number;
  /** In steps of 30 pixels. */
  readonly height: number;
  readonly queries: readonly QueryDraft[];
  readonly options: PanelOptions;
  readonly fields: FieldConfiguration;
  readonly transformations?: readonly Transformation[];
  readonly links?: readonly Link[];
}

export interface QueryDraft {
  readonly expr: Expr;
  /** Text of the legend; may hold `{{label}}`. */
  readonly legend?: string;
  /** Whether the newest value is enough, rather than the history. */
  readonly instant?: boolean;
  readonly format?: 'table' | 'heatmap';
}

export interface RowDraft {
  readonly title: string;
  readonly panels: readonly PanelDraft[];
  /** Rows that few people need are closed at first. */
  readonly collapsed?: boolean;
}
