import { defaultPeriod, type Indicator, type Period, plainSlo, type Slo } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { checkMinimum, readAlerts } from './alerts.ts';
import { defaultAbsentFor, defaultMinimumBadEvents, minimumBadEventsOf } from './defaults.ts';
import { checkGroups } from './groups.ts';
import { readIndicator } from './indicator.ts';
import { readLabels } from './label-map.ts';
import { readLength } from './lengths.ts';
import { type Catalogue, pendingMetric } from './metrics.ts';
import { type Part, partsOf } from './percentiles.ts';
import { readPeriods, readTimeZone } from './periods.ts';
import { type Reading, reportValue } from './reading.ts';
import type { PartialDefinition } from './schema.ts';
import { readDetails } from './slo-details.ts';
import type { PartialSlo } from './slo-schema.ts';
import { readMeasure, readQuantiles, readTargetOf, targetPlace } from './targets.ts';

/** What the objectives of a service have in common. */
interface Home {
  readonly service: string;
  readonly timeZone: string | undefined;
  readonly catalogue: Catalogue;
}

/** Reads the objectives of a service, in the order of the definition; those on several percentiles become one each. */
export function readSlos(reading: Reading, definition: PartialDefinition, catalogue: Catalogue): readonly Slo[] {
  const timeZone = readTimeZone(reading, ['timeZone'], definition.timeZone);
  const home = { service: definition.service ?? '', timeZone, catalogue };
  const inputs = Object.entries(definition.slos ?? {});
  const slos = inputs.flatMap(([name, input]) =>
    partsOf(reading, name, input).flatMap((part) => readSlo(reading, part, home) ?? []),
  );
  return slos;
}

function readSlo(reading: Reading, part: Part, { service, timeZone, catalogue }: Home): Slo | undefined {
  const { name, path, input } = part;
  const { period, furtherPeriods } = readPeriods(reading, path, input, timeZone);
  const read =
    part.target === undefined
      ? readTargetOf(reading, path, input, period)
      : { target: part.target, measure: undefined };
  const { target } = read;
  const indicator = readIndicator(reading, part, catalogue, service);
  checkContinuous(reading, path, { period, indicator });
  const details = readDetails(reading, path, input);
  const alerts = readAlerts(reading, path, input, {
    service,
    name,
    category: details.category,
    period: period ?? defaultPeriod,
    target: period === undefined ? undefined : target,
    targetPath: part.target === undefined ? targetPlace(path, input) : part.belowPath,
    indicator,
    catalogue,
  });
  const absentFor =
    input.absentFor === undefined
      ? defaultAbsentFor
      : readLength(reading, [...path, 'absentFor'], input.absentFor, true);
  const labels = readLabels(reading, [...path, 'labels'], input.labels ?? {}, input.groupBy ?? []);
  const quantiles = readQuantiles(reading, path, input);
  const groupBy = input.groupBy ?? [];
  if (indicator !== undefined) checkGroups(reading, [...path, 'groupBy'], groupBy, indicator, catalogue);
  const measure = indicator === undefined ? undefined : readMeasure(reading, path, input, indicator, read.measure);
  const lifecycle = indicator === undefined ? 'active' : readLifecycle(reading, path, input, indicator, catalogue);
  const usualMinimum = indicator === undefined ? defaultMinimumBadEvents : minimumBadEventsOf(indicator);
  const { minimumBadEvents = usualMinimum } = input;
  // Of the shares that queries give one bad slice is minutes of trouble, so that a minimum of one is the usual.
  if (indicator?.kind !== 'queries') checkMinimum(reading, path, minimumBadEvents, alerts.tiers, { target, measure });
  if (target === undefined || period === undefined || indicator === undefined) return undefined;
  if (absentFor === undefined || measure === undefined) return undefined;
  const family = input.family ?? part.family;
  // What is copied comes last: properties that are added behind a copy take fifty times as long.
  return {
    name,
    title: part.title ?? name,
    indicator,
    target,
    measure,
    period,
    furtherPeriods,
    groupBy,
    alerts: alerts.tiers,
    conditionAlerts: part.isFurther === true ? [] : alerts.conditionAlerts,
    minimumBadEvents,
    minimumEvents: input.minimumEvents ?? plainSlo.minimumEvents,
    noData: input.noData ?? 'unknown',
    absentFor,
    quantiles,
    lifecycle,
    labels,
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(family === undefined ? {} : { family }),
    ...(input.runbook === undefined ? {} : { runbook: input.runbook }),
    ...details,
  };
}

/** Only what holds or does not can hold always: shares of events have a budget. */
function checkContinuous(
  reading: Reading,
  path: YamlPath,
  { period, indicator }: { readonly period: Period | undefined; readonly indicator: Indicator | undefined },
): void {
  if (period?.kind !== 'continuous' || indicator === undefined || indicator.kind === 'condition') return;
  reportValue(reading, [...path, 'period'], {
    severity: 'error',
    code: 'slo/period',
    message: 'only a condition can hold continuously',
    help: 'write for example `condition: { neverIncreases: errors_total, within: 5m }`, or a period such as 30d',
  });
}

/** An objective whose metrics are still to come is pending unless it says something else. */
function readLifecycle(
  reading: Reading,
  path: YamlPath,
  { lifecycle }: PartialSlo,
  indicator: Indicator,
  catalogue: Catalogue,
): Slo['lifecycle'] {
  const pending = pendingMetric(indicator, catalogue.metrics);
  if (pending === undefined) return lifecycle ?? 'active';
  if (lifecycle === 'active') {
    reportValue(reading, [...path, 'lifecycle'], {
      severity: 'warning',
      code: 'metric/pending',
      message: `\`${pending.name}\` is not there yet: the objective has no data before ${pending.pendingOn}`,
      help: 'remove the line: the objective is pending until the metric is there',
    });
  }
  return lifecycle ?? 'pending';
}
