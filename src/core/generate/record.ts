import type { Expr } from '../promql/index.ts';
import type { RecordingRule } from '../rules/index.ts';

/** A recording rule. The comment says what it is for to whoever opens the file. */
export function record(
  name: string,
  expr: Expr,
  labels: Readonly<Record<string, string>>,
  comment?: string,
): RecordingRule {
  return {
    kind: 'recording',
    record: name,
    expr,
    labels: new Map(Object.entries(labels)),
    ...(comment !== undefined && { comment: wrapped(comment) }),
  };
}

const widest = 110;

/** A text in lines that fit a screen. */
function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && widest < line.length + 1 + word.length) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}

/** Rules without those that record the same series as one before: an alert may watch what a condition watches already. */
export function uniqueRules(rules: readonly RecordingRule[]): readonly RecordingRule[] {
  const seen = new Set<string>();
  return rules.filter((rule) => {
    const key = JSON.stringify([rule.record, ...[...rule.labels].sort()]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
