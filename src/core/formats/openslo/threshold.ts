import { type Duration, unreachable } from '../../base/index.ts';
import { build, type Expr, parseExpr, printExpr, selectorsOf, typeOf, withoutPlaces } from '../../promql/index.ts';
import type { ComparisonOperator, Condition } from '../../slo/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { conditionOf } from '../definition/print-slo.ts';
import { readDefinitions } from '../definition/read.ts';
import { reportInside } from '../definition/reading.ts';
import { requiredText, say } from '../dialect-reading.ts';
import { annotationPrefix, annotationsOf, type OpensloObject } from './objects.ts';
import type { ReadSli } from './sli.ts';

/** The words of OpenSLO for the comparisons that it has. */
const words: Readonly<Record<string, ComparisonOperator>> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };

/** The comparison that a word of OpenSLO stands for. */
export function operatorOf(word: string): ComparisonOperator | undefined {
  return words[word];
}

/** A condition as OpenSLO says it: a value that is compared, and the condition itself where the value is made from it. */
export interface Threshold {
  readonly query: string;
  readonly op: string;
  readonly value: number;
  readonly annotation?: string;
}

/** A comparison stands as it is. Of any other condition the value is 1 while it holds and 0 otherwise, and an annotation says what was meant. */
export function thresholdOf(condition: Condition): Threshold {
  if (condition.kind === 'comparison') {
    const { value, operator, bound } = condition;
    const op = Object.keys(words).find((word) => words[word] === operator);
    if (op !== undefined) return { query: printExpr(value), op, value: bound };
  }
  return {
    query: printExpr(truthOf(condition)),
    op: 'gte',
    value: 1,
    annotation: JSON.stringify(conditionOf(condition)),
  };
}

/** 1 while a condition holds for all its series, 0 while it does not. */
function truthOf(condition: Condition): Expr {
  switch (condition.kind) {
    case 'comparison':
      return least(build.compareBool(condition.operator, condition.value, condition.bound));
    case 'progress':
      // A counter that is not there does not progress.
      return build.compareBool('>', build.or(growthOf(condition.counter, condition.within), zero), 0);
    case 'invariant':
      return build.compareBool('<=', growthOf(condition.counter, condition.within), 0);
    case 'all':
      return least(combined(condition.of, '*'));
    case 'any':
      return build.compareBool('>=', combined(condition.of, '+'), 1);
    default:
      return unreachable(condition);
  }
}

const zero: Expr = build.call('vector', 0);

function least(expr: Expr): Expr {
  return build.aggregate('min', build.by(), expr);
}

function combined(conditions: readonly Condition[], operator: '*' | '+'): Expr {
  const [first, ...rest] = conditions.map(truthOf);
  if (first === undefined) throw new Error('a condition of no parts');
  return rest.reduce<Expr>((left, right) => build.binary(operator, left, right), first);
}

function growthOf(counter: Expr, within: Duration): Expr {
  const [first, ...rest] = selectorsOf(counter).map((each) =>
    build.sum(build.call('increase', build.range(each, within))),
  );
  if (first === undefined) throw new Error('a sum of no selectors');
  return rest.reduce<Expr>((left, right) => build.add(left, right), first);
}

/** Reads the query of a value, which stands at a path. */
export function readThreshold(sli: OpensloObject, path: YamlPath): ReadSli | undefined {
  const { reading } = sli;
  const text = requiredText(reading, path);
  if (text === undefined) return undefined;
  const refuse = (message: string, help: string): undefined => {
    const remark = { severity: 'error', code: 'dialect/expression', message, help } as const;
    reportInside(reading, path, { start: 0, end: text.length }, remark);
  };
  if (/\{\{|\$\{?[a-zA-Z_]\w*\}?(?=\s*[\]:])/.test(text))
    return refuse('a measured value has no window to fill in', 'write the range, such as `[5m]`');
  const parsed = parseExpr(text);
  if (!parsed.ok) {
    for (const { span, ...remark } of parsed.diagnostics) reportInside(reading, path, span, remark);
    return undefined;
  }
  if (typeOf(parsed.value) !== 'vector') return refuse('this gives no series to compare', 'write a query of series');
  const value = withoutPlaces(parsed.value);
  const written = annotationsOf(sli).get('condition');
  const condition = written === undefined ? undefined : conditionFrom(written);
  if (written === undefined) return { kind: 'threshold', value };
  if (condition !== undefined && thresholdOf(condition).query === printExpr(value))
    return { kind: 'threshold', value, condition };
  const at = [...sli.path, 'metadata', 'annotations', `${annotationPrefix}condition`];
  const message = 'the query is another than that of the condition in the annotation, and is taken instead';
  say(reading, at, 'warning', 'dialect/assumed', message, 'remove the annotation');
  return { kind: 'threshold', value };
}

/** The condition of an annotation, read as a definition would be. */
function conditionFrom(text: string): Condition | undefined {
  const outcome = readDefinitions({ name: 'annotation', text: definitionWith(text) });
  const indicator = outcome.ok ? outcome.value[0]?.slos[0]?.indicator : undefined;
  return indicator?.kind === 'condition' ? indicator.condition : undefined;
}

function definitionWith(json: string): string {
  try {
    const condition: unknown = JSON.parse(json);
    return JSON.stringify({ apiVersion: 'nines/v1', service: 'x', slos: { x: { target: '99%', condition } } });
  } catch {
    return '';
  }
}
