import { type Duration, minute, parseDuration, ratio } from '../../base/index.ts';
import {
  type ComparisonOperator,
  type Condition,
  defaultMeasure,
  type Indicator,
  type Measure,
  type Slo,
  type Target,
} from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { type Reading, reportKey } from '../definition/reading.ts';
import type { Measured } from '../dialect-query.ts';
import { checkKeys, isThere, reportMissing, requiredText, say } from '../dialect-reading.ts';
import { targetAt } from '../dialect-service.ts';
import { readAlphaRatio } from './indicator.ts';
import type { OpensloObject } from './objects.ts';
import type { ReadSli } from './sli.ts';
import { operatorOf } from './threshold.ts';

/** What a budget is a share of. */
export type Method = 'Occurrences' | 'Timeslices' | 'RatioTimeslices';

const methods: readonly Method[] = ['Occurrences', 'Timeslices', 'RatioTimeslices'];

/** Reads what the budget is a share of. */
export function readMethod({ reading, path }: OpensloObject): Method | undefined {
  const at = [...path, 'spec', 'budgetingMethod'];
  const text = requiredText(reading, at);
  const method = methods.find((each) => each === text);
  if (text !== undefined && method === undefined)
    say(reading, at, 'error', 'dialect/type', `\`${text}\` is no budgeting method`, `write ${methods.join(', ')}`);
  return method;
}

/** Reads one target, and what it is a target of. */
export function readObjective(
  { reading, version }: OpensloObject,
  path: YamlPath,
  shared: ReadSli | undefined,
  method: Method | undefined,
): (Measured & Pick<Slo, 'target' | 'measure'>) | undefined {
  checkObjectiveKeys(reading, path, version === 'v1alpha');
  const target = readObjectiveTarget(reading, path);
  const isAlphaRatio = version === 'v1alpha' && isThere(reading, [...path, 'ratioMetrics']);
  const sli = isAlphaRatio ? readAlphaRatio(reading, [...path, 'ratioMetrics']) : shared;
  const measured = sli === undefined ? undefined : measuredAt(reading, path, sli);
  const measure =
    measured === undefined || method === undefined
      ? undefined
      : measureAt(reading, path, measured.indicator, method, version === 'v1alpha');
  return measured === undefined || target === undefined || measure === undefined
    ? undefined
    : { ...measured, target, measure };
}

/** The keys of an objective, which in version 1 may have an indicator of its own. */
export function checkObjectiveKeys(reading: Reading, path: YamlPath, isAlpha: boolean): void {
  const common = ['displayName', 'op', 'value', 'target', 'timeSliceTarget', 'timeSliceWindow'];
  const further = ['targetPercent', 'indicator', 'indicatorRef', 'sli', 'sliRef', 'compositeWeight'];
  checkKeys(reading, path, [...common, ...(isAlpha ? ['ratioMetrics'] : further)]);
}

/** What an objective measures: the events of its SLI, or its value compared with the bound of the objective. */
export function measuredAt(reading: Reading, path: YamlPath, sli: ReadSli): Measured | undefined {
  if (sli.kind === 'events') {
    const { kind: _, ...measured } = sli;
    return measured;
  }
  if (sli.kind === 'external') return externalAt(reading, path, sli);
  const condition = conditionAt(reading, path, sli);
  return condition === undefined ? undefined : { indicator: { kind: 'condition', condition } };
}

/** What another system measures, with the bound that its value is compared with. */
function externalAt(
  reading: Reading,
  path: YamlPath,
  { isCompared, system, measures }: Extract<ReadSli, { kind: 'external' }>,
): Measured | undefined {
  if (!isCompared) return { indicator: { kind: 'external', system, measures } };
  const compared = comparisonAt(reading, path);
  if (compared === undefined) return undefined;
  return {
    indicator: { kind: 'external', system, measures: { ...measures, op: compared.word, value: compared.bound } },
  };
}

