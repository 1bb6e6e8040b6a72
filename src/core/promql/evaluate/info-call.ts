import { type LabelPredicate, type Labels, labelPredicate, type Matcher, metricName } from '../../series/index.ts';
import { identifyingLabels } from '../plan/info.ts';
import type { CallNode, InfoPlan } from '../plan/nodes.ts';
import { QueryFailure } from '../query-failure.ts';
import { type Evaluation, newRow, reserve, work } from './evaluation.ts';
import { selectInstant } from './instant.ts';
import { copyInto } from './names.ts';
import { absent, finishRows, type Row, type RowDraft } from './row.ts';

/**
 * info(): adds the labels of matching info series (`target_info` unless told otherwise) to each series. They match by `instance` and
 * `job`; of several with the same name the one with the newest sample counts. Source: prometheus, promql/info.go.
 */
export function addInfo(run: Evaluation, node: CallNode, info: InfoPlan, rows: readonly Row[]): readonly Row[] {
  const isInfoName = predicateOf(info.matchers.filter(({ name }) => name === metricName));
  const isInfo = (row: Row) => isInfoName(row.labels.get(metricName));
  const conditions = conditionsOf(info.matchers);
  const infoSeries = infoSeriesOf(
    run,
    node,
    info,
    rows.filter((row) => !isInfo(row)),
  );
  const drafts = new Map<string, RowDraft>();
  for (const row of rows) {
    if (isInfo(row)) {
      write(run, drafts, node, row.labels, row, undefined);
      continue;
    }
    enrich(run, node, row, infoSeries, conditions, drafts);
  }
  return finishRows(drafts.values());
}

/** The conditions on labels other than the name. If there are any, only labels that they name are added. */
interface Conditions {
  readonly names: ReadonlySet<string>;
  /** Whether a series without any info series satisfies them all. */
  readonly allowNone: boolean;
}

function conditionsOf(matchers: readonly Matcher[]): Conditions {
  const others = matchers.filter(({ name }) => name !== metricName);
  return {
    names: new Set(others.map(({ name }) => name)),
    allowNone: others.every((matcher) => labelPredicate(matcher)('')),
  };
}

function predicateOf(matchers: readonly Matcher[]): LabelPredicate {
  const tests = matchers.map(labelPredicate);
  return (value) => tests.every((test) => test(value));
}

/** An info series, with the time of its newest sample (seconds) in place of its value. */
interface InfoSeries {
  readonly name: string;
  readonly row: Row;
}

/** The info series by the identifying labels that they share with any series. */
function infoSeriesOf(
  run: Evaluation,
  node: CallNode,
  info: InfoPlan,
  base: readonly Row[],
): ReadonlyMap<string, readonly InfoSeries[]> {
  const selector = { ...info, extended: undefined, statistics: false };
  const instant = { kind: 'instant', selector, grid: node.grid, span: node.span } as const;
  const wanted = identifyingLabels.map(
    (name) => new Set(base.map((row) => row.labels.get(name)).filter((value) => value !== '')),
  );
  const series = new Map<string, InfoSeries[]>();
  if (wanted.every((values) => values.size === 0)) return series;
  const values = new Map(selectInstant(run, instant).map((row) => [row.labels.key, row]));
  for (const row of selectInstant(run, instant, 'timestamp')) {
    // A label that no series has does not narrow the choice.
    const fits = identifyingLabels.every(
      (name, i) => wanted[i]?.size === 0 || wanted[i]?.has(row.labels.get(name)) === true,
    );
    if (!fits) continue;
    if (values.get(row.labels.key)?.histograms !== undefined) {
      throw new QueryFailure(`this should be an info metric, with float samples: ${row.labels}`, node.span);
    }
    const key = identity(row.labels);
    const same = series.get(key);
    const one = { name: row.labels.get(metricName), row };
    if (same === undefined) series.set(key, [one]);
    else same.push(one);
  }
  return series;
}

function identity(labels: Labels): string {
  return labels.keyOf((name) => identifyingLabels.includes(name));
}

function enrich(
  run: Evaluation,
  node: CallNode,
  row: Row,
  infoSeries: ReadonlyMap<string, readonly InfoSeries[]>,
  conditions: Conditions,
  drafts: Map<string, RowDraft>,
): void {
  const candidates = infoSeries.get(identity(row.labels)) ?? [];
  const byChoice = new Map<string, { readonly labels: Labels | undefined; readonly mask: Uint8Array }>();
  const { steps } = node.grid;
  for (let i = 0; i < row.cells.length; i += 1) {
    if (row.cells[i] === absent) continue;
    work(run, 1 + candidates.length);
    const step = row.from + i;
    const chosen = choose(candidates, step, node);
    const key = chosen.map((one) => one.row.labels.key).join('\u0002');
    let choice = byChoice.get(key);
    if (choice === undefined) {
      reserve(run, steps);
      choice = { labels: enrichedLabels(row.labels, chosen, conditions, node), mask: new Uint8Array(steps) };
      byChoice.set(key, choice);
    }
    choice.mask[step] = 1;
  }
  for (const { labels, mask } of byChoice.values())
    if (labels !== undefined) write(run, drafts, node, labels, row, mask);
}

/** The info series that count at a step: of each name the one with the newest sample. */
function choose(candidates: readonly InfoSeries[], step: number, node: CallNode): readonly InfoSeries[] {
  const newest = new Map<string, { readonly one: InfoSeries; readonly time: number }>();
  for (const one of candidates) {
    const cell = step - one.row.from;
    const time = one.row.values[cell];
    if (time === undefined || one.row.cells[cell] === absent) continue;
    const before = newest.get(one.name);
    if (before !== undefined && before.time === time) {
      const message = `found duplicate series for info metric: existing ${before.one.row.labels} @ ${time * 1000}, new ${one.row.labels} @ ${time * 1000}`;
      throw new QueryFailure(message, node.span);
    }
    if (before === undefined || before.time < time) newest.set(one.name, { one, time });
  }
  return [...newest.values()].map(({ one }) => one);
}

function enrichedLabels(
  labels: Labels,
  chosen: readonly InfoSeries[],
  { names, allowNone }: Conditions,
  node: CallNode,
): Labels | undefined {
  if (chosen.length === 0) return allowNone ? labels : undefined;
  const added = new Map<string, string>();
  for (const { row } of chosen) {
    for (const [name, value] of row.labels.entries()) {
      if (name === metricName || (names.size !== 0 && !names.has(name))) continue;
      const other = added.get(name);
      if (other !== undefined && other !== value) throw new QueryFailure(`conflicting label: ${name}`, node.span);
      if (labels.get(name) === '') added.set(name, value);
    }
  }
  return added.size === 0 ? labels : labels.merge(added);
}

function write(
  run: Evaluation,
  drafts: Map<string, RowDraft>,
  node: CallNode,
  labels: Labels,
  row: Row,
  mask: Uint8Array | undefined,
): void {
  const draft = drafts.get(labels.key) ?? newRow(run, labels, row.dropName, node.grid.steps);
  drafts.set(labels.key, draft);
  const cells = mask === undefined ? row.cells : row.cells.map((cell, i) => (mask[row.from + i] === 1 ? cell : absent));
  copyInto(draft, { ...row, cells });
}
