import type { Board, BoardPanel, RowPanel, Variable } from '../../src/core/generate/grafana/board.ts';
import { recorded, windowLabel } from '../../src/core/generate/index.ts';
import { checkExpr, type Expr, metricNameOf, parseExpr, selectorsOf } from '../../src/core/promql/index.ts';
import type { RuleFile } from '../../src/core/rules/index.ts';
import { panelsOf, withEverythingChosen } from './boards.ts';

const chosenUid = `\${datasource}`;

/** What is wrong with boards that are to be loaded together, in words. `rules` are those that record what they read. */
export function boardProblems(boards: ReadonlyMap<string, Board>, rules: RuleFile): readonly string[] {
  const known = recordedSeries(rules);
  const all = [...boards];
  const uids = all.map(([, { uid }]) => uid);
  const titles = all.map(([, { title }]) => title);
  return [
    ...repeated(uids).map((uid) => `two boards have the uid ${uid}`),
    ...repeated(titles).map((title) => `two boards have the title ${title}`),
    ...all.flatMap(([file, board]) => problemsOf(board, known, new Set(uids)).map((problem) => `${file}: ${problem}`)),
  ];
}

function problemsOf(board: Board, known: ReadonlyMap<string, readonly Labels[]>, uids: ReadonlySet<string>) {
  const problems: string[] = [];
  const report = (text: string): void => void problems.push(text);
  const panels = panelsOf(board);
  const ids = [
    ...board.panels.map(({ id }) => id),
    ...board.panels.flatMap((one) => (one.type === 'row' ? one.panels.map(({ id }) => id) : [])),
  ];
  if (!/^[a-zA-Z0-9_-]{1,40}$/.test(board.uid)) report(`uid ${board.uid}`);
  if (!Number.isInteger(board.schemaVersion) || board.schemaVersion < 36)
    report(`schemaVersion ${board.schemaVersion}`);
  for (const id of repeated(ids)) report(`two panels have the id ${id}`);
  for (const titles of titlesByRow(board))
    for (const title of repeated(titles)) report(`two panels of a row are called ${title}`);
  for (const text of overlaps(board.panels)) report(text);
  const names = board.templating.list.map(({ name }) => name);
  for (const name of repeated(names)) report(`two variables are called ${name}`);
  for (const variable of board.templating.list) problems.push(...variableProblems(variable, known));
  for (const used of variablesIn(JSON.stringify(board))) if (!names.includes(used)) report(`no variable ${used}`);
  for (const panel of panels) problems.push(...panelProblems(panel, known));
  for (const { name, expr, datasource } of board.annotations.list) {
    if (expr !== undefined) problems.push(...queryProblems(expr, known).map((text) => `annotations ${name}: ${text}`));
    if (datasource.type === 'prometheus' && datasource.uid !== chosenUid) report(`annotations ${name}: data source`);
  }
  for (const [, uid = ''] of JSON.stringify(board).matchAll(/(?<=["(])\/d\/([a-zA-Z0-9_-]+)(?![a-zA-Z0-9_-]|\$)/g))
    if (!uids.has(uid) && !uid.endsWith('_')) report(`a link to ${uid}, which is no board`);
  return problems;
}

function panelProblems(panel: BoardPanel, known: ReadonlyMap<string, readonly Labels[]>): readonly string[] {
  const { title, description, targets = [], type, datasource, fieldConfig } = panel;
  const problems: string[] = [];
  if (title === '') problems.push('a panel without a title');
  if (!/^[A-Z0-9"].*[.!]$/s.test(description))
    problems.push(`${title}: its description is no sentence: ${description}`);
  if (type === 'text' ? 0 < targets.length : targets.length === 0) problems.push(`${title}: ${targets.length} queries`);
  for (const refId of repeated(targets.map((one) => one.refId))) problems.push(`${title}: two queries ${refId}`);
  for (const { refId, expr, datasource: own } of targets) {
    problems.push(...queryProblems(expr, known).map((text) => `${title} ${refId}: ${text}`));
    if (own.uid !== chosenUid || datasource?.uid !== chosenUid) problems.push(`${title}: data source`);
  }
  const { defaults } = fieldConfig;
  if (type !== 'text' && type !== 'heatmap' && defaults.noValue !== 'no data')
    problems.push(`${title}: nothing known looks like something`);
  const values = (defaults.thresholds?.steps ?? []).map(({ value }) => value ?? Number.NEGATIVE_INFINITY);
  if (values.some((value, index) => 0 < index && value < (values[index - 1] ?? 0)))
    problems.push(`${title}: steps ${values}`);
  return problems;
}

function queryProblems(text: string, known: ReadonlyMap<string, readonly Labels[]>): readonly string[] {
  const parsed = parseExpr(withEverythingChosen(text));
  if (!parsed.ok) return parsed.diagnostics.map(({ message }) => message);
  return [...checkExpr(parsed.value).map(({ message }) => message), ...unrecorded(parsed.value, known)];
}

/** Selections of recorded series that no rule records with these labels. */
function unrecorded(expr: Expr, known: ReadonlyMap<string, readonly Labels[]>): readonly string[] {
  return selectorsOf(expr).flatMap((selector) => {
    const name = metricNameOf(selector) ?? '';
    if (name === '' || (!name.includes(':') && name !== recorded.info)) return [];
    const records = known.get(name);
    if (records === undefined) return [`no rule records ${name}`];
    const wanted = selector.matchers.filter(({ operator, value }) => operator === '=' && value !== '');
    // A rule over several windows has them from what it reads, which may be of other objectives.
    const windows = known.get(recorded.windowEvents) ?? [];
    const fits = (labels: Labels, needed: (label: string) => boolean): boolean =>
      wanted.every(({ name: label, value }) => (labels.get(label) ?? (needed(label) ? undefined : value)) === value);
    const window = wanted.find(({ name: label }) => label === windowLabel)?.value;
    const hasWindow = windows.some((one) => one.get(windowLabel) === window);
    const namesWindow = wanted.some(({ name: label }) => label === windowLabel);
    const found = records.some(
      (labels) => fits(labels, () => true) || (fits(labels, () => false) && (hasWindow || !namesWindow)),
    );
    return found ? [] : [`no rule records ${name} with ${wanted.map((one) => `${one.name}=${one.value}`).join(', ')}`];
  });
}

type Labels = ReadonlyMap<string, string>;

function recordedSeries(file: RuleFile): ReadonlyMap<string, readonly Labels[]> {
  const all = new Map<string, Labels[]>();
  for (const rule of file.groups.flatMap(({ rules }) => rules)) {
    if (rule.kind !== 'recording') continue;
    all.set(rule.record, [...(all.get(rule.record) ?? []), rule.labels]);
  }
  return all;
}

function variableProblems({ name, query, type, datasource }: Variable, known: ReadonlyMap<string, readonly Labels[]>) {
  if (type !== 'query' || typeof query === 'string') return [];
  const [, selector = ''] = /^label_values\((.*), (\w+)\)$/.exec(query.query) ?? [];
  const problems = queryProblems(selector, known).map((text) => `variable ${name}: ${text}`);
  return datasource?.uid === chosenUid ? problems : [...problems, `variable ${name}: data source`];
}

function titlesByRow({ panels }: Board): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const panel of panels) {
    if (panel.type === 'row') rows.push(panel.panels.map(({ title }) => title));
    else rows.at(-1)?.push(panel.title);
  }
  return rows;
}

/** `$name` and `${name}`; what Grafana itself sets begins with `__`. */
function variablesIn(json: string): readonly string[] {
  const names = [...json.matchAll(/\$\{?([a-zA-Z_]\w*)/g)].map(([, name = '']) => name);
  return [...new Set(names)].filter((name) => !name.startsWith('__'));
}

function overlaps(panels: readonly (BoardPanel | RowPanel)[]): readonly string[] {
  return panels.flatMap((panel, index) => {
    const { x, y, w, h } = panel.gridPos;
    const outside = x < 0 || y < 0 || w < 1 || h < 1 || 24 < x + w ? [`${panel.title} lies outside the grid`] : [];
    const over = panels
      .slice(0, index)
      .filter(
        ({ gridPos: other }) => x < other.x + other.w && other.x < x + w && y < other.y + other.h && other.y < y + h,
      );
    return [...outside, ...over.map(({ title }) => `${panel.title} lies over ${title}`)];
  });
}

function repeated<T>(all: readonly T[]): readonly T[] {
  return all.filter((one, index) => all.indexOf(one) !== index);
}
