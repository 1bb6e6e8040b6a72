import { type Duration, duration, formatDuration, minute, second } from '../../base/index.ts';
import type { PyrraNames } from '../../formats/index.ts';
import { build, type Expr, metricNameOf, type VectorSelector } from '../../promql/index.ts';
import type { AlertingRule, RecordingRule, Rule, RuleGroup } from '../../rules/index.ts';
import type { Matcher } from '../../series/index.ts';
import { type BurnRateTier, pyrraTiers, type Service, type Slo } from '../../slo/index.ts';
import { isPending } from '../rules/pending.ts';
import type { Events } from './event-groups.ts';
import type { KeepNames } from './options.ts';
import { pyrraBurnRate, pyrraIncrease, pyrraIncreaseInterval, pyrraRecorded } from './pyrra-recorded.ts';

const { binary, call, compare, divide, multiply, number, or, paren, range, selector, subtract, sum, sumBy } = build;

/** An objective on its way to Pyrra's rules. */
export interface PyrraSubject {
  readonly service: Service;
  readonly slo: Slo;
  readonly names: PyrraNames;
  /** Only where the shares of the windows are made of recorded events. */
  readonly events?: Events;
  readonly keep: KeepNames;
}

/** The three groups that Pyrra makes of an objective: what was counted in the period, burn rates with their alerts, and what dashboards read. */
export function pyrraGroups(subject: PyrraSubject): readonly RuleGroup[] {
  const { names, slo } = subject;
  const group = (suffix: string, interval: Duration, rules: readonly Rule[]): RuleGroup => ({
    name: `${names.name}${suffix}`,
    interval,
    labels: new Map(),
    rules,
  });
  return [
    group('-increase', pyrraIncreaseInterval(slo.period.length), increaseRules(subject)),
    group('', duration(30 * second), [...burnRateRules(subject), ...burnAlerts(subject)]),
    group('-generic', duration(30 * second), genericRules(subject)),
  ];
}

/** The windows of Pyrra's records: those that it has for the period, and those of the objective's own alerts. */
export function pyrraWindows({ period, alerts }: Slo): readonly Duration[] {
  const tiers = [...pyrraTiers(period.length), ...alerts];
  const windows = new Set(tiers.flatMap(({ longWindow, shortWindow }) => [shortWindow, longWindow]));
  return [...windows].filter((window) => 0 < window).sort((a, b) => a - b);
}

function countedOf({ indicator }: PyrraNames): VectorSelector {
  return indicator.kind === 'ratio' ? indicator.errors : indicator.success;
}

function conditionsOf(one: VectorSelector): readonly Matcher[] {
  return one.matchers.filter(({ name }) => name !== '__name__');
}

/** The labels of Pyrra's rules: the object's own, and what the total is asked for by equality. */
function ruleLabels({ names, keep }: PyrraSubject, without: readonly string[] = []): Readonly<Record<string, string>> {
  const asked = conditionsOf(names.indicator.total).filter(({ operator }) => operator === '=');
  const labels = new Map([
    ['slo', names.name],
    ...names.labels,
    ...asked.map(({ name, value }) => [name, value] as const),
    ...keep.extraLabels,
  ]);
  for (const name of without) labels.delete(name);
  return Object.fromEntries(labels);
}

