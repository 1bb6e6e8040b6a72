import { type Diagnostic, type Duration, unreachable } from '../../base/index.ts';
import { build, type Expr, typeOf } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';
import { type ComparisonCondition, type Condition, conditionText, type Service, type Slo } from '../../slo/index.ts';
import { watchedCounters } from '../counters.ts';
import { underEveryName } from '../former-names.ts';
import { identityLabels, partLabel, recorded } from '../names.ts';
import { isPending } from './pending.ts';
import { record } from './record.ts';
import { increaseNow, increaseWithin, type Watch, watchedFor, watchedSeries, watchRules } from './watch-rules.ts';

const { add, aggregate, binary, by, call, compare, compareBool, multiply, on, or, selector } = build;

/** Whose condition it is, and how often it is looked at. */
export interface ConditionSubject {
  readonly service: Service;
  readonly slo: Slo;
  readonly interval: Duration;
}

/**
 * Records at every evaluation whether a condition holds: 1, 0, or nothing where nobody knows. Parts of a compound condition are recorded
 * by themselves, so that it can be seen which of them broke.
 */
export function conditionRules(
  subject: ConditionSubject,
  condition: Condition,
): { readonly rules: readonly RecordingRule[] } | readonly Diagnostic[] {
  const rules: RecordingRule[] = [];
  const problems: Diagnostic[] = [];
  const own = identityLabels(subject.service, subject.slo);
  const watched = new Set<string>();

  const exprOf = (part: Condition, path: readonly number[]): Expr => {
    switch (part.kind) {
      case 'comparison':
        return comparison(subject.service, part, subject.slo.groupBy);
      case 'progress':
      case 'invariant': {
        const counters = watchedCounters(subject.service, subject.slo, part.counter);
        if ('length' in counters) {
          problems.push(...counters);
          return part.counter;
        }
        const watch = {
          service: subject.service,
          counters,
          interval: subject.interval,
          own,
          groups: subject.slo.groupBy,
        };
        if (!watched.has(counters.fingerprint)) rules.push(...watchRules(watch));
        watched.add(counters.fingerprint);
        return part.kind === 'progress'
          ? progress(subject, watch, part.within)
          : invariant(subject, watch, part.within);
      }
      case 'all':
      case 'any': {
        const paths = part.of.map((_, index) => [...path, index + 1]);
        const parts = part.of.map((one, index) => ({ one, expr: exprOf(one, paths[index] ?? []) }));
        for (const [index, { one, expr }] of parts.entries()) {
          const labels = { ...own, [partLabel]: (paths[index] ?? []).join('.') };
          rules.push(record(recorded.conditionPart, expr, labels, `Part ${labels[partLabel]}: ${conditionText(one)}.`));
        }
        return compound(subject, part.kind, paths);
      }
      default:
        return unreachable(part);
    }
  };

  const expr = exprOf(condition, []);
  if (0 < problems.length) return problems;
  const comment = `Whether it holds at this evaluation: ${conditionText(condition)}. Absent if nothing is known.`;
  return { rules: [...rules, record(recorded.condition, expr, own, comment)] };
}

/** A comparison holds if it does for each series. NaN, the ratio of nothing to nothing, says nothing either way and is left out. */
export function comparison(service: Service, condition: ComparisonCondition, groupBy: readonly string[]): Expr {
  const value = underEveryName(service, condition.value);
  const vector = typeOf(value) === 'scalar' ? call('vector', value) : value;
  const known = compare('<=', vector, Number.POSITIVE_INFINITY);
  return aggregate('min', by(...groupBy), compareBool(condition.operator, known, condition.bound));
}

/**
 * Broken while an increase lies within the range. While no target answers nothing new is known; a counter that is not there has not
 * increased, as long as its target answers.
 */
function invariant({ slo }: ConditionSubject, watch: Watch, within: Duration): Expr {
  const broken = compare('==', compareBool('==', increaseWithin(watch, within), 0), 0);
  const intact = add(multiply(0, increaseNow(watch)), 1);
  return aggregate('min', by(...slo.groupBy), or(broken, intact));
}

/**
 * Holds while an increase lies within the range. Without any it is broken, whether the counter stands still, is not there, or its target
 * does not answer, once the rules have been evaluated for long enough to have seen one.
 */
function progress({ service, slo }: ConditionSubject, watch: Watch, within: Duration): Expr {
  const moving = compare('==', compareBool('>', increaseWithin(watch, within), 0), 1);
  const still = multiply(0, watchedFor(watch, within));
  const broken = isPending(service, slo) ? binary('and', still, watchedSeries(watch), { matching: on() }) : still;
  return aggregate('max', by(...slo.groupBy), or(moving, broken));
}

/**
 * All of some parts: broken if one is, holds if each is known to hold. Any of them: holds if one does, broken if each is known to be
 * broken. Otherwise nothing is known.
 */
function compound(
  { service, slo }: ConditionSubject,
  kind: 'all' | 'any',
  paths: readonly (readonly number[])[],
): Expr {
  const names = paths.map((path) => path.join('.'));
  const [only = '', ...more] = names;
  const pattern = names.map((name) => name.replaceAll('.', '\\.')).join('|');
  const label = more.length === 0 ? only : (['=~', pattern] as const);
  const parts = selector(recorded.conditionPart, { ...identityLabels(service, slo), [partLabel]: label });
  const grouping = by(...slo.groupBy);
  const operator = kind === 'all' ? 'min' : 'max';
  const decisive = aggregate(operator, grouping, compare('==', parts, kind === 'all' ? 0 : 1));
  const each = compare('==', aggregate('count', grouping, parts), names.length);
  return or(decisive, binary('and', aggregate(operator, grouping, parts), each, { matching: on(...slo.groupBy) }));
}
