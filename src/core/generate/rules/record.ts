import type { Expr } from '../../promql/index.ts';
import type { RecordingRule } from '../../rules/index.ts';

/** A recording rule. The comment says what it is for to whoever opens the file. */
export function record(
  name: string,
  expr: Expr,
  labels: Readonly<Record<string, string>>,
  comment?: string,
): RecordingRule {
  const all = new Map(Object.entries(labels));
  if (comment === undefined) return { kind: 'recording', record: name, expr, labels: all };
  return { kind: 'recording', record: name, expr, labels: all, comment: wrapped(comment) };
}

const widest = 110;

/** A text in lines that fit a screen; a word that does not has one for itself. */
function wrapped(text: string): string {
  let lines = '';
  let start = 0;
  while (start + widest < text.length) {
    const last = text.lastIndexOf(' ', start + widest);
    const end = start < last ? last : text.indexOf(' ', start + widest);
    if (end === -1) break;
    lines += `${text.slice(start, end)}\n`;
    start = end + 1;
  }
  return lines + text.slice(start);
}

/** Rules without those that record the same series as one before: an alert may watch what a condition watches already. */
export function uniqueRules(rules: readonly RecordingRule[]): readonly RecordingRule[] {
  const seen = new Map<string, RecordingRule[]>();
  return rules.filter((rule) => {
    const before = seen.get(rule.record);
    if (before === undefined) seen.set(rule.record, [rule]);
    else if (before.some(({ labels }) => haveSame(labels, rule.labels))) return false;
    else before.push(rule);
    return true;
  });
}

function haveSame(a: RecordingRule['labels'], b: RecordingRule['labels']): boolean {
  return a.size === b.size && [...a].every(([name, value]) => b.get(name) === value);
}
