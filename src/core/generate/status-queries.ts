import { type Duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { Service, Slo } from '../slo/index.ts';
import { levelsOf } from './levels.ts';
import { identityLabels, recorded, windowLabel } from './names.ts';
import { defaultGenerateOptions, type GenerateOptions } from './options.ts';
import { periodScope } from './scope.ts';
import { inWholeSlices } from './source.ts';

const { call, divide, selector, subtract } = build;

/**
 * The queries by which a server or a page reads how an SLO stands from what its rules record. Each gives at most one series; as range
 * queries they give the history. No series means: not known.
 */
export interface StatusQueries {
  /** Share of good events over the period. */
  readonly sli: Expr;
  readonly errorRatio: Expr;
  readonly goodEvents: Expr;
  readonly badEvents: Expr;
  readonly totalEvents: Expr;
  /** Share of the error budget that is left: 1 untouched, 0 spent, negative overspent. */
  readonly budgetRemaining: Expr;
  /** How much of the period was observed, up to 1. */
  readonly periodFill: Expr;
  /** Ascending by window, the period last. */
  readonly burnRates: readonly { readonly window: Duration; readonly burnRate: Expr }[];
  /** Over the shortest window. */
  readonly currentErrorRatio: Expr;
  readonly requestsPerSecond: Expr;
}

/** Makes the queries of an SLO whose rules were generated with the same options. */
export function statusQueries(
  service: Service,
  slo: Slo,
  options: Pick<GenerateOptions, 'interval'> = defaultGenerateOptions,
): StatusQueries {
  const own = identityLabels(service, slo);
  const levels = levelsOf(inWholeSlices(slo), options.interval);
  const [main] = levels.periods;
  const { conditions } = periodScope(service, slo, main);
  const windows = [...levels.fastWindows, ...levels.slowWindows];
  const at = (name: string, window: Duration): Expr =>
    selector(name, { ...own, [windowLabel]: formatDuration(window) });
  const [shortest = levels.period] = windows;
  const bad = call('clamp_min', selector(recorded.periodBadEvents, conditions), 0);
  const total = selector(recorded.periodTotalEvents, conditions);
  const errorRatio = selector(recorded.periodErrorRatio, conditions);
  return {
    sli: subtract(1, errorRatio),
    errorRatio,
    goodEvents: subtract(total, bad),
    badEvents: bad,
    totalEvents: total,
    budgetRemaining: selector(recorded.periodBudgetRemaining, conditions),
    periodFill: selector(recorded.periodFill, conditions),
    burnRates: [
      ...windows.map((window) => ({ window, burnRate: at(recorded.burnRate, window) })),
      { window: levels.period, burnRate: divide(errorRatio, slo.target.errorBudget) },
    ],
    currentErrorRatio: at(recorded.errorRatio, shortest),
    requestsPerSecond: divide(at(recorded.totalEvents, shortest), shortest / 1000),
  };
}
