import { type Duration, duration, minute, type Timestamp, timestamp } from '../../base/index.ts';
import { type EngineOptions, type QueryError, type RunControl, runQuery } from '../../promql/index.ts';
import { type Labels, metricName, type SeriesSource } from '../../series/index.ts';
import { type Alerts, type FoundAlert, nextAlerts, noAlerts } from '../alerts/alert.ts';
import { alertSamples } from '../alerts/alert-samples.ts';
import { defaultRestoreOptions, type RestoreOptions, restoreAlerts, restoreSelection } from '../alerts/restore.ts';
import { type AlertNotice, alertsToSend, defaultResendDelay } from '../alerts/send.ts';
import type { TemplateAnswer } from '../template/function.ts';
import { answerQuery, notAVector, type RuleReader, samplesOf, withAnswers } from './answers.ts';
import {
  type Answers,
  type Expanded,
  type ExternalData,
  expandAlert,
  type FoundSample,
  noExternalData,
} from './expand.ts';
import type { PreparedAlertingRule, PreparedGroup, PreparedRecordingRule, PreparedRule } from './prepare.ts';
import { joinedSource, type RecordedSample, Recorder } from './recorder.ts';

/** What is known of a rule from its last evaluation. */
export interface RuleState {
  /** `unknown` before the first evaluation. */
  readonly health: 'unknown' | 'ok' | 'err';
  /** Why the last evaluation failed; empty if it did not. */
  readonly lastError: string;
  /** The series written at the last evaluation that succeeded; one that is missing at the next gets a stale marker. */
  readonly written: ReadonlyMap<string, Labels>;
  /** Of an alerting rule; empty for a recording rule. */
  readonly alerts: Alerts;
  /** Whether `ALERTS` is written yet: not before the state from before a restart has been restored. */
  readonly restored: boolean;
}

/** What is known of a group, one entry a rule in the order of the file. It never changes; an evaluation gives the next one. */
export interface GroupState {
  readonly rules: readonly RuleState[];
  /** Series of rules that are gone, to be marked stale at the next evaluation. */
  readonly orphans: readonly Labels[];
}

export interface GroupOptions {
  readonly engine: Partial<EngineOptions>;
  readonly control: RunControl;
  readonly external: ExternalData;
  readonly resendDelay: Duration;
  /**
   * Writes what a rule has recorded, so that the next rule reads it from the source; gives why it could not, or undefined. Absent: later
   * rules of the group are shown it, and the caller writes all of it afterwards.
   */
  readonly write?: (samples: readonly RecordedSample[]) => string | undefined;
}

const defaultGroupOptions: GroupOptions = {
  engine: {},
  control: {},
  external: noExternalData,
  resendDelay: defaultResendDelay,
};

/** What one tick of a group gives. */
export interface GroupEvaluation {
  readonly state: GroupState;
  /** Everything recorded at this tick, in order, stale markers included. */
  readonly samples: readonly RecordedSample[];
  /** What is to be told to Alertmanager now, by rule. */
  readonly notices: readonly RuleNotices[];
}

interface RuleNotices {
  readonly rule: PreparedAlertingRule;
  readonly alerts: readonly AlertNotice[];
}

/** The state of a group that has never been evaluated. `restored` false: the server has been restarted, see `restoreGroup`. */
export function newGroupState({ rules }: PreparedGroup, { restored }: { readonly restored: boolean }): GroupState {
  const written = new Map<string, Labels>();
  return {
    rules: rules.map(() => ({ health: 'unknown', lastError: '', written, alerts: noAlerts, restored })),
    orphans: [],
  };
}

/**
 * Evaluates a group at a tick: rules in order, each seeing what the ones before it recorded at this tick. A rule that fails writes
 * nothing and its series get no stale markers. Throws only if the source does. Source: prometheus, rules/group.go, Eval.
 */
