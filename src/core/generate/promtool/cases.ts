import { type Duration, duration, formatDuration, minute } from '../../base/index.ts';
import { build, printExpr } from '../../promql/index.ts';
import { type BurnRateTier, maximumBurnRate, type Service, type Slo } from '../../slo/index.ts';
import type { YamlValue } from '../../yaml/index.ts';
import type { Levels } from '../levels.ts';
import { alertNames, identityLabels, recorded, windowLabel } from '../names.ts';
import { isPending } from '../pending.ts';
import { type EventSeries, written } from './inputs.ts';
import { type FiringTimes, firingTimes } from './times.ts';
import { counterValues, type Stretch } from './values.ts';

/** What the tests of one objective are made of. */
export interface Subject {
  readonly service: Service;
  readonly slo: Slo;
  readonly levels: Levels;
  readonly series: EventSeries;
}

/** Events in an evaluation interval: enough that no minimum of events is in the way, and few enough to be read. */
const eventsPerEvaluation = 6000;

/** What goes on before an incident begins: long enough for the rules to know the targets. */
const quiet: Duration = duration(10 * minute);

/** Test cases of an objective: how it looks when all is well, in an outage and after it, while it burns slowly, without traffic, without series. */
export function casesOf(subject: Subject): readonly YamlValue[] {
  return [healthy(subject), outage(subject), ...slowBurn(subject), noTraffic(subject), missing(subject)];
}

function healthy(subject: Subject): YamlValue {
  const { levels } = subject;
  const length = duration(30 * minute);
  const checks = [
    ...subject.slo.alerts.map((tier) => firingCheck(subject, tier, length, false)),
    figure(subject, recorded.periodErrorRatio, length, 0),
    figure(subject, recorded.periodBudgetRemaining, length, 1),
  ];
  return testOf(subject, 'all is well', [stretch(levels, length, 0)], checks);
}

/** Everything fails for twenty minutes, then nothing any more: every tier that such an outage reaches fires and resolves. */
function outage(subject: Subject): YamlValue {
  const { slo, levels } = subject;
  const before = historyOf(subject);
  const incident = { errorRatio: 1, length: duration(20 * minute) };
  const timed = timesOf(subject, incident);
  const end = duration(
    Math.max(before + incident.length, ...timed.map(({ times }) => before + times.endsBefore)) + levels.interval,
  );
  const after = duration(end - before - incident.length);
  const badShare = incident.length / end;
  const checks = [
    ...timed.flatMap(({ tier, times }) => timedChecks(subject, tier, before, times)),
    ...untouched(
      subject,
      timed.map(({ tier }) => tier),
      duration(before + incident.length),
      before,
    ),
    figure(subject, recorded.periodErrorRatio, end, badShare),
    figure(subject, recorded.periodBudgetRemaining, end, 1 - badShare / slo.target.errorBudget),
  ];
  const stretches = [stretch(levels, before, 0), stretch(levels, incident.length, 1), stretch(levels, after, 0)];
  return testOf(subject, 'everything fails for 20m, then all is well again', stretches, checks);
}

/** Slower than the pages ask for, faster than the slowest ticket: it must be told, and must wake nobody. */
function slowBurn(subject: Subject): readonly YamlValue[] {
  const { slo, levels } = subject;
  const pages = slo.alerts.filter(({ severity }) => severity === 'page').map(({ burnRate }) => burnRate);
  const others = slo.alerts.filter(({ severity }) => severity !== 'page').toSorted((a, b) => b.burnRate - a.burnRate);
  const slowestPage = Math.min(maximumBurnRate(slo.target.errorBudget), ...pages);
  const [ticket] = others.filter(({ burnRate }) => burnRate < slowestPage);
  if (ticket === undefined) return [];
  const errorRatio = Math.min(
    1,
    Number(((slo.target.errorBudget * (ticket.burnRate + slowestPage)) / 2).toPrecision(6)),
  );
  const reached = firingTimes(slo, ticket, { errorRatio, length: duration(Number.MAX_SAFE_INTEGER) }, levels);
  if (reached === undefined || longestTest < reached.notAfter) return [];
  const length = duration(Math.ceil((reached.notAfter + 10 * minute) / levels.interval) * levels.interval);
  const before = levels.fastWindows.includes(ticket.longWindow) ? historyOf(subject) : quiet;
  const checks = [
    firingCheck(subject, ticket, duration(before + reached.notBefore), false),
    firingCheck(subject, ticket, duration(before + reached.notAfter), true),
    ...slo.alerts
      .filter(({ severity }) => severity === 'page')
      .map((tier) => firingCheck(subject, tier, duration(before + length), false)),
  ];
  const share = `${Number((100 * errorRatio).toPrecision(4))} %`;
  return [
    testOf(
      subject,
      `${share} of the events fail, and go on failing`,
      [stretch(levels, before, 0), stretch(levels, length, errorRatio)],
      checks,
    ),
  ];
}

