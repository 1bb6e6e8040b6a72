import { Cancelled, duration, minute, type Timestamp, timestamp } from '../../base/index.ts';
import { type EngineOptions, type RunControl, runQuery } from '../../promql/index.ts';
import type { Labels, SeriesSource } from '../../series/index.ts';
import { answerQuery, notAVector, type RuleReader, samplesOf, withAnswers } from '../evaluate/answers.ts';
import { type ExternalData, expandAnnotations, expandLabels, type FoundSample } from '../evaluate/expand.ts';
import { duplicateRecording, duplicateSample, recordedLabels } from '../evaluate/group.ts';
import type { PreparedAlertingRule, PreparedGroup, PreparedRecordingRule } from '../evaluate/prepare.ts';
import { type RecordedSample, Recorder } from '../evaluate/recorder.ts';
import { usesOnlyLabels } from '../template/uses-labels.ts';
import { AlertWalk, type LabelledSample, type WalkedAlert } from './alert-walk.ts';
import { mayRead } from './reads.ts';
import { recordSteps, type TickGrid, tickGrid } from './record-steps.ts';
import { type ScheduledRule, schedule, selectorsOfRule, type Unit } from './schedule.ts';
import { evaluateSteps, type StepAnswers, type Ticks, tickTime } from './steps.ts';
import { HistoryStore } from './store.ts';

export interface WalkOptions {
  readonly from: Timestamp;
  readonly to: Timestamp;
  readonly engine: Partial<EngineOptions>;
  readonly control: RunControl;
  readonly external: ExternalData;
  /** Whether `ALERTS` and `ALERTS_FOR_STATE` are recorded even where no rule reads them. */
  readonly alertSeries: boolean;
  /** Ticks at which the active alerts are kept. */
  readonly watch: readonly Timestamp[];
  /**
   * Step through all rules instead of computing them over the whole stretch, and stop behind the first tick at which one fails: for limits
   * that hold for each evaluation.
   */
  readonly tickByTick: boolean;
}

/** A rule that failed at a tick. */
interface WalkFailure {
  readonly scheduled: ScheduledRule;
  readonly time: Timestamp;
  readonly message: string;
}

/** Everything that rules did over a stretch of time. */
export interface WalkedHistory {
  readonly rules: readonly ScheduledRule[];
  readonly store: HistoryStore;
  /** By rule. */
  readonly alerts: ReadonlyMap<ScheduledRule, AlertWalk>;
  /** In order of time, then of rules. */
  readonly failures: readonly WalkFailure[];
  /** The active alerts of each rule at the ticks that were watched. */
  readonly watched: ReadonlyMap<Timestamp, ReadonlyMap<ScheduledRule, readonly WalkedAlert[]>>;
}

/**
 * Evaluates groups over a stretch of time as if they had been evaluated tick by tick: group ticks are `from`, `from` plus the group's
 * interval, and so on. What can be computed over the whole stretch at once, is.
 */
export async function walkHistory(
  groups: readonly PreparedGroup[],
  source: SeriesSource,
  options: WalkOptions,
): Promise<WalkedHistory> {
  const rules = scheduledRules(groups);
  const walk: Walk = {
    options,
    store: new HistoryStore(source),
    alerts: new Map(),
    failures: [],
    watched: new Map(options.watch.map((time) => [time, new Map()])),
    grids: new Map(),
    read: new Set(rules.filter((writer) => isRead(writer, rules))),
  };
  const units: readonly Unit[] = options.tickByTick ? [{ mode: 'ticks', rules }] : schedule(rules, options.from);
  for (const unit of units) {
    if (unit.mode === 'ticks') await walkTicks(walk, unit.rules);
    else for (const rule of unit.rules) await walkRange(walk, rule);
  }
  const failures = walk.failures.toSorted((a, b) => a.time - b.time || a.scheduled.order - b.scheduled.order);
  return { rules, store: walk.store, alerts: walk.alerts, failures, watched: walk.watched };
}

