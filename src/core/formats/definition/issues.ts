import { closest } from '../../base/index.ts';
import { entryOf, nodeAt, type YamlNode, type YamlPath } from '../../yaml/index.ts';
import { alternatives, type Reading, reportKey, reportValue } from './reading.ts';
import { keysAt, knownKeys, type SchemaIssue } from './schema.ts';

/** Reports departures from the schema where they are, in the words of the format. */
export function reportIssues(reading: Reading, issues: readonly SchemaIssue[], prefix: YamlPath = []): void {
  for (const issue of issues) noteMisspelt(reading, issue, prefix);
  for (const issue of issues) reportIssue(reading, issue, [...prefix, ...issue.path.map(step)]);
}

function step(key: PropertyKey): string | number {
  return typeof key === 'symbol' ? String(key) : key;
}

function reportIssue(reading: Reading, issue: SchemaIssue, path: YamlPath): void {
  const node = nodeAt(reading.root, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) reportUnknownKey(reading, [...path, key]);
      return;
    case 'invalid_key':
      reportName(reading, path, 'key');
      return;
    case 'invalid_union':
      reportUnion(reading, issue.errors, path, node);
      return;
    case 'invalid_value':
      if (isAbsent(node)) reportMissing(reading, path, node);
      else if (path.join() === 'apiVersion') reportVersion(reading, path);
      else reportOption(reading, path, issue.values.map(String));
      return;
    case 'invalid_type':
      if (isAbsent(node)) reportMissing(reading, path, node);
      else reportType(reading, path, node, [issue.expected]);
      return;
    case 'invalid_format':
      reportName(reading, path, 'value');
      return;
    default:
      if (node?.kind === 'scalar' && node.text === '') reportMissing(reading, path, node);
      else if (issue.code === 'too_big' && path.join() === 'service') reportName(reading, path, 'value');
      else
        reportValue(reading, path, {
          severity: 'error',
          code: 'definition/type',
          message: `\`${path.at(-1)}\` ${limitOf(issue)}`,
        });
  }
}

function noteMisspelt(reading: Reading, issue: SchemaIssue, prefix: YamlPath): void {
  if (issue.code !== 'unrecognized_keys') return;
  const path = [...prefix, ...issue.path.map(step)];
  for (const key of issue.keys) {
    const meant = meantKey(reading, path, key);
    if (meant !== undefined) reading.misspelt.add([...path, meant].join('/'));
  }
}

/** The key that a misspelt one in the map at a path stands for; rather one that the map lacks. */
function meantKey(reading: Reading, path: YamlPath, key: string): string | undefined {
  const known = keysAt(path);
  const map = nodeAt(reading.root, path);
  const lacking = known.filter((name) => entryOf(map, name) === undefined);
  return closest(key, lacking) ?? closest(key, known);
}

function limitOf(issue: SchemaIssue): string {
  if (issue.code === 'too_small' && issue.origin === 'array') return 'has no items';
  if (issue.code === 'too_small') return `must be at least ${issue.minimum}`;
  return issue.code === 'too_big' ? `must be at most ${issue.maximum}` : issue.message;
}

function isAbsent(node: YamlNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null);
}

function reportUnknownKey(reading: Reading, path: YamlPath): void {
  const key = String(path.at(-1));
  const meant = meantKey(reading, path.slice(0, -1), key);
  const elsewhere = (['slo', 'definition', 'metric', 'alert'] as const).find((other) => knownKeys[other].includes(key));
  const help =
    meant !== undefined
      ? `did you mean \`${meant}\`?`
      : elsewhere !== undefined
        ? `\`${key}\` belongs ${places[elsewhere]}`
        : knownKeysText(keysAt(path.slice(0, -1)));
  reportKey(reading, path, {
    severity: 'error',
    code: 'definition/unknown-key',
    message: `unknown key \`${key}\``,
    help,
  });
}

/** As many keys as a reader looks through. */
const mostKeys = 16;

function knownKeysText(keys: readonly string[]): string {
  if (keys.length <= mostKeys) return `known keys are ${alternatives(keys).replace(' or ', ' and ')}`;
  const listed = keys.slice(0, mostKeys).map((key) => `\`${key}\``);
  return `known keys are ${listed.join(', ')} and ${keys.length - mostKeys} more: see docs/reference/definition.md`;
}

const places = {
  definition: 'at the top of the definition',
  slo: 'under an objective in `slos`',
  metric: 'under a metric in `metrics`',
  alert: 'in an item of `alerts` of an objective',
} as const;

/** What a reader may copy for a key that is missing. */
const examples: Readonly<Record<string, string>> = {
  apiVersion: 'begin the definition with `apiVersion: nines/v1`',
  service: 'name the service: `service: checkout-api`',
  slos: 'add at least one objective under `slos:`',
  target: 'add for example `target: 99.9%`',
  type: 'add `type: counter`, `gauge`, `histogram` or `summary`',
  severity: 'add `severity: page`, `ticket` or `info`',
  long: 'add the long window, for example `long: 1h`',
  burn: 'add the burn rate, for example `burn: 14.4`',
};

