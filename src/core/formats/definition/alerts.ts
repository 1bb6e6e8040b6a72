import { formatDuration, parseDuration } from '../../base/index.ts';
import {
  type BurnRateTier,
  type ConditionAlert,
  eventsAtWhichOneFires,
  type Indicator,
  invariantAlerts,
  type Measure,
  maximumBurnRate,
  type Period,
  type Slo,
  scaledTiers,
  type Target,
  workbookTiers,
} from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import type { AlertInput } from './alert-input.ts';
import { applyNames } from './alert-names.ts';
import { applyWords } from './alert-words.ts';
import { readConditionAlert } from './condition-alerts.ts';
import { defaultMinimumBadEvents } from './defaults.ts';
import { formatNumber } from './lengths.ts';
import type { Catalogue } from './metrics.ts';
import { enumeration, isToldAbout, type Reading, type Remark, reportKey, reportValue } from './reading.ts';
import type { PartialSlo } from './slo-schema.ts';
import { readTier } from './tiers.ts';

/** What is known of an objective whose alerts are read. Without a target what depends on it is not checked. */
export interface Alerted {
  readonly service: string;
  readonly name: string;
  readonly category: Slo['category'];
  readonly period: Period;
  readonly target: Target | undefined;
  /** Where the target is said. */
  readonly targetPath: YamlPath;
  readonly indicator: Indicator | undefined;
  readonly catalogue: Catalogue;
}

/** The alerts of an objective: on its budget, fastest first, and on other things. */
export interface ReadAlerts {
  readonly tiers: readonly BurnRateTier[];
  readonly conditionAlerts: readonly ConditionAlert[];
}

/** Reads the alerts of an objective. */
export function readAlerts(reading: Reading, path: YamlPath, input: PartialSlo, alerted: Alerted): ReadAlerts {
  const { alerts = 'workbook' } = input;
  const place = [...path, 'alerts'];
  if (alerts === 'none') return { tiers: applyWords(reading, path, input, []), conditionAlerts: [] };
  if (alerts === 'workbook') {
    const usual = readUsual(reading, path, alerted);
    const tiers = applyWords(reading, path, input, usual.tiers);
    const named = applyNames(reading, path, input.alertNames, [...tiers, ...usual.conditionAlerts]);
    return {
      tiers: named.flatMap((each) => ('longWindow' in each ? [each] : [])),
      conditionAlerts: named.flatMap((each) => ('longWindow' in each ? [] : [each])),
    };
  }
  // What was wrong in itself has been told about and is gone; the others keep their places.
  const own = alerts.flatMap((alert, index) => (alert === null ? [] : [{ alert, path: [...place, index] }]));
  const usual = alerts.includes('workbook') ? readUsual(reading, path, alerted) : { tiers: [], conditionAlerts: [] };
  const tiers = own.flatMap(({ alert, path: at }): readonly BurnRateTier[] => {
    if (alert === 'workbook') return usual.tiers;
    if (!isTier(reading, at, alert)) return [];
    if (alerted.period.kind === 'continuous') return refuseBudget(reading, at);
    const tier = readTier(reading, at, alert, { ...alerted, groupBy: input.groupBy ?? [] });
    return tier === undefined ? [] : [tier];
  });
  const conditionAlerts = own.flatMap(({ alert, path: at }): readonly ConditionAlert[] => {
    if (alert === 'workbook') return usual.conditionAlerts;
    if (isTier(reading, at, alert)) return [];
    const read = readConditionAlert(reading, at, alert, alerted.catalogue);
    return read === undefined ? [] : [read];
  });
  checkDistinct(reading, own);
  const named = applyNames(reading, path, input.alertNames, applyWords(reading, path, input, tiers));
  return { tiers: named.toSorted((a, b) => a.longWindow - b.longWindow || b.burnRate - a.burnRate), conditionAlerts };
}

/** What an objective alerts on that names no alerts: the workbook's tiers, or the breaking of an invariant. */
function readUsual(reading: Reading, path: YamlPath, alerted: Alerted): ReadAlerts {
  const { service, name, category, period, target, indicator } = alerted;
  if (period.kind === 'continuous') {
    const conditionAlerts =
      indicator === undefined ? [] : invariantAlerts(service, { name, category, period, indicator });
    return { tiers: [], conditionAlerts };
  }
  const tiers = target === undefined ? scaledTiers(period) : readWorkbook(reading, path, alerted, target);
  return { tiers, conditionAlerts: [] };
}

