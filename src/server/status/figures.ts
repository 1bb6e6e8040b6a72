import type { AlertStatus, SloHistory } from '../../core/api/index.ts';
import { type Duration, parseDuration, type Timestamp } from '../../core/base/index.ts';
import {
  defaultGenerateOptions,
  generateRules,
  recorded,
  statusQueries,
  windowLabel,
} from '../../core/generate/index.ts';
import { build, type Expr, printExpr } from '../../core/promql/index.ts';
import type { AlertingRule } from '../../core/rules/index.ts';
import type { InstantSample, Labels, QueryBackend, RangeSeries } from '../../core/series/index.ts';
import type { Service, Slo } from '../../core/slo/index.ts';
import { type FigureReader, type Steps, sloKey } from './status-board.ts';
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
      const ask = async (expr: Expr): Promise<BySlo> => groupBySlo(await backend.query(printExpr(expr), time, signal));
      const active = await alerts(time, signal);
      const errorRatios = await ask(build.selector(recorded.periodErrorRatio));
      const windows = await ask(build.selector(recorded.errorRatio));
      const bad = await ask(build.selector(recorded.periodBadEvents));
      const total = await ask(build.selector(recorded.periodTotalEvents));
      const seen = await ask(build.selector(recorded.periodFill));
      const figures = new Map<string, SloFigures>();
      for (const service of services) {
        for (const slo of service.slos) {
          const key = sloKey(service.name, slo.name);
          const known = errorRatios.has(key);
          const own = (rules.get(service.name) ?? []).filter((rule) => rule.labels.get('slo') === slo.name);
          figures.set(key, {
            time,
            bad: known ? Math.max(0, only(bad, key) ?? 0) : null,
            total: known ? only(total, key) : null,
            errorRatios: [
              ...windowsOf(slo).map((window) => ({ window, errorRatio: inWindow(windows.get(key), window) })),
              { window: slo.period.length, errorRatio: only(errorRatios, key) },
            ],
            seen: only(seen, key),
            alerts: own.map((rule) => alertStatus(rule, active)),
            outdated: false,
          });
        }
      }
      return figures;
    },
    history: (service, slo, steps, signal) => readHistory(service, slo, backend, interval, steps, signal),
  };
}

type BySlo = ReadonlyMap<string, readonly InstantSample[]>;

function groupBySlo(samples: readonly InstantSample[]): BySlo {
  const groups = new Map<string, InstantSample[]>();
  for (const sample of samples) {
    const key = sloKey(sample.labels.get('service'), sample.labels.get('slo'));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [sample]);
    else group.push(sample);
  }
  return groups;
}

function only(samples: BySlo, key: string): number | null {
  const value = samples.get(key)?.[0]?.value;
  return value === undefined || Number.isNaN(value) ? null : value;
}

function inWindow(samples: readonly InstantSample[] | undefined, window: Duration): number | null {
  const value = samples?.find(({ labels }) => parseDuration(labels.get(windowLabel)) === window)?.value;
  return value === undefined || Number.isNaN(value) ? null : value;
}

function windowsOf({ alerts, period }: Slo): readonly Duration[] {
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
function alertStatus(rule: AlertingRule, active: readonly ActiveAlert[]): AlertStatus {
  const own = active.filter(
    ({ labels }) =>
      labels.get('alertname') === rule.alert && [...rule.labels].every(([name, value]) => labels.get(name) === value),
  );
  const alert = own.find(({ state }) => state === 'firing') ?? own[0];
  const window = rule.labels.get(windowLabel);
  return {
    name: rule.alert,
    severity: rule.labels.get('severity') ?? '',
    state: alert?.state ?? 'inactive',
    since: alert?.activeAt ?? null,
    summary:
      alert?.annotations.get('summary') ??
      (window === undefined ? (rule.labels.get('reason') ?? '') : `over ${window}`),
  };
}

async function readHistory(
  service: Service,
  slo: Slo,
  backend: QueryBackend,
  interval: Duration,
  { from, to, step }: Steps,
  signal: AbortSignal,
): Promise<SloHistory> {
  const { sli, budgetRemaining, currentErrorRatio, requestsPerSecond } = statusQueries(service, slo, { interval });
  const timestamps: number[] = [];
  for (let time: number = from; time <= to; time += step) timestamps.push(time);
  const column = async (expr: Expr): Promise<readonly (number | null)[]> => {
    const [series] = await backend.queryRange(printExpr(expr), from, to, step, signal);
    return atSteps(series, timestamps);
  };
  return {
    timestamps,
    sli: await column(sli),
    budgetRemaining: await column(budgetRemaining),
    errorRatio: await column(currentErrorRatio),
    requestsPerSecond: await column(requestsPerSecond),
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