/** The annotations of an alert of a walked history. Only those that are looked at are expanded. */
export async function walkedAnnotations(
  history: WalkedHistory,
  scheduled: ScheduledRule,
  { sample, foundAt }: WalkedAlert,
  { engine, control, external }: WalkOptions,
): Promise<ReadonlyMap<string, string>> {
  const { rule } = scheduled;
  if (rule.kind !== 'alerting') return new Map();
  const reader: RuleReader = { source: history.store.asSeenBy(scheduled, foundAt), engine: withStep(engine), control };
  return withAnswers(
    (answers) => expandAnnotations(rule, sample, foundAt, external, answers),
    (query) => answerQuery(reader, query, foundAt),
  );
}

/** Whether all rules can be evaluated at some of their ticks, evenly spread and the last one among them, under another engine's limits. */
export async function probesSucceed(
  history: WalkedHistory,
  { from, to, engine, control }: WalkOptions,
  probes: number,
): Promise<boolean> {
  for (const scheduled of history.rules) {
    const count = Math.floor((to - from) / scheduled.interval);
    for (let probe = 0; probe <= probes; probe += 1) {
      const time = timestamp(from + Math.floor((count * probe) / probes) * scheduled.interval);
      const at = timestamp(time - scheduled.group.queryOffset);
      const instant = { start: at, end: at, step: duration(0) };
      const source = history.store.asSeenBy(scheduled, time);
      const outcome = await runQuery(source, scheduled.rule.expr, instant, withStep(engine), control);
      if (!outcome.ok) return false;
    }
  }
  return true;
}

interface Walk {
  readonly options: WalkOptions;
  readonly store: HistoryStore;
  readonly alerts: Map<ScheduledRule, AlertWalk>;
  readonly failures: WalkFailure[];
  readonly watched: ReadonlyMap<Timestamp, Map<ScheduledRule, readonly WalkedAlert[]>>;
  /** By start and step. */
  readonly grids: Map<string, TickGrid>;
  /** Rules whose series another rule may read. */
  readonly read: ReadonlySet<ScheduledRule>;
}

function scheduledRules(groups: readonly PreparedGroup[]): readonly ScheduledRule[] {
  return groups
    .flatMap((group) => group.rules.map((rule) => ({ rule, group })))
    .map(({ rule, group }, order) => ({ rule, group, order, interval: group.interval }));
}

function isRead(writer: ScheduledRule, rules: readonly ScheduledRule[]): boolean {
  return rules.some(({ rule }) => {
    const wanted = selectorsOfRule(rule);
    return wanted === 'everything' || mayRead(wanted, writer.rule);
  });
}

function withStep(engine: Partial<EngineOptions>): Partial<EngineOptions> {
  return { defaultSubqueryStep: minute, ...engine };
}

function ticksOf({ interval }: ScheduledRule, { from, to }: WalkOptions): Ticks {
  return { start: from, step: interval, count: to < from ? 0 : Math.floor((to - from) / interval) + 1 };
}

/** The instants of ticks, the same arrays for all rules that tick together. */
function gridOf({ grids }: Walk, ticks: Ticks): TickGrid {
  const key = `${ticks.start} ${ticks.step}`;
  const known = grids.get(key) ?? tickGrid(ticks);
  grids.set(key, known);
  return known;
}

function newAlertWalk(walk: Walk, scheduled: ScheduledRule): AlertWalk {
  const wanted = walk.options.alertSeries || walk.read.has(scheduled);
  const alerts = new AlertWalk(scheduled, wanted ? new Recorder() : undefined);
  walk.alerts.set(scheduled, alerts);
  return alerts;
}

function noteFailure(walk: Walk, scheduled: ScheduledRule, time: Timestamp, message: string): void {
  walk.failures.push({ scheduled, time, message });
}