const conditionForms = ['when', 'stalled', 'increased', 'spike', 'all', 'any', 'absent'] as const;

/** Whether an item is about the budget: it says so, or says nothing that other alerts begin with. */
function isTier(reading: Reading, path: YamlPath, alert: AlertInput): boolean {
  const saysTier = (['long', 'short', 'burn', 'budget'] as const).some((key) => alert[key] !== undefined);
  return saysTier || !conditionForms.some((key) => isToldAbout(reading, [...path, key]));
}

function refuseBudget(reading: Reading, path: YamlPath): readonly BurnRateTier[] {
  reportValue(reading, path, {
    severity: 'error',
    code: 'alert/never-fires',
    message: 'an invariant has no budget that could burn',
    help: 'leave `alerts:` out for an alert as soon as it is broken, or write alerts on conditions',
  });
  return [];
}

/** Says which of the workbook's alerts this objective cannot have, and why. */
function readWorkbook(
  reading: Reading,
  path: YamlPath,
  { period, targetPath }: Alerted,
  target: Target,
): readonly BurnRateTier[] {
  const all = scaledTiers(period);
  const tiers = workbookTiers(period, target);
  const report = (remark: Remark): void => reportKey(reading, targetPath, remark);
  const maximum = formatNumber(maximumBurnRate(target.errorBudget));
  const dropped = all.filter(({ burnRate }) => maximumBurnRate(target.errorBudget) <= burnRate);
  if (0 < dropped.length) {
    const pages = tiers.some(({ severity }) => severity === 'page');
    report({
      severity: pages ? 'info' : 'warning',
      code: 'alert/left-out',
      message: `at ${target.text} a full outage burns at ${maximum}, so alerts at ${enumeration(dropped.map(({ burnRate }) => burnRate))} are left out${pages ? '' : ': no outage pages anyone'}`,
      help: pages ? 'nothing is to be done' : 'write `alerts:` with burn rates below that, or raise the target',
    });
  }
  if (!all.some(({ severity }) => severity === 'page')) {
    reportKey(reading, [...path, 'period'], {
      severity: 'warning',
      code: 'alert/left-out',
      message: `a period of ${formatDuration(period.length)} is too short for the workbook's alerts that page`,
      help: 'write `alerts:` with windows of your own, or a longer period',
    });
  }
  return tiers;
}

/** Alerts of one severity are told apart by their long window, in their names and by whoever reads them. */
function checkDistinct(
  reading: Reading,
  alerts: readonly { readonly alert: 'workbook' | AlertInput; readonly path: YamlPath }[],
): void {
  const seen = new Set<string>();
  for (const { alert, path } of alerts) {
    if (alert === 'workbook') continue;
    const { severity, long } = alert;
    if (long === undefined || severity === undefined) continue;
    const key = `${severity} ${parseDuration(long.trim()) ?? long}`;
    if (seen.has(key)) {
      reportValue(reading, [...path, 'long'], {
        severity: 'error',
        code: 'alert/duplicate',
        message: `there is a ${severity} alert over ${long} already`,
        help: 'remove one of them, or give it another window',
      });
    }
    seen.add(key);
  }
}

/** Warns where a single bad event or slice fires an alert: as long as the window holds few others, or whatever it holds. */
export function checkMinimum(
  reading: Reading,
  path: YamlPath,
  minimum: number,
  alerts: readonly BurnRateTier[],
  { target, measure }: { readonly target: Target | undefined; readonly measure: Measure | undefined },
): void {
  const [fastest] = alerts;
  if (1 < minimum || fastest === undefined || target === undefined) return;
  const events = eventsAtWhichOneFires(fastest.burnRate, target.errorBudget);
  // Below one event nothing fires by itself.
  if (events < 1) return;
  const window = formatDuration(fastest.longWindow);
  const slice = measure === undefined || measure.kind === 'events' ? undefined : measure.length;
  if (slice !== undefined && events < fastest.longWindow / slice) return;
  const message =
    slice === undefined
      ? `one bad event fires the alert over ${window} wherever that window holds ${events} events or fewer`
      : `one bad slice of ${formatDuration(slice)} fires the alert over ${window}`;
  reportValue(reading, [...path, 'minimumBadEvents'], {
    severity: 'warning',
    code: 'alert/single-event',
    message,
    help: `write \`minimumBadEvents: ${defaultMinimumBadEvents}\`, or remove the line`,
  });
}
