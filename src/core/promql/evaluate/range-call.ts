import type { Histogram } from '../../series/index.ts';
import { extendedHistogramRate, extendedRate } from '../functions/range/extended.ts';
import type { RemarkContext } from '../functions/range/histogram-rate.ts';
import {
  histogramRate,
  histogramTotal,
  mixedChanges,
  mixedInstantRate,
  mixedResets,
  refusesMix,
} from '../functions/range/histogram-window.ts';
import { irate } from '../functions/range/instant-rate.ts';
import { extrapolatedRate, type RateKind, rateFromStarts } from '../functions/range/rate.ts';
import { fallsWithin, indexesWhere, startTimestampOverlap } from '../functions/range/reset-detection.ts';
import { applyRange, type RangeArguments, widest } from '../functions/range/samples.ts';
import { type RangeEntry, rangeFunctions, rateKinds } from '../functions/range/table.ts';
import { floatCount, histogramCount, type MixedWindow, mixedSamples, mixedWindow } from '../functions/range/window.ts';
import type { CallNode, RangeNode, SubqueryNode } from '../plan/nodes.ts';
import { QueryFailure } from '../query-failure.ts';
import { type Evaluation, hold, newColumn, newRow, refuseExcess, work } from './evaluation.ts';
import { mergeRows, resultLabels } from './names.ts';
import { type FloatWindows, type RangeSeries, rangeSpec, selectRanges } from './ranges.ts';
import { infoHistogramsInRange, infoNotCounter, warnQuantile, warnStartOverlap } from './remarks.ts';
import { allFloats, finishRow, float, presentCells, putFloat, putHistogram, type Row, type RowDraft } from './row.ts';
import { type Windows, windowEnd } from './windows.ts';

/** A function call with a range vector among its arguments: that vector, and the other arguments by step. */
interface RangeCall {
  readonly node: CallNode;
  readonly argument: RangeNode | SubqueryNode;
  readonly params: readonly Float64Array[];
}

/** Whether the function takes a range vector. */
export function isRangeFunction(name: string): boolean {
  return rangeFunctions.has(name) || rateKinds.has(name) || name === 'irate';
}

/** Evaluates a function over the ranges of every series. */
export function callRange(run: Evaluation, call: RangeCall, ranges: Iterable<RangeSeries>): readonly Row[] {
  const rows: Row[] = [];
  let samples = 0;
  for (const series of ranges) {
    work(run, call.node.grid.steps);
    holdWindow(run, call, series);
    const row = series.histograms === undefined ? floatRow(run, call, series) : mixedRow(run, call, series);
    if (row === undefined) continue;
    remarkOnCounter(run, call, series, row);
    rows.push(row);
    samples += presentCells(row);
    refuseExcess(run, samples, call.node.span);
  }
  if (call.node.function === 'quantile_over_time') remarkOnQuantiles(run, call, rows);
  return run.options.delayedNameRemoval ? rows : mergeRows(rows, true);
}

/** While upstream goes through a series it holds the samples of one window; ours needs less, but the limit is the same. */
function holdWindow(run: Evaluation, { node }: RangeCall, { floats, histograms }: RangeSeries): void {
  const samples =
    (floats === undefined ? 0 : widest(floats.windows)) + (histograms === undefined ? 0 : widest(histograms.windows));
  const before = run.held;
  hold(run, samples, node.span);
  run.held = before;
}

function remarkOnQuantiles(run: Evaluation, { node, params }: RangeCall, rows: readonly Row[]): void {
  const wrong = params[0]?.filter((q) => !(0 <= q && q <= 1)) ?? [];
  if (wrong.length === 0 || rows.length === 0) return;
  for (const q of new Set(wrong)) warnQuantile(run, q, node.args[0]?.span ?? node.span);
}