/** Computes a rule over the whole stretch at once. */
async function walkRange(walk: Walk, scheduled: ScheduledRule): Promise<void> {
  const { options, store } = walk;
  const { rule, group } = scheduled;
  const ticks = ticksOf(scheduled, options);
  const queried: Ticks = { ...ticks, start: timestamp(ticks.start - group.queryOffset) };
  const reader: RuleReader = { source: store.source, engine: withStep(options.engine), control: options.control };
  const answers = await evaluateSteps(reader, rule.expr, queried);
  if (rule.kind === 'alerting') {
    walkAlerts(walk, scheduled, rule, answers, ticks);
    return;
  }
  const { series, failures } = recordSteps(rule, group.limit, answers, queried, gridOf(walk, queried));
  for (const [tick, message] of failures) noteFailure(walk, scheduled, tickTime(ticks, tick), message);
  for (const time of store.add(scheduled, series)) {
    noteFailure(walk, scheduled, timestamp(time + group.queryOffset), duplicateSample);
  }
}

function walkAlerts(
  walk: Walk,
  scheduled: ScheduledRule,
  rule: PreparedAlertingRule,
  { series, failures }: StepAnswers,
  ticks: Ticks,
): void {
  const alerts = newAlertWalk(walk, scheduled);
  const labelsOf = labeller(rule, walk.options.external);
  const next = new Int32Array(series.length);
  const { queryOffset } = scheduled.group;
  for (let tick = 0; tick < ticks.count; tick += 1) {
    const time = tickTime(ticks, tick);
    const found: LabelledSample[] = [];
    // This runs for every tick of every alert: iterators would cost more than everything else.
    for (let index = 0; index < series.length; index += 1) {
      const one = series[index];
      const at = next[index] ?? 0;
      if (one === undefined || one.timestamps[at] !== time - queryOffset) continue;
      const { labels, values, histograms } = one;
      next[index] = at + 1;
      const histogram = histograms?.get(at);
      const value = values[at] ?? Number.NaN;
      const sample = histogram === undefined ? { labels, value } : { labels, value, histogram };
      found.push({ labels: labelsOf(sample, time), sample });
    }
    const failure = failures.get(tick) ?? alerts.tick(found, time);
    if (failure !== undefined) noteFailure(walk, scheduled, time, failure);
    watch(walk, scheduled, alerts, time);
  }
  for (const time of walk.store.add(scheduled, alerts.series())) {
    noteFailure(walk, scheduled, timestamp(time + queryOffset), duplicateSample);
  }
}

function watch(walk: Walk, scheduled: ScheduledRule, alerts: AlertWalk, time: Timestamp): void {
  walk.watched.get(time)?.set(scheduled, alerts.active());
}

/** Gives the labels of alerts; expanded once for each series if the value does not matter to them. The templates ask no queries. */
function labeller(
  rule: PreparedAlertingRule,
  external: ExternalData,
): (sample: FoundSample, time: Timestamp) => Labels {
  const expand = (sample: FoundSample, time: Timestamp): Labels => {
    const expanded = expandLabels(rule, sample, time, external, new Map());
    if (!expanded.ok) throw new Error(`the labels of ${rule.name} ask ${expanded.query}`);
    return expanded.value;
  };
  if (!rule.labelTemplates.every(([, template]) => usesOnlyLabels(template))) return expand;
  const known = new Map<Labels, Labels>();
  return (sample, time) => {
    const before = known.get(sample.labels);
    if (before !== undefined) return before;
    const labels = expand(sample, time);
    known.set(sample.labels, labels);
    return labels;
  };
}

