import { type Duration, duration, formatDuration, hour, minute, unreachable } from '../../base/index.ts';
import { type Expr, printExpr, selectorsOf } from '../../promql/index.ts';
import type { AlertCondition, ConditionAlert, RelativeAlert, Severity } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import type { AlertConditionInput, AlertInput, ConditionAlertInput } from './alert-input.ts';
import { readForm, readParts, readWithin } from './conditions.ts';
import { checkTemplate, readAnnotations, readLabels } from './label-map.ts';
import { readLength } from './lengths.ts';
import type { Catalogue } from './metrics.ts';
import { readComparison, readCounters, readQuery } from './queries.ts';
import { alternatives, isToldAbout, type Reading, reportKey, reportValue } from './reading.ts';
import type { PartialDefinition } from './schema.ts';

/** The severities that other tools' words stand for. */
const severities: Readonly<Record<NonNullable<AlertInput['severity']>, Severity>> = {
  page: 'page',
  ticket: 'ticket',
  info: 'info',
  critical: 'page',
  warning: 'ticket',
};

/** What a spike means where it does not say. */
export const spikeDefaults: Readonly<Record<'window' | 'baseline', Duration>> &
  Readonly<Record<'factor' | 'floor', number>> = {
  window: duration(5 * minute),
  baseline: hour,
  factor: 5,
  floor: 0,
};

const forms = ['when', 'stalled', 'increased', 'spike', 'all', 'any', 'absent'] as const;

/** The keys that belong to one form only. */
const ownKeys: readonly (readonly [key: keyof AlertConditionInput, owners: readonly string[]])[] = [
  ['within', ['stalled', 'increased']],
  ['window', ['spike']],
  ['baseline', ['spike']],
  ['offset', ['spike']],
  ['factor', ['spike']],
  ['floor', ['spike']],
];

/** Reads alerts on something other than the burning of a budget. */
export function readConditionAlerts(
  reading: Reading,
  path: YamlPath,
  inputs: readonly (ConditionAlertInput | null)[],
  catalogue: Catalogue,
): readonly ConditionAlert[] {
  return inputs.flatMap((input, index) =>
    input === null ? [] : (readConditionAlert(reading, [...path, index], input, catalogue) ?? []),
  );
}

/** Alerts of a service that are no burn-rate alerts are known by their names alone, in routes, silences and runbooks. */
export function checkAlertNames(reading: Reading, { slos, alerts }: PartialDefinition): void {
  const lists = [
    ...Object.entries(slos ?? {}).map(([name, slo]) => ({ path: ['slos', name, 'alerts'], alerts: slo.alerts })),
    { path: ['alerts'], alerts },
  ];
  const seen = new Set<string>();
  for (const { path, alerts: list } of lists) {
    for (const [index, alert] of (typeof list === 'string' || list === undefined ? [] : list).entries()) {
      // Burn-rate alerts of several objectives may share a name: they differ in their windows and in the label of the objective.
      if (
        alert === null ||
        alert === 'workbook' ||
        alert.name === undefined ||
        ('long' in alert && alert.long !== undefined)
      )
        continue;
      if (seen.has(alert.name)) {
        reportValue(reading, [...path, index, 'name'], {
          severity: 'error',
          code: 'alert/duplicate',
          message: `there is an alert \`${alert.name}\` already`,
          help: 'rename one of them',
        });
      }
      seen.add(alert.name);
    }
  }
}