/** Evaluates rate, increase, delta, changes or resets of a selector with the modifier `anchored` or `smoothed`. */
export function callExtended(
  run: Evaluation,
  call: RangeCall,
  argument: RangeNode,
  modifier: 'anchored' | 'smoothed',
): readonly Row[] {
  const { node } = call;
  const allowed = modifier === 'anchored' ? 'changes, delta, increase, rate, resets' : 'delta, increase, rate';
  if (!allowed.split(', ').includes(node.function)) {
    throw new QueryFailure(
      `${modifier} modifier can only be used with: ${allowed} - not with ${node.function}`,
      argument.span,
    );
  }
  const spec = rangeSpec(argument);
  const back = run.options.lookbackDelta;
  const ahead = modifier === 'smoothed' ? back : 0;
  const ranges = selectRanges(run, argument, {
    ...spec,
    offset: spec.offset - ahead,
    range: spec.range + back + ahead,
  });
  const rows: Row[] = [];
  for (const series of ranges) {
    work(run, node.grid.steps);
    const draft = newDraft(run, call, series);
    const context = contextOf(run, argument, series);
    for (let step = 0; step < node.grid.steps; step += 1) {
      const window = mixedWindow(series, step);
      if (floatCount(window) + histogramCount(window) === 0) continue;
      const end = (spec.at ?? node.grid.start + step * node.grid.step) - spec.offset;
      put(
        draft,
        step,
        extendedAnswer(node.function, window, { start: end - spec.range, end, smoothed: ahead !== 0 }, context),
      );
    }
    const row = finishRow(draft);
    if (row === undefined) continue;
    remarkOnCounter(run, call, series, row);
    rows.push(row);
  }
  return run.options.delayedNameRemoval ? rows : mergeRows(rows, true);
}

function extendedAnswer(
  name: string,
  window: MixedWindow,
  limits: { readonly start: number; readonly end: number; readonly smoothed: boolean },
  context: RemarkContext,
): number | Histogram | undefined {
  const kind = rateKinds.get(name);
  if (kind === undefined) {
    const samples = mixedSamples(window);
    const inside = samples.findIndex(({ time }) => limits.start < time);
    if (inside === -1) return undefined;
    const anchored = samples.slice(Math.max(inside - 1, 0));
    return name === 'resets' ? mixedResets(anchored) : mixedChanges(anchored);
  }
  if (refusesMix(window, context)) return undefined;
  const { floats, histograms } = window;
  if (floats !== undefined && 0 < floatCount(window)) {
    const { timestamps, values } = floats.samples;
    return extendedRate(timestamps, values, window.floatLow, window.floatHigh, limits, kind);
  }
  if (histograms === undefined) return undefined;
  const { timestamps, histograms: list } = histograms.columns;
  return extendedHistogramRate(timestamps, list, window.histogramLow, window.histogramHigh, limits, kind, context);
}

/** A series of floats only: all steps at once. */
function floatRow(run: Evaluation, call: RangeCall, series: RangeSeries): Row | undefined {
  const { floats } = series;
  if (floats === undefined) return undefined;
  const name = call.node.function;
  const { windows, samples, startTimestamps } = floats;
  const out = newColumn(run, windows.to - windows.from);
  const kind = rateKinds.get(name);
  let cells: Uint8Array | undefined;
  if (kind !== undefined) {
    if (startTimestamps !== undefined) {
      cells = new Uint8Array(out.length);
      rateFromStarts(samples, startTimestamps, windows, kind, out, cells);
      remarkOnOverlap(contextOf(run, call.argument, series), floats, kind);
    } else {
      extrapolatedRate(samples, windows, kind, out, (values, reach) => fallsOf(run, values, reach));
    }
  } else {
    const fn = name === 'irate' ? irate(startTimestamps) : rangeFunctions.get(name)?.fn;
    if (fn === undefined) return undefined;
    if (name === 'resets' && startTimestamps !== undefined) return mixedRow(run, call, series);
    applyRange(fn, samples, argumentsOf(call, windows), out);
    cells = cellsWith(windows, fn.least);
  }
  cells ??= cellsWith(windows, 2);
  const { labels, dropName } = outputOf(run, call, series);
  const row: Row = { labels, dropName, from: windows.from, values: out, cells };
  return presentCells(row) === 0 ? undefined : row;
}