function conditionAt(
  reading: Reading,
  path: YamlPath,
  { value, condition }: Extract<ReadSli, { kind: 'threshold' }>,
): Condition | undefined {
  const compared = comparisonAt(reading, path);
  if (compared === undefined) return undefined;
  const { operator, bound } = compared;
  if (condition !== undefined && operator === '>=' && bound === 1) return condition;
  return { kind: 'comparison', value, operator, bound };
}

/** How a value is compared. */
interface Compared {
  readonly word: string;
  readonly operator: ComparisonOperator;
  readonly bound: number;
}

function comparisonAt(reading: Reading, path: YamlPath): Compared | undefined {
  const word = requiredText(reading, [...path, 'op']);
  const text = requiredText(reading, [...path, 'value']);
  if (word === undefined || text === undefined) return undefined;
  const operator = operatorOf(word);
  const bound = Number(text);
  if (operator === undefined) {
    say(reading, [...path, 'op'], 'error', 'dialect/type', `\`${word}\` is no comparison`, 'write lt, lte, gt or gte');
    return undefined;
  }
  if (!Number.isFinite(bound)) {
    say(reading, [...path, 'value'], 'error', 'dialect/type', `\`${text}\` is no number`, 'write a number');
    return undefined;
  }
  return { word, operator, bound };
}

function measureAt(
  reading: Reading,
  path: YamlPath,
  indicator: Indicator,
  method: Method,
  isAlpha: boolean,
): Measure | undefined {
  const isCondition = indicator.kind === 'condition';
  if (method === 'Occurrences') {
    if (isCondition)
      reportKey(reading, path, {
        severity: 'info',
        code: 'dialect/assumed',
        message: 'each minute is an occurrence: it is good if the value was throughout',
        help: 'write `budgetingMethod: Timeslices` with a `timeSliceWindow` to say so',
      });
    return defaultMeasure(indicator);
  }
  // The first version knows slices of a minute only.
  const isUnsaid = isAlpha && !isThere(reading, [...path, 'timeSliceWindow']);
  const length = isUnsaid ? minute : sliceAt(reading, [...path, 'timeSliceWindow']);
  if (length === undefined) return undefined;
  if (method === 'RatioTimeslices') return { kind: 'slice-ratios', length };
  const text = requiredText(reading, [...path, 'timeSliceTarget']);
  if (text === undefined) return undefined;
  const isWhole = Number(text) === 1;
  if (isWhole && (isCondition || indicator.kind === 'external')) return { kind: 'slices', length };
  if (isWhole) return { kind: 'slices', length, sliceTarget: ratio(1) };
  const sliceTarget = targetAt(reading, [...path, 'timeSliceTarget'], 'fraction');
  return sliceTarget === undefined ? undefined : { kind: 'slices', length, sliceTarget: sliceTarget.ratio };
}

function sliceAt(reading: Reading, path: YamlPath): Duration | undefined {
  const text = requiredText(reading, path);
  if (text === undefined) return undefined;
  const length = parseDuration(text);
  if (length !== undefined && 0 < length && (length < minute || length % minute === 0)) return length;
  say(reading, path, 'error', 'dialect/type', `\`${text}\` is no length of a slice`, 'write for example `1m` or `5m`');
  return undefined;
}

/** The target of an objective, as a fraction or in percent. */
export function readObjectiveTarget(reading: Reading, path: YamlPath): Target | undefined {
  if (!isThere(reading, [...path, 'targetPercent'])) {
    if (isThere(reading, [...path, 'target'])) return targetAt(reading, [...path, 'target'], 'fraction');
    reportMissing(reading, [...path, 'target']);
    return undefined;
  }
  if (isThere(reading, [...path, 'target'])) {
    const message = '`target` and `targetPercent` are both given';
    say(reading, [...path, 'targetPercent'], 'error', 'dialect/type', message, 'keep one');
  }
  return targetAt(reading, [...path, 'targetPercent'], 'percent');
}