/** Reads one of them. */
export function readConditionAlert(
  reading: Reading,
  path: YamlPath,
  input: ConditionAlertInput,
  catalogue: Catalogue,
): ConditionAlert | undefined {
  const when = readAlertCondition(reading, path, input, catalogue);
  const severity = readSeverity(reading, path, input.severity);
  const wait = (key: 'for' | 'keepFiringFor'): ReturnType<typeof readLength> => {
    const text = input[key];
    return text === undefined ? duration(0) : readLength(reading, [...path, key], text, true);
  };
  const holdFor = wait('for');
  const keepFiringFor = wait('keepFiringFor');
  const { name } = input;
  if (name === undefined && !isToldAbout(reading, [...path, 'name'])) {
    reportValue(reading, path, {
      severity: 'error',
      code: 'definition/missing-key',
      message: '`name` is missing',
      help: 'name the alert, for example `name: QueueDepthHigh`',
    });
  }
  if (name !== undefined) checkAlertName(reading, [...path, 'name'], name);
  const labels = readLabels(reading, [...path, 'labels'], input.labels ?? {});
  const annotations = readAnnotations(reading, [...path, 'annotations'], input.annotations ?? {}, annotationKeys);
  for (const key of ['summary', 'description'] as const)
    if (input[key] !== undefined) checkTemplate(reading, [...path, key], input[key]);
  if (when === undefined || severity === undefined || holdFor === undefined || keepFiringFor === undefined)
    return undefined;
  if (name === undefined) return undefined;
  return {
    name,
    severity,
    when,
    holdFor,
    keepFiringFor,
    profile: input.profile ?? 'standard',
    ...(input.summary === undefined ? {} : { summary: input.summary }),
    ...(input.description === undefined ? {} : { description: input.description }),
    ...(input.runbook === undefined ? {} : { runbook: input.runbook }),
    steps: input.steps ?? [],
    dependsOn: input.dependsOn ?? [],
    labels,
    ...(annotations.size === 0 ? {} : { annotations }),
  };
}

/** The annotations that are made of keys of an alert on a condition. */
const annotationKeys: Readonly<Record<string, string>> = {
  summary: 'summary',
  description: 'description',
  runbook_url: 'runbook',
  steps: 'steps',
  dependencies: 'dependsOn',
};

/** The severity of an alert, in the words of the model. */
export function readSeverity(reading: Reading, path: YamlPath, severity: AlertInput['severity']): Severity | undefined {
  if (severity !== undefined) return severities[severity];
  if (!isToldAbout(reading, [...path, 'severity'])) {
    reportValue(reading, path, {
      severity: 'error',
      code: 'definition/missing-key',
      message: '`severity` is missing',
      help: 'add `severity: page`, `ticket` or `info`',
    });
  }
  return undefined;
}

/** Names of alerts are values of the label `alertname`; words without spaces can be typed into a route or a silence. */
export function checkAlertName(reading: Reading, path: YamlPath, name: string): void {
  if (isAlertName(name)) return;
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const better = words.map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
  reportValue(reading, path, {
    severity: 'error',
    code: 'alert/name',
    message: `\`${name}\` is no name of an alert: letters, digits and underscores`,
    help: /^[A-Za-z]/.test(better) ? `write \`${better}\`` : 'write for example `QueueDepthHigh`',
  });
}

/** Whether a name is one that an alert can have here: of the letters, digits and underscores that all that reads it takes. */
export function isAlertName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

function readAlertCondition(
  reading: Reading,
  path: YamlPath,
  input: AlertConditionInput,
  catalogue: Catalogue,
): AlertCondition | undefined {
  const form = readForm(reading, path, input, forms);
  if (form === undefined) return undefined;
  refuseForeignKeys(reading, path, input, form);
  switch (form) {
    case 'when': {
      const comparison = readComparison(reading, [...path, 'when'], 'fires', catalogue);
      return comparison === undefined ? undefined : { kind: 'threshold', ...comparison };
    }
    case 'stalled':
    case 'increased': {
      const counter = readCounters(reading, [...path, form], input[form] ?? '', catalogue);
      const within = readWithin(reading, path, input.within);
      if (counter === undefined || within === undefined) return undefined;
      return { kind: 'progress', counter, within, fires: form };
    }
    case 'spike':
      return readSpike(reading, path, input, catalogue);
    case 'all':
    case 'any': {
      const parts = (input[form] ?? []).map((part, index): AlertCondition | undefined => {
        const place = [...path, form, index];
        if (typeof part !== 'string') return readAlertCondition(reading, place, part, catalogue);
        const comparison = readComparison(reading, place, 'fires', catalogue);
        return comparison === undefined ? undefined : { kind: 'threshold', ...comparison };
      });
      return readParts(reading, [...path, form], form, parts);
    }
    case 'absent': {
      const series = readSeries(reading, path, catalogue);
      return series === undefined ? undefined : { kind: 'absent', series };
    }
    default:
      return unreachable(form);
  }
}

