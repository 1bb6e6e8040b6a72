import type { Diagnostic, Outcome, Source } from '../../base/index.ts';
import type { Service, Slo } from '../../slo/index.ts';
import { entryOf, firstLineOf, nodeToValue, readYaml, type YamlLimits, type YamlNode } from '../../yaml/index.ts';
import { checkComposites, type Declared } from './composites.ts';
import { checkAlertNames, readConditionAlerts } from './condition-alerts.ts';
import { reportIssues } from './issues.ts';
import { readCatalogue } from './metrics.ts';
import { type Reading, reportKey } from './reading.ts';
import { checkShape, type PartialDefinition } from './schema.ts';
import { readDetails } from './service/details.ts';
import { readSlos } from './slos.ts';

/**
 * Reads service definitions (`nines/v1`), one per document of the YAML text, with every default filled in. All problems are reported in
 * one run, each at its place; warnings come with the services too.
 */
export function readDefinitions(source: Source, limits: Partial<YamlLimits> = {}): Outcome<readonly Service[]> {
  const documents = readYaml(source.text, limits);
  return documents.ok ? readDefinitionsAt(source, documents.value) : documents;
}

/** The same for documents of a source that were told apart already: reading YAML is most of what reading a definition costs. */
export function readDefinitionsAt({ text }: Source, documents: readonly YamlNode[]): Outcome<readonly Service[]> {
  const roots = documents.filter((root) => root.kind !== 'scalar' || root.value !== null);
  if (roots.length === 0) return { ok: false, diagnostics: [empty(text)] };
  const diagnostics: Diagnostic[] = [];
  const declared: Declared[] = [];
  const readings = roots.map((root): Reading => ({ text, root, diagnostics: [], misspelt: new Set() }));
  for (const reading of readings) {
    const service = readService(reading);
    if (service !== undefined) declared.push({ reading, service });
  }
  checkComposites(declared);
  const services = declared.map(({ service }) => service);
  diagnostics.push(...readings.flatMap((reading) => withoutRepetition(reading.diagnostics)), ...duplicates(roots));
  diagnostics.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { ok: false, diagnostics };
  return { ok: true, value: services, diagnostics };
}

/** What objectives on several percentiles have in common is read for each, and told once. */
function withoutRepetition(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Set<string>();
  return diagnostics.filter(({ code, message, span }) => {
    const key = `${span.start} ${span.end} ${code} ${message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
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
  const slos = readSlos(reading, definition, catalogue);
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
    sloNames: namesOf(definition, slos),
  });
  const alerts = readConditionAlerts(reading, ['alerts'], definition.alerts ?? [], catalogue);
  checkAlertNames(reading, definition);
  const { service: name } = definition;
  if (name === undefined) return undefined;
  return {
    name,
    title: definition.title ?? name,
    owner: definition.owner ?? '',
    job: definition.job ?? name,
    metrics: catalogue.metrics,
    slos,
    alerts,
    ...(definition.description === undefined ? {} : { description: definition.description }),
    ...details,
  };
}

/** The names that objectives have, whether or not they could be read: those on several percentiles have other names than their key. */
function namesOf({ slos: inputs }: PartialDefinition, slos: readonly Slo[]): readonly string[] {
  const single = Object.entries(inputs ?? {}).filter(([, { percentiles }]) => percentiles === undefined);
  return [...new Set([...single.map(([name]) => name), ...slos.map(({ name }) => name)])];
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
