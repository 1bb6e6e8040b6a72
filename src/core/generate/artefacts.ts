import type { Diagnostic } from '../base/index.ts';
import { inEnvironment, type Service } from '../slo/index.ts';
import { generateKeptFile } from './keep-names/kept-rules.ts';
import { defaultGenerateOptions, type GenerateOptions } from './options.ts';
import { type GeneratedRules, generateRules } from './rules/service-rules.ts';
import type { ArtefactTarget, GenerateContext, TargetFiles, TargetText } from './target.ts';
import { artefactTargets, targetNamed } from './targets.ts';

/** A file to be written. */
export interface GeneratedFile {
  /** Relative to the output folder; parts are separated by `/`. */
  readonly path: string;
  readonly text: string;
  /** The name of the target that it belongs to. */
  readonly target: string;
}

/** Files, and what had to be left out or changed on the way. */
export interface Artefacts {
  readonly files: readonly GeneratedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The files of one service, or, without a service, those that need all of them. */
export interface ArtefactPiece extends Artefacts {
  readonly service?: Service;
}

/**
 * What follows from services, piece by piece: the files of each service in the order of names, then those that need all of them. Whoever
 * takes the pieces holds only one service's texts at a time. The same definitions give the same bytes. Services whose files were made
 * before are passed over: `made` gives the paths.
 */
export function* generateArtefacts(
  services: readonly Service[],
  targets: readonly ArtefactTarget[],
  options: GenerateOptions = defaultGenerateOptions,
  made: (service: Service) => readonly string[] | undefined = () => undefined,
): Generator<ArtefactPiece> {
  const paths: string[] = [];
  for (const service of sortedServices(services)) {
    const known = made(service);
    if (known !== undefined) {
      paths.push(...known);
      continue;
    }
    const piece = serviceArtefacts(service, targets, options);
    paths.push(...piece.files.map(({ path }) => path));
    yield { ...piece, service };
  }
  yield commonArtefacts(services, targets, paths, options);
}

/** The files that follow from one service alone. */
export function serviceArtefacts(
  service: Service,
  targets: readonly ArtefactTarget[],
  options: GenerateOptions = defaultGenerateOptions,
): Artefacts {
  const placed = placedIn(service, options);
  if (placed === undefined) return { files: [], diagnostics: [] };
  const context = contextOf(options);
  return gather(targets, (target) => target.ofService?.(placed, context));
}

/** The files that need all services; `paths` are those of the files that were made of one service each. */
export function commonArtefacts(
  services: readonly Service[],
  targets: readonly ArtefactTarget[],
  paths: readonly string[],
  options: GenerateOptions = defaultGenerateOptions,
): Artefacts {
  const context = contextOf(options);
  const sorted = sortedServices(services.flatMap((service) => placedIn(service, options) ?? []));
  return gather(targets, (target) => {
    const own = paths.filter((path) => path.startsWith(folderOf(target, targets)));
    return target.ofAll?.(
      sorted,
      context,
      own.map((path) => path.slice(folderOf(target, targets).length)),
    );
  });
}

/** Everything of a target in one text, for standard output; undefined if it makes several files that can't be joined. */
export function generateText(
  services: readonly Service[],
  target: ArtefactTarget,
  options: GenerateOptions = defaultGenerateOptions,
): TargetText | undefined {
  if (target.together !== undefined) {
    const placed = services.flatMap((service) => placedIn(service, options) ?? []);
    return target.together(sortedServices(placed), contextOf(options));
  }
  const pieces = [...generateArtefacts(services, [target], options)];
  const [file, ...more] = pieces.flatMap(({ files }) => files);
  if (file === undefined || 0 < more.length) return undefined;
  return { text: file.text, diagnostics: pieces.flatMap(({ diagnostics }) => diagnostics) };
}

/** The service as it stands in the environment that is asked for; undefined if it does not stand there. */
function placedIn(service: Service, { environment }: GenerateOptions): Service | undefined {
  return environment === undefined ? service : inEnvironment(service, environment);
}

/** A single target writes into the output folder itself, several have a folder each. */
function folderOf(target: ArtefactTarget, targets: readonly ArtefactTarget[]): string {
  return 1 < targets.length ? `${target.folder}/` : '';
}

function gather(
  targets: readonly ArtefactTarget[],
  make: (target: ArtefactTarget) => TargetFiles | undefined,
): Artefacts {
  const files: GeneratedFile[] = [];
  // Several targets pack the same rules, and would repeat what is to be said about them.
  const diagnostics = new Map<string, Diagnostic>();
  for (const target of targets) {
    const made = make(target);
    if (made === undefined) continue;
    for (const [path, text] of made.files) {
      files.push({ path: `${folderOf(target, targets)}${path}`, text, target: target.name });
    }
    for (const diagnostic of made.diagnostics) diagnostics.set(`${diagnostic.code} ${diagnostic.message}`, diagnostic);
  }
  return { files, diagnostics: [...diagnostics.values()] };
}

function contextOf(options: GenerateOptions): GenerateContext {
  let last: { readonly service: Service; readonly rules: GeneratedRules } | undefined;
  // Under another tool's names there is nothing for those to read that read the rules.
  const usable = (name: string): ArtefactTarget | undefined => {
    const target = targetNamed(name);
    return options.keepNames === undefined || target?.packsRules ? target : undefined;
  };
  const context: GenerateContext = {
    options,
    // Targets ask for one service after the other, so that the rules of all of them need never be held at once.
    rulesOf: (service) => {
      if (last?.service !== service) last = { service, rules: rulesFor(service, options) };
      return last.rules;
    },
    filesOf: (name, service) => usable(name)?.ofService?.(service, context),
    commonFilesOf: (name, services) => usable(name)?.ofAll?.(services, context, []),
  };
  return context;
}

function rulesFor(service: Service, options: GenerateOptions): GeneratedRules {
  const { keepNames } = options;
  return keepNames === undefined ? generateRules(service, options) : generateKeptFile(service, options, keepNames);
}

/** Services in the order of their names, in which everything is made. */
export function sortedServices(services: readonly Service[]): readonly Service[] {
  return services.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** The targets of a comma list such as `prometheus,grafana`; `all` is every one. A name that is no target's is given back. */
export function readTargets(
  text: string,
): { readonly targets: readonly ArtefactTarget[] } | { readonly unknown: string } {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => name !== 'all' && targetNamed(name) === undefined);
  if (unknown !== undefined) return { unknown };
  // In the order of the table, so that the order in which they are asked for changes nothing.
  return { targets: artefactTargets.filter(({ name }) => names.includes('all') || names.includes(name)) };
}