/** A test over more than a day takes promtool minutes. */
const longestTest = 24 * 60 * minute;

/** Nobody asks for anything: that is no outage, and no share of nothing is recorded. */
function noTraffic(subject: Subject): YamlValue {
  const { slo, levels } = subject;
  const length = duration(30 * minute);
  const end = duration(quiet + length);
  const [shortest = levels.period] = [...levels.fastWindows, ...levels.slowWindows];
  const current = build.selector(recorded.errorRatio, {
    ...identityLabels(subject.service, slo),
    [windowLabel]: formatDuration(shortest),
  });
  const silent: Stretch = { samples: length / levels.interval, growth: 0 };
  const checks: readonly YamlValue[] = [
    ...slo.alerts.map((tier) => firingCheck(subject, tier, end, false)),
    missingCheck(subject, 'no-target', end, false),
    ...(shortest <= length - 2 * levels.interval ? [emptyCheck(printExpr(current), end)] : []),
  ];
  return testOf(subject, 'there is no traffic', [stretch(levels, quiet, 0), { ...silent, errorRatio: 0 }], checks);
}

/** The targets are gone: nothing burns, as nothing is counted, and an alert says that nobody knows. */
function missing(subject: Subject): YamlValue {
  const { slo, levels } = subject;
  const gone = duration(quiet + levels.interval);
  const fires = duration(gone + Math.ceil(slo.absentFor / levels.interval) * levels.interval);
  const asks = slo.noData !== 'good' && 0 < slo.alerts.length && !isPending(subject.service, slo);
  const checks = [
    ...slo.alerts.map((tier) => firingCheck(subject, tier, fires, false)),
    ...(asks && 0 < slo.absentFor
      ? [missingCheck(subject, 'no-target', duration(fires - levels.interval), false)]
      : []),
    missingCheck(subject, 'no-target', fires, asks),
  ];
  return testOf(subject, 'all series are missing', [stretch(levels, quiet, 0)], checks, true);
}

/**
 * So much history that the windows of the fast level are full: how full a window is, is known in coarse steps only, and an alert on one that
 * is filling may come an evaluation late.
 */
function historyOf({ levels }: Subject): Duration {
  const longest = Math.max(0, ...levels.fastWindows);
  return duration(Math.ceil((longest + 2 * levels.coarseStep) / levels.coarseStep) * levels.coarseStep);
}

interface TimedTier {
  readonly tier: BurnRateTier;
  readonly times: FiringTimes;
}

function timesOf(
  { slo, levels }: Subject,
  incident: { readonly errorRatio: number; readonly length: Duration },
): readonly TimedTier[] {
  return slo.alerts.flatMap((tier) => {
    const times = firingTimes(slo, tier, incident, levels);
    // Where an incident is over before the slow level has seen it, nothing exact can be said.
    return times === undefined || times.endsAfter < times.notAfter ? [] : [{ tier, times }];
  });
}

function timedChecks(subject: Subject, tier: BurnRateTier, start: Duration, times: FiringTimes): readonly YamlValue[] {
  const at = (time: Duration): Duration => duration(start + time);
  return [
    firingCheck(subject, tier, at(times.notBefore), false),
    firingCheck(subject, tier, at(times.notAfter), true),
    firingCheck(subject, tier, at(times.endsAfter), true),
    firingCheck(subject, tier, at(times.endsBefore), false),
  ];
}

