import { type Duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { Service, Slo } from '../slo/index.ts';
import { levelsOf } from './levels.ts';
import { badOnly, eventsLabel, identityLabels, recorded, totalOnly, windowLabel } from './names.ts';
import { defaultGenerateOptions, type GenerateOptions } from './options.ts';
import type { PeriodLevels } from './period-levels.ts';
import { periodScope } from './scope.ts';
import { inWholeSlices } from './source.ts';

const { call, divide, ignoring, selector, subtract } = build;

/** The queries about one period. */
export interface PeriodQueries {
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
}

/**
 * The queries by which a server or a page reads how an SLO stands from what its rules record. Each gives at most one series, or one for
 * each group of a grouped SLO; as range queries they give the history. No series means: not known.
 */
export interface StatusQueries extends PeriodQueries {
  /** Ascending by window, the period last; none of an invariant, which has no budget to burn. */
  readonly burnRates: readonly { readonly window: Duration; readonly burnRate: Expr }[];
  /** Over the shortest window. */
  readonly currentErrorRatio: Expr;
  readonly requestsPerSecond: Expr;
  /** The periods beside the main one, by the value of their label. */
  readonly furtherPeriods: ReadonlyMap<string, PeriodQueries>;
}

/** What the queries ask for: rules generated with these options, and of a grouped SLO one group by its labels. */
export interface StatusQueryOptions extends Pick<GenerateOptions, 'interval'> {
  readonly group?: Readonly<Record<string, string>>;
}

/** Makes the queries of an SLO whose rules were generated with the same options. */
export function statusQueries(
  service: Service,
  slo: Slo,
  { interval, group = {} }: StatusQueryOptions = defaultGenerateOptions,
): StatusQueries {
  const own = { ...identityLabels(service, slo), ...group };
  const levels = levelsOf(inWholeSlices(slo), interval);
  const [main, ...further] = levels.periods;
  const windows = [...levels.fastWindows, ...levels.slowWindows];
  const at = (name: string, window: Duration, kind: build.Conditions = {}): Expr =>
    selector(name, { ...own, ...kind, [windowLabel]: formatDuration(window) });
  const [shortest = levels.period] = windows;
  const inPeriod = (level: PeriodLevels): PeriodQueries =>
    periodQueries({ ...periodScope(service, slo, level).conditions, ...group });
  const ofPeriod = inPeriod(main);
  return {
    ...ofPeriod,
    burnRates:
      slo.target.errorBudget === 0
        ? []
        : [
            ...windows.map((window) => ({ window, burnRate: at(recorded.burnRate, window) })),
            { window: levels.period, burnRate: divide(ofPeriod.errorRatio, slo.target.errorBudget) },
          ],
    currentErrorRatio: at(recorded.errorRatio, shortest),
    requestsPerSecond: divide(at(recorded.windowEvents, shortest, totalOnly), shortest / 1000),
    furtherPeriods: new Map(further.map((level) => [level.label ?? '', inPeriod(level)])),
  };
}

function periodQueries(conditions: build.Conditions): PeriodQueries {
  const bad = call('clamp_min', selector(recorded.periodEvents, { ...conditions, ...badOnly }), 0);
  const total = selector(recorded.periodEvents, { ...conditions, ...totalOnly });
  const errorRatio = selector(recorded.periodErrorRatio, conditions);
  return {
    sli: subtract(1, errorRatio),
    errorRatio,
    goodEvents: subtract(total, bad, ignoring(eventsLabel)),
    badEvents: bad,
    totalEvents: total,
    budgetRemaining: selector(recorded.periodBudgetRemaining, conditions),
    periodFill: selector(recorded.periodFill, conditions),
  };
}