function argumentsOf({ node, params }: RangeCall, windows: Windows): RangeArguments {
  return { windows, params, start: node.grid.start, stride: node.grid.step };
}

/** Which windows hold at least `least` samples; shared by all series with the same windows. */
function cellsWith(windows: Windows, least: 1 | 2): Uint8Array {
  const { facts } = windows;
  if (least === 1) {
    facts.withOne ??= findCells(windows, 1);
    return facts.withOne;
  }
  facts.withTwo ??= findCells(windows, 2);
  return facts.withTwo;
}

function findCells({ low, high, from, to }: Windows, least: 1 | 2): Uint8Array {
  const cells = new Uint8Array(to - from);
  let full = true;
  for (let step = from; step < to; step += 1) {
    if (least <= (high[step] ?? 0) - (low[step] ?? 0)) cells[step - from] = float;
    else full = false;
  }
  return full ? allFloats(to - from) : cells;
}

/** Where a counter falls, found once for all the ranges that a query takes of it. */
function fallsOf(run: Evaluation, values: Float64Array, windows: Windows): Int32Array {
  const first = windows.low[windows.from] ?? 0;
  const end = windows.high[windows.to - 1] ?? 0;
  const known = run.falls.get(values);
  if (known !== undefined && known.first <= first && end <= known.end) {
    const { falls } = known;
    return falls.length === 0 ? falls : falls.filter((index) => first < index && index < end);
  }
  const falls = fallsWithin(values, windows);
  run.falls.set(values, { first, end, falls });
  return falls;
}

/** A series with histograms: step by step. */
function mixedRow(run: Evaluation, call: RangeCall, series: RangeSeries): Row | undefined {
  const { node } = call;
  const context = contextOf(run, call.argument, series);
  const draft = newDraft(run, call, series);
  const entry = rangeFunctions.get(node.function);
  for (let step = 0; step < node.grid.steps; step += 1) {
    const window = mixedWindow(series, step);
    if (floatCount(window) + histogramCount(window) === 0) continue;
    put(draft, step, mixedAnswer(call, entry, window, step, context));
  }
  return finishRow(draft);
}

function mixedAnswer(
  call: RangeCall,
  entry: RangeEntry | undefined,
  window: MixedWindow,
  step: number,
  context: RemarkContext,
): number | Histogram | undefined {
  const name = call.node.function;
  const kind = rateKinds.get(name);
  if (kind !== undefined) {
    if (refusesMix(window, context)) return undefined;
    const windows = window.histograms?.windows;
    if (windows === undefined || histogramCount(window) === 0) return floatRate(window, kind, step);
    return histogramRate(window, kind, windowEnd(windows, step), windows.range, context);
  }
  switch (name) {
    case 'irate':
    case 'idelta':
      return mixedInstantRate(window, name === 'irate', context);
    case 'sum_over_time':
    case 'avg_over_time':
      if (refusesMix(window, context)) return undefined;
      if (histogramCount(window) !== 0) return histogramTotal(window, name === 'avg_over_time', context);
      break;
    case 'resets':
      return mixedResets(mixedSamples(window));
    case 'changes':
      return mixedChanges(mixedSamples(window));
    case 'count_over_time':
      return floatCount(window) + histogramCount(window);
    case 'present_over_time':
    case 'absent_over_time':
      return 1;
    case 'first_over_time':
    case 'last_over_time':
    case 'ts_of_first_over_time':
    case 'ts_of_last_over_time':
      return edgeAnswer(name, window);
  }
  return entry === undefined ? undefined : floatAnswer(call, entry, window, step, context);
}