function reportMissing(reading: Reading, path: YamlPath, node: YamlNode | undefined): void {
  if (reading.misspelt.has(path.join('/'))) return;
  const key = String(path.at(-1) ?? '');
  const help = examples[key];
  const message = node === undefined ? `\`${key}\` is missing` : `\`${key}\` has no value`;
  const remark = {
    severity: 'error',
    code: 'definition/missing-key',
    message,
    ...(help === undefined ? {} : { help }),
  } as const;
  if (node !== undefined) reportKey(reading, path, remark);
  else if (path.length < 2) reportValue(reading, [], remark);
  else if (typeof path.at(-2) === 'number') reportValue(reading, path.slice(0, -1), remark);
  else reportKey(reading, path.slice(0, -1), remark);
}

function reportVersion(reading: Reading, path: YamlPath): void {
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/version',
    message: 'this version of the format is not known',
    help: 'write `apiVersion: nines/v1`',
  });
}

function reportOption(reading: Reading, path: YamlPath, options: readonly string[]): void {
  const node = nodeAt(reading.root, path);
  const written = node?.kind === 'scalar' ? node.text : '';
  const meant = closest(written, options);
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/type',
    message:
      node?.kind === 'scalar'
        ? `\`${path.at(-1)}\` cannot be \`${written}\``
        : `\`${path.at(-1)}\` must be ${alternatives(options)}`,
    help: meant === undefined ? `write ${alternatives(options)}` : `did you mean \`${meant}\`?`,
  });
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  record: 'a map',
  object: 'a map',
};

function reportType(reading: Reading, path: YamlPath, node: YamlNode | undefined, expected: readonly string[]): void {
  const wanted = [...new Set(expected.map((type) => typeNames[type] ?? type))].join(' or ');
  const scalar = node?.kind === 'scalar';
  const found = scalar ? `\`${node.text}\`` : node?.kind === 'map' ? 'a map' : 'a list';
  const subject =
    path.length === 0 ? 'a definition' : typeof path.at(-1) === 'number' ? 'an item' : `\`${path.at(-1)}\``;
  const help = scalar ? typeHelp(path, node.text, expected) : undefined;
  reportValue(reading, path, {
    severity: 'error',
    code: 'definition/type',
    message: `${subject} must be ${wanted}, not ${found}`,
    ...(help === undefined ? {} : { help }),
  });
}

const lengthKeys: ReadonlySet<unknown> = new Set(['period', 'long', 'short', 'for', 'absentFor']);

function typeHelp(path: YamlPath, written: string, expected: readonly string[]): string | undefined {
  if (lengthKeys.has(path.at(-1))) return `add a unit, for example ${path.at(-1) === 'period' ? '30d' : '5m'}`;
  if (path.length === 2 && path[0] === 'metrics') return 'write for example `{ type: counter }`';
  return expected.includes('string') ? `put it in quotes: "${written}"` : undefined;
}

/** Of several forms the one that was begun is complained about; if none was, all of them are offered. */
function reportUnion(
  reading: Reading,
  branches: readonly (readonly SchemaIssue[])[],
  path: YamlPath,
  node: YamlNode | undefined,
): void {
  if (isAbsent(node)) {
    reportMissing(reading, path, node);
    return;
  }
  const begun = branches.find((issues) => !issues.some((issue) => issue.path.length === 0 && isOtherForm(issue, node)));
  if (begun !== undefined) {
    reportIssues(reading, begun, path);
    return;
  }
  const expected = branches.flatMap((issues) =>
    issues.flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : [])),
  );
  reportType(reading, path, node, expected);
}

function isOtherForm(issue: SchemaIssue, node: YamlNode | undefined): boolean {
  return issue.code === 'invalid_type' || (issue.code === 'invalid_value' && node?.kind !== 'scalar');
}

function reportName(reading: Reading, path: YamlPath, at: 'key' | 'value'): void {
  const node = nodeAt(reading.root, path);
  const written = at === 'key' ? String(path.at(-1)) : node?.kind === 'scalar' ? node.text : '';
  const better = nameFrom(written);
  const report = at === 'key' ? reportKey : reportValue;
  report(reading, path, {
    severity: 'error',
    code: 'definition/name',
    message: `\`${written}\` is no name: names are lower-case words joined by hyphens, at most 63 characters long`,
    ...(better === '' ? {} : { help: `write \`${better}\`` }),
  });
}

/** The name that was probably meant: `Checkout API` becomes `checkout-api`, and letters lose their accents. */
function nameFrom(text: string): string {
  const letters = text.normalize('NFKD').replace(/\p{Mark}/gu, '');
  const words = letters.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();
  return words
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
}