function labelsOf(labels: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function record(name: string, expr: Expr, labels: Readonly<Record<string, string>>): RecordingRule {
  return { kind: 'recording', record: name, expr, labels: labelsOf(labels) };
}

/** Labels that the counted events are asked for and the total is not, and those that the total is asked for by a pattern; no bucket. */
function groupedBy({ indicator }: PyrraNames, counted: VectorSelector): readonly string[] {
  const total = conditionsOf(indicator.total);
  const own = conditionsOf(counted).filter(({ name }) => name !== 'le' && !total.some((other) => other.name === name));
  const patterns = total.filter(({ operator }) => operator === '=~' || operator === '!~');
  return [...new Set([...own, ...patterns].map(({ name }) => name))].toSorted();
}

function increaseRules(subject: PyrraSubject): readonly Rule[] {
  const { names, slo } = subject;
  const { indicator } = names;
  const counted = countedOf(names);
  const grouping = groupedBy(names, counted);
  const labels = ruleLabels(subject, grouping);
  const period = slo.period.length;
  const bucket = conditionsOf(counted).find(({ name }) => name === 'le')?.value;
  const countedLabels = indicator.kind === 'ratio' || bucket === undefined ? labels : { ...labels, le: bucket };
  const increase = (one: VectorSelector, own: Readonly<Record<string, string>>): Rule =>
    record(
      pyrraIncrease(metricNameOf(one) ?? '', period),
      grouped(grouping, call('increase', range(one, period))),
      own,
    );
  const total = [increase(indicator.total, labels), ...absentAlert(subject, indicator.total, labels)];
  // Errors of the same metric are among its increase by label.
  if (indicator.kind === 'ratio' && metricNameOf(counted) === metricNameOf(indicator.total)) return total;
  return [...total, increase(counted, countedLabels), ...absentAlert(subject, counted, countedLabels)];
}

function grouped(labels: readonly string[], expr: Expr): Expr {
  return labels.length === 0 ? sum(expr) : sumBy(labels, expr);
}

function absentAlert(
  { service, names, slo }: PyrraSubject,
  one: VectorSelector,
  labels: Readonly<Record<string, string>>,
): readonly AlertingRule[] {
  // What waits for data is not missed.
  if (names.absentAlert === undefined || isPending(service, slo)) return [];
  return [
    {
      kind: 'alerting',
      alert: names.absentAlert,
      expr: compare('==', call('absent', one), 1),
      holdFor: slo.absentFor,
      keepFiringFor: duration(0),
      labels: labelsOf({ ...labels, severity: names.absentSeverity }),
      annotations: names.annotations,
    },
  ];
}

function burnRateRules(subject: PyrraSubject): readonly Rule[] {
  const { names, slo, events } = subject;
  const labels = ruleLabels(subject);
  return pyrraWindows(slo).map((window) => {
    const ratio = events === undefined ? rawRatio(names, window) : events.errorRatioIn(window);
    return record(burnRateName(names, window), ratio, labels);
  });
}

function burnRateName({ indicator }: PyrraNames, window: Duration): string {
  return pyrraBurnRate(metricNameOf(indicator.total) ?? '', window);
}

function rateOf(one: VectorSelector, window: Duration): Expr {
  return sum(call('rate', range(one, window)));
}

function rawRatio({ indicator }: PyrraNames, window: Duration): Expr {
  const total = rateOf(indicator.total, window);
  return indicator.kind === 'ratio'
    ? divide(rateOf(indicator.errors, window), total)
    : divide(paren(subtract(total, rateOf(indicator.success, window))), total);
}

function burnAlerts(subject: PyrraSubject): readonly AlertingRule[] {
  const { names, slo } = subject;
  const { burnAlert } = names;
  if (burnAlert === undefined) return [];
  const known = pyrraTiers(slo.period.length);
  return slo.alerts.map((tier, index) => {
    // Where a tier was left out because it cannot fire, the others keep the severities of their own places.
    const place = known.findIndex(
      ({ longWindow, burnRate }) => longWindow === tier.longWindow && burnRate === tier.burnRate,
    );
    const severity = names.severities[place < 0 || names.severities.length < known.length ? index : place];
    return {
      kind: 'alerting',
      alert: burnAlert,
      expr: burning(subject, tier),
      holdFor: tier.holdFor,
      keepFiringFor: duration(0),
      labels: labelsOf({
        ...ruleLabels(subject),
        short: formatDuration(tier.shortWindow),
        long: formatDuration(tier.longWindow),
        severity: severity ?? tier.severity,
        exhaustion: formatDuration(duration(Math.floor(slo.period.length / second / tier.burnRate) * second)),
      }),
      annotations: names.annotations,
    };
  });
}

/** Both windows over the threshold; with recorded events a minimum of bad ones too, as in Nines' own alerts. */
function burning({ names, slo, events }: PyrraSubject, tier: BurnRateTier): Expr {
  // Pyrra leaves out patterns, whose labels its records don't have.
  const asked = conditionsOf(names.indicator.total).filter(({ operator }) => operator === '=' || operator === '!=');
  const own: readonly Matcher[] = [...asked, { name: 'slo', operator: '=', value: names.name }];
  const over = (ratio: Expr): Expr =>
    compare('>', ratio, paren(multiply(tier.burnRate, paren(subtract(1, slo.target.ratio)))));
  const short = over(selector(burnRateName(names, tier.shortWindow), own));
  const long = selector(burnRateName(names, tier.longWindow), own);
  if (events === undefined) return binary('and', short, over(long));
  const onNothing = build.on();
  const seen = over(multiply(long, events.fillOf(tier.longWindow), build.groupLeft(onNothing)));
  const enough = compare('>=', events.badIn(tier.longWindow), Math.max(2, slo.minimumBadEvents));
  return binary('and', binary('and', short, seen), enough, { matching: onNothing });
}

const fiveMinutes = duration(5 * minute);

function genericRules(subject: PyrraSubject): readonly Rule[] {
  const { names, slo } = subject;
  const { indicator } = names;
  const labels = labelsOfObject(subject);
  const total = rateOf(indicator.total, fiveMinutes);
  const errors =
    indicator.kind === 'ratio'
      ? or(rateOf(indicator.errors, fiveMinutes), call('vector', 0))
      : subtract(total, rateOf(indicator.success, fiveMinutes));
  return [
    record(pyrraRecorded.objective, number(slo.target.ratio), labels),
    record(pyrraRecorded.window, number(slo.period.length / second), labels),
    record(pyrraRecorded.availability, availability(subject), labels),
    record(pyrraRecorded.requests, total, labels),
    record(pyrraRecorded.errors, errors, labels),
  ];
}

function labelsOfObject({ names, keep }: PyrraSubject): Readonly<Record<string, string>> {
  return Object.fromEntries([['slo', names.name], ...names.labels, ...keep.extraLabels]);
}

/** The share of good events in the period, from the records of what was counted. */
function availability({ names, slo }: PyrraSubject): Expr {
  const { indicator } = names;
  const recordOf = (one: VectorSelector, more: readonly Matcher[]): VectorSelector =>
    selector(pyrraIncrease(metricNameOf(one) ?? '', slo.period.length), [
      ...conditionsOf(one),
      ...more,
      { name: 'slo', operator: '=', value: names.name },
    ]);
  const counted = sum(or(recordOf(countedOf(names), []), call('vector', 0)));
  if (indicator.kind === 'ratio') return subtract(1, divide(counted, sum(recordOf(indicator.total, []))));
  const all: Matcher = { name: 'le', operator: '=', value: '' };
  return divide(counted, sum(recordOf(indicator.total, [all])));
}
