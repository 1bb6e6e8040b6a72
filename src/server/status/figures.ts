import type { AlertStatus, SloHistory } from '../../core/api/index.ts';
import type { Duration, Timestamp } from '../../core/base/index.ts';
import { defaultGenerateOptions, generateRules, inWholeSlices, statusQueries } from '../../core/generate/index.ts';
import { type Expr, printExpr } from '../../core/promql/index.ts';
import type { AlertingRule } from '../../core/rules/index.ts';
import type { Labels, QueryBackend, RangeSeries } from '../../core/series/index.ts';
import { exclusionsOf, type Service, type Slo } from '../../core/slo/index.ts';
import { firesWhen, serviceAlertFiresWhen } from './alert-words.ts';
import { furtherPeriodNames, type GroupLabels, type RecordedFigures, readRecorded } from './recorded-figures.ts';
import type { ServiceFigures } from './service-status.ts';
import { type FigureReader, type HistorySubject, type Steps, sloKey } from './status-board.ts';
import type { SloFigures } from './summarize.ts';

/** An alert that is pending or firing, wherever its rule is evaluated. */
export interface ActiveAlert {
  readonly labels: Labels;
  readonly annotations: ReadonlyMap<string, string>;
  readonly state: 'pending' | 'firing';
  readonly activeAt: number | undefined;
}

/** The alerts that are active now. */
export type AlertSource = (time: Timestamp, signal: AbortSignal) => Promise<readonly ActiveAlert[]>;

/** Reads the figures of all objectives from what their generated rules record: a handful of queries, however many objectives there are. */
export function figureReader(
  services: readonly Service[],
  backend: QueryBackend,
  alerts: AlertSource,
  interval: Duration,
): FigureReader {
  const rules = new Map(services.map((service) => [service.name, alertingRules(service, interval)]));
  return {
    async read(time, signal) {
      const active = await alerts(time, signal);
      const found = await readRecorded(backend, time, signal);
      const figures = new Map<string, SloFigures>();
      const ofServices = new Map<string, ServiceFigures>();
      for (const service of services) {
        const all = rules.get(service.name) ?? [];
        ofServices.set(service.name, serviceFigures(service, all, found, active, time));
        for (const slo of service.slos) {
          const own = all.filter((rule) => rule.labels.get('slo') === slo.name);
          figures.set(sloKey(service.name, slo.name), {
            ...figuresOf(service, slo, found, (group) => isFiring(own, group, active)),
            time,
            alerts: own.map((rule) => alertStatus(rule, active, firesWhen(service, slo, rule))),
            outdated: false,
          });
        }
      }
      return { slos: figures, services: ofServices };
    },
    history: (subject, steps, signal) => readHistory(subject, backend, interval, steps, signal),
  };
}

/** What is known of a service beside its objectives. */
function serviceFigures(
  service: Service,
  rules: readonly AlertingRule[],
  found: RecordedFigures,
  active: readonly ActiveAlert[],
  time: Timestamp,
): ServiceFigures {
  const alerts = rules
    .filter(({ labels }) => !labels.has('slo'))
    .map((rule) => alertStatus(rule, active, serviceAlertFiresWhen(service, rule)));
  const values = (names: readonly { readonly name: string }[], of: RecordedFigures['threshold']) =>
    new Map(names.map(({ name }) => [name, of(service, name)]));
  return {
    time,
    alerts,
    thresholds: values(service.thresholds, found.threshold),
    indicators: values(service.indicators, found.indicator),
    outdated: false,
  };
}

