import { type Duration, duration, formatDuration, type Timestamp, timestamp } from '../../core/base/index.ts';
import type { EngineOptions } from '../../core/promql/index.ts';
import {
  evaluateGroup,
  type GroupState,
  newGroupState,
  type PreparedGroup,
  prepareGroup,
  type RecordedSample,
  type RestoreOptions,
  type RuleFile,
  type RuleState,
  restoreGroup,
} from '../../core/rules/index.ts';
import type { MemoryStore } from '../../store/index.ts';
import type { Log } from '../log.ts';
import type { OwnMetric } from '../own-metrics.ts';
import { deadline } from '../query.ts';
import { nextTick, type Recurring, stableOffset } from '../ticks.ts';
import type { ActiveAlert, GroupStatus, RuleStatus } from './group-status.ts';

/** A rule file with the name that the API tells. */
export interface NamedRuleFile {
  readonly name: string;
  readonly file: RuleFile;
}

/**
 * All rule groups. Those of one file are evaluated at the same fixed place in their intervals, so that a group whose interval is a
 * multiple of another's meets it, and history recorded at that place goes on without a seam.
 */
export interface RuleLoop {
  groups(): readonly GroupStatus[];
  /** Why the state of alerts and objectives is not known yet; undefined once every group was evaluated, slow ones apart. */
  notReady(): string | undefined;
  metrics(): readonly OwnMetric[];
  readonly work: readonly Recurring[];
}

/** The first tick, from a time on, at which all groups of a file are evaluated together. */
export function firstCommonTick({ name, file }: NamedRuleFile, from: Timestamp, defaultInterval: Duration): Timestamp {
  const intervals = file.groups.map(({ interval }) => interval ?? defaultInterval);
  const longest = duration(Math.max(defaultInterval, ...intervals));
  return nextTick({ interval: longest, offset: stableOffset(name, longest) }, timestamp(from - 1));
}

export interface RuleLoopParts {
  readonly store: MemoryStore;
  readonly log: Log;
  readonly engine: Partial<EngineOptions>;
  /** Of groups that name no interval of their own. */
  readonly interval: Duration;
  /** For one evaluation of a group. */
  readonly timeout: Duration;
  /** How alerts go on that the store knows of from before; without it, all begin anew. */
  readonly restore?: RestoreOptions;
}

export function ruleLoop(files: readonly NamedRuleFile[], parts: RuleLoopParts): RuleLoop {
  const loops = files.flatMap(({ name, file }) =>
    file.groups.map((group) => groupLoop(name, prepareGroup(group, parts.interval), parts)),
  );
  const groups = (): readonly GroupStatus[] => loops.map(({ status }) => status());
  return {
    groups,
    notReady() {
      const quick = groups().filter(({ interval }) => interval <= parts.interval);
      const waiting = quick.filter(({ lastEvaluation }) => lastEvaluation === undefined);
      if (waiting.length === 0) return undefined;
      return `${waiting.length} of ${quick.length} rule groups were not evaluated yet`;
    },
    metrics: () => loopMetrics(groups()),
    work: loops.map(({ work }) => work),
  };
}

/** At the first evaluation what alerts read may not be there yet. Source: prometheus, rules/group.go, run. */
const restoringEvaluation = 1;

interface GroupLoop {
  readonly work: Recurring;
  status(): GroupStatus;
}

