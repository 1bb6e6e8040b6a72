import type { Diagnostic, Outcome, Source } from '../../base/index.ts';
import { type Duration, duration, minute } from '../../base/index.ts';
import { legacyLabelName } from '../../series/index.ts';
import {
  defaultPeriod,
  type Period,
  plainService,
  plainSlo,
  readPeriod,
  readTarget,
  type Service,
  type Slo,
} from '../../slo/index.ts';
import {
  entryOf,
  firstLineOf,
  nodeToValue,
  readYaml,
  type YamlLimits,
  type YamlNode,
  type YamlPath,
} from '../../yaml/index.ts';
import { checkMinimum, defaultMinimumBadEvents, readAlerts, readLength } from './alerts.ts';
import { readIndicator } from './indicator.ts';
import type { SloInput } from './input.ts';
import { reportIssues } from './issues.ts';
import { type Catalogue, readCatalogue } from './metrics.ts';
import { accept, type Reading, reportKey, writtenAt } from './reading.ts';
import { checkShape, type Loose } from './schema.ts';
import { readDetails } from './service/details.ts';

/** How long the series of an objective may be missing before that is an alert of its own, where nothing else is said. */
export const defaultAbsentFor: Duration = duration(5 * minute);

/**
 * Reads service definitions (`nines/v1`), one per document of the YAML text, with every default filled in. All problems are reported in
 * one run, each at its place; warnings come with the services too.
 */
export function readDefinitions(source: Source, limits: Partial<YamlLimits> = {}): Outcome<readonly Service[]> {
  const documents = readYaml(source.text, limits);
  if (!documents.ok) return documents;
  const roots = documents.value.filter((root) => root.kind !== 'scalar' || root.value !== null);
  if (roots.length === 0) return { ok: false, diagnostics: [empty(source.text)] };
  const diagnostics: Diagnostic[] = [];
  const services: Service[] = [];
  for (const root of roots) {
    const reading: Reading = { text: source.text, root, diagnostics: [], misspelt: new Set() };
    const service = readService(reading);
    if (service !== undefined) services.push(service);
    diagnostics.push(...reading.diagnostics);
  }
  diagnostics.push(...duplicates(roots));
  diagnostics.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics };
  return { ok: true, value: services, diagnostics };
}

function empty(text: string): Diagnostic {
  return {
    severity: 'error',
    code: 'definition/empty',
    message: text.trim() === '' ? 'the file is empty' : 'the file has no definition',
    help: 'begin it with `apiVersion: nines/v1` and `service:`',
    span: { start: 0, end: 0 },
  };
}