export async function evaluateGroup(
  group: PreparedGroup,
  state: GroupState,
  time: Timestamp,
  source: SeriesSource,
  options: Partial<GroupOptions> = {},
): Promise<GroupEvaluation> {
  const settled: GroupOptions = { ...defaultGroupOptions, ...options };
  const recorder = settled.write === undefined ? new Recorder() : undefined;
  const write = settled.write ?? ((samples) => recordAll(recorder, samples));
  const reader: RuleReader = {
    source: recorder === undefined ? source : joinedSource(recorder, source),
    engine: { defaultSubqueryStep: minute, ...settled.engine },
    control: settled.control,
  };
  const at = timestamp(time - group.queryOffset);
  const rules: RuleState[] = [];
  const samples: RecordedSample[] = [];
  const notices: RuleNotices[] = [];
  for (const [index, rule] of group.rules.entries()) {
    const before = state.rules[index] ?? emptyState;
    const outcome = await evaluateRule(rule, before, { group, time, at, reader, options: settled });
    if (!outcome.ok) {
      rules.push({ ...before, health: 'err', lastError: outcome.message, alerts: outcome.alerts });
      continue;
    }
    if (rule.kind === 'alerting' && 0 < outcome.notices.length) notices.push({ rule, alerts: outcome.notices });
    const failed = write(outcome.samples);
    samples.push(...outcome.samples);
    rules.push({ ...outcome.state, ...(failed === undefined ? {} : { health: 'err', lastError: failed }) });
  }
  const ended = state.orphans.map((labels) => staleMarker(labels, at));
  if (0 < ended.length) write(ended);
  return { state: { rules, orphans: [] }, samples: [...samples, ...ended], notices };
}

/**
 * Takes the state of alerts from before a restart out of the source, to be called once after the second evaluation: by then the rules
 * have data again. Source: prometheus, rules/group.go, run and RestoreForState.
 */
export async function restoreGroup(
  group: PreparedGroup,
  state: GroupState,
  time: Timestamp,
  source: SeriesSource,
  options: RestoreOptions = defaultRestoreOptions,
): Promise<GroupState> {
  const rules: RuleState[] = [];
  for (const [index, rule] of group.rules.entries()) {
    const before = state.rules[index] ?? emptyState;
    const selection = rule.kind === 'alerting' ? restoreSelection(rule.rule, rule.labels, time, options) : undefined;
    if (rule.kind === 'recording' || selection === undefined) {
      rules.push({ ...before, restored: true });
      continue;
    }
    const [stored = []] = await source.select([selection]);
    rules.push({ ...before, restored: true, alerts: restoreAlerts(before.alerts, stored, rule.rule, time, options) });
  }
  return { ...state, rules };
}

/**
 * The state of a group after its rules were changed: rules with the same name and labels keep their state; the series of the others are
 * marked stale at the next evaluation. Source: prometheus, rules/group.go, CopyState.
 */
export function carryState(from: PreparedGroup, state: GroupState, to: PreparedGroup): GroupState {
  const left = new Map<string, RuleState[]>();
  for (const [index, rule] of from.rules.entries()) {
    const known = state.rules[index];
    if (known === undefined) continue;
    const key = identity(rule);
    const same = left.get(key);
    if (same === undefined) left.set(key, [known]);
    else same.push(known);
  }
  const fresh = newGroupState(to, { restored: true });
  const rules = to.rules.map((rule, index) => left.get(identity(rule))?.shift() ?? fresh.rules[index] ?? emptyState);
  const orphans = [...left.values()].flat().flatMap(({ written }) => [...written.values()]);
  return { rules, orphans: [...state.orphans, ...orphans] };
}

