import { compatibleSchemas } from '../../series/index.ts';
import { interpolateHistograms } from '../functions/range/extended.ts';
import { isGauge } from '../functions/range/histogram-rate.ts';
import {
  floatCount,
  histogramCount,
  type MixedSample,
  type MixedWindow,
  mixedSamples,
  mixedWindow,
} from '../functions/range/window.ts';
import type { InstantNode } from '../plan/nodes.ts';
import { type Evaluation, newRow, work } from './evaluation.ts';
import { selectRanges } from './ranges.ts';
import { warnMixedRange, warnMixedSchemas } from './remarks.ts';
import { finishRows, putFloat, putHistogram, type Row, type RowDraft } from './row.ts';

/**
 * An instant selector with the experimental modifier `smoothed`: interpolated between the samples within the lookback before and after
 * the step; the last value if none follows. Source: prometheus, promql/engine.go, smoothSeries.
 */
export function selectSmoothed(run: Evaluation, node: InstantNode): readonly Row[] {
  const { selector, grid, span } = node;
  const lookback = run.options.lookbackDelta;
  const range = { kind: 'range', selector, range: 2 * lookback, grid, span } as const;
  const spec = { grid, offset: selector.offset - lookback, at: selector.at, range: 2 * lookback };
  const drafts: RowDraft[] = [];
  for (const series of selectRanges(run, range, spec)) {
    work(run, grid.steps);
    const draft = newRow(run, series.labels, false, grid.steps);
    const context = { run, name: series.labels.get('__name__'), span };
    for (let step = 0; step < grid.steps; step += 1) {
      const window = mixedWindow(series, step);
      if (floatCount(window) + histogramCount(window) === 0) continue;
      if (0 < floatCount(window) && 0 < histogramCount(window)) {
        warnMixedRange(run, context.name, span);
        continue;
      }
      const time = (selector.at ?? grid.start + step * grid.step) - selector.offset;
      const { before, after } = around(window, time);
      if (before === undefined) continue;
      if (before.histogram !== undefined) {
        if (after?.histogram !== undefined && !compatibleSchemas(before.histogram, after.histogram)) {
          warnMixedSchemas(run, context.name, span);
          continue;
        }
        const counter = !isGauge(before.histogram) && !(after?.histogram !== undefined && isGauge(after.histogram));
        const value =
          after === undefined
            ? before.histogram
            : interpolateHistograms(before.histogram, before.time, after.histogram, after.time, time, counter, context);
        if (value !== undefined) putHistogram(draft, step, value);
      } else {
        putFloat(draft, step, after === undefined ? before.value : between(before, after, time));
      }
    }
    drafts.push(draft);
  }
  return finishRows(drafts);
}

/** The last sample not later than a time, and the first one after it if the time falls between two samples. */
function around(
  window: MixedWindow,
  time: number,
): { readonly before: MixedSample | undefined; readonly after: MixedSample | undefined } {
  let before: MixedSample | undefined;
  for (const sample of mixedSamples(window)) {
    if (time < sample.time) return { before, after: before?.time === time ? undefined : sample };
    before = sample;
  }
  return { before, after: undefined };
}

function between(before: MixedSample, after: MixedSample, time: number): number {
  return before.value + ((after.value - before.value) * (time - before.time)) / (after.time - before.time);
}