/** A function that sees only the floats of the window. */
function floatAnswer(
  call: RangeCall,
  { fn, histograms }: RangeEntry,
  window: MixedWindow,
  step: number,
  { run, name, span }: RemarkContext,
): number | undefined {
  const { floats, floatLow, floatHigh } = window;
  const count = floatCount(window);
  if (floats === undefined || count === 0) return undefined;
  if (histograms === 'ignored' && 0 < histogramCount(window)) infoHistogramsInRange(run, name, span);
  if (count < fn.least) return undefined;
  return fn.direct(floats.samples, floatLow, floatHigh, step, argumentsOf(call, floats.windows));
}

function floatRate({ floats, floatLow, floatHigh }: MixedWindow, kind: RateKind, step: number): number | undefined {
  if (floats === undefined) return undefined;
  const { windows } = floats;
  const one: Windows = {
    ...windows,
    low: Int32Array.of(floatLow),
    high: Int32Array.of(floatHigh),
    firstEnd: windowEnd(windows, step),
    endStep: 0,
    from: 0,
    to: 1,
    total: floatHigh - floatLow,
    facts: {},
  };
  const out = new Float64Array(1);
  const cells = new Uint8Array(1);
  if (floats.startTimestamps !== undefined) {
    rateFromStarts(floats.samples, floats.startTimestamps, one, kind, out, cells);
    return cells[0] === float ? out[0] : undefined;
  }
  extrapolatedRate(floats.samples, one, kind, out);
  return floatHigh - floatLow < 2 ? undefined : out[0];
}

function edgeAnswer(name: string, window: MixedWindow): number | Histogram | undefined {
  const samples = mixedSamples(window);
  const sample = name.includes('first') ? samples[0] : samples[samples.length - 1];
  if (sample === undefined) return undefined;
  return name.startsWith('ts_of') ? sample.time / 1000 : (sample.histogram ?? sample.value);
}

function put(draft: RowDraft, step: number, answer: number | Histogram | undefined): void {
  if (answer === undefined) return;
  if (typeof answer === 'number') putFloat(draft, step, answer);
  else putHistogram(draft, step, answer);
}

function contextOf(run: Evaluation, argument: RangeNode | SubqueryNode, { labels }: RangeSeries): RemarkContext {
  return { run, name: labels.get('__name__'), span: argument.span };
}

/** last_over_time and first_over_time work like an offset and therefore keep the name. */
function outputOf(
  run: Evaluation,
  { node }: RangeCall,
  { labels, dropName }: RangeSeries,
): Pick<Row, 'labels' | 'dropName'> {
  const keepsName = node.function === 'last_over_time' || node.function === 'first_over_time';
  return keepsName ? { labels, dropName } : { labels: resultLabels(run, labels), dropName: true };
}

function newDraft(run: Evaluation, call: RangeCall, series: RangeSeries): RowDraft {
  const { labels, dropName } = outputOf(run, call, series);
  return newRow(run, labels, dropName, call.node.grid.steps);
}

const counterSuffix = /_(?:total|sum|count|bucket)$/;

function remarkOnCounter(run: Evaluation, { node, argument }: RangeCall, { labels }: RangeSeries, row: Row): void {
  if (node.function !== 'rate' && node.function !== 'increase') return;
  const name = labels.get('__name__');
  if (name === '' || counterSuffix.test(name)) return;
  if (row.histograms === undefined || row.cells.includes(float)) infoNotCounter(run, name, argument.span);
}

function remarkOnOverlap(
  { run, name, span }: RemarkContext,
  { samples, startTimestamps, windows }: FloatWindows,
  kind: RateKind,
): void {
  if (startTimestamps === undefined || !kind.counter) return;
  const { timestamps } = samples;
  const overlaps = indexesWhere(windows, (i) =>
    startTimestampOverlap(startTimestamps[i - 1] ?? 0, timestamps[i - 1] ?? 0, startTimestamps[i] ?? 0),
  );
  const inWindow = overlaps.some((index) =>
    windows.low.some((low, step) => low < index && index < (windows.high[step] ?? 0)),
  );
  if (inWindow) warnStartOverlap(run, name, span);
}
