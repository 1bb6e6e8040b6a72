import { printExpr } from '../../../promql/index.ts';
import type { Panel, PanelQuery, PanelRow } from '../../../slo/index.ts';
import type { YamlPath, YamlValue } from '../../../yaml/index.ts';
import type { Catalogue } from '../metrics.ts';
import { type Reading, reportValue } from '../reading.ts';
import type { PanelInput, ServiceDetailsInput } from './input.ts';
import { readQuery } from './reading.ts';

/** Reads the rows of panels. */
export function readPanels(
  reading: Reading,
  inputs: ServiceDetailsInput['panels'],
  catalogue: Catalogue,
): readonly PanelRow[] {
  return (inputs ?? []).map(({ row, board = 'service', panels }, index) => ({
    title: row,
    board,
    panels: panels.flatMap((panel, position) =>
      readPanel(reading, ['panels', index, 'panels', position], panel, catalogue),
    ),
  }));
}

function readPanel(reading: Reading, path: YamlPath, input: PanelInput, catalogue: Catalogue): readonly Panel[] {
  const { title, description, kind = 'graph', unit, lines = [] } = input;
  const queries = readQueries(reading, path, input, catalogue);
  if (queries.length === 0) return [];
  return [
    {
      title,
      ...(description === undefined ? {} : { description }),
      kind,
      queries,
      ...(unit === undefined ? {} : { unit }),
      lines: lines.map(({ at, title: name, level = 'target' }) => ({ value: at, title: name ?? level, level })),
    },
  ];
}

function readQueries(
  reading: Reading,
  path: YamlPath,
  { query, queries }: PanelInput,
  catalogue: Catalogue,
): readonly PanelQuery[] {
  if ((query === undefined) === (queries === undefined)) {
    reportValue(reading, path, {
      severity: 'error',
      code: 'panel/query',
      message: query === undefined ? 'the panel shows nothing' : 'the panel has `query` and `queries`',
      help: 'write `query:` for one figure, or `queries:` for several',
    });
    return [];
  }
  if (queries === undefined) {
    const expr = readQuery(reading, [...path, 'query'], catalogue);
    return expr === undefined ? [] : [{ expr }];
  }
  return queries.flatMap(({ legend }, index) => {
    const expr = readQuery(reading, [...path, 'queries', index, 'expr'], catalogue);
    return expr === undefined ? [] : [{ expr, ...(legend === undefined ? {} : { legend }) }];
  });
}

/** The rows as they are written. */
export function printPanels(rows: readonly PanelRow[]): YamlValue | undefined {
  if (rows.length === 0) return undefined;
  return rows.map(({ title, board, panels }) => ({
    row: title,
    board: board === 'service' ? undefined : board,
    panels: panels.map(panelOf),
  }));
}

function panelOf({ title, description, kind, queries, unit, lines }: Panel): YamlValue {
  const [only, ...others] = queries;
  const single = only !== undefined && others.length === 0 && only.legend === undefined;
  return {
    title,
    description,
    kind: kind === 'graph' ? undefined : kind,
    query: single ? printExpr(only.expr) : undefined,
    queries: single ? undefined : queries.map(({ expr, legend }) => ({ expr: printExpr(expr), legend })),
    unit,
    lines:
      lines.length === 0
        ? undefined
        : lines.map(({ value, title: name, level }) => ({
            at: value,
            title: name === level ? undefined : name,
            level: level === 'target' ? undefined : level,
          })),
  };
}