function identity(rule: PreparedRule): string {
  const labels = rule.kind === 'recording' ? [...rule.labels] : [...rule.labels.entries()];
  return JSON.stringify([rule.kind, rule.name, labels.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

const emptyState: RuleState = {
  health: 'unknown',
  lastError: '',
  written: new Map(),
  alerts: noAlerts,
  restored: true,
};

function recordAll(recorder: Recorder | undefined, samples: readonly RecordedSample[]): string | undefined {
  let failure: string | undefined;
  for (const sample of samples) {
    const appended = recorder?.append(sample);
    if (appended === 'conflicting' && sample.stale === undefined) failure = duplicateSample;
  }
  return failure;
}

/** What Prometheus's store says of a second value for an instant, for instance when two rules record the same series. */
export const duplicateSample = 'duplicate sample for timestamp';

/** What Prometheus says of a recording rule two of whose results have the same labels. */
export const duplicateRecording = 'vector contains metrics with the same labelset after applying rule labels';

interface Tick {
  readonly group: PreparedGroup;
  readonly time: Timestamp;
  /** The time that queries are asked for and samples get: the tick less the group's query offset. */
  readonly at: Timestamp;
  readonly reader: RuleReader;
  readonly options: GroupOptions;
}

type RuleOutcome =
  | {
      readonly ok: true;
      readonly state: RuleState;
      readonly samples: readonly RecordedSample[];
      readonly notices: readonly AlertNotice[];
    }
  | { readonly ok: false; readonly message: string; readonly alerts: Alerts };

async function evaluateRule(rule: PreparedRule, before: RuleState, tick: Tick): Promise<RuleOutcome> {
  const { reader, at } = tick;
  const instant = { start: at, end: at, step: duration(0) };
  const outcome = await runQuery(reader.source, rule.expr, instant, reader.engine, reader.control);
  if (!outcome.ok) return failed(before, outcome.error);
  const found = samplesOf(outcome.value);
  if (found === undefined) return { ok: false, message: notAVector, alerts: before.alerts };
  return rule.kind === 'recording' ? record(rule, found, before, tick) : alert(rule, found, before, tick);
}

function failed(before: RuleState, error: QueryError): RuleOutcome {
  return { ok: false, message: error.message, alerts: before.alerts };
}

function record(
  rule: PreparedRecordingRule,
  found: readonly FoundSample[],
  before: RuleState,
  tick: Tick,
): RuleOutcome {
  const written = new Map<string, Labels>();
  const samples: RecordedSample[] = [];
  for (const { labels: from, value, histogram } of found) {
    const labels = recordedLabels(rule, from);
    if (written.has(labels.key)) return { ok: false, message: duplicateRecording, alerts: before.alerts };
    written.set(labels.key, labels);
    samples.push({ labels, time: tick.at, value, ...(histogram === undefined ? {} : { histogram }) });
  }
  const { limit } = tick.group;
  if (0 < limit && limit < samples.length) {
    return { ok: false, message: `exceeded limit of ${limit} with ${samples.length} series`, alerts: before.alerts };
  }
  return succeeded(before, noAlerts, written, samples, tick, []);
}

/** The labels under which a rule records an element of its result. */
export function recordedLabels(rule: PreparedRecordingRule, labels: Labels): Labels {
  return labels.merge([[metricName, rule.name], ...rule.labels]);
}

async function alert(
  rule: PreparedAlertingRule,
  found: readonly FoundSample[],
  before: RuleState,
  tick: Tick,
): Promise<RuleOutcome> {
  const expanded = await expandAll(rule, found, tick);
  const { holdFor, keepFiringFor } = rule.rule;
  const timing = { holdFor, keepFiringFor, limit: tick.group.limit };
  const next = nextAlerts(before.alerts, expanded, tick.time, timing);
  if (!next.ok) return { ok: false, message: next.message, alerts: next.alerts };
  const { resendDelay } = tick.options;
  const { notices, alerts } = alertsToSend(next.alerts, tick.time, { interval: tick.group.interval, resendDelay });
  const samples = before.restored ? alertSamples(rule.name, rule.labels, alerts) : [];
  const timed = samples.map((sample) => ({ ...sample, time: tick.at }));
  const written = new Map(timed.map(({ labels }) => [labels.key, labels]));
  return succeeded(before, alerts, written, timed, tick, notices);
}

/** Expands the templates of all alerts of a tick. */
async function expandAll(
  rule: PreparedAlertingRule,
  found: readonly FoundSample[],
  { reader, time, options }: Tick,
): Promise<readonly FoundAlert[]> {
  const ask = (query: string): Promise<TemplateAnswer> => answerQuery(reader, query, time);
  const answers = new Map<string, TemplateAnswer>();
  const alerts: FoundAlert[] = [];
  for (const sample of found) {
    const expand = (known: Answers): Expanded<FoundAlert> => expandAlert(rule, sample, time, options.external, known);
    alerts.push(await withAnswers(expand, ask, answers));
  }
  return alerts;
}

function succeeded(
  before: RuleState,
  alerts: Alerts,
  written: ReadonlyMap<string, Labels>,
  samples: readonly RecordedSample[],
  tick: Tick,
  notices: readonly AlertNotice[],
): RuleOutcome {
  const ended: RecordedSample[] = [];
  for (const [key, labels] of before.written) if (!written.has(key)) ended.push(staleMarker(labels, tick.at));
  const state: RuleState = { health: 'ok', lastError: '', written, alerts, restored: before.restored };
  return { ok: true, state, samples: [...samples, ...ended], notices };
}

function staleMarker(labels: Labels, time: Timestamp): RecordedSample {
  return { labels, time, value: Number.NaN, stale: true };
}
