import { type Diagnostic, formatDuration } from '../../base/index.ts';
import { isPending } from '../../generate/index.ts';
import { printExpr } from '../../promql/index.ts';
import { type Condition, conditionText, type Service, type Slo } from '../../slo/index.ts';
import { manyAllowed, manyIdle, minimumSteps, nearlyAlways } from './bounds.ts';
import type { ConditionSelector, DoctorRange, StatementFacts } from './facts.ts';
import { fallsLikeGauge, notCounter } from './movement.ts';
import { count, gapFindings, percent, type Say, sayer, unique } from './say.ts';

/** All that was found out about an objective on a condition. */
export interface ExaminedCondition {
  readonly service: Service;
  readonly slo: Slo;
  readonly range: DoctorRange;
  readonly condition: Condition;
  readonly facts: readonly StatementFacts[];
  /** In which share of each step the condition as a whole held. */
  readonly held: Float64Array;
}

/** The share of time in which a condition was broken; undefined where nothing is known. */
export function brokenShare(held: Float64Array): number | undefined {
  const known = held.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? undefined : 1 - known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** What is wrong with the data of a condition. */
export function judgeCondition(examined: ExaminedCondition): readonly Diagnostic[] {
  const { service, slo, facts, range } = examined;
  const say = sayer(examined);
  const pending = isPending(service, slo);
  const findings = facts.flatMap((one) => statementFindings(say, one, range, pending));
  // What is not there, or is no number, holds and breaks as it likes.
  const explained = findings.some(({ code }) => code !== 'doctor/gaps');
  return unique([...findings, ...(explained ? [] : habitFindings(say, examined))]);
}

function statementFindings(
  say: Say,
  facts: StatementFacts,
  range: DoctorRange,
  pending: boolean,
): readonly Diagnostic[] {
  const { selectors, condition, movement } = facts;
  const silent = selectors.filter((one) => isSilent(one) && !one.isInAbsent);
  if (0 < silent.length) {
    const isBornLate = condition.kind === 'invariant';
    return silent.flatMap((one) => silentFindings(say, one, pending || isBornLate, isBornLate));
  }
  const gaps = selectors.flatMap((one) =>
    one.isInAbsent ? [] : gapFindings(say, printExpr(one.selector), one.series, range),
  );
  if (movement !== undefined && ((movement.least ?? 0) < 0 || fallsLikeGauge(movement)))
    return [
      ...gaps,
      notCounter(
        say,
        selectors.map(({ selector }) => printExpr(selector)),
        movement,
      ),
    ];
  return [...gaps, ...valueFindings(say, facts)];
}

/** A label that no series has is the reason, and is told. A counter of what should never happen may be born with the first of it. */
function silentFindings(
  say: Say,
  one: ConditionSelector,
  isExpected: boolean,
  isBornLate: boolean,
): readonly Diagnostic[] {
  const text = printExpr(one.selector);
  if (0 < one.missingLabels.length)
    return one.missingLabels.map((label) =>
      say('doctor/label-missing', `no series of the metric has the label \`${label}\`, which \`${text}\` asks for`),
    );
  const why = isBornLate ? '; it may be born with the first increase' : '';
  return [say('doctor/no-data', `\`${text}\` has no series${why}`, isExpected ? { severity: 'info' } : {})];
}

/** Expressions that have no value, or none that is a number, though their series are there. */
function valueFindings(
  say: Say,
  { condition, selectors, values, divisors = [], mismatch }: StatementFacts,
): readonly Diagnostic[] {
  if (condition.kind !== 'comparison' || values === undefined) return [];
  const text = printExpr(condition.value);
  const steps = values.all.length;
  const withValue = values.all.filter((value) => 0 < value).length;
  const absent = selectors.filter(({ isInAbsent }) => isInAbsent);
  if (0 < absent.length && withValue <= (1 - nearlyAlways) * steps && absent.some((one) => !isSilent(one)))
    return [
      say(
        'doctor/absent',
        `\`${text}\` has a value only while series are missing: the rest of the time nobody knows whether the condition holds`,
      ),
    ];
  if (mismatch !== undefined) {
    const help = 'Sum both sides by the labels that they share, or match them with `on(...)`.';
    return [
      say(
        'doctor/no-value',
        `\`${printExpr(mismatch)}\` has no value: both sides have series, and none of them have the same labels`,
        { help },
      ),
    ];
  }
  if (withValue === 0)
    return [
      say('doctor/no-value', `\`${text}\` has no value though its series are there: a comparison in it leaves none`),
    ];
  return divisors.flatMap(({ expr, all, zero }) => {
    const asked = all.filter((value) => 0 < value).length;
    // A server may leave out values that are no numbers.
    const isNothing = (step: number): boolean =>
      0 < (all[step] ?? 0) && zero[step] === all[step] && (values.known[step] ?? 0) === 0;
    const nothing = all.filter((_, step) => isNothing(step)).length;
    if (asked < minimumSteps || nothing / asked < manyIdle) return [];
    const share = percent(nothing / asked);
    return [
      say(
        'doctor/divides-by-nothing',
        `\`${text}\` divides by \`${printExpr(expr)}\`, which is 0 in ${share} of the time`,
      ),
    ];
  });
}

/** Conditions that are always broken, or that nothing shows to break at all. */
function habitFindings(say: Say, { slo, held, range, condition, facts }: ExaminedCondition): readonly Diagnostic[] {
  const text = conditionText(condition);
  const shares = held.filter((value) => !Number.isNaN(value));
  const known = shares.length;
  if (known < minimumSteps) return [];
  const broken = shares.filter((value) => value < 1).length;
  const burning = shares.filter((value) => slo.target.errorBudget < 1 - value).length;
  const steps = `${count(known)} stretches of ${formatDuration(range.step)}`;
  if (nearlyAlways <= burning / known) {
    const share = percent(brokenShare(held) ?? 0);
    return [
      say(
        'doctor/always-burns',
        `\`${text}\` is broken in ${share} of the time, in ${count(burning)} of ${steps} beyond the budget`,
      ),
    ];
  }
  const isComparison = facts.some((one) => one.condition.kind === 'comparison');
  const slice = slo.measure.kind === 'events' ? range.step : slo.measure.length;
  const allowed = ((known * range.step) / slice) * slo.target.errorBudget;
  if (0 < broken || !isComparison || allowed < manyAllowed) return [];
  return [
    say('doctor/never-burns', `\`${text}\` held in all of ${steps}: nothing shows that it can be broken`, {
      severity: 'info',
      help: 'Make sure that the bound is one that trouble reaches: break it on purpose.',
    }),
  ];
}

function isSilent({ series }: ConditionSelector): boolean {
  return !series.some((value) => 0 < value);
}
