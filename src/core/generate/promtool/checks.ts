import { type Duration, duration, formatDuration } from '../../base/index.ts';
import { build, printExpr } from '../../promql/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import type { LabelSet } from './made-series.ts';
import type { ExpectedAlert, ExpectedFigure } from './subject.ts';

/** Makes the checks of a case. */
export interface Checks {
  readonly interval: Duration;
}

/** Whether an alert fires at an evaluation. */
export function firingCheck(
  { labels, isMany = false }: Pick<ExpectedAlert, 'labels' | 'isMany'>,
  evaluation: number,
  fires: boolean,
  { interval }: Checks,
): YamlValue {
  const count = build.aggregate(isMany ? 'group' : 'count', build.by(), build.selector('ALERTS', labels));
  const expr = printExpr(build.or(count, build.call('vector', 0)));
  return { expr, eval_time: timeOf(evaluation, interval), exp_samples: [{ labels: '{}', value: fires ? 1 : 0 }] };
}

/** Nothing is recorded under a name. */
export function emptyCheck(name: string, labels: LabelSet, evaluation: number, { interval }: Checks): YamlValue {
  return { expr: printExpr(build.selector(name, labels)), eval_time: timeOf(evaluation, interval), exp_samples: [] };
}

/** Whether a recorded figure is what it must be, to nine digits: quotients of counts are rounded a few times. */
export function figureCheck(
  { name, labels }: Pick<ExpectedFigure, 'name' | 'labels'>,
  value: number,
  evaluation: number,
  { interval }: Checks,
): YamlValue {
  const series = build.selector(name, labels);
  const distance = build.call('abs', build.subtract(build.sum(series), Number(value.toPrecision(12))));
  const expr = printExpr(build.compareBool('<', distance, 1e-9 * Math.max(1, Math.abs(value))));
  return { expr, eval_time: timeOf(evaluation, interval), exp_samples: [{ labels: '{}', value: 1 }] };
}

function timeOf(evaluation: number, interval: Duration): string {
  return formatDuration(duration(evaluation * interval));
}