/** Services of one text must differ in name: it is what their series are told apart by. */
function duplicates(roots: readonly YamlNode[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return roots.flatMap((root) => {
    const node = entryOf(root, 'service')?.value;
    if (node?.kind !== 'scalar' || node.text === '') return [];
    if (!seen.has(node.text)) {
      seen.add(node.text);
      return [];
    }
    const message = `the service \`${node.text}\` is defined twice`;
    return [
      {
        severity: 'error',
        code: 'definition/duplicate',
        message,
        help: 'rename one of them',
        span: node.span,
      } as const,
    ];
  });
}

function readService(reading: Reading): Service | undefined {
  if (reading.root.kind !== 'map') {
    const span = firstLineOf(reading.root);
    const message = 'a definition is a map of keys and values';
    const help = 'begin it with `apiVersion: nines/v1` and `service:`';
    reading.diagnostics.push({ severity: 'error', code: 'definition/type', message, help, span });
    return undefined;
  }
  const foreign = foreignFormat(reading.root);
  if (foreign !== undefined) {
    reading.diagnostics.push(foreign);
    return undefined;
  }
  const { definition, issues } = checkShape(nodeToValue(reading.root));
  reportIssues(reading, issues);
  const catalogue = readCatalogue(reading, definition.metrics);
  const slos: Slo[] = [];
  for (const [name, input] of Object.entries(definition.slos ?? {})) {
    const slo = readSlo(reading, name, input, catalogue);
    if (slo !== undefined) slos.push(slo);
  }
  if (definition.slos !== undefined && Object.keys(definition.slos).length === 0 && issues.length === 0) {
    reportKey(reading, ['slos'], {
      severity: 'error',
      code: 'definition/missing-key',
      message: 'the service has no objectives',
      help: 'add at least one under `slos:`',
    });
  }
  const details = readDetails(reading, definition, {
    catalogue,
    slos,
    sloNames: Object.keys(definition.slos ?? {}),
  });
  const { service: name } = definition;
  if (name === undefined) return undefined;
  return {
    ...plainService,
    ...details,
    name,
    title: definition.title ?? name,
    ...(definition.description === undefined ? {} : { description: definition.description }),
    owner: definition.owner ?? '',
    job: definition.job ?? name,
    metrics: catalogue.metrics,
    slos,
  };
}

/** Files that people have beside definitions, told apart by a key so that not every line of them is complained about. */
function foreignFormat(root: YamlNode): Diagnostic | undefined {
  const version = entryOf(root, 'apiVersion')?.value;
  const written = version?.kind === 'scalar' ? version.text : '';
  if (written.startsWith('nines/')) return undefined;
  const rules = entryOf(root, 'groups');
  const sloth = entryOf(root, 'version');
  const found = written.startsWith('openslo/')
    ? 'an OpenSLO document'
    : written.startsWith('pyrra.dev/')
      ? 'a Pyrra objective'
      : written.startsWith('sloth.slok.dev/') ||
          (sloth?.value.kind === 'scalar' && sloth.value.text === 'prometheus/v1')
        ? 'a Sloth specification'
        : version === undefined && rules !== undefined
          ? 'a Prometheus rule file'
          : undefined;
  if (found === undefined) return undefined;
  const span = version === undefined ? (rules ?? sloth)?.keySpan : version.span;
  return {
    severity: 'error',
    code: 'definition/version',
    message: `this is ${found}, not a definition of Nines`,
    help: 'a definition begins with `apiVersion: nines/v1`',
    span: span ?? firstLineOf(root),
  };
}

function readSlo(reading: Reading, name: string, input: Loose<SloInput>, catalogue: Catalogue): Slo | undefined {
  const path = ['slos', name];
  const targetPath = [...path, 'target'];
  const target =
    input.target === undefined ? undefined : accept(reading, targetPath, readTarget(writtenAt(reading, targetPath)));
  const period = readPeriodOf(reading, path, input.period);
  const indicator = readIndicator(reading, path, input, catalogue);
  const alerts = readAlerts(reading, path, input, period ?? defaultPeriod, period === undefined ? undefined : target);
  const { minimumBadEvents = defaultMinimumBadEvents, noData = 'unknown' } = input;
  checkMinimum(reading, path, minimumBadEvents, alerts, target);
  const absentFor =
    input.absentFor === undefined
      ? defaultAbsentFor
      : readLength(reading, [...path, 'absentFor'], input.absentFor, true);
  const labels = readLabels(reading, [...path, 'labels'], input.labels ?? {});
  if (target === undefined || period === undefined || indicator === undefined || absentFor === undefined)
    return undefined;
  return {
    ...plainSlo,
    name,
    title: input.title ?? name,
    ...(input.description === undefined ? {} : { description: input.description }),
    indicator,
    target,
    period,
    alerts,
    minimumBadEvents,
    noData,
    absentFor,
    ...(input.runbook === undefined ? {} : { runbook: input.runbook }),
    labels,
  };
}

function readPeriodOf(reading: Reading, path: YamlPath, text: string | undefined): Period | undefined {
  return text === undefined ? defaultPeriod : accept(reading, [...path, 'period'], readPeriod(text));
}

/** Labels that generated rules and alerts set themselves. */
const reservedLabels: ReadonlySet<string> = new Set(['alertname', 'service', 'slo', 'owner', 'severity', 'window']);

function readLabels(
  reading: Reading,
  path: YamlPath,
  input: NonNullable<SloInput['labels']>,
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
