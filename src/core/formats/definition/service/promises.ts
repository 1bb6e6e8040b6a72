import { type Duration, duration, formatDuration, minute } from '../../../base/index.ts';
import { printExpr } from '../../../promql/index.ts';
import {
  type Goal,
  type GoalMeasure,
  type InformationalIndicator,
  type OperationalThreshold,
  readTarget,
  type Sla,
  type Slo,
} from '../../../slo/index.ts';
import type { YamlPath, YamlValue } from '../../../yaml/index.ts';
import type { Catalogue } from '../metrics.ts';
import { accept, alternatives, type Reading, reportKey, reportValue, writtenAt } from '../reading.ts';
import type { GoalInput, ServiceDetailsInput, SlaInput } from './input.ts';
import { isKnown, type Names, readPositive, readQuery, readShare } from './reading.ts';

const defaultThresholdHold: Duration = duration(5 * minute);

/** Reads the figures that promise nothing. */
export function readIndicators(
  reading: Reading,
  inputs: ServiceDetailsInput['indicators'],
  catalogue: Catalogue,
): readonly InformationalIndicator[] {
  return Object.entries(inputs ?? {}).flatMap(([name, { title = name, description, unit }]) => {
    const value = readQuery(reading, ['indicators', name, 'query'], catalogue);
    if (value === undefined) return [];
    return [
      {
        name,
        title,
        ...(description === undefined ? {} : { description }),
        indicator: { kind: 'query', value },
        ...(unit === undefined ? {} : { unit }),
      } as const,
    ];
  });
}

/** Reads the thresholds of operations. Which side is bad follows from the order of the two levels. */
export function readThresholds(
  reading: Reading,
  inputs: ServiceDetailsInput['thresholds'],
  catalogue: Catalogue,
): readonly OperationalThreshold[] {
  return Object.entries(inputs ?? {}).flatMap(([name, input]) => {
    const path = ['thresholds', name];
    const { title = name, warning, critical, unit, action, runbook } = input;
    const value = readQuery(reading, [...path, 'value'], catalogue);
    const holdFor = input.for === undefined ? defaultThresholdHold : readPositive(reading, [...path, 'for'], input.for);
    if (warning === critical) {
      reportValue(reading, [...path, 'critical'], {
        severity: 'error',
        code: 'threshold/order',
        message: 'both levels are the same, so that nothing says which side is bad',
        help: 'make `critical` the worse one',
      });
    }
    if (value === undefined || holdFor === undefined) return [];
    return [
      {
        name,
        title,
        value,
        operator: warning < critical ? '>' : '<',
        warning,
        critical,
        ...(unit === undefined ? {} : { unit }),
        action,
        holdFor,
        ...(runbook === undefined ? {} : { runbook }),
      } as const,
    ];
  });
}

/** Reads the promises to customers, each looser than the objective that keeps it. */
export function readSlas(
  reading: Reading,
  inputs: ServiceDetailsInput['slas'],
  slos: readonly Slo[],
  names: Names,
): readonly Sla[] {
  return Object.entries(inputs ?? {}).map(([name, input]) => readSla(reading, name, input, slos, names));
}

function readSla(reading: Reading, name: string, input: SlaInput, slos: readonly Slo[], names: Names): Sla {
  const path = ['slas', name];
  const { title = name, slo: sloName, consequence, binding = false } = input;
  const known = sloName !== undefined && isKnown(reading, [...path, 'slo'], sloName, names);
  const slo = known ? slos.find((one) => one.name === sloName) : undefined;
  const targetPath = [...path, 'target'];
  const target =
    input.target === undefined ? undefined : accept(reading, targetPath, readTarget(writtenAt(reading, targetPath)));
  const response = readPositive(reading, [...path, 'response'], input.response);
  if (target !== undefined && slo !== undefined && slo.target.ratio <= target.ratio) {
    reportValue(reading, targetPath, {
      severity: 'warning',
      code: 'sla/not-looser',
      message: `customers are promised ${target.text}, and the objective \`${slo.name}\` of ${slo.target.text} warns nobody before that is missed`,
      help: 'promise less than the objective, or raise the objective',
    });
  }
  if (input.target === undefined && input.response === undefined) {
    reportKey(reading, path, {
      severity: 'error',
      code: 'sla/empty',
      message: 'the SLA promises nothing',
      help: 'add `slo:` with `target:`, or `response:`',
    });
  }
  if (input.target !== undefined && sloName === undefined) {
    reportKey(reading, path, {
      severity: 'error',
      code: 'sla/empty',
      message: 'the SLA has a target, but nothing says of what',
      help: 'name the objective that keeps it under `slo:`',
    });
  }
  return {
    name,
    title,
    ...(known ? { slo: sloName } : {}),
    ...(target === undefined ? {} : { target: { text: target.text, ratio: target.ratio } }),
    ...(consequence === undefined ? {} : { consequence }),
    ...(response === undefined ? {} : { response }),
    binding,
  };
}