function readSpike(
  reading: Reading,
  path: YamlPath,
  input: AlertConditionInput,
  catalogue: Catalogue,
): RelativeAlert | undefined {
  const counter = readCounters(reading, [...path, 'spike'], input.spike ?? '', catalogue);
  const length = (key: 'window' | 'baseline' | 'offset', usual: Duration): Duration | undefined => {
    const text = input[key];
    return text === undefined ? usual : readLength(reading, [...path, key], text, key === 'offset');
  };
  const window = length('window', spikeDefaults.window);
  const baselineWindow = length('baseline', spikeDefaults.baseline);
  const baselineOffset = length('offset', baselineWindow ?? spikeDefaults.baseline);
  const { factor = spikeDefaults.factor, floor = spikeDefaults.floor } = input;
  if (!(1 < factor)) {
    reportValue(reading, [...path, 'factor'], {
      severity: 'error',
      code: 'alert/spike',
      message: `a rate that is ${factor} times what it was is no spike`,
      help: 'write a factor above 1, for example 5',
    });
    return undefined;
  }
  if (floor < 0) {
    const help = 'write the events a second below which nothing fires';
    reportValue(reading, [...path, 'floor'], {
      severity: 'error',
      code: 'alert/spike',
      message: 'a rate is never below zero',
      help,
    });
    return undefined;
  }
  if (floor === 0) {
    reportKey(reading, [...path, input.floor === undefined ? 'spike' : 'floor'], {
      severity: 'warning',
      code: 'alert/spike',
      message: 'without a floor a single event after a quiet stretch is a spike',
      help: 'add the events a second from which on it matters, for example `floor: 0.1`',
    });
  }
  if (counter === undefined || window === undefined || baselineWindow === undefined || baselineOffset === undefined)
    return undefined;
  if (baselineOffset < window) {
    reportValue(reading, [...path, input.offset === undefined ? 'spike' : 'offset'], {
      severity: 'warning',
      code: 'alert/spike',
      message: 'the baseline overlaps the window: a spike is compared with itself',
      help: `write an offset of ${formatDuration(window)} or more`,
    });
  }
  return { kind: 'relative', counter, window, baselineWindow, baselineOffset, factor, floor };
}

function readSeries(reading: Reading, path: YamlPath, catalogue: Catalogue): Expr | undefined {
  const place = [...path, 'absent'];
  const expr = readQuery(reading, place, catalogue);
  if (expr === undefined || expr.kind === 'selector') return expr;
  const [first] = selectorsOf(expr);
  reportValue(reading, place, {
    severity: 'error',
    code: 'definition/query',
    message: 'only series that a selector names can be missing',
    help: first === undefined ? 'write a selector' : `write \`${printExpr(first)}\``,
  });
  return undefined;
}

function refuseForeignKeys(
  reading: Reading,
  path: YamlPath,
  input: AlertConditionInput,
  form: (typeof forms)[number],
): void {
  for (const [key, owners] of ownKeys) {
    if (input[key] === undefined || owners.includes(form)) continue;
    reportKey(reading, [...path, key], {
      severity: 'error',
      code: 'condition/form',
      message: `\`${key}\` means nothing beside \`${form}\``,
      help: `remove it; it belongs to ${alternatives(owners)}`,
    });
  }
}
