import { type Diagnostic, type Duration, day, duration, formatDuration } from '../../base/index.ts';
import { type SlothNames, type SlothQuery, slothTiers } from '../../formats/index.ts';
import { build, type Expr } from '../../promql/index.ts';
import type { AlertingRule, RecordingRule, RuleGroup } from '../../rules/index.ts';
import { type BurnRateTier, type Service, type Slo, scaledTiers } from '../../slo/index.ts';
import { about } from '../codes.ts';
import type { Events } from './event-groups.ts';
import type { KeepNames } from './options.ts';
import { queryEvents } from './query-events.ts';
import { overWindow } from './sloth-query.ts';
import { slothJoin, slothRatio, slothRecorded, slothWindowLabel } from './sloth-recorded.ts';

const { aggregate, binary, call, compare, divide, groupLeft, multiply, number, on, or, paren } = build;
const { selector, subtract, without } = build;

/** What Sloth's rules need of an objective beside what counts its events. */
export type SlothPromise = Pick<Slo, 'name' | 'target' | 'period' | 'alerts' | 'minimumBadEvents'>;

/** An objective on its way to Sloth's rules. */
export interface SlothSubject {
  readonly service: Pick<Service, 'name'>;
  readonly slo: SlothPromise;
  readonly names: SlothNames;
  readonly events: Events;
  readonly keep: KeepNames;
}

export interface KeptGroups {
  readonly groups: readonly RuleGroup[];
  readonly diagnostics: readonly Diagnostic[];
}

interface SlothGroups extends KeptGroups {
  readonly events: readonly RuleGroup[];
}

/**
 * The three groups that Sloth makes of an objective, under its names, with its labels and in its order. Only what it records of the whole
 * period is not its own: the mean of ratios, which a quiet night counts in like a busy day, gives way to the share of the events.
 */
export function slothGroups(subject: SlothSubject): KeptGroups {
  const { names } = subject;
  const id = idOf(names);
  const group = (what: string, rules: RuleGroup['rules']): RuleGroup => ({
    name: `sloth-slo-${what}-${id}`,
    labels: new Map(),
    rules,
  });
  const alerts = alertRules(subject);
  return {
    groups: [
      group('sli-recordings', ratioRules(subject)),
      group('meta-recordings', metaRules(subject)),
      ...(alerts.rules.length === 0 ? [] : [group('alerts', alerts.rules)]),
    ],
    diagnostics: alerts.diagnostics,
  };
}

/** The rules of an objective whose queries are no sums of counters: the windows are kept word for word. */
export function slothQueryGroups(subject: Omit<SlothSubject, 'events'>): SlothGroups {
  const { service, slo, names, keep } = subject;
  const events = queryEvents(names, slo.period.length);
  // What is not recorded can only be read raw.
  const made = slothGroups({ ...subject, events, keep: { ...keep, windowSource: 'raw' } });
  const say = (message: string): Diagnostic => about(service, slo, 'generate/kept-rules', message);
  const remarks = [
    ...(names.query.kind === 'raw' ? [say('its query says no events, so that the period is a mean over time')] : []),
    ...(keep.windowSource === 'recorded' ? [say('its query is no sum of counters, so that its windows stay raw')] : []),
  ];
  return { ...made, events: events.groups, diagnostics: [...made.diagnostics, ...remarks] };
}

/** The windows of Sloth's records: those of its alerts for the period, and those of the objective's own alerts. */
export function windowsOf(slo: SlothPromise, keep: KeepNames): readonly Duration[] {
  const tiers = [...windowTiers(slo, keep), ...slo.alerts];
  const windows = new Set(tiers.flatMap(({ longWindow, shortWindow }) => [shortWindow, longWindow]));
  return [...windows].filter((window) => window !== slo.period.length).sort((a, b) => a - b);
}

/** Sloth records the windows of all its alerts for the period, whether or not they are turned off: dashboards read them. */
function windowTiers({ period, alerts }: SlothPromise, { slothWindows: given }: KeepNames): readonly BurnRateTier[] {
  if (given?.period === period.length) return given.tiers;
  return slothTiers(period.length) ?? (alerts.length === 0 ? scaledTiers(period) : alerts);
}

function idOf({ slothService, slothSlo }: SlothNames): string {
  return `${slothService}-${slothSlo}`;
}

/** The conditions by which Sloth's rules select what others of them record. */
function ownLabels(names: SlothNames): Readonly<Record<string, string>> {
  return { sloth_id: idOf(names), sloth_service: names.slothService, sloth_slo: names.slothSlo };
}

function record(
  { names, keep }: SlothSubject,
  name: string,
  expr: Expr,
  more: Readonly<Record<string, string>> = {},
  comment?: string,
): RecordingRule {
  const labels = { ...ownLabels(names), ...Object.fromEntries([...names.labels, ...keep.extraLabels]), ...more };
  return {
    kind: 'recording',
    record: name,
    expr,
    labels: sorted(Object.entries(labels)),
    ...(comment !== undefined && { comment }),
  };
}