const goalKinds = ['streak', 'share', 'incidents', 'pages'] as const;

/** Reads goals. */
export function readGoals(reading: Reading, inputs: ServiceDetailsInput['goals'], names: Names): readonly Goal[] {
  return Object.entries(inputs ?? {}).flatMap(([name, input]) => {
    const path = ['goals', name];
    const given = goalKinds.filter((kind) => input[kind] !== undefined);
    if (given.length !== 1) {
      reportKey(reading, path, {
        severity: 'error',
        code: 'goal/kind',
        message: given.length === 0 ? 'the goal does not say what is wanted' : 'the goal says two things',
        help: `write one of ${alternatives(goalKinds)}`,
      });
      return [];
    }
    const measure = readMeasure(reading, path, input, names);
    return measure === undefined ? [] : [{ name, title: input.title ?? name, measure }];
  });
}

function readMeasure(reading: Reading, path: YamlPath, input: GoalInput, names: Names): GoalMeasure | undefined {
  const { streak, share, incidents, pages } = input;
  if (streak !== undefined)
    return isKnown(reading, [...path, 'streak', 'slo'], streak.slo, names) ? { kind: 'streak', ...streak } : undefined;
  if (share !== undefined) {
    const place = [...path, 'share'];
    const known = isKnown(reading, [...place, 'slo'], share.slo, names);
    const ratio = readShare(reading, [...place, 'share']);
    const slice = readPositive(reading, [...place, 'slice'], share.slice);
    const over = readPositive(reading, [...place, 'over'], share.over);
    if (!known || ratio === undefined || slice === undefined || over === undefined) return undefined;
    return { kind: 'share', slo: share.slo, share: ratio, slice, over };
  }
  if (incidents !== undefined) {
    const over = readPositive(reading, [...path, 'incidents', 'over'], incidents.over);
    if (over === undefined) return undefined;
    return { kind: 'incidents', planned: incidents.planned ?? false, atMost: incidents.atMost, over };
  }
  const over = readPositive(reading, [...path, 'pages', 'over'], pages?.over);
  return over === undefined ? undefined : { kind: 'pages', atMost: pages?.atMost ?? 0, over };
}

/** The four as they are written. */
export function printIndicators(indicators: readonly InformationalIndicator[]): YamlValue | undefined {
  const entries = indicators.flatMap(({ name, title, description, indicator, unit }) =>
    indicator.kind === 'query'
      ? [
          [
            name,
            {
              title: title === name ? undefined : title,
              description,
              query: printExpr(indicator.value),
              unit,
            },
          ] as const,
        ]
      : [],
  );
  return entries.length === 0 ? undefined : new Map(entries);
}

export function printThresholds(thresholds: readonly OperationalThreshold[]): YamlValue | undefined {
  if (thresholds.length === 0) return undefined;
  return new Map(
    thresholds.map(({ name, title, value, warning, critical, unit, action, holdFor, runbook }) => [
      name,
      {
        title: title === name ? undefined : title,
        value: printExpr(value),
        warning,
        critical,
        unit,
        action,
        for: holdFor === defaultThresholdHold ? undefined : formatDuration(holdFor),
        runbook,
      },
    ]),
  );
}

export function printSlas(slas: readonly Sla[]): YamlValue | undefined {
  if (slas.length === 0) return undefined;
  return new Map(
    slas.map(({ name, title, slo, target, consequence, response, binding }) => [
      name,
      {
        title: title === name ? undefined : title,
        slo,
        target: target?.text,
        consequence,
        response: response === undefined ? undefined : formatDuration(response),
        binding: binding ? true : undefined,
      },
    ]),
  );
}

export function printGoals(goals: readonly Goal[]): YamlValue | undefined {
  if (goals.length === 0) return undefined;
  return new Map(
    goals.map(({ name, title, measure }) => [
      name,
      { title: title === name ? undefined : title, ...measureOf(measure) },
    ]),
  );
}

function measureOf(measure: GoalMeasure): Readonly<Record<string, YamlValue>> {
  switch (measure.kind) {
    case 'streak':
      return { streak: { slo: measure.slo, periods: measure.periods, unit: measure.unit } };
    case 'share':
      return {
        share: {
          slo: measure.slo,
          share: measure.share,
          slice: formatDuration(measure.slice),
          over: formatDuration(measure.over),
        },
      };
    case 'incidents':
      return {
        incidents: {
          planned: measure.planned ? true : undefined,
          atMost: measure.atMost,
          over: formatDuration(measure.over),
        },
      };
    case 'pages':
      return { pages: { atMost: measure.atMost, over: formatDuration(measure.over) } };
  }
}
