import { type Duration, day, duration, minute } from '../../src/core/base/index.ts';
import { defaultGenerateOptions, generateRules } from '../../src/core/generate/index.ts';
import { type Expr, parseExpr } from '../../src/core/promql/index.ts';
import type { RuleFile } from '../../src/core/rules/index.ts';
import {
  type CalendarUnit,
  type Indicator,
  plainService,
  plainSlo,
  readTarget,
  type Service,
  type Slo,
  workbookTiers,
} from '../../src/core/slo/index.ts';

/** The three ways to define what the synthetic traffic does. They count the same events. */
export type IndicatorKind = 'bad' | 'good' | 'histogram';

const indicators: Readonly<Record<IndicatorKind, Indicator>> = {
  bad: { kind: 'ratio', counts: 'bad', events: expr('requests_total{code=~"5.."}'), total: expr('requests_total') },
  good: { kind: 'ratio', counts: 'good', events: expr('requests_total{code="200"}'), total: expr('requests_total') },
  histogram: { kind: 'distribution', histogram: expr('request_seconds'), below: 0.3 },
};

/** An objective on the synthetic traffic with the workbook's alerts for thirty days, whatever its period. */
export function objective(kind: IndicatorKind, period: Duration, target = '99.9%'): Slo {
  const read = readTarget(target);
  if (!read.ok) throw new Error(`no target: ${target}`);
  return {
    ...plainSlo,
    name: kind,
    title: `by ${kind}`,
    indicator: indicators[kind],
    target: read.value,
    period: { kind: 'rolling', length: period },
    alerts: workbookTiers({ kind: 'rolling', length: duration(30 * day) }, read.value),
    minimumBadEvents: 3,
    noData: 'unknown',
    absentFor: duration(5 * minute),
    labels: new Map(),
  };
}

/** The same over a calendar period. */
export function calendarObjective(unit: CalendarUnit, timeZone: string): Slo {
  const base = objective('bad', duration(30 * day));
  return { ...base, name: `by-${unit}`, period: { kind: 'calendar', unit, timeZone, length: base.period.length } };
}

export function shop(...slos: readonly Slo[]): Service {
  return { ...plainService, name: 'shop', title: 'Shop', owner: 'shop-team', job: 'shop', metrics: new Map(), slos };
}

export function rulesOf(service: Service, interval: Duration): RuleFile {
  const { file, diagnostics } = generateRules(service, { ...defaultGenerateOptions, interval });
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (0 < errors.length) throw new Error(errors.map(({ message }) => message).join('\n'));
  return file;
}

export function expr(text: string): Expr {
  const parsed = parseExpr(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.diagnostics[0]?.message}`);
  return parsed.value;
}
