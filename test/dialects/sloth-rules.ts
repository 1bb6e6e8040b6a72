import { type Expr, parseExpr } from '../../src/core/promql/index.ts';
import { nodeToValue, type PlainValue, readYaml } from '../../src/core/yaml/index.ts';

/** A rule as a parsed value: PromQL is a tree without places. */
export type ComparableRule = Readonly<Record<string, unknown>>;

export interface ComparableGroup {
  readonly name: string;
  readonly rules: readonly ComparableRule[];
}

/** What Sloth records of the whole period. */
export const periodRecord: RegExp = /^slo:sli_error:ratio_rate(?:30d|4w)$/;

/** The groups with rules in rule files and PrometheusRule objects, from all documents of a text. */
export function groupsIn(text: string): readonly ComparableGroup[] {
  const documents = readYaml(text);
  if (!documents.ok) throw new Error(documents.diagnostics.map(({ message }) => message).join('\n'));
  return documents.value.flatMap((root) => {
    const value = nodeToValue(root);
    if (value === null) return [];
    const groups = listOf(field(field(value, 'spec') ?? value, 'groups')).map((group) => ({
      name: String(field(group, 'name')),
      rules: listOf(field(group, 'rules')).map(comparable),
    }));
    return groups.filter(({ rules }) => 0 < rules.length);
  });
}

function comparable(rule: PlainValue): ComparableRule {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) throw new Error('no rule');
  const { expr, ...rest } = rule;
  const parsed = parseExpr(String(expr));
  if (!parsed.ok) throw new Error(`${expr}: ${parsed.diagnostics[0]?.message}`);
  return { ...rest, expr: treeOf(parsed.value) };
}

/** A tree without places and with sorted conditions; floats to twelve decimals, which takes off what a subtraction of binary fractions leaves. */
function treeOf(expr: Expr): unknown {
  return JSON.parse(
    JSON.stringify(expr, (key, value: unknown) => {
      if (key === 'span' || key.endsWith('Span') || key.endsWith('Spans')) return undefined;
      if (key === 'matchers' && Array.isArray(value)) return value.map((matcher) => JSON.stringify(matcher)).toSorted();
      return typeof value === 'number' ? Number(value.toFixed(12)) : value;
    }),
  );
}

function field(value: PlainValue, key: string): PlainValue | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value[key] : undefined;
}

function listOf(value: PlainValue | undefined): readonly PlainValue[] {
  return Array.isArray(value) ? value : [];
}