function groupLoop(file: string, prepared: PreparedGroup, parts: RuleLoopParts): GroupLoop {
  const { store, log, engine, timeout, restore } = parts;
  const { group, interval, limit } = prepared;
  const name = `${file};${group.name}`;
  let state: GroupState = newGroupState(prepared, { restored: restore === undefined });
  let lastEvaluation: Timestamp | undefined;
  let evaluationSeconds = 0;
  let evaluations = 0;
  let skips = 0;
  const failures = prepared.rules.map(() => 0);

  async function run(tick: Timestamp, signal: AbortSignal): Promise<void> {
    const start = performance.now();
    const { state: next } = await evaluateGroup(prepared, state, tick, store, {
      engine,
      control: { checkpoint: deadline(timeout), signal },
      write: (samples) => writeAll(store, samples),
    });
    for (const [index, rule] of next.rules.entries()) noteHealth(index, rule, state.rules[index]);
    const isRestored = restore === undefined || evaluations !== restoringEvaluation;
    state = isRestored ? next : await restoreGroup(prepared, next, tick, store, restore);
    lastEvaluation = tick;
    evaluationSeconds = (performance.now() - start) / 1000;
    evaluations += 1;
  }

  /** Logs changes only: a rule that fails at every tick does not fill the log. */
  function noteHealth(index: number, { health, lastError }: RuleState, before: RuleState | undefined): void {
    const rule = prepared.rules[index]?.name ?? '';
    if (health === 'err') failures[index] = (failures[index] ?? 0) + 1;
    if (health === 'err' && lastError !== before?.lastError)
      log('warn', 'rule failed', { group: name, rule, reason: lastError });
    if (health === 'ok' && before?.health === 'err') log('info', 'rule works again', { group: name, rule });
  }

  return {
    work: {
      name,
      interval,
      offset: stableOffset(file, interval),
      run,
      skipped(count) {
        skips += count;
        log('warn', 'evaluations left out, the one before took too long', {
          group: name,
          count,
          took: `${evaluationSeconds.toFixed(2)} s of ${formatDuration(interval)}`,
        });
      },
    },
    status: () => ({
      name: group.name,
      file,
      interval,
      limit,
      lastEvaluation,
      evaluationSeconds,
      evaluations,
      skips,
      rules: prepared.rules.map(({ rule }, index) => ruleStatus(rule, state.rules[index], failures[index] ?? 0)),
    }),
  };
}

/** Writes what a rule recorded, so that the next rule reads it. Gives why not all of it could be written. */
function writeAll(store: MemoryStore, samples: readonly RecordedSample[]): string | undefined {
  let failure: string | undefined;
  for (const { labels, time, value, histogram, stale } of samples) {
    if (histogram !== undefined) {
      failure = 'the embedded store does not hold native histograms';
      continue;
    }
    const appended = stale === true ? store.appendStaleMarker(labels, time) : store.append(labels, time, value);
    if (stale === true) continue;
    if (appended === 'conflicting') failure = `another rule has recorded ${labels} already`;
    if (appended === 'outOfOrder') failure = `${labels} has been recorded for a later time already`;
  }
  return failure;
}

function ruleStatus(rule: RuleStatus['rule'], state: RuleState | undefined, failures: number): RuleStatus {
  const alerts = [...(state?.alerts.values() ?? [])].flatMap((alert): ActiveAlert[] =>
    alert.state === 'inactive'
      ? []
      : [
          {
            labels: alert.labels,
            annotations: alert.annotations,
            state: alert.state,
            activeAt: alert.activeAt,
            keepFiringSince: alert.keepFiringSince,
            value: alert.value,
          },
        ],
  );
  return { rule, health: state?.health ?? 'unknown', lastError: state?.lastError ?? '', failures, alerts };
}

function loopMetrics(groups: readonly GroupStatus[]): readonly OwnMetric[] {
  const of = (value: (group: GroupStatus) => number): OwnMetric['samples'] =>
    groups.map((group) => ({ labels: { rule_group: `${group.file};${group.name}` }, value: value(group) }));
  return [
    {
      name: 'nines_rule_group_evaluations_total',
      type: 'counter',
      help: 'Evaluations of rule groups.',
      samples: of(({ evaluations }) => evaluations),
    },
    {
      name: 'nines_rule_group_skipped_total',
      type: 'counter',
      help: 'Evaluations left out because the one before took longer than the interval.',
      samples: of(({ skips }) => skips),
    },
    {
      name: 'nines_rule_evaluation_failures_total',
      type: 'counter',
      help: 'Evaluations of single rules that failed.',
      samples: of(({ rules }) => rules.reduce((sum, { failures }) => sum + failures, 0)),
    },
    {
      name: 'nines_rule_group_last_duration_seconds',
      type: 'gauge',
      help: 'How long the last evaluation of the group took.',
      samples: of(({ evaluationSeconds }) => evaluationSeconds),
    },
  ];
}
