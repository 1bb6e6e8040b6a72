import { legacyLabelName } from '../../series/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { type Reading, reportKey, writtenAt } from './reading.ts';

/** Labels that generated rules and alerts set themselves. */
const reservedLabels: ReadonlySet<string> = new Set(['alertname', 'service', 'slo', 'owner', 'severity', 'window']);

/** Reads further labels of alerts. */
export function readLabels(
  reading: Reading,
  path: YamlPath,
  input: Readonly<Record<string, string | number>>,
): ReadonlyMap<string, string> {
  for (const label of Object.keys(input)) {
    const reserved = reservedLabels.has(label);
    if (!reserved && legacyLabelName.test(label) && !label.startsWith('__')) continue;
    reportKey(reading, [...path, label], {
      severity: 'error',
      code: 'definition/label',
      message: reserved ? `the label \`${label}\` is set by the generated rules` : `\`${label}\` is no label name`,
      help: reserved
        ? 'choose another name'
        : 'label names have letters, digits and underscores, and do not begin with two underscores',
    });
  }
  // The characters as written: of a version 1.10 no zero is lost.
  return new Map(Object.keys(input).map((label) => [label, writtenAt(reading, [...path, label])]));
}
