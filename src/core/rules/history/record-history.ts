import type { Duration, Timestamp } from '../../base/index.ts';
import type { EngineOptions, RunControl } from '../../promql/index.ts';
import type { Series, SeriesSource } from '../../series/index.ts';
import { type ExternalData, noExternalData } from '../evaluate/expand.ts';
import { prepareGroup } from '../evaluate/prepare.ts';
import type { AlertingRule, Rule, RuleFile, RuleGroup } from '../model.ts';
import type { AlertEpisode } from './alert-walk.ts';
import { type WalkOptions, walkHistory } from './walk-history.ts';

export interface HistoryOptions {
  /** The first tick of every group. */
  readonly from: Timestamp;
  /** No tick is later. */
  readonly to: Timestamp;
  /** Of groups that name no interval. */
  readonly interval: Duration;
  readonly engine?: Partial<EngineOptions>;
  readonly control?: RunControl;
  readonly external?: ExternalData;
  /** Whether `ALERTS` and `ALERTS_FOR_STATE` are among the series; yes by default. */
  readonly alertSeries?: boolean;
}

/** What rules would have recorded and raised over a stretch of time. */
export interface RecordedHistory {
  /** The recorded series, with stale markers as live evaluation writes them; those of alerts if they are wanted. */
  readonly series: readonly Series[];
  /** The alerts of each alerting rule, in the order of the file. */
  readonly alerts: readonly AlertHistory[];
  /** In order of time. */
  readonly failures: readonly RuleFailure[];
}

export interface AlertHistory {
  readonly group: RuleGroup;
  readonly rule: AlertingRule;
  /** In the order in which they began. */
  readonly episodes: readonly AlertEpisode[];
}

/** A rule that could not be evaluated at a tick. */
interface RuleFailure {
  readonly group: RuleGroup;
  readonly rule: Rule;
  readonly time: Timestamp;
  readonly message: string;
}

/**
 * Evaluates the rules of a file over a stretch of history. The result is the same as evaluating them tick by tick, but each rule is
 * computed once over the whole stretch: only rules that read themselves, one another or a later rule, or that look ahead, are
 * stepped through. Throws only if the source does, or if it is cancelled.
 */
export async function recordHistory(
  file: RuleFile,
  source: SeriesSource,
  options: HistoryOptions,
): Promise<RecordedHistory> {
  const { from, to, interval, engine = {}, control = {}, external = noExternalData, alertSeries = true } = options;
  const groups = file.groups.map((group) => prepareGroup(group, interval));
  const walkOptions: WalkOptions = { from, to, engine, control, external, alertSeries, watch: [], tickByTick: false };
  const walked = await walkHistory(groups, source, walkOptions);
  return {
    series: walked.store.series(),
    alerts: walked.rules.flatMap((scheduled) => {
      const { rule, group } = scheduled;
      const episodes = walked.alerts.get(scheduled)?.episodes() ?? [];
      return rule.kind === 'alerting' ? [{ group: group.group, rule: rule.rule, episodes }] : [];
    }),
    failures: walked.failures.map(({ scheduled, time, message }) => ({
      group: scheduled.group.group,
      rule: scheduled.rule.rule,
      time,
      message,
    })),
  };
}