/** Tiers whose alert an incident does not reach are silent at its end. */
function untouched(
  subject: Subject,
  touched: readonly BurnRateTier[],
  end: Duration,
  start: Duration,
): readonly YamlValue[] {
  const incident = { errorRatio: 1, length: duration(end - start) };
  return subject.slo.alerts
    .filter((tier) => !touched.includes(tier) && firingTimes(subject.slo, tier, incident, subject.levels) === undefined)
    .map((tier) => firingCheck(subject, tier, end, false));
}

interface BurningStretch extends Stretch {
  readonly errorRatio: number;
}

function stretch({ interval }: Levels, length: Duration, errorRatio: number): BurningStretch {
  return { samples: Math.round(length / interval), growth: eventsPerEvaluation, errorRatio };
}

/** One test: the series of its stretches, and what must hold. */
function testOf(
  { service, slo, levels, series }: Subject,
  name: string,
  stretches: readonly BurningStretch[],
  checks: readonly YamlValue[],
  ends = false,
): YamlValue {
  const samples = stretches.reduce((sum, each) => sum + each.samples, 0);
  const grow = (share: (errorRatio: number) => number): string =>
    counterValues(
      stretches.map(({ samples: count, growth, errorRatio }) => ({
        samples: count,
        growth: growth * share(errorRatio),
      })),
      ends,
    );
  const input = [
    {
      series: written('up', { job: service.job, instance: 'test:80' }),
      values: ends ? `1x${samples} stale` : `1x${samples}`,
    },
    ...series.total.map((each) => ({ series: each, values: grow(() => 1) })),
    ...series.good.map((each) => ({ series: each, values: grow((errorRatio) => 1 - errorRatio) })),
    ...series.bad.map((each) => ({ series: each, values: grow((errorRatio) => errorRatio) })),
  ];
  return {
    name: `${service.name}/${slo.name}: ${name}`,
    interval: formatDuration(levels.interval),
    input_series: input,
    promql_expr_test: checks,
  };
}

/** Whether the alert of a tier fires at a time. */
function firingCheck(subject: Subject, tier: BurnRateTier, time: Duration, fires: boolean): YamlValue {
  const { service, slo } = subject;
  const labels = {
    alertname: tier.name ?? alertNames.burn,
    alertstate: 'firing',
    ...identityLabels(service, slo),
    severity: service.severityLabels[tier.severity],
    [windowLabel]: formatDuration(tier.longWindow),
  };
  return countCheck(labels, time, fires);
}

function missingCheck({ service, slo }: Subject, reason: string, time: Duration, fires: boolean): YamlValue {
  const labels = { alertname: alertNames.missing, alertstate: 'firing', ...identityLabels(service, slo), reason };
  return countCheck(labels, time, fires);
}

function countCheck(labels: Readonly<Record<string, string>>, time: Duration, fires: boolean): YamlValue {
  const count = build.aggregate('count', build.by(), build.selector('ALERTS', labels));
  const expr = printExpr(build.or(count, build.call('vector', 0)));
  return { expr, eval_time: formatDuration(time), exp_samples: [{ labels: '{}', value: fires ? 1 : 0 }] };
}

function emptyCheck(expr: string, time: Duration): YamlValue {
  return { expr, eval_time: formatDuration(time), exp_samples: [] };
}

/** Whether a recorded figure is what it must be, to nine digits: quotients of counts are rounded a few times. */
function figure({ service, slo }: Subject, name: string, time: Duration, value: number): YamlValue {
  const series = build.selector(name, { ...identityLabels(service, slo), period: '' });
  const distance = build.call('abs', build.subtract(build.sum(series), Number(value.toPrecision(12))));
  const expr = printExpr(build.compareBool('<', distance, 1e-9 * Math.max(1, Math.abs(value))));
  return { expr, eval_time: formatDuration(time), exp_samples: [{ labels: '{}', value: 1 }] };
}