/** Computes rules that read one another, tick by tick in their order. */
async function walkTicks(walk: Walk, unit: readonly ScheduledRule[]): Promise<void> {
  const { options, store } = walk;
  const members = unit.map((scheduled): Member => {
    const { rule } = scheduled;
    if (rule.kind === 'alerting') {
      const alerts = newAlertWalk(walk, scheduled);
      return { kind: 'alerting', scheduled, rule, alerts };
    }
    return { kind: 'recording', scheduled, rule, recorder: new Recorder(), written: new Map() };
  });
  const own = members.map((member) => (member.kind === 'alerting' ? member.alerts : member.recorder));
  const control = options.control;
  for (const time of allTicks(unit, options)) {
    for (const member of members) {
      const { scheduled } = member;
      if ((time - options.from) % scheduled.interval !== 0) continue;
      const reader: RuleReader = {
        source: store.asSeenBy(scheduled, time, own),
        engine: withStep(options.engine),
        control,
      };
      const failure = await tickMember(member, reader, time, options);
      if (failure !== undefined) noteFailure(walk, scheduled, time, failure);
      if (member.kind === 'alerting') watch(walk, scheduled, member.alerts, time);
    }
    if (options.tickByTick && 0 < walk.failures.length) break;
  }
  for (const member of members) {
    const series = member.kind === 'alerting' ? member.alerts.series() : member.recorder.series();
    for (const time of store.add(member.scheduled, series)) {
      noteFailure(walk, member.scheduled, timestamp(time + member.scheduled.group.queryOffset), duplicateSample);
    }
  }
}

type Member =
  | {
      readonly kind: 'recording';
      readonly scheduled: ScheduledRule;
      readonly rule: PreparedRecordingRule;
      readonly recorder: Recorder;
      written: ReadonlyMap<string, Labels>;
    }
  | {
      readonly kind: 'alerting';
      readonly scheduled: ScheduledRule;
      readonly rule: PreparedAlertingRule;
      readonly alerts: AlertWalk;
    };

function allTicks(unit: readonly ScheduledRule[], options: WalkOptions): readonly Timestamp[] {
  const times = new Set<Timestamp>();
  for (const scheduled of unit) {
    const ticks = ticksOf(scheduled, options);
    for (let tick = 0; tick < ticks.count; tick += 1) times.add(tickTime(ticks, tick));
  }
  return [...times].sort((a, b) => a - b);
}

async function tickMember(
  member: Member,
  reader: RuleReader,
  time: Timestamp,
  options: WalkOptions,
): Promise<string | undefined> {
  const { rule, group } = member.scheduled;
  const at = timestamp(time - group.queryOffset);
  const instant = { start: at, end: at, step: duration(0) };
  const outcome = await runQuery(reader.source, rule.expr, instant, reader.engine, reader.control);
  if (!outcome.ok) {
    if (outcome.error.kind === 'cancelled') throw new Cancelled(outcome.error.message);
    return outcome.error.message;
  }
  const found = samplesOf(outcome.value);
  if (found === undefined) return notAVector;
  if (member.kind === 'recording') return recordTick(member, found, at);
  const labelled: LabelledSample[] = [];
  for (const sample of found) {
    const labels = await withAnswers(
      (answers) => expandLabels(member.rule, sample, time, options.external, answers),
      (query) => answerQuery(reader, query, time),
    );
    labelled.push({ labels, sample });
  }
  return member.alerts.tick(labelled, time);
}

function recordTick(
  member: Extract<Member, { readonly kind: 'recording' }>,
  found: readonly FoundSample[],
  time: Timestamp,
): string | undefined {
  const written = new Map<string, Labels>();
  const samples: RecordedSample[] = [];
  for (const { labels: from, value, histogram } of found) {
    const labels = recordedLabels(member.rule, from);
    if (written.has(labels.key)) return duplicateRecording;
    written.set(labels.key, labels);
    samples.push({ labels, time, value, ...(histogram === undefined ? {} : { histogram }) });
  }
  const { limit } = member.scheduled.group;
  if (0 < limit && limit < samples.length) return `exceeded limit of ${limit} with ${samples.length} series`;
  for (const sample of samples) member.recorder.append(sample);
  for (const [key, labels] of member.written) {
    if (!written.has(key)) member.recorder.append({ labels, time, value: Number.NaN, stale: true });
  }
  member.written = written;
  return undefined;
}
