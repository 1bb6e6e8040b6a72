import { printExpr } from '../../promql/index.ts';
import type { BoardPanel, DataSource, GridPosition, RowPanel, Target } from './board.ts';
import type { PanelDraft, QueryDraft, RowDraft } from './draft.ts';

const columns = 24;
const rowHeight = 1;

/** The data source that whoever looks at the board chooses. */
export const chosenSource: DataSource = { type: 'prometheus', uid: `\${datasource}` };

/** Gives rows and panels their places, numbers and letters. Panels flow from left to right; a row without panels is left out. */
export function placeRows(rows: readonly RowDraft[]): readonly (BoardPanel | RowPanel)[] {
  const placed: (BoardPanel | RowPanel)[] = [];
  let y = 0;
  let id = 0;
  for (const { title, panels, collapsed = false } of rows) {
    if (panels.length === 0) continue;
    id += 1;
    const row = { type: 'row', id, title, collapsed, gridPos: { x: 0, y, w: columns, h: rowHeight } } as const;
    y += rowHeight;
    const { positions, height } = flow(panels, y);
    const own = panels.map((panel, index) => {
      id += 1;
      return placePanel(panel, id, positions[index] ?? { x: 0, y, w: columns, h: panel.height });
    });
    placed.push({ ...row, panels: collapsed ? own : [] });
    if (collapsed) continue;
    placed.push(...own);
    y += height;
  }
  return placed;
}

/** Lines of panels: each takes what fits, and panels without a width share what is left of their line. */
function flow(
  panels: readonly PanelDraft[],
  top: number,
): { readonly positions: readonly GridPosition[]; readonly height: number } {
  const positions: GridPosition[] = [];
  let y = top;
  for (const line of lines(panels)) {
    const free = columns - line.reduce((sum, { width = 0 }) => sum + width, 0);
    const sharing = line.filter(({ width }) => width === undefined).length;
    let x = 0;
    let shared = 0;
    for (const { width, height } of line) {
      let w = width;
      if (w === undefined) {
        // Columns that do not divide go to the first ones.
        w = Math.floor(free / sharing) + (shared < free % sharing ? 1 : 0);
        shared += 1;
      }
      positions.push({ x, y, w, h: height });
      x += w;
    }
    y += Math.max(...line.map(({ height }) => height));
  }
  return { positions, height: y - top };
}

/** The narrowest that a panel without a width may become. */
const narrowest = 6;

function lines(panels: readonly PanelDraft[]): readonly (readonly PanelDraft[])[] {
  const result: PanelDraft[][] = [];
  let used = columns;
  for (const panel of panels) {
    const least = panel.width ?? narrowest;
    if (columns < used + least) {
      result.push([]);
      used = 0;
    }
    result.at(-1)?.push(panel);
    used += least;
  }
  return result.flatMap(evened);
}

/** Five gauges in two lines stand as three and two, not as four and one. */
function evened(line: readonly PanelDraft[], index: number, all: readonly (readonly PanelDraft[])[]): PanelDraft[][] {
  const next = all[index + 1];
  const before = all[index - 1];
  const isPlain = (one: readonly PanelDraft[] | undefined): boolean =>
    one?.every(({ width }) => width === undefined) === true;
  if (next !== undefined && index === all.length - 2 && isPlain(line) && isPlain(next))
    return halves([...line, ...next]);
  if (before !== undefined && index === all.length - 1 && isPlain(before) && isPlain(line)) return [];
  return [[...line]];
}

function halves(panels: readonly PanelDraft[]): PanelDraft[][] {
  const middle = Math.ceil(panels.length / 2);
  return [panels.slice(0, middle), panels.slice(middle)];
}

function placePanel(draft: PanelDraft, id: number, gridPos: GridPosition): BoardPanel {
  const { type, title, description, queries, options, fields, transformations, links } = draft;
  return {
    type,
    id,
    title,
    description,
    gridPos,
    ...(0 < queries.length && { datasource: chosenSource, targets: queries.map(placeQuery) }),
    options,
    fieldConfig: fields,
    ...(transformations !== undefined && { transformations }),
    ...(links !== undefined && { links }),
  };
}

function placeQuery({ expr, legend, instant = false, format }: QueryDraft, index: number): Target {
  return {
    refId: letters(index),
    datasource: chosenSource,
    expr: printExpr(expr),
    ...(legend !== undefined && { legendFormat: legend }),
    instant,
    range: !instant,
    format: format ?? 'time_series',
  };
}

/** A to Z, then AA, as Grafana names the queries of a panel. */
function letters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : letters(Math.floor(index / 26) - 1) + letter;
}