/** What is known of an objective; of a grouped one that is what is known of the group with the most errors. */
function figuresOf(
  service: Service,
  slo: Slo,
  found: RecordedFigures,
  firing: (group: GroupLabels) => boolean,
): Omit<SloFigures, 'time' | 'alerts' | 'outdated'> {
  const all = found
    .groupsOf(service, slo)
    .map((labels) => ({ labels, firing: firing(labels), ...found.period(service, slo, labels) }));
  const [worst] = all.toSorted((a, b) => (b.errors ?? -1) - (a.errors ?? -1));
  const labels = worst?.labels ?? {};
  const isGrouped = 0 < slo.groupBy.length;
  return {
    bad: worst?.bad ?? null,
    total: worst?.total ?? null,
    seen: worst?.seen ?? null,
    errorRatios: [
      ...windowsOf(slo).map((window) => ({ window, errorRatio: found.errorRatio(service, slo, labels, window) })),
      { window: slo.period.length, errorRatio: worst?.errors ?? null },
    ],
    group: isGrouped && worst !== undefined ? labels : null,
    furtherPeriods: new Map(furtherPeriodNames(slo).map((name) => [name, found.period(service, slo, labels, name)])),
    groups: isGrouped ? all : [],
    raw: exclusionsOf(service, slo).length === 0 ? null : found.raw(service, slo, labels),
    excludedNow: found.isExcluded(service, slo),
    wholePeriod: slo.period.kind === 'calendar' ? found.wholePeriod(service, slo, labels) : null,
    quantiles: slo.quantiles.map((quantile) => ({ quantile, value: found.quantile(service, slo, labels, quantile) })),
  };
}

function windowsOf(slo: Slo): readonly Duration[] {
  const { alerts, period } = inWholeSlices(slo);
  const windows = new Set(alerts.flatMap(({ longWindow, shortWindow }) => [longWindow, shortWindow]));
  windows.delete(period.length);
  return [...windows];
}

function alertingRules(service: Service, interval: Duration): readonly AlertingRule[] {
  return generateRules(service, { ...defaultGenerateOptions, interval }).file.groups.flatMap(({ rules }) =>
    rules.filter((rule) => rule.kind === 'alerting'),
  );
}

/** The state of a rule of ours among the active alerts: they carry its labels. */
function alertStatus(rule: AlertingRule, active: readonly ActiveAlert[], firesWhen: string): AlertStatus {
  const own = active.filter(({ labels }) => belongsTo(labels, rule));
  const alert = own.find(({ state }) => state === 'firing') ?? own[0];
  return {
    name: rule.alert,
    severity: rule.labels.get('severity') ?? '',
    state: alert?.state ?? 'inactive',
    since: alert?.activeAt ?? null,
    summary: alert?.annotations.get('summary') ?? '',
    firesWhen,
  };
}

function isFiring(rules: readonly AlertingRule[], group: GroupLabels, active: readonly ActiveAlert[]): boolean {
  return active.some(
    ({ labels, state }) =>
      state === 'firing' &&
      Object.entries(group).every(([name, value]) => labels.get(name) === value) &&
      rules.some((rule) => belongsTo(labels, rule)),
  );
}

function belongsTo(labels: Labels, rule: AlertingRule): boolean {
  return (
    labels.get('alertname') === rule.alert && [...rule.labels].every(([name, value]) => labels.get(name) === value)
  );
}

async function readHistory(
  { service, slo, group, measure }: HistorySubject,
  backend: QueryBackend,
  interval: Duration,
  { from, to, step }: Steps,
  signal: AbortSignal,
): Promise<SloHistory> {
  const { sli, budgetRemaining, currentErrorRatio, requestsPerSecond } = statusQueries(service, slo, {
    interval,
    group,
  });
  const timestamps: number[] = [];
  for (let time: number = from; time <= to; time += step) timestamps.push(time);
  const column = async (expr: Expr): Promise<readonly (number | null)[]> => {
    const [series] = await backend.queryRange(printExpr(expr), from, to, step, signal);
    return atSteps(series, timestamps);
  };
  // Rules record what happened in a window only where an alert looks at one.
  const hasWindow = 0 < slo.alerts.length;
  return {
    timestamps,
    sli: await column(sli),
    budgetRemaining: await column(budgetRemaining),
    errorRatio: hasWindow ? await column(currentErrorRatio) : null,
    eventsPerSecond: hasWindow && measure === 'events' ? await column(requestsPerSecond) : null,
  };
}

/** The values of a series at the given times, null where it has none. */
function atSteps(series: RangeSeries | undefined, timestamps: readonly number[]): readonly (number | null)[] {
  const known = new Map(
    series === undefined ? [] : Array.from(series.timestamps, (time, i) => [time, series.values[i]]),
  );
  return timestamps.map((time) => {
    const value = known.get(time);
    return value === undefined || !Number.isFinite(value) ? null : value;
  });
}
