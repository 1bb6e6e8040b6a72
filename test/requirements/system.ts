import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { formatDiagnostic, type Outcome, placeOf, type Source } from '../../src/core/base/index.ts';
import { type AlertmanagerRoute, readAlertmanager, readDefinitions } from '../../src/core/formats/index.ts';
import { type ArtefactTarget, commonArtefacts, serviceArtefacts, targetNamed } from '../../src/core/generate/index.ts';
import { lintDocument, lintService } from '../../src/core/lint/index.ts';
import { type Rule, readRuleFile } from '../../src/core/rules/index.ts';
import type { Service } from '../../src/core/slo/index.ts';
import { nodeAt, nodeToValue, readYaml, type YamlNode } from '../../src/core/yaml/index.ts';
import { sharedFolder } from '../servers.ts';

/** One of the five systems as its example defines it, and what is generated of that. What is costly is made when it is first asked for. */
export interface System {
  readonly name: string;
  readonly source: Source;
  readonly service: Service;
  /** The generated rules, read back from their YAML by the reader that checks all of PromQL and the templates. */
  readonly rules: () => readonly Rule[];
  readonly routes: () => AlertmanagerRoute;
  /** The generated document, in Markdown without its escapes. */
  readonly document: () => string;
  /** The generated boards by the names of their files. */
  readonly boards: () => ReadonlyMap<string, Board>;
  /** The files of a target. */
  readonly files: (target: string) => ReadonlyMap<string, string>;
  /** What the linter says of the example. */
  readonly lint: () => readonly Finding[];
  /** What the linter says of the document that the example comes from; undefined where that is not at hand. */
  readonly findings: () => readonly Finding[] | undefined;
  /** The value at a path of the definition, as YAML has it. */
  readonly at: (path: string) => unknown;
  /** Ends the running test with the reason why it can't go on here. */
  readonly skip: (reason: string) => void;
}

export interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly line: number;
  readonly message: string;
}

/** As much of a board of Grafana as rows ask about. */
export interface Board {
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: readonly BoardPanel[];
  readonly timepicker: { readonly quick_ranges: readonly { readonly from: string }[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr?: string }[] };
}

export interface BoardPanel {
  readonly id: number;
  readonly type: string;
  readonly title?: string;
  readonly gridPos: object;
  readonly datasource?: object;
  readonly targets?: readonly { readonly refId: string; readonly expr: string; readonly legendFormat?: string }[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly min?: number;
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null; readonly color: string }[] };
      readonly custom?: { readonly stacking?: { readonly mode: string } };
    };
  };
}

const systems = new Map<string, Omit<System, 'skip'>>();

/** The system of an example, within a test. */
export function systemOf(name: string, context: TestContext): System {
  const known = systems.get(name) ?? readSystem(name);
  systems.set(name, known);
  return { ...known, skip: context.skip };
}

function readSystem(name: string): Omit<System, 'skip'> {
  const path = join('examples', name, 'slo.yaml');
  const source = { name: path, text: readFileSync(path, 'utf8') };
  const services = must(source, readDefinitions(source));
  const [service] = services;
  if (service === undefined) throw new Error(`${path} has no service`);
  const [root] = must(source, readYaml(source.text));
  const targets = new Map<string, ReadonlyMap<string, string>>();
  const files = (target: string): ReadonlyMap<string, string> => {
    const made = targets.get(target) ?? filesOf(service, target);
    targets.set(target, made);
    return made;
  };
  const only = (target: string): Source => {
    const [file] = files(target);
    if (file === undefined) throw new Error(`${target} gives no files`);
    return { name: file[0], text: file[1] };
  };
  return {
    name,
    source,
    service,
    files,
    rules: lazy(() => must(only('prometheus'), readRuleFile(only('prometheus'))).groups.flatMap(({ rules }) => rules)),
    routes: lazy(() => {
      const text = files('alertmanager').get('alertmanager.yaml') ?? '';
      const { route } = must(
        { name: 'alertmanager.yaml', text },
        readAlertmanager({ name: 'alertmanager.yaml', text }),
      );
      if (route === undefined) throw new Error('no route');
      return route;
    }),
    document: lazy(() => only('markdown').text.replaceAll(/\\(?=[_<>|*])/g, '')),
    boards: lazy(() => new Map([...files('grafana')].map(([file, text]) => [file, JSON.parse(text)] as const))),
    lint: lazy(() => findingsOf(source, lintService(service, source))),
    findings: lazy(() => seedFindings(name)),
    at: (where) => valueAt(root, where),
  };
}

function filesOf(service: Service, name: string): ReadonlyMap<string, string> {
  const target: ArtefactTarget | undefined = targetNamed(name);
  if (target === undefined) throw new Error(`there is no target ${name}`);
  const own = serviceArtefacts(service, [target]).files;
  const common = commonArtefacts(
    [service],
    [target],
    own.map(({ path }) => path),
  ).files;
  return new Map([...own, ...common].map(({ path, text }) => [path, text]));
}

function seedFindings(name: string): readonly Finding[] | undefined {
  const path = join(sharedFolder('seeds') ?? '', `${name}.md`);
  if (!existsSync(path)) return undefined;
  const source = { name: `${name}.md`, text: readFileSync(path, 'utf8') };
  return findingsOf(source, lintDocument(source, 'markdown', { prose: true }));
}

function findingsOf({ text }: Source, found: ReturnType<typeof lintDocument>): readonly Finding[] {
  return found.map(({ code, severity, message, span }) => ({
    rule: code.replace('lint/', ''),
    severity,
    message,
    line: placeOf(text, span.start).line,
  }));
}

function valueAt(root: YamlNode | undefined, where: string): unknown {
  const path = where.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  const node = root === undefined ? undefined : nodeAt(root, path);
  return node === undefined ? undefined : nodeToValue(node);
}

function must<T>(source: Source, outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value;
  throw new Error(outcome.diagnostics.map((one) => formatDiagnostic({ ...one, source })).join('\n'));
}

/** A function that makes its result when it is first called. */
function lazy<Result>(make: () => Result): () => Result {
  let made: { readonly result: Result } | undefined;
  return () => {
    made ??= { result: make() };
    return made.result;
  };
}
