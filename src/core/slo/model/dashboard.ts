import type { Expr } from '../../promql/index.ts';

/** A row of panels that a service adds to its board, beside what its objectives give. */
export interface PanelRow {
  readonly title: string;
  /** Which board it stands on: the service's own, or the detail of each objective. */
  readonly board: 'service' | 'detail';
  readonly panels: readonly Panel[];
}

export interface Panel {
  readonly title: string;
  readonly description?: string;
  /** `stacked`: a graph whose lines stand on each other, as parts of a whole do. */
  readonly kind: 'stat' | 'gauge' | 'graph' | 'stacked' | 'bar';
  readonly queries: readonly PanelQuery[];
  /** Unit of the values: `seconds`, `bytes`, `percent`, `ratio`, `requests/s`, or any word. */
  readonly unit?: string;
  /** Lines or colour changes at these values, such as a target or a warning. */
  readonly lines: readonly PanelLine[];
}

export interface PanelQuery {
  readonly expr: Expr;
  /** Text of the legend; may hold `{{label}}`. */
  readonly legend?: string;
}

export interface PanelLine {
  readonly value: number;
  readonly title: string;
  readonly level: 'target' | 'warning' | 'critical';
}
