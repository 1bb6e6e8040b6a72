import type { Span } from '../../base/index.ts';
import { type Labels, metricName, parseRegex } from '../../series/index.ts';
import { QueryFailure } from '../query-failure.ts';
import { isUtf8 } from '../syntax/string-literal.ts';
import { type Evaluation, reserve, work } from './evaluation.ts';
import { mergeRows } from './names.ts';
import type { Row } from './row.ts';

/** label_replace: a label set from the parts of another that match an expression. Source: prometheus, promql/functions.go, evalLabelReplace. */
export function labelReplace(
  run: Evaluation,
  rows: readonly Row[],
  texts: readonly string[],
  span: Span,
): readonly Row[] {
  const [target = '', replacement = '', source = '', pattern = ''] = texts;
  const regex = compile(pattern, span);
  if (!isLabelName(target))
    throw new QueryFailure(`invalid destination label name in label_replace(): ${target}`, span);
  return mergeRows(
    rows.map((row) => {
      const groups = regex(row.labels.get(source));
      return groups === undefined ? row : relabel(run, row, target, expand(replacement, groups));
    }),
  );
}

/** label_join: a label set to several others, with a separator between them. */
export function labelJoin(run: Evaluation, rows: readonly Row[], texts: readonly string[], span: Span): readonly Row[] {
  const [target = '', separator = '', ...sources] = texts;
  for (const source of sources) {
    if (!isLabelName(source)) throw new QueryFailure(`invalid source label name in label_join(): ${source}`, span);
  }
  if (!isLabelName(target)) throw new QueryFailure(`invalid destination label name in label_join(): ${target}`, span);
  return mergeRows(
    rows.map((row) => relabel(run, row, target, sources.map((source) => row.labels.get(source)).join(separator))),
  );
}

/** Longer label values make no sense, but a few nested calls that repeat what they match would make values that fill all memory. */
const longestLabelValue = 1_000_000;

/** A name that is set on purpose stays. */
function relabel(run: Evaluation, row: Row, target: string, value: string): Row {
  if (longestLabelValue < value.length) {
    const message = `a label value would have ${value.length} characters, more than the limit of ${longestLabelValue}; replace or join less text`;
    throw new QueryFailure(message, undefined, 'limit');
  }
  reserve(run, bytesPerCharacter * value.length);
  work(run, value.length);
  const labels: Labels = row.labels.with(target, value);
  return { ...row, labels, dropName: target === metricName ? false : row.dropName };
}

/** The parts of a match, by number and by name; undefined stands for a part that took no part. */
interface Groups {
  readonly numbered: readonly (string | undefined)[];
  readonly named: ReadonlyMap<string, string | undefined>;
}

function compile(pattern: string, span: Span): (text: string) => Groups | undefined {
  try {
    const regex = parseRegex(`^(?s:${pattern})$`);
    return (text) => {
      const matcher = regex.matcher(text);
      if (!matcher.matches()) return undefined;
      const numbered: (string | undefined)[] = [];
      for (let i = 0; i <= matcher.groupCount(); i += 1) numbered.push(matcher.group(i) ?? undefined);
      const named = new Map<string, string | undefined>();
      for (const [name, index] of Object.entries(regex.namedGroups())) named.set(name, numbered[index]);
      return { numbered, named };
    };
  } catch {
    throw new QueryFailure(`invalid regular expression in label_replace(): ${pattern}`, span);
  }
}

/** Fills in `$1`, `${1}`, `$name` and `${name}`, as Go does: the longest name counts, an unknown one is empty, `$$` is a dollar sign. */
function expand(template: string, { numbered, named }: Groups): string {
  return template.replace(/\$(?:\$|(\w+)|\{(\w+)\})/g, (whole: string, bare?: string, braced?: string) => {
    const name = bare ?? braced;
    if (name === undefined) return whole === '$$' ? '$' : whole;
    return (/^\d+$/.test(name) ? numbered[Number(name)] : named.get(name)) ?? '';
  });
}

/** Two for the value, two for the key of the label set. */
const bytesPerCharacter = 4;

/** Any valid text has been a label name since Prometheus 3. */
function isLabelName(text: string): boolean {
  return text !== '' && isUtf8(text);
}
