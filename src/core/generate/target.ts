import type { Diagnostic } from '../base/index.ts';
import type { Service } from '../slo/index.ts';
import type { GenerateOptions } from './options.ts';
import type { GeneratedRules } from './rules/service-rules.ts';

/** Texts by path, relative to the target's folder, and what had to be left out or changed on the way. */
export interface TargetFiles {
  readonly files: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** One text in place of files. */
export interface TargetText {
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a target may ask for beside the definitions. What several targets need is made once. */
export interface GenerateContext {
  readonly options: GenerateOptions;
  /** The Prometheus rules of a service. */
  rulesOf(service: Service): GeneratedRules;
  /** The files of a service in another target, for one that packs them; undefined if there is no such target. */
  filesOf(target: string, service: Service): TargetFiles | undefined;
  /** The files that another target makes of all services together; undefined if there is no such target. */
  commonFilesOf(target: string, services: readonly Service[]): TargetFiles | undefined;
}

/** Something that definitions can be turned into. Every file begins with the generated mark in a comment, unless its format has none. */
export interface ArtefactTarget {
  /** As it is written after `--target`. */
  readonly name: string;
  /** What it writes, for the help of the command line. */
  readonly about: string;
  /** Whether it is rules and nothing that reads them, so that these may have another tool's names. */
  readonly packsRules?: boolean;
  /** Where its files go when several targets are written at once. */
  readonly folder: string;
  /** The files that follow from one service alone. They are not made again while the service stays the same. */
  readonly ofService?: (service: Service, context: GenerateContext) => TargetFiles;
  /** The files that need all services, in the order of their names; `paths` are those of the files made of one each. */
  readonly ofAll?: (services: readonly Service[], context: GenerateContext, paths: readonly string[]) => TargetFiles;
  /** All of it in one text for standard output. A target without it can go there only if it makes a single file. */
  readonly together?: (services: readonly Service[], context: GenerateContext) => TargetText;
}
