import { readAlertTemplate } from '../../rules/index.ts';
import { legacyLabelName } from '../../series/index.ts';
import type { YamlPath } from '../../yaml/index.ts';
import { type Reading, reportInside, reportKey, writtenAt } from './reading.ts';

/** Labels that generated rules and alerts set themselves. */
const reservedLabels: ReadonlySet<string> = new Set(['alertname', 'service', 'slo', 'owner', 'severity', 'window']);

/** Reads further labels of alerts; `taken` are labels that those of one objective set besides, such as its groups. */
export function readLabels(
  reading: Reading,
  path: YamlPath,
  input: Readonly<Record<string, string | number>>,
  taken: readonly string[] = [],
): ReadonlyMap<string, string> {
  for (const label of Object.keys(input)) {
    const reserved = reservedLabels.has(label) || taken.includes(label);
    if (!reserved && isLabelName(label)) continue;
    reportKey(reading, [...path, label], {
      severity: 'error',
      code: 'definition/label',
      message: reserved ? `the label \`${label}\` is set by the generated rules` : `\`${label}\` is no label name`,
      help: reserved ? 'choose another name' : nameHelp('label'),
    });
  }
  return readTemplates(reading, path, input);
}

/** Annotations that every alert has of its own making, and what to write instead; the others of an alert may replace what is generated. */
const ownAnnotations: ReadonlyMap<string, string> = new Map([
  ['page_url', 'choose another name: it leads to the page of the objective'],
  ['top_offenders_query', 'choose another name: it asks for what is worst'],
]);

/** Reads further annotations of alerts; `keys` are the annotations that keys of the alert stand for. */
export function readAnnotations(
  reading: Reading,
  path: YamlPath,
  input: Readonly<Record<string, string | number>>,
  keys: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  for (const name of Object.keys(input)) {
    const key = keys[name];
    const reserved = ownAnnotations.get(name) ?? (key === undefined ? undefined : `write it as \`${key}:\``);
    if (reserved === undefined && isLabelName(name)) continue;
    reportKey(reading, [...path, name], {
      severity: 'error',
      code: 'definition/annotation',
      message:
        reserved === undefined
          ? `\`${name}\` is no name of an annotation`
          : `the annotation \`${name}\` is set by the generated rules`,
      help: reserved ?? nameHelp('annotation'),
    });
  }
  return readTemplates(reading, path, input);
}

/** Whether an annotation of an alert on a budget can have a name. */
export function isAnnotationName(name: string): boolean {
  return isLabelName(name) && !ownAnnotations.has(name);
}

function isLabelName(name: string): boolean {
  return legacyLabelName.test(name) && !name.startsWith('__');
}

function nameHelp(what: string): string {
  return `${what} names have letters, digits and underscores, and do not begin with two underscores`;
}

/** The texts as they are written, so that of a version 1.10 no zero is lost. */
function readTemplates(
  reading: Reading,
  path: YamlPath,
  input: Readonly<Record<string, string | number>>,
): ReadonlyMap<string, string> {
  const texts = new Map(Object.keys(input).map((name) => [name, writtenAt(reading, [...path, name])]));
  for (const [name, text] of texts) checkTemplate(reading, [...path, name], text);
  return texts;
}

/** Prometheus refuses a whole file of rules if one template in it does not parse. */
export function checkTemplate(reading: Reading, path: YamlPath, text: string): void {
  const read = readAlertTemplate('', text);
  if (read.ok) return;
  const { message, position, length } = read.problem;
  reportInside(
    reading,
    path,
    { start: position, end: position + length },
    {
      severity: 'error',
      code: 'definition/template',
      message: `the template does not parse: ${message}`,
      help: 'correct it; to show two braces write `{{ "{{" }}`',
    },
  );
}
