import { type Diagnostic, type Duration, duration, unreachable } from '../base/index.ts';
import { build, type Expr, typeOf } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';
import { type Condition, conditionText, type Service, type Slo } from '../slo/index.ts';
import { type Counters, watchedCounters } from './counters.ts';
import { watchLabels, watchRules } from './event-rules.ts';
import { underEveryName } from './former-names.ts';
import { justUnder } from './levels.ts';
import { identityLabels, partLabel, recorded, watchedEvents } from './names.ts';
import { memory } from './options.ts';
import { isPending } from './pending.ts';
import { record } from './record.ts';

const { aggregate, and, binary, by, call, compare, compareBool, multiply, offset, on, or, range, selector } = build;

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
        return comparison(subject, part);
      case 'progress':
      case 'invariant': {
        const counters = watchedCounters(subject.service, subject.slo, part.counter);
        if ('length' in counters) {
          problems.push(...counters);
          return part.counter;
        }
        if (!watched.has(counters.fingerprint)) rules.push(...watch(subject, counters));
        watched.add(counters.fingerprint);
        return part.kind === 'progress'
          ? progress(subject, counters, part.within)
          : invariant(subject, counters, part.within);
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

/** The rules that record how a watched counter increases. */
function watch({ service, slo, interval }: ConditionSubject, counters: Counters): readonly RecordingRule[] {
  const own = watchLabels(identityLabels(service, slo), counters.fingerprint);
  return watchRules({ service, counters, interval, own, records: watchedEvents, groups: [] });
}

/** A comparison holds if it does for each series. NaN, the ratio of nothing to nothing, says nothing either way and is left out. */
function comparison({ service, slo }: ConditionSubject, condition: Extract<Condition, { kind: 'comparison' }>): Expr {
  const value = underEveryName(service, condition.value);
  const vector = typeOf(value) === 'scalar' ? call('vector', value) : value;
  const known = compare('<=', vector, Number.POSITIVE_INFINITY);
  return aggregate('min', by(...slo.groupBy), compareBool(condition.operator, known, condition.bound));
}

/**
 * Broken while an increase lies within the range. While no target answers nothing new is known; a counter that is not there has not
 * increased, as long as its target answers.
 */
function invariant(subject: ConditionSubject, counters: Counters, within: Duration): Expr {
  const broken = compare('==', compareBool('==', increased(subject, counters, within), 0), 0);
  const intact = binary('+', multiply(0, selector(recorded.watchedIncrease, labelsOf(subject, counters))), 1);
  return aggregate('min', by(...subject.slo.groupBy), or(broken, intact));
}

/**
 * Holds while an increase lies within the range. Without any it is broken, whether the counter stands still, is not there, or its target
 * does not answer, once the rules have been evaluated for long enough to have seen one.
 */
function progress(subject: ConditionSubject, counters: Counters, within: Duration): Expr {
  const { service, slo } = subject;
  const moving = compare('==', compareBool('>', increased(subject, counters, within), 0), 1);
  const slices = selector(recorded.slice, identityLabels(service, slo));
  const watchedBefore = multiply(0, call('last_over_time', offset(range(slices, justUnder(memory)), within)));
  const still = isPending(service, slo)
    ? and(watchedBefore, selector(recorded.instanceWatched, labelsOf(subject, counters)))
    : watchedBefore;
  return aggregate('max', by(...slo.groupBy), or(moving, still));
}

function increased(subject: ConditionSubject, counters: Counters, within: Duration): Expr {
  const length = duration(Math.max(within, subject.interval));
  return call(
    'sum_over_time',
    range(selector(recorded.watchedIncrease, labelsOf(subject, counters)), justUnder(length)),
  );
}

function labelsOf({ service, slo }: ConditionSubject, { fingerprint }: Counters): Readonly<Record<string, string>> {
  return watchLabels(identityLabels(service, slo), fingerprint);
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
  const [only = '', ...more] = names.map((name) => name.replaceAll('.', '\\.'));
  const label = more.length === 0 ? only : (['=~', [only, ...more].join('|')] as const);
  const parts = selector(recorded.conditionPart, { ...identityLabels(service, slo), [partLabel]: label });
  const grouping = by(...slo.groupBy);
  const operator = kind === 'all' ? 'min' : 'max';
  const decisive = aggregate(operator, grouping, compare('==', parts, kind === 'all' ? 0 : 1));
  const each = compare('==', aggregate('count', grouping, parts), names.length);
  return or(decisive, binary('and', aggregate(operator, grouping, parts), each, { matching: on(...slo.groupBy) }));
}
