import { type Duration, formatDuration } from '../base/index.ts';
import { build, type Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import type { Service, Slo } from '../slo/index.ts';
import type { Levels } from './levels.ts';
import { identityLabels, recorded, windowLabel } from './names.ts';
import { record } from './record.ts';
import { latestSlow } from './sums.ts';

const { call, compare, divide, number, or, selector, subtract } = build;

/** What people and alerts read: shares, burn rates, the budget, and how much of each window was seen. */
export function figureRules(service: Service, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  return [
    ratioRule(own, levels),
    record(
      recorded.burnRate,
      divide(selector(recorded.errorRatio, own), slo.target.errorBudget),
      own,
      'The same as multiples of what the target allows.',
    ),
    ...fillRules(own, slo, levels),
    ...periodRules(own, slo, levels),
  ];
}

/** The promise itself, for dashboards and joins. */
export function promiseRules(service: Service, slo: Slo): readonly RecordingRule[] {
  const own = identityLabels(service, slo);
  const constant = (value: number): Expr => call('vector', number(value));
  const { target, period } = slo;
  const info = { ...own, owner: service.owner, target: target.text, period: formatDuration(period.length) };
  return [
    record(recorded.objective, constant(target.ratio), own, 'What was promised.'),
    record(recorded.errorBudget, constant(target.errorBudget), own),
    record(recorded.periodLength, constant(period.length / 1000), own),
    record(recorded.info, constant(1), info),
  ];
}

type OwnLabels = Readonly<Record<string, string>>;

function ratioRule(own: OwnLabels, levels: Levels): RecordingRule {
  const { fastWindows, slowWindows } = levels;
  const parts: Expr[] = [];
  if (0 < fastWindows.length) {
    const conditions = { ...own, ...windowCondition(fastWindows) };
    parts.push(share(selector(recorded.badEvents, conditions), selector(recorded.totalEvents, conditions)));
  }
  if (0 < slowWindows.length) {
    const conditions = { ...own, ...windowCondition(slowWindows) };
    const latest = (name: string): Expr => latestSlow(name, conditions, levels);
    parts.push(share(latest(recorded.badEvents), latest(recorded.totalEvents)));
  }
  const [first = number(0), ...rest] = parts;
  const comment = 'Shares of bad events in the windows; none without events.';
  return record(recorded.errorRatio, or(first, ...rest), own, comment);
}

function fillRules(own: OwnLabels, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const fill = (seconds: number): Expr => call('clamp_max', divide(selector(recorded.periodObserved, own), seconds), 1);
  const longWindows = [...new Set(slo.alerts.map(({ longWindow }) => longWindow))].sort((a, b) => a - b);
  return [
    record(
      recorded.periodFill,
      fill(levels.period / 1000),
      own,
      'How full the time with data makes the period and the long windows: figures of a new objective are no certainty.',
    ),
    ...longWindows.map((window) =>
      record(recorded.windowFill, fill(window / 1000), { ...own, [windowLabel]: formatDuration(window) }),
    ),
  ];
}

function periodRules(own: OwnLabels, slo: Slo, levels: Levels): readonly RecordingRule[] {
  const errors = share(selector(recorded.periodBadEvents, own), selector(recorded.periodTotalEvents, own));
  const spent = divide(selector(recorded.periodErrorRatio, own), slo.target.errorBudget);
  return [
    record(
      recorded.periodErrorRatio,
      errors,
      own,
      `Share of bad events in ${formatDuration(levels.period)}, and what it leaves of the budget.`,
    ),
    record(recorded.periodBudgetRemaining, subtract(1, spent), own),
  ];
}

/**
 * The share of bad events. Without events there is none: no division of nothing by nothing is recorded. Good events are not read at the
 * instant of the others by every exporter, so that for a moment there may seem to be more of them.
 */
function share(bad: Expr, total: Expr): Expr {
  return divide(call('clamp_min', bad, 0), compare('>', total, 0));
}

function windowCondition(windows: readonly Duration[]): build.Conditions {
  const [only = '', ...more] = windows.map(formatDuration);
  return { [windowLabel]: more.length === 0 ? only : ['=~', [only, ...more].join('|')] };
}
