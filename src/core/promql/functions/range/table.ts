import { changes, countOverTime, presentOverTime, resets } from './counts.ts';
import { firstOverTime, lastOverTime, tsOfFirstOverTime, tsOfLastOverTime } from './edges.ts';
import { maxOverTime, minOverTime, tsOfMaxOverTime, tsOfMinOverTime } from './extremes.ts';
import { idelta } from './instant-rate.ts';
import { madOverTime, quantileOverTime } from './quantile.ts';
import type { RateKind } from './rate.ts';
import { deriv, predictLinear } from './regression.ts';
import type { RangeFunction } from './samples.ts';
import { doubleExponentialSmoothing } from './smoothing.ts';
import { avgOverTime, sumOverTime } from './sum.ts';
import { stddevOverTime, stdvarOverTime } from './variance.ts';

/** How a function of a range vector treats histograms among the samples. */
type HistogramTreatment =
  /** It answers for histograms too, in its own way. */
  | 'own'
  /** They are left out, with an info if there are floats beside them. */
  | 'ignored';

export interface RangeEntry {
  readonly fn: RangeFunction;
  readonly histograms: HistogramTreatment;
}

/** The functions of float samples in a range. `irate`, which may need start timestamps, and the rates are made on demand. */
export const rangeFunctions: ReadonlyMap<string, RangeEntry> = new Map<string, RangeEntry>([
  ['absent_over_time', { fn: presentOverTime, histograms: 'own' }],
  ['avg_over_time', { fn: avgOverTime, histograms: 'own' }],
  ['changes', { fn: changes, histograms: 'own' }],
  ['count_over_time', { fn: countOverTime, histograms: 'own' }],
  ['deriv', { fn: deriv, histograms: 'ignored' }],
  ['double_exponential_smoothing', { fn: doubleExponentialSmoothing, histograms: 'ignored' }],
  ['first_over_time', { fn: firstOverTime, histograms: 'own' }],
  ['idelta', { fn: idelta, histograms: 'own' }],
  ['last_over_time', { fn: lastOverTime, histograms: 'own' }],
  ['mad_over_time', { fn: madOverTime, histograms: 'ignored' }],
  ['max_over_time', { fn: maxOverTime, histograms: 'ignored' }],
  ['min_over_time', { fn: minOverTime, histograms: 'ignored' }],
  ['predict_linear', { fn: predictLinear, histograms: 'ignored' }],
  ['present_over_time', { fn: presentOverTime, histograms: 'own' }],
  ['quantile_over_time', { fn: quantileOverTime, histograms: 'ignored' }],
  ['resets', { fn: resets, histograms: 'own' }],
  ['stddev_over_time', { fn: stddevOverTime, histograms: 'ignored' }],
  ['stdvar_over_time', { fn: stdvarOverTime, histograms: 'ignored' }],
  ['sum_over_time', { fn: sumOverTime, histograms: 'own' }],
  ['ts_of_first_over_time', { fn: tsOfFirstOverTime, histograms: 'own' }],
  ['ts_of_last_over_time', { fn: tsOfLastOverTime, histograms: 'own' }],
  ['ts_of_max_over_time', { fn: tsOfMaxOverTime, histograms: 'ignored' }],
  ['ts_of_min_over_time', { fn: tsOfMinOverTime, histograms: 'ignored' }],
]);

/** The functions that extrapolate to the window. */
export const rateKinds: ReadonlyMap<string, RateKind> = new Map([
  ['rate', { counter: true, perSecond: true }],
  ['increase', { counter: true, perSecond: false }],
  ['delta', { counter: false, perSecond: false }],
]);