function sorted(entries: Iterable<readonly [string, string]>): ReadonlyMap<string, string> {
  return new Map([...new Map(entries)].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function ratioRules(subject: SlothSubject): readonly RecordingRule[] {
  const { slo, names, events, keep } = subject;
  const labelled = (window: Duration): Readonly<Record<string, string>> => ({
    [slothWindowLabel]: formatDuration(window),
  });
  const period = slo.period.length;
  return [
    ...windowsOf(slo, keep).map((window) => {
      const ratio = keep.windowSource === 'raw' ? rawRatio(names.query, window) : events.errorRatioIn(window);
      return record(subject, slothRatio(window), ratio, labelled(window));
    }),
    record(subject, slothRatio(period), events.errorRatioIn(period), labelled(period), events.periodComment),
  ];
}

/** The queries of Sloth's file with a window put in, joined as Sloth joins them. */
function rawRatio(query: SlothQuery, window: Duration): Expr {
  switch (query.kind) {
    case 'raw':
      return overWindow(query.errorRatio, window);
    case 'events':
      return divide(overWindow(query.errors, window), overWindow(query.total, window));
  }
}

function metaRules(subject: SlothSubject): readonly RecordingRule[] {
  const { slo, names } = subject;
  const own = ownLabels(names);
  const constant = (value: Expr): Expr => call('vector', value);
  const perBudget = (window: Duration): Expr =>
    divide(selector(slothRatio(window), own), selector(slothRecorded.errorBudget, own), groupLeft(on(...slothJoin)));
  const period = slo.period.length;
  const current = windowTiers(slo, subject.keep)[0]?.shortWindow ?? period;
  const objective = slo.target.text.replace('%', '');
  return [
    record(subject, slothRecorded.objective, constant(number(slo.target.ratio))),
    record(subject, slothRecorded.errorBudget, constant(subtract(1, slo.target.ratio))),
    record(subject, slothRecorded.periodDays, constant(number(period / day))),
    record(subject, slothRecorded.currentBurnRate, perBudget(current)),
    record(subject, slothRecorded.periodBurnRate, perBudget(period)),
    record(subject, slothRecorded.periodBudgetRemaining, subtract(1, selector(slothRecorded.periodBurnRate, own))),
    record(subject, slothRecorded.info, constant(number(1)), {
      sloth_mode: names.mode,
      sloth_objective: objective,
      sloth_spec: names.spec,
      // What a Sloth without a release number writes: these rules are of none of its releases.
      sloth_version: 'dev',
    }),
  ];
}

function alertRules(subject: SlothSubject): {
  readonly rules: readonly AlertingRule[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const { service, slo } = subject;
  const diagnostics: Diagnostic[] = [];
  const weaker = (message: string): void => void diagnostics.push(about(service, slo, 'generate/kept-rules', message));
  const lost = slo.alerts.filter(({ severity }) => severity === 'info').length;
  if (0 < lost) weaker(`Sloth knows pages and tickets, so that ${lost} alert for information is left out`);
  const rules = (['page', 'ticket'] as const).flatMap((severity) => {
    const tiers = slo.alerts.filter((tier) => tier.severity === severity);
    const waits = new Set(tiers.map(({ holdFor }) => holdFor));
    if (1 < waits.size)
      weaker(`the ${severity} is one alert in Sloth, so that it waits as long as the most patient tier`);
    return tiers.length === 0 ? [] : [alertRule(subject, severity, tiers)];
  });
  return { rules, diagnostics };
}

function alertRule(subject: SlothSubject, severity: 'page' | 'ticket', tiers: readonly BurnRateTier[]): AlertingRule {
  const { names } = subject;
  const texts = names[severity] ?? names.page ?? names.ticket;
  const [first, ...rest] = tiers.map((tier) => burning(subject, tier));
  if (first === undefined) throw new RangeError('an alert without tiers');
  const who = '{{$labels.sloth_service}} {{$labels.sloth_slo}}';
  return {
    kind: 'alerting',
    alert: names.alert === '' ? idOf(names) : names.alert,
    expr: or(first, ...rest),
    holdFor: duration(Math.max(...tiers.map(({ holdFor }) => holdFor))),
    keepFiringFor: duration(0),
    labels: sorted([['sloth_severity', severity], ...(texts?.labels ?? [])]),
    annotations: sorted([
      ['summary', `${who} SLO error budget burn rate is over expected.`],
      ['title', `(${severity}) ${who} SLO error budget burn rate is too fast.`],
      ...(texts?.annotations ?? []),
    ]),
  };
}

/**
 * Both windows of a tier over its threshold. Sums of recorded increases are new when they are first made, so that there the long window
 * counts as far as it has been seen, and a minimum of bad events holds, as in Nines' own alerts.
 */
function burning({ slo, names, events, keep }: SlothSubject, tier: BurnRateTier): Expr {
  const own = ownLabels(names);
  const threshold = paren(multiply(tier.burnRate, slo.target.errorBudget));
  const over = (ratio: Expr): Expr => aggregate('max', without(slothWindowLabel), compare('>', ratio, threshold));
  const short = over(selector(slothRatio(tier.shortWindow), own));
  const long = selector(slothRatio(tier.longWindow), own);
  if (keep.windowSource === 'raw') return paren(binary('and', short, over(long)));
  const seen = over(multiply(long, events.fillOf(tier.longWindow), groupLeft(on())));
  const enough = compare('>=', events.badIn(tier.longWindow), Math.max(2, slo.minimumBadEvents));
  return paren(binary('and', binary('and', short, seen), enough, { matching: on() }));
}
