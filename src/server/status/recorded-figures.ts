import type { LabelledValue } from '../../core/api/index.ts';
import { type Duration, parseDuration, type Timestamp } from '../../core/base/index.ts';
import {
  badOnly,
  indicatorLabel,
  periodLabel,
  periodName,
  quantileLabel,
  rawName,
  recorded,
  thresholdLabel,
  totalOnly,
  windowLabel,
} from '../../core/generate/index.ts';
import { build, type Expr, printExpr } from '../../core/promql/index.ts';
import { type InstantSample, metricName, type QueryBackend } from '../../core/series/index.ts';
import type { Service, Slo } from '../../core/slo/index.ts';
import { sloKey } from './status-board.ts';
import type { PeriodFigures } from './summarize.ts';

/** Labels by whose values an objective is grouped. */
export type GroupLabels = Readonly<Record<string, string>>;

/** What rules recorded about all objectives at one instant. */
export interface RecordedFigures {
  /** The groups that have figures of their main period; a single one without labels if the objective is not grouped. */
  groupsOf(service: Service, slo: Slo): readonly GroupLabels[];
  /** Over the main period, or over a further one by its label. */
  period(
    service: Service,
    slo: Slo,
    group: GroupLabels,
    label?: string,
  ): PeriodFigures & { readonly errors: number | null };
  errorRatio(service: Service, slo: Slo, group: GroupLabels, window: Duration): number | null;
  /** Of a calendar period: what would be left of the whole budget, and the bad share of the period before. */
  wholePeriod(
    service: Service,
    slo: Slo,
    group: GroupLabels,
  ): { readonly budgetAtEnd: number | null; readonly previousErrors: number | null };
  /** The value of a quantile now. */
  quantile(service: Service, slo: Slo, group: GroupLabels, quantile: number): number | null;
  isExcluded(service: Service, slo: Slo): boolean;
  /** The series of a threshold or an indicator of a service, with the labels of their own. */
  threshold(service: Service, name: string): readonly LabelledValue[];
  indicator(service: Service, name: string): readonly LabelledValue[];
  /** The events of the main period with nothing excluded. */
  raw(service: Service, slo: Slo, group: GroupLabels): Omit<PeriodFigures, 'seen'>;
}

/** Reads them with a query for each recorded name, however many objectives, periods and groups there are. */
export async function readRecorded(
  backend: QueryBackend,
  time: Timestamp,
  signal: AbortSignal,
): Promise<RecordedFigures> {
  const ask = async (expr: Expr): Promise<BySlo> => groupBySlo(await backend.query(printExpr(expr), time, signal));
  const errorRatios = await ask(build.selector(recorded.periodErrorRatio));
  const windows = await ask(build.selector(recorded.errorRatio));
  const bad = await ask(build.selector(recorded.periodEvents, badOnly));
  const total = await ask(build.selector(recorded.periodEvents, totalOnly));
  const seen = await ask(build.selector(recorded.periodFill));
  const rawBad = await ask(build.selector(rawName(recorded.periodEvents), badOnly));
  const rawTotal = await ask(build.selector(rawName(recorded.periodEvents), totalOnly));
  const atEnd = await ask(build.selector(recorded.periodProjectedBudget));
  const previous = await ask(build.selector(recorded.previousErrorRatio));
  const quantiles = await ask(build.selector(recorded.quantile));
  const excluded = await ask(build.selector(recorded.excluded));
  const thresholds = await ask(build.selector(recorded.thresholdValue));
  const indicators = await ask(build.selector(recorded.indicatorValue));
  const find = (samples: BySlo, service: Service, slo: Slo, group: GroupLabels, label: string): number | null =>
    known(
      samples
        .get(sloKey(service.name, slo.name))
        ?.find(({ labels }) => labels.get(periodLabel) === label && isOf(labels, group))?.value,
    );
  return {
    groupsOf(service, slo) {
      if (slo.groupBy.length === 0) return [{}];
      const samples = total.get(sloKey(service.name, slo.name)) ?? [];
      return samples
        .filter(({ labels }) => labels.get(periodLabel) === '')
        .map(({ labels }) => Object.fromEntries(slo.groupBy.map((label) => [label, labels.get(label)])));
    },
    period(service, slo, group, label = '') {
      const errors = find(errorRatios, service, slo, group, label);
      const badEvents = find(bad, service, slo, group, label);
      return {
        errors,
        bad: errors === null ? null : Math.max(0, badEvents ?? 0),
        total: errors === null ? null : find(total, service, slo, group, label),
        seen: find(seen, service, slo, group, label),
      };
    },
    wholePeriod: (service, slo, group) => ({
      budgetAtEnd: find(atEnd, service, slo, group, ''),
      previousErrors: find(previous, service, slo, group, ''),
    }),
    quantile: (service, slo, group, quantile) =>
      find(quantiles, service, slo, { ...group, [quantileLabel]: String(quantile) }, ''),
    isExcluded: (service, slo) => find(excluded, service, slo, {}, '') === 1,
    threshold: (service, name) => valuesOf(thresholds, service, thresholdLabel, name),
    indicator: (service, name) => valuesOf(indicators, service, indicatorLabel, name),
    raw: (service, slo, group) => ({
      bad: find(rawBad, service, slo, group, ''),
      total: find(rawTotal, service, slo, group, ''),
    }),
    errorRatio(service, slo, group, window) {
      const samples = windows.get(sloKey(service.name, slo.name));
      return known(
        samples?.find(({ labels }) => parseDuration(labels.get(windowLabel)) === window && isOf(labels, group))?.value,
      );
    },
  };
}

/** The labels of an objective's further periods. */
export function furtherPeriodNames({ period, furtherPeriods }: Slo): readonly string[] {
  const names = new Set(furtherPeriods.map(periodName));
  names.delete(periodName(period));
  return [...names];
}

/** The series of a figure of a service, without the labels that all of them have. */
function valuesOf(samples: BySlo, service: Service, label: string, name: string): readonly LabelledValue[] {
  return (samples.get(sloKey(service.name, '')) ?? []).flatMap(({ labels, value }) => {
    if (labels.get(label) !== name || Number.isNaN(value)) return [];
    const own = labels.without(metricName, 'service', label);
    return [{ labels: Object.fromEntries(own.names.map((each) => [each, own.get(each)])), value }];
  });
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

function isOf(labels: InstantSample['labels'], group: GroupLabels): boolean {
  return Object.entries(group).every(([label, value]) => labels.get(label) === value);
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
